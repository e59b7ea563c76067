import { depthQuerySchema, depthSchema, type DepthQuery } from '@strikewire/contracts';
import { accessRules, routeOf } from '@strikewire/platform';
import type { FastifyInstance } from 'fastify';
import type { ChainDepth } from '../engine/chain-depth';
import { sendSnapshot, type OnThrown } from './snapshot-answer';

const config = routeOf(accessRules.chainReaders, 'The book of an option', {
  query: depthQuerySchema,
  answer: depthSchema,
});

/**
 * `GET /api/optionchain/depth`. Whoever reads it every half minute at least has the full book, as
 * far as an account can deliver it; else the five levels of the market feed.
 */
export function addDepthRoute(
  server: FastifyInstance,
  depth: Pick<ChainDepth, 'snapshot'>,
  errorHandler: OnThrown,
): void {
  const options = { config: config as never, errorHandler };
  server.get('/api/optionchain/depth', options, (request, reply) =>
    sendSnapshot(request, reply, depth.snapshot(request.query as DepthQuery)));
}
