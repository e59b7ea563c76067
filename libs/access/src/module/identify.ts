import { parseCookie } from 'cookie';
import { nobody, type Caller } from '@strikewire/platform';
import { StrikewireError } from '@strikewire/runtime';
import type { IncomingHttpHeaders } from 'node:http';
import type { Keys } from './keys';
import type { Sessions } from './sessions';

/** Longest header that is looked at. */
const tokenCharsMax = 256;
/** A key as a socket's subprotocol, because browsers cannot send headers with a handshake. */
const keyProtocol = 'strikewire.key.';

/**
 * Tells who sends a request or a handshake by its headers, from memory. An API key comes as
 * `Authorization: Bearer`, or in a handshake as the subprotocol `strikewire.key.<key>`; a session
 * as a cookie. A key that does not work is refused (`unauthenticated`) and never taken for nobody;
 * a cookie that has ended is nobody's.
 */
export function createIdentify(deps: {
  sessions: Sessions;
  keys: Keys;
  cookieName: string;
}): (headers: IncomingHttpHeaders) => Caller {
  const { sessions, keys, cookieName } = deps;
  return (headers) => {
    const secret = bearerOf(headers) ?? protocolKeyOf(headers);
    if (secret !== undefined) {
      const holder = secret.length <= tokenCharsMax ? keys.identify(secret) : undefined;
      if (holder) return holder;
      throw keyUnknown();
    }
    if (headers.cookie === undefined) return nobody;
    const token = parseCookie(headers.cookie)[cookieName];
    if (token === undefined || token.length > tokenCharsMax) return nobody;
    return sessions.identify(token) ?? nobody;
  };
}

function bearerOf({ authorization }: IncomingHttpHeaders): string | undefined {
  if (authorization === undefined) return undefined;
  const [, secret] = /^Bearer +(\S+)$/i.exec(authorization.trim()) ?? [];
  if (secret !== undefined) return secret;
  const message = 'the Authorization header needs to be "Bearer" and an API key';
  throw new StrikewireError({ kind: 'unauthenticated', code: 'key_malformed', message });
}

function protocolKeyOf(headers: IncomingHttpHeaders): string | undefined {
  const offered = headers['sec-websocket-protocol']?.split(',').map((one) => one.trim());
  return offered?.find((one) => one.startsWith(keyProtocol))?.slice(keyProtocol.length);
}

function keyUnknown(): StrikewireError {
  const message = 'this API key does not exist, was revoked or has expired';
  return new StrikewireError({ kind: 'unauthenticated', code: 'key_unknown', message });
}
