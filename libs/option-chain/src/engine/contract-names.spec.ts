import type { InstrumentToken } from '@strikewire/broker';
import { silentLog } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import { layOutGeneration } from '../core/generation-layout';
import { boardTargets } from './board-targets';
import { ContractNames } from './contract-names';
import { benchLeg, benchSkeleton } from './testing/chain-bench';

const keys = ['NSE:NIFTY:2026-11-24:100:CE', 'NSE:NIFTY:2026-11-24:100:PE'] as const;

/** What home has, by key; each look-up is written down. */
function createBench(has: readonly string[] = keys) {
  const clock = createVirtualClock(Date.parse('2026-11-24T04:00:00Z'));
  const asked: string[] = [];
  const ahead = undefined as InstrumentToken | undefined;
  const state = {
    isDown: false, isListed: false, learned: 0, onLearned: () => {}, has, ahead,
  };
  const names = new ContractNames({
    clock,
    log: silentLog,
    marketData: {
      async resolve(broker, wanted) {
        asked.push(`${broker} ${wanted.length}`);
        if (state.isDown) throw new Error('the master is down');
        const has = new Set(state.has);
        const found = wanted.filter((key) => has.has(key));
        return new Map(found.map((key) => [key, { segment: broker, id: key.slice(-2) }]));
      },
    },
    learnSpots: async (broker) => void asked.push(`${broker} spots`),
    spotOf: (broker) => (state.isListed ? { segment: broker, id: 'spot' } : undefined),
    readAhead: () => state.ahead,
    learned() {
      state.learned++;
      state.onLearned();
    },
  });
  names.setHome('home');
  return { clock, names, asked, state };
}

