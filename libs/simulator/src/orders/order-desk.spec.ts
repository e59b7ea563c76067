import { createSeededRandom } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import { createSimulator, defaultAccount } from '../index';
import { indices } from '../market/data/indices';
import { holidays, optionNear, startMs } from '../testing/harness';
import type { TrueOrders } from './order-truth';

const { clientId: account } = defaultAccount;
const nifty = indices.filter(({ symbol }) => symbol === 'NIFTY');

/** Some orders and cancellations by chance, over some seconds. */
async function run(seed: number): Promise<TrueOrders> {
  const clock = createVirtualClock(startMs);
  const simulator = createSimulator({
    clock, seed, sessions: { kind: 'always' }, holidays, underlyings: nifty,
    rates: { ticksPerSecond: 100 },
  });
  const random = createSeededRandom(seed);
  const some = (most: number): number => Math.floor(random.next() * most);
  simulator.faults.add({ kind: 'lateFill', delayMs: 700, showCancelled: seed % 2 === 0, count: 3 });
  simulator.faults.add({ kind: 'partFills', lots: 2, count: 5 });
  const ids: string[] = [];
  for (let step = 0; step < 30; step++) {
    const option = optionNear(simulator, 'NIFTY', some(2) === 0 ? 'CE' : 'PE', some(5) - 2);
    const side = some(2) === 0 ? 'BUY' : 'SELL';
    const touch = (option.depth[side === 'BUY' ? 5 : 4] ?? 0) / 100;
    const price = Math.max(0.05, Math.round((touch + (some(21) - 10) * 0.05) * 20) / 20);
    const order = { account, segment: 'NSE_FNO', securityId: option.id, side, price } as const;
    ids.push(simulator.orders.place({ ...order, quantity: 65 * (1 + some(20)) }).orderId);
    await clock.advance(some(400));
    try {
      if (some(4) === 0) simulator.orders.cancel({ account, orderId: ids[some(ids.length)] ?? '' });
    } catch (error) {
      // What is over or on its way can not be cancelled.
      expect(error).toMatchObject({ kind: 'invalid' });
    }
  }
  await clock.advance(2_000);
  const truth = simulator.orders.truth({ account });
  simulator.stop();
  return truth;
}

const seeds = Array.from({ length: 12 }, (_, index) => index + 1);

describe('the order desk', () => {
  it.each(seeds)('fills no more than was ordered, at no worse price: seed %i', async (seed) => {
    const { orders, trades, positions, funds } = await run(seed);
    for (const { orderId, quantity, filled, average, price, side, state, toldState } of orders) {
      const own = trades.filter((trade) => trade.orderId === orderId);
      expect(own.reduce((sum, trade) => sum + trade.quantity, 0)).toBe(filled);
      expect(filled).toBeLessThanOrEqual(quantity);
      expect(state === 'filled').toBe(filled === quantity);
      for (const trade of own) {
        const isFair = side === 'BUY' ? trade.price <= price : trade.price >= price;
        expect([trade.price, price, isFair]).toEqual([trade.price, price, true]);
      }
      const worth = own.reduce((sum, trade) => sum + trade.quantity * trade.price, 0);
      expect(average * filled).toBeCloseTo(worth, 4);
      // In the end all that was late has been told.
      expect(toldState).toBe(state);
    }
    expect(trades.every(({ told }) => told)).toBe(true);
    for (const { securityId, net } of positions) {
      const signed = trades.filter((trade) => trade.securityId === securityId)
        .reduce((sum, { side, quantity }) => sum + (side === 'BUY' ? quantity : -quantity), 0);
      expect(net).toBe(signed);
    }
    expect(Number.isFinite(funds.available)).toBe(true);
    expect(trades.length).toBeGreaterThan(0);
  });

  it('does the same for the same seed', async () => {
    expect(await run(3)).toEqual(await run(3));
    expect((await run(3)).trades).not.toEqual((await run(4)).trades);
  });
});
