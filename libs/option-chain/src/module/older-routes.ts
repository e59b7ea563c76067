import { statusSchema } from '@strikewire/contracts';
import { accessRules, routeOf } from '@strikewire/platform';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ChainService } from '../engine/chain-service';
import { sendSnapshot, type OnThrown } from './snapshot-answer';

const given = z.string().min(1);

/** Query of `GET /option-chain`: what is given twice counts as not given. */
const buildQuerySchema = z.object({
  segment: given,
  exchange: given,
  symbol: given,
  expiry: given,
});

/** Futures and options, the one segment that builds are of. */
const builtSegment = 'FO';

const statusConfig = routeOf(
  accessRules.chainReaders,
  'How feed, budget and every chain stand, at its older address',
  { answer: statusSchema },
);
const buildConfig = routeOf(accessRules.chainReaders, 'Open interest of the last daily build');

/**
 * Older forms that are no chain as it is now (those are live-route's): the status by its former
 * address, and `GET /option-chain`, whose answers and refusals keep the shapes that its clients
 * know. It reads what the last daily build has found and never asks a broker.
 */
export function addOlderRoutes(
  server: FastifyInstance,
  service: ChainService,
  errorHandler: OnThrown,
): void {
  const status = { config: statusConfig as never, errorHandler };
  server.get('/api/option-chain/status', status, (_request, reply) =>
    reply.send(service.status()),
  );
  const build = { config: buildConfig as never, errorHandler };
  server.get('/option-chain', build, (request, reply) => {
    const query = buildQuerySchema.safeParse({ ...(request.query as object) });
    if (!query.success) return reply.code(400).send({ error: 'Missing parameters' });
    const { segment, exchange, symbol, expiry } = query.data;
    const isBuilt = segment.toUpperCase() === builtSegment;
    const named = { exchange: exchange.toUpperCase(), symbol: symbol.toUpperCase(), expiry };
    const answer = isBuilt ? service.lastBuild(named) : undefined;
    if (!answer) return reply.code(404).send({ error: 'File not found' });
    return sendSnapshot(request, reply, answer);
  });
}
