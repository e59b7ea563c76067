import type { BrokerInstance, BudgetSlot, RateGate } from '@strikewire/broker';
import { silentLog, type HttpRequest, type Log } from '@strikewire/runtime';
import { createVirtualClock, type VirtualClock } from '@strikewire/runtime/virtual';
import { openalgoBroker } from '../plugin';

/** What is answered: a body with HTTP 200, or with another status; bytes in chunks. */
export type Answer = string | { status?: number; body: string | readonly Uint8Array[] };

/** An account that is answered with what the test says; notes requests and budget slots. */
export interface TestAccount extends BrokerInstance {
  requests: HttpRequest[];
  slots: BudgetSlot[];
  clock: VirtualClock;
}

export const credentials = { apiKey: 'secret-key-of-the-person' };

export function createAccount(
  reply: (request: HttpRequest) => Answer,
  log: Log = silentLog,
  gate?: RateGate,
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
  const instance = openalgoBroker.create(
    { credentials, endpoints: { rest: 'http://algo.example', feed: 'ws://algo.example:8765' } },
    {
      clock,
      random: { next: () => 0.5 },
      log,
      gate: gate ?? {
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
