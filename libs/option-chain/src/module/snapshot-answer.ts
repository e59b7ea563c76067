import { matchesEntityTag } from '@strikewire/platform';
import type { FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify';
import type { EncodedSnapshot } from '../engine/answer-cache';

/** Answers what a native route throws: Nest's filters do not see it. */
export type OnThrown = NonNullable<RouteShorthandOptions['errorHandler']>;

/** Sends bytes that lie ready, with their validator; 304 to whoever holds them. */
export function sendSnapshot(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, etag }: EncodedSnapshot,
): FastifyReply {
  reply.header('etag', etag).header('cache-control', 'no-cache');
  if (matchesEntityTag(request.headers['if-none-match'], etag)) return reply.code(304).send();
  return reply.header('content-type', 'application/json; charset=utf-8').send(body);
}
