import type { ServedRequest } from '@strikewire/runtime';

/** The token of a request; empty when it has none. */
export function bearerOf({ headers }: ServedRequest): string {
  return /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1] ?? '';
}
