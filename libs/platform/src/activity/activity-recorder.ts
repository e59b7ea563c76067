import type { FastifyRequest } from 'fastify';
import type { EntityManager } from 'typeorm';
import type { Caller } from '../http/caller';
import { callerAddress } from '../http/caller-address';

/** Who acted, and from where; `platform` is the platform itself. */
export interface ActedBy {
  readonly caller: Caller | { readonly kind: 'platform' };
  readonly address: string | null;
  readonly requestId: string | null;
}

/** What was done, to what. Secrets are left out or `***`. */
export interface ActivityEntry {
  /** A noun and what became of it, for example `account.changed`. */
  readonly action: string;
  readonly subject: { readonly kind: string; readonly id: string; readonly name: string };
  /** What was there before; null for what is new. */
  readonly before: Readonly<Record<string, unknown>> | null;
  /** What is there now; null for what is gone. */
  readonly after: Readonly<Record<string, unknown>> | null;
}

/** Writes the activity log; implemented where people are, used by whatever they change. */
export interface ActivityRecorder {
  /** Within the transaction of the change itself: both are kept, or neither. */
  record(manager: EntityManager, by: ActedBy, entry: ActivityEntry): Promise<void>;
}

/** The platform itself, without anybody asking. */
export const byPlatform: ActedBy = { caller: { kind: 'platform' }, address: null, requestId: null };

/** Whoever sends a request. */
export function actedBy(request: FastifyRequest): ActedBy {
  return { caller: request.caller, address: callerAddress(request), requestId: request.id };
}

/** Who did something, as people are told. */
export function actorName({ caller }: ActedBy): string {
  if (caller.kind === 'person') return caller.username;
  return caller.kind === 'key' ? `${caller.name} (key of ${caller.username})` : caller.kind;
}
