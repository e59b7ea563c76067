import type { KeyScope, Role } from '@strikewire/contracts';

/** Whoever sends a request or holds a socket. */
export type Caller = Nobody | Person | KeyHolder;

/** A request without an identity. */
export interface Nobody {
  readonly kind: 'nobody';
}

/** Somebody who is signed in. What changes while the session lasts is read when it is asked. */
export interface Person {
  readonly kind: 'person';
  readonly userId: string;
  readonly username: string;
  readonly role: Role;
  readonly sessionId: string;
  /** Epoch ms until which dangerous acts need no password; 0 when they need it now. */
  readonly steppedUpUntilMs: number;
  /** The password was made up and has to be replaced before anything else. */
  readonly mustChangePassword: boolean;
  /** Aborts when the session is over, whatever the reason: who holds a socket ends it then. */
  readonly ended: AbortSignal;
}

/** A program with an API key. */
export interface KeyHolder {
  readonly kind: 'key';
  readonly keyId: string;
  readonly name: string;
  readonly scopes: readonly KeyScope[];
  /** The owner, whose role bounds what the key may do. */
  readonly userId: string;
  readonly username: string;
  readonly role: Role;
  /** Aborts when the key is revoked or has expired. */
  readonly ended: AbortSignal;
}

/** Who calls without an identity. */
export const nobody: Nobody = { kind: 'nobody' };

/** One text per caller, for counting: a person, a key, else the address. */
export function callerKey(caller: Caller, address: string): string {
  if (caller.kind === 'person') return `user:${caller.userId}`;
  return caller.kind === 'key' ? `key:${caller.keyId}` : `address:${address}`;
}
