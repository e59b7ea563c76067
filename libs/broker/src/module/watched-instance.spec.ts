import { silentLog, StrikewireError, type ErrorKind } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { beforeEach, describe, expect, it } from 'vitest';
import type { MarginPort } from '../core/margin-port';
import type { OrdersPort } from '../core/orders-port';
import type { AnyBrokerPlugin, BrokerInstance } from '../core/plugin';
import { watchedPlugin } from './watched-instance';

const refused: string[] = [];
let failure: ErrorKind = 'fatal';
let isGood = true;
const clock = createVirtualClock(0);
const fail = (): Promise<never> =>
  Promise.reject(new StrikewireError({ kind: failure, code: 'x', message: 'no' }));

const inner = {
  marketData: { lastPrices: fail },
  check: () => (isGood ? Promise.resolve({}) : fail()),
  orders: { orders: fail, trades: fail, positions: fail } as Partial<OrdersPort>,
  margin: { legsMax: 5, required: fail, funds: fail } as MarginPort,
} as unknown as BrokerInstance;
const plugin = {
  label: 'A broker', capabilities: { exchanges: ['NSE'] }, create: () => inner,
} as unknown as AnyBrokerPlugin;

function open(): BrokerInstance {
  const news = {
    refused: (_: unknown, by: string, { kind }: { kind: string }) =>
      void refused.push(`${by}: ${kind}`),
    answered: () => undefined,
  };
  const deps = { clock, log: silentLog, gate: { run: fail } };
  return watchedPlugin(plugin, news).create({} as never, deps as never);
}

beforeEach(() => {
  refused.length = 0;
  failure = 'fatal';
  isGood = true;
});

describe('an account that may not trade', () => {
  it('is not said to be refused its market data', async () => {
    const { marketData, orders, margin } = open();
    await orders?.orders().catch(() => undefined);
    await margin?.funds().catch(() => undefined);
    expect(refused).toEqual(['orders: trading', 'funds: trading']);
    await marketData.lastPrices([]).catch(() => undefined);
    expect(refused.slice(2)).toEqual(['lastPrices: parked']);
  });

  it.each([
    ['orders', ({ orders }) => orders?.orders()],
    ['trades', ({ orders }) => orders?.trades()],
    ['positions', ({ orders }) => orders?.positions()],
    ['funds', ({ margin }) => margin?.funds()],
    ['margin', ({ margin }) => margin?.required([])],
  ] as [string, (one: BrokerInstance) => Promise<unknown> | undefined][])(
    'with a token that is good for all else is refused that alone: %s', async (by, ask) => {
      failure = 'unauthenticated';
      await expect(ask(open())).rejects.toMatchObject({ kind: 'unauthenticated' });
      await clock.advance(1_000);
      expect(refused).toEqual([`${by}: trading`]);
    });

  it('with a token that is good for nothing is refused as a whole', async () => {
    failure = 'unauthenticated';
    isGood = false;
    await expect(open().orders?.trades()).rejects.toMatchObject({ kind: 'unauthenticated' });
    await clock.advance(1_000);
    expect(refused).toEqual(['check: auth']);
  });
});
