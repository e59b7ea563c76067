import type { BrokerInstance, BudgetSlot, RateGate } from '@strikewire/broker';
import { silentLog, type Http, type HttpRequest } from '@strikewire/runtime';
import { createVirtualClock, type VirtualClock } from '@strikewire/runtime/virtual';
import { dhanBroker } from '../plugin';

/** What the broker answers; an error: the connection is lost. */
export type Reply = string | { status: number; body: string } | Error;

/** An account before a scripted broker. */
export interface DhanAccount {
  instance: BrokerInstance;
  clock: VirtualClock;
  requests: HttpRequest[];
  slots: BudgetSlot[];
}

/** Its id and token. */
export const testCredentials = {
  clientId: '1000000001',
  accessToken: 'eyJhbGciOiJIUzUxMiJ9.secret-part',
};

/** Answers come 70 ms after they were asked for; the gate lets everything pass unless given. */
export function createTestAccount(
  reply: (request: HttpRequest) => Reply,
  gateOf?: (clock: VirtualClock) => RateGate,
): DhanAccount {
  const clock = createVirtualClock(Date.parse('2026-11-24T04:00:00Z'));
  const requests: HttpRequest[] = [];
  const slots: BudgetSlot[] = [];
  const inner: RateGate = gateOf?.(clock) ?? { run: (_slot, send) => send() };
  const http: Http = {
    async send(request) {
      requests.push(request);
      await clock.advance(70);
      const replied = reply(request);
      if (replied instanceof Error) throw replied;
      const { status, body } = typeof replied === 'string'
        ? { status: 200, body: replied } : replied;
      return { status, headers: {}, body: new TextEncoder().encode(body) };
    },
    stream: () => Promise.reject(new Error('nothing is streamed here')),
  };
  const instance = dhanBroker.create(
    {
      credentials: testCredentials,
      endpoints: {
        rest: 'https://rest.example/v2',
        feed: 'wss://feed.example',
        orders: 'wss://orders.example',
        auth: 'https://auth.example',
        master: 'https://files.example/master.csv',
      },
    },
    {
      clock, random: { next: () => 0.5 }, log: silentLog, http,
      gate: {
        run(slot, send) {
          slots.push(slot);
          return inner.run(slot, send);
        },
      },
    },
  );
  return { instance, clock, requests, slots };
}

/** A request's body, read. */
export function sentBody(request: HttpRequest | undefined): Record<string, unknown> {
  return JSON.parse(String(request?.body)) as Record<string, unknown>;
}
