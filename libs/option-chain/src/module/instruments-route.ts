import { instrumentsSchema, liveQuerySchema, type LiveQuery } from '@strikewire/contracts';
import { accessRules, routeOf } from '@strikewire/platform';
import type { FastifyInstance } from 'fastify';
import type { ChainService } from '../engine/chain-service';
import { sendSnapshot, type OnThrown } from './snapshot-answer';

const config = routeOf(accessRules.chainReaders, 'The contracts of a chain', {
  query: liveQuerySchema,
  answer: instrumentsSchema,
});

/** `GET /api/optionchain/instruments`: bytes that lie ready until the chain is built anew. */
export function addInstrumentsRoute(
  server: FastifyInstance,
  service: ChainService,
  errorHandler: OnThrown,
): void {
  const options = { config: config as never, errorHandler };
  server.get('/api/optionchain/instruments', options, (request, reply) => {
    const { underlying, expiry } = request.query as LiveQuery;
    return sendSnapshot(request, reply, service.instruments(underlying, expiry));
  });
}
