import { depthSchema, type Depth } from '@strikewire/contracts';
import { accountsBeside, defaultAccount } from '@strikewire/simulator';
import { afterEach, describe, expect, it } from 'vitest';
import { createVirtualPlatform, type VirtualPlatform } from './support/virtual-platform';

const second = 1_000;
let platform: VirtualPlatform;

afterEach(() => platform.stop());

async function start(): Promise<VirtualPlatform> {
  platform = createVirtualPlatform({ accounts: accountsBeside(defaultAccount, 2) });
  void platform.start();
  await platform.clock.advance(30 * second);
  return platform;
}

/** A call in the middle of NIFTY's nearest chain. */
function someKey({ engine }: VirtualPlatform): string {
  const { legKeys } = engine.service.chain('NIFTY').slots;
  return legKeys[2 * Math.floor(legKeys.length / 4)] ?? '';
}

function bookOf(key: string): Depth {
  const { body } = platform.engine.depth.snapshot({ key });
  return depthSchema.parse(JSON.parse(body.toString()));
}

/** Reads it every second; how deep it was, and whose. */
async function watch(key: string, seconds: number): Promise<string[]> {
  const seen: string[] = [];
  for (let at = 0; at < seconds; at++) {
    const { levels, source: { account } } = bookOf(key);
    seen.push(`${levels} ${account}`);
    await platform.clock.advance(second);
  }
  return seen;
}

describe('full books and failover', () => {
  it('move to the account that takes over, in a few seconds', async () => {
    const { simulator, engine } = await start();
    const key = someKey(platform);
    expect((await watch(key, 5)).at(-1)).toBe('20 test');
    simulator.faults.add({ kind: 'suspendAccount', clientId: defaultAccount.clientId });
    const seen = await watch(key, 15);
    expect(engine.supervision.standing.carriers).toEqual(['1000000002']);
    expect(seen.indexOf('20 test 2')).toBeGreaterThan(0);
    expect(seen.indexOf('20 test 2')).toBeLessThan(8);
    expect(seen.at(-1)).toBe('20 test 2');
    expect(simulator.violations().total).toBe(0);
  });

  it('leave everything to the market feed that they do not have', async () => {
    const { simulator, clock, engine } = await start();
    const key = someKey(platform);
    const ticksBefore = engine.feed.counters().applied;
    const sockets = simulator.status().sockets.length;
    await watch(key, 30);
    expect(simulator.status().sockets.length).toBe(sockets);
    expect(simulator.status().depth).toMatchObject({ sockets: 1, subscriptions: 1 });
    expect(engine.feed.counters().applied).toBeGreaterThan(ticksBefore);
    expect(engine.feed.sockets().every(({ reconnects }) => reconnects === 0)).toBe(true);
    platform.engine.stop();
    await clock.advance(5 * second);
    expect([simulator.status().depth?.sockets, simulator.status().watched]).toEqual([0, 0]);
    expect(simulator.violations().total).toBe(0);
  });

  it('are not served when they are behind the market feed', async () => {
    const { simulator, clock, engine } = await start();
    const key = someKey(platform);
    await watch(key, 5);
    // Connected and pinging, without a book.
    simulator.faults.add({ kind: 'muteSocket', socket: 'depth', forMs: 9_000 });
    const seen = new Set<number>();
    for (let round = 0; round < 20; round++) {
      await clock.advance(second);
      simulator.pause(true);
      await clock.advance(20);
      const { levels, bids, asks } = bookOf(key);
      seen.add(levels);
      const { slots, store } = engine.service.chain('NIFTY');
      const slot = slots.firstSlot + slots.legKeys.indexOf(key);
      const best = [store.bestBidPaise(slot) / 100, store.bestAskPaise(slot) / 100];
      const isSame = bids[0]?.price === best[0] && asks[0]?.price === best[1];
      // Within a few seconds a full book may lag; five levels never do.
      if (levels === 5 || round < 1 || round > 12) expect(isSame).toBe(true);
      simulator.pause(false);
    }
    expect(seen).toEqual(new Set([5, 20]));
    expect(bookOf(key).levels).toBe(20);
  });
});
