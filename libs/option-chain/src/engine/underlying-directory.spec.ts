import type { ListedUnderlying } from '@strikewire/broker';
import { Keeper, silentLog } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import { createMemoryRegistry, type ChainRegistry } from './chain-registry';
import { UnderlyingDirectory } from './underlying-directory';

const nifty = { exchange: 'NSE', symbol: 'NIFTY' } as const;
const listed = (segment: string, id = '13'): ListedUnderlying => ({
  ...nifty, kind: 'index', spot: { segment, id }, chain: { segment, id },
});

/** Two brokers, which list NIFTY under their own names; those in `down` do not answer. */
function createBench(registry: ChainRegistry = createMemoryRegistry()) {
  const clock = createVirtualClock(Date.parse('2026-11-24T04:00:00Z'));
  const down = new Set<string>();
  const asked: string[] = [];
  const changed: string[] = [];
  const state = { brokers: ['x', 'y'], told: 0, id: '13' };
  const directory = new UnderlyingDirectory({
    clock,
    log: silentLog,
    registry,
    keeper: new Keeper({ clock, log: silentLog }),
    marketData: {
      async underlyings(broker) {
        asked.push(broker);
        if (down.has(broker)) throw new Error(`${broker} is down`);
        return [listed(broker, state.id)];
      },
    },
    brokers: () => state.brokers,
    namelessChanged: () => void state.told++,
    spotsChanged: (broker) => void changed.push(broker),
  });
  return { clock, directory, down, asked, changed, state, registry };
}

describe('UnderlyingDirectory', () => {
  it('reads the broker at home once a day, and another one when it is asked for', async () => {
    const { directory, asked, clock } = createBench();
    await directory.refresh();
    await directory.refresh();
    expect(directory.find(nifty)).toEqual(listed('x'));
    expect(directory.nameAt('y', nifty)).toBeUndefined();
    expect(await directory.learnName('y', nifty)).toEqual(listed('y'));
    expect(directory.find(nifty)).toEqual(listed('x'));
    expect(asked).toEqual(['x', 'y']);
    await clock.advance(86_400_000);
    await directory.refresh();
    expect(asked.slice(2).sort()).toEqual(['x', 'y']);
    await directory.refresh();
    expect(asked).toHaveLength(4);
  });

  it('asks any broker anew on another day, and goes on with the names of before', async () => {
    const { directory, down, asked, changed, state, clock } = createBench();
    await directory.learnName('y', nifty);
    await clock.advance(86_400_000);
    down.add('y');
    expect(await directory.learnName('y', nifty)).toEqual(listed('y'));
    expect(await directory.learnName('y', nifty)).toEqual(listed('y'));
    expect([asked, changed]).toEqual([['y', 'y'], []]);
    down.clear();
    state.id = '14';
    await clock.advance(60_000);
    // Who only looks goes on with what there is, and has the other one next time.
    expect(directory.nameAt('y', nifty)).toEqual(listed('y'));
    await clock.advance(1);
    expect(directory.nameAt('y', nifty)).toEqual(listed('y', '14'));
    expect(await directory.learnName('y', nifty)).toEqual(listed('y', '14'));
    expect([asked.length, changed]).toEqual([3, ['y']]);
  });

  it('never gives the names of one broker out as those of another', async () => {
    const { directory, down, state } = createBench();
    await directory.refresh();
    down.add('y');
    state.brokers = ['y', 'x'];
    await directory.refresh();
    // Something is known of it, and whose it is as well.
    expect(directory.find(nifty)).toEqual(listed('x'));
    expect([directory.nameAt('y', nifty), directory.isNameless('y')]).toEqual([undefined, true]);
    await expect(directory.learnName('y', nifty)).rejects.toThrow(/what y calls NSE:NIFTY/);
  });

  it('does not ask on and on, and tells when names are there after all', async () => {
    const { directory, down, asked, state, clock } = createBench();
    down.add('x').add('y');
    await expect(directory.refresh()).rejects.toThrow('x is down');
    for (let count = 0; count < 5; count++) {
      await directory.learnName('x', nifty).catch(() => undefined);
    }
    expect([asked, state.told]).toEqual([['x', 'y', 'x'], 2]);
    down.clear();
    await clock.advance(60_000);
    expect(await directory.learnName('x', nifty)).toEqual(listed('x'));
    expect([directory.isNameless('x'), state.told]).toEqual([false, 3]);
  });

  it('needs no broker when its list is stored, be it of another day', async () => {
    const { directory, registry, clock, down, asked } = createBench();
    await directory.refresh();
    const day = '2026-11-23';
    await registry.saveUnderlyings({ broker: 'x', day, underlyings: [listed('x')] });
    const next = createBench(registry);
    next.down.add('x');
    await next.directory.refresh();
    expect(next.directory.find(nifty)).toEqual(listed('x'));
    expect(next.directory.isNameless('x')).toBe(false);
    expect([asked, down.size, clock.monoMs()]).toEqual([['x'], 0, 0]);
  });
});
