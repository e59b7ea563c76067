import type { FeedEnd } from '@strikewire/broker';
import { isBlocked } from '../rest/error-mapping';

/** Codes that speak of the key; those that speak of the broker's session behind it. */
const keyCodes: readonly unknown[] = ['AUTHENTICATION_ERROR', 'NOT_AUTHENTICATED'];
const sessionCodes: readonly unknown[] = ['BROKER_INIT_ERROR', 'BROKER_CONNECTION_ERROR'];

/** What an error of the socket proxy ends; undefined: nothing but what it was an answer to. */
export function endOfError(
  { code, message }: Readonly<Record<string, unknown>>,
): FeedEnd | undefined {
  const reason = `${String(code)}: ${String(message)}`.slice(0, 200);
  if (keyCodes.includes(code)) return { kind: isBlocked(reason) ? 'suspended' : 'auth', reason };
  return sessionCodes.includes(code) ? { kind: 'other', reason } : undefined;
}

/** How signing in at the socket ended; undefined: well. */
export function endOfAuth(
  { status, message }: Readonly<Record<string, unknown>>,
): FeedEnd | undefined {
  if (status === 'success') return undefined;
  return { kind: 'auth', reason: `authentication failed: ${String(message)}`.slice(0, 200) };
}
