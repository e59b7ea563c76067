import { liveQuerySchema, type LiveQuery } from '@strikewire/contracts';
import { accessRules, routeOf } from '@strikewire/platform';
import type { Clock } from '@strikewire/runtime';
import type { FastifyInstance } from 'fastify';
import type { ChainService } from '../engine/chain-service';
import type { StreamHub } from '../engine/stream-hub';
import { EventStreams } from './event-streams';
import type { OnThrown } from './snapshot-answer';

const config = routeOf(
  accessRules.chainReaders,
  'A chain as server-sent events: its layout, a snapshot, then what changes',
  { query: liveQuerySchema },
);

/**
 * `GET /api/optionchain/stream`: for clients that only listen. Streams end before the server
 * closes.
 */
export function addStreamRoute(
  server: FastifyInstance,
  { service, hub, clock }: { service: ChainService; hub: StreamHub; clock: Clock },
  errorHandler: OnThrown,
): void {
  const streams = new EventStreams({ clock, hub });
  server.addHook('preClose', () => streams.drain());
  // Asking for its head would open a stream that nobody reads.
  const options = { config: config as never, errorHandler, exposeHeadRoute: false };
  server.get('/api/optionchain/stream', options, (request, reply) => {
    const { underlying, expiry } = request.query as LiveQuery;
    streams.open(request, reply, service.chain(underlying, expiry));
  });
}
