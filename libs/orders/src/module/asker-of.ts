import { actedBy, actorName } from '@strikewire/platform';
import { StrikewireError } from '@strikewire/runtime';
import type { FastifyRequest } from 'fastify';
import type { Asker } from '../engine/asker';

/** Whoever sends a request: a person, or the owner of a key. */
export function askerOf(request: FastifyRequest): Asker {
  const { caller } = request;
  const by = actedBy(request);
  if (caller.kind !== 'nobody') {
    const { userId, role } = caller;
    return { userId, role, name: actorName(by), by };
  }
  const message = 'nobody is signed in, orders need a person or a key';
  throw new StrikewireError({ kind: 'unauthenticated', code: 'sign_in_needed', message });
}
