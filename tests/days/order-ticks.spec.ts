import { createSeededRandom, type OpenSocket } from '@strikewire/runtime';
import { defaultUniverse } from '@strikewire/option-chain';
import { afterEach, describe, expect, it } from 'vitest';
import { LiveTrading, trader } from '../support/order-run';
import { createVirtualPlatform, type VirtualPlatform } from '../support/virtual-platform';

let platform: VirtualPlatform;
let trading: LiveTrading;

afterEach(() => {
  trading.crash();
  platform.stop();
});

/** Chains of NIFTY that tick, and orders of the same account over them. */
async function open(seed: number): Promise<void> {
  const universe = defaultUniverse.filter(({ symbol }) => symbol === 'NIFTY');
  let openSocket: OpenSocket | undefined;
  platform = createVirtualPlatform({
    seed, universe,
    others: ({ network }) => ((openSocket = network.openSocket), []),
  });
  const { clock, engine, accounts } = platform;
  await during(platform.start());
  await clock.advance(5_000);
  const [account] = accounts;
  if (!account || !openSocket) throw new Error('there is no account');
  const { instance } = account;
  trading = new LiveTrading({ clock, contracts: engine.contracts, instance, openSocket }, seed);
  await during(trading.open());
}

/** Time goes on while it is waited for. */
async function during<T>(asked: Promise<T>): Promise<T> {
  let isDone = false;
  const done = asked.finally(() => (isDone = true));
  done.catch(() => undefined);
  while (!isDone) await platform.clock.advance(20);
  return done;
}

describe('what a broker is asked about orders and margin', () => {
  it.each([1, 2, 3])('is never asked because of a tick (%i)', async (seed) => {
    await open(seed);
    const { clock, engine } = platform;
    const random = createSeededRandom(seed);
    const chain = engine.service.chain('NIFTY');
    const middle = chain.atmPointer.anchorIndex * 2;
    for (let one = 0; one < 3; one++) {
      const contract = chain.slots.legKeys[middle + Math.floor(random.next() * 6) - 3] ?? '';
      const side = one === 0 ? 'SELL' : 'BUY';
      const leg = { contract, side, type: 'MARKET', product: 'carry', quantity: 65 } as const;
      const requestId = `00000000-0000-4000-8000-00000000000${one}`;
      const body = { requestId, account: trading.account, legs: [leg] };
      const [order] = await during(trading.orders.desk.place(trader, body));
      expect(order?.state.order.side).toBe(side);
      await clock.advance(15_000);
    }
    expect(trading.held().length).toBeGreaterThan(0);
    const before = { ...trading.asked };
    expect(before.margin).toBeGreaterThan(0);
    const { ticks } = platform.simulator.status();
    for (let look = 0; look < 40; look++) {
      await clock.advance(1_000 + random.next() * 20_000);
      trading.margin.look({ account: trading.account, held: trading.held(), intended: [] });
    }
    expect(platform.simulator.status().ticks).toBeGreaterThan(ticks + 1_000);
    expect(trading.asked).toMatchObject({ orders: before.orders, margin: before.margin });
    // Nothing is another: an event after which the same is held is none.
    for (const event of ['fill', 'order', 'position', 'change', 'deploy'] as const) {
      trading.margin.changed(trading.account, trading.held(), event);
      await clock.advance(2_000);
    }
    expect(trading.asked).toMatchObject({ orders: before.orders, margin: before.margin });
    expect(platform.simulator.violations().total).toBe(0);
  });
});
