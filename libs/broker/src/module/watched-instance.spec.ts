import { silentLog, StrikewireError, type ErrorKind } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import type { MarginPort } from '../core/margin-port';
import type { OrdersPort } from '../core/orders-port';
import type { AnyBrokerPlugin, BrokerInstance } from '../core/plugin';
import { watchedPlugin } from './watched-instance';

const refused: string[] = [];
let failure: ErrorKind = 'fatal';
const fail = (): Promise<never> =>
  Promise.reject(new StrikewireError({ kind: failure, code: 'x', message: 'no' }));

const inner = {
  marketData: { lastPrices: fail },
  orders: { orders: fail, trades: fail, positions: fail } as Partial<OrdersPort>,
  margin: { legsMax: 5, required: fail, funds: fail } as MarginPort,
} as unknown as BrokerInstance;
const plugin = {
  label: 'A broker', capabilities: { exchanges: ['NSE'] }, create: () => inner,
} as unknown as AnyBrokerPlugin;

function open(): BrokerInstance {
  const news = {
    refused: (_: unknown, by: string) => void refused.push(by),
    answered: () => undefined,
  };
  const deps = { clock: createVirtualClock(0), log: silentLog, gate: { run: fail } };
  return watchedPlugin(plugin, news).create({} as never, deps as never);
}

describe('an account that may not trade', () => {
  it('is not said to be refused its market data', async () => {
    const { marketData, orders, margin } = open();
    await orders?.orders().catch(() => undefined);
    await margin?.funds().catch(() => undefined);
    expect(refused).toEqual([]);
    await marketData.lastPrices([]).catch(() => undefined);
    expect(refused).toEqual(['lastPrices']);
    // A token that is no good is none for anything.
    failure = 'unauthenticated';
    await orders?.trades().catch(() => undefined);
    expect(refused).toEqual(['lastPrices', 'trades']);
  });
});
