import { StrikewireError } from '@strikewire/runtime';
import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from './caller';
import type { OriginPolicy } from './origin-policy';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Why a request that changes something, or a handshake (`method` undefined), may not come from the
 * page that it comes from; undefined when it may. Every browser names the page's origin with such
 * requests (Fetch standard, "append a request Origin header"); without one no page is behind it.
 * Pages of elsewhere may only use a key, which no browser adds by itself.
 */
export function foreignOrigin(
  request: { headers: IncomingHttpHeaders; method?: string | undefined },
  caller: Caller,
  policy: OriginPolicy,
): StrikewireError | undefined {
  const { headers, method } = request;
  if (method !== undefined && safeMethods.has(method)) return undefined;
  const { origin, host } = headers;
  if (origin !== undefined) {
    if (policy.isOwnOrigin(origin, host)) return undefined;
    if (caller.kind === 'key' && policy.isAllowedOrigin(origin)) return undefined;
    return foreign('the Origin header names a page that may not do this here');
  }
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return undefined;
  return foreign('this was sent by a page of another site');
}

function foreign(message: string): StrikewireError {
  return new StrikewireError({ kind: 'forbidden', code: 'origin_foreign', message });
}