describe('ContractNames', () => {
  it('looks up at home what is wanted, once, and tells when more is known', async () => {
    const { clock, names, asked, state } = createBench();
    expect(names.tokenOf(keys[0])).toBeUndefined();
    names.want(keys);
    await clock.advance(600_000);
    expect([asked, state.learned]).toEqual([['home 2'], 1]);
    expect(names.tokenOf(keys[1])).toEqual({ segment: 'home', id: 'PE' });
    names.stop();
  });

  it('asks again a minute after a failure, and an hour after what was not there', async () => {
    const { clock, names, asked, state } = createBench([keys[0]]);
    state.isDown = true;
    names.want(keys);
    names.want([...keys]);
    await clock.advance(59_000);
    expect(asked).toEqual(['home 2']);
    state.isDown = false;
    await clock.advance(2_000);
    expect([asked, state.learned]).toEqual([['home 2', 'home 2'], 1]);
    names.want([keys[1]]);
    await clock.advance(3_400_000);
    expect(asked).toHaveLength(2);
    state.has = keys;
    await clock.advance(400_000);
    expect([asked.at(-1), names.tokenOf(keys[1])?.id]).toEqual(['home 1', 'PE']);
    names.stop();
  });

  it('asks another broker that comes home at once, for what was not read ahead', async () => {
    const { clock, names, asked, state } = createBench();
    state.isDown = true;
    names.want(keys);
    await clock.advance(1_000);
    names.setHome('other');
    state.isDown = false;
    names.want(keys.slice(0, 1));
    await clock.advance(1_000);
    expect(asked).toEqual(['home 2', 'other 1']);
    expect(names.tokenOf(keys[0])).toEqual({ segment: 'other', id: 'CE' });
    state.ahead = { segment: 'other', id: 'ahead' };
    names.want(keys);
    await clock.advance(1_000);
    expect([asked.length, names.tokenOf(keys[1])?.id]).toEqual([2, 'ahead']);
    names.stop();
  });

  it('knows what is subscribed, also a held underlying, and tells by itself', async () => {
    const { clock, names, state } = createBench();
    const token = { segment: 'X', id: '13' };
    const held = { key: 'NSE:NIFTY', exchange: 'NSE', token, broker: 'other' } as const;
    const layout = layOutGeneration([], [], [held]);
    // As whoever serves them does: what has no name is wanted.
    const want = (): void =>
      names.want(boardTargets(layout, names).nameless.map(({ key }) => key));
    state.onLearned = want;
    want();
    await clock.advance(1_000);
    state.isListed = true;
    names.want(['NSE:NIFTY']);
    expect(state.learned).toBe(0);
    await clock.advance(1_000);
    expect([state.learned, boardTargets(layout, names).nameless]).toEqual([1, []]);
    names.stop();
  });

  it('learns every contract of an answer, by whose it is', () => {
    const { names } = createBench();
    const of = { exchange: 'NSE', symbol: 'NIFTY', expiry: '2026-11-24' } as const;
    const strikes = [{ strikePaise: 10_000, CE: benchLeg('7'), PE: null }];
    const answer = { spotPaise: null, strikes, sentMonoMs: 0, receivedMs: 0 };
    names.take(of, { ...answer, broker: 'other' });
    expect(names.tokenOf(keys[0])).toBeUndefined();
    names.take(of, { ...answer, broker: 'home' });
    expect([names.tokenOf(keys[0])?.id, names.tokenOf(keys[1])]).toEqual(['7', undefined]);
  });

  it('remembers what was built, by whose it is', () => {
    const { names } = createBench();
    names.takeSkeleton(benchSkeleton('2026-11-24', 1));
    expect(names.tokenOf(keys[1])).toBeUndefined();
    names.setHome('test');
    expect(names.tokenOf(keys[1])).toEqual({ segment: 'O', id: '24001' });
  });

  it('lets go of what has expired, and of nothing else', async () => {
    const { clock, names } = createBench();
    names.setHome('test');
    names.takeSkeleton(benchSkeleton('2026-11-24', 1));
    names.takeSkeleton(benchSkeleton('2026-12-01', 1));
    await clock.advance(86_400_000);
    names.takeSkeleton(benchSkeleton('2026-12-08', 1));
    const known = ['11-24', '12-01', '12-08'].map((date) =>
      names.tokenOf(`NSE:NIFTY:2026-${date}:100:CE`)?.id);
    expect(known).toEqual([undefined, '01000', '08000']);
  });

  it('looks anew on another day for what was missing, and remembers so many at most', async () => {
    const { clock, names, asked, state } = createBench([]);
    await clock.advance(Date.parse('2026-11-24T18:00:00Z') - clock.wallMs());
    names.want(keys);
    await clock.advance(29 * 60_000);
    expect(asked).toEqual(['home 2']);
    await clock.advance(2 * 60_000);
    expect(asked).toEqual(['home 2', 'home 2']);
    const many = Array.from({ length: 100_001 }, (_, index) => `NSE:X:2026-12-01:${index}:CE`);
    state.has = many;
    for (const part of [many.slice(0, 60_000), many.slice(60_000)]) {
      names.want(part);
      await clock.advance(300_000);
    }
    const known = many.filter((key) => names.tokenOf(key) !== undefined);
    expect([known.length, asked.slice(2)]).toEqual([100_000, ['home 60000', 'home 40001']]);
    names.stop();
  });

  it('makes sure of spots by the list of underlyings, and does not ask on and on', async () => {
    const { clock, names, asked, state } = createBench();
    names.want(['NSE:NIFTY']);
    await clock.advance(300_000);
    expect([asked, state.learned]).toEqual([['home spots', 'home 0'], 0]);
    expect(names.tokenOf('NSE:NIFTY')).toBeUndefined();
    state.ahead = { segment: 'home', id: 'ahead' };
    expect(names.tokenOf('NSE:NIFTY')?.id).toBe('ahead');
    state.isListed = true;
    expect(names.tokenOf('NSE:NIFTY')?.id).toBe('spot');
    // Whoever has read it: it is told.
    await clock.advance(60_000);
    expect([asked.length, state.learned]).toEqual([2, 1]);
    names.stop();
  });
});
