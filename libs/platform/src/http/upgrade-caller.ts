import { StrikewireError, type Clock } from '@strikewire/runtime';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { refusalOf } from './access-check';
import { nobody, type Caller } from './caller';
import type { OriginPolicy } from './origin-policy';
import type { AccessRule } from './route-contract';
import { foreignOrigin } from './same-site';

declare module 'http' {
  interface IncomingMessage {
    /** Who shakes hands for a socket; set before the handshake is answered. */
    caller?: Caller;
  }
}

/** What a handshake is checked with. */
export interface UpgradeGuard {
  clock: Pick<Clock, 'wallMs'>;
  origins: OriginPolicy;
  identify(headers: IncomingHttpHeaders): Caller;
}

/** Lets a handshake through, and notes who sends it; else throws why not. */
export function admitUpgrade(
  request: IncomingMessage,
  rule: AccessRule,
  { clock, origins, identify }: UpgradeGuard,
): void {
  const { headers } = request;
  if (!origins.isOwnHost(headers.host)) {
    const message = 'the Host header names another machine';
    throw new StrikewireError({ kind: 'forbidden', code: 'host_foreign', message });
  }
  const caller = identify(headers);
  const refusal =
    foreignOrigin({ headers }, caller, origins) ?? refusalOf(caller, rule, clock.wallMs());
  if (refusal) throw refusal;
  request.caller = caller;
}

/** Who holds a socket, by the request of its handshake. */
export function callerOfUpgrade(request: IncomingMessage): Caller {
  return request.caller ?? nobody;
}
