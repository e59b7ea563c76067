import type { BrokerInstance, BudgetSlot, RateGate } from '@strikewire/broker';
import { silentLog, type HttpRequest, type Log } from '@strikewire/runtime';
import { createVirtualClock, type VirtualClock } from '@strikewire/runtime/virtual';
import type { UpstoxCredentials } from '../config';
import { upstoxBroker } from '../plugin';

/** What the broker answers: a body with HTTP 200, or with another status; bytes in chunks. */
export type Answer = string | { status?: number; body: string | readonly Uint8Array[] };

/** An account whose broker answers with what it is told to; notes requests and budget slots. */
export interface TestAccount extends BrokerInstance {
  requests: HttpRequest[];
  slots: BudgetSlot[];
  clock: VirtualClock;
}

export const credentials: UpstoxCredentials = {
  clientId: 'a1b2c3d4-key',
  clientSecret: 'app-secret-1',
  accessToken: 'header.secret-claims.signature',
};

export function createAccount(
  reply: (request: HttpRequest) => Answer,
  options: { log?: Log; credentials?: UpstoxCredentials; gate?: RateGate } = {},
): TestAccount {
  const requests: HttpRequest[] = [];
  const slots: BudgetSlot[] = [];
  const clock = createVirtualClock(Date.parse('2026-11-24T04:00:00Z'));
  const answer = (request: HttpRequest): { status: number; parts: readonly Uint8Array[] } => {
    requests.push(request);
    const replied = reply(request);
    const { status = 200, body } = typeof replied === 'string' ? { body: replied } : replied;
    const parts = typeof body === 'string' ? [new TextEncoder().encode(body)] : body;
    return { status, parts };
  };
  const instance = upstoxBroker.create(
    {
      credentials: options.credentials ?? credentials,
      endpoints: {
        rest: 'https://rest.example',
        orders: 'https://orders.example',
        instruments: 'https://files.example/exchange',
      },
    },
    {
      clock,
      random: { next: () => 0.5 },
      log: options.log ?? silentLog,
      gate: options.gate ?? {
        run(slot, send) {
          slots.push(slot);
          return send();
        },
      },
      http: {
        async send(request) {
          await clock.advance(70);
          const { status, parts } = answer(request);
          return { status, headers: {}, body: parts[0] ?? new Uint8Array() };
        },
        async stream(request) {
          const { status, parts } = answer(request);
          const chunks = (async function* () {
            yield* parts;
          })();
          return { status, headers: {}, chunks };
        },
      },
    },
  );
  return { ...instance, requests, slots, clock };
}
