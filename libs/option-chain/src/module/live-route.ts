import {
  chainExpiryQuerySchema,
  chainParamsSchema,
  liveChainSchema,
  liveQuerySchema,
  type ChainExpiryQuery,
  type ChainParams,
  type LiveQuery,
} from '@strikewire/contracts';
import { accessRules, routeOf } from '@strikewire/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ChainService } from '../engine/chain-service';
import { sendSnapshot, type OnThrown } from './snapshot-answer';

const byQuery = routeOf(accessRules.chainReaders, 'A chain as it is now', {
  query: liveQuerySchema,
  answer: liveChainSchema,
});
const byPath = routeOf(accessRules.chainReaders, 'A chain as it is now', {
  params: chainParamsSchema,
  query: chainExpiryQuerySchema,
  answer: liveChainSchema,
});

/** Addresses of a chain by query, and by path; the second of each is the older one. */
const queryPaths = ['/api/optionchain/live', '/optionchain/live'];
const pathPaths = ['/api/optionchain/:underlying', '/api/option-chain/:underlying'];

/**
 * `GET /api/optionchain/live` and its like, on the server itself rather than a controller: every
 * client that polls asks it, and its answer is bytes that lie ready. `If-None-Match` answers 304.
 * `errorHandler` answers what is thrown: Nest's filters do not see native routes.
 */
export function addLiveRoutes(
  server: FastifyInstance,
  service: ChainService,
  errorHandler: OnThrown,
): void {
  const ofQuery = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { underlying, expiry } = request.query as LiveQuery;
    return sendSnapshot(request, reply, service.snapshot(underlying, expiry));
  };
  const ofPath = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { underlying } = request.params as ChainParams;
    const { expiry } = request.query as ChainExpiryQuery;
    return sendSnapshot(request, reply, service.snapshot(underlying, expiry));
  };
  for (const path of queryPaths) {
    server.get(path, { config: byQuery as never, errorHandler }, ofQuery);
  }
  for (const path of pathPaths) server.get(path, { config: byPath as never, errorHandler }, ofPath);
}
