import type { InstrumentTable } from '@strikewire/broker';
import { Keeper, silentLog } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import { createMemoryRegistry, type StoredBuild } from './chain-registry';
import { buildOf, DailyBuilds } from './daily-builds';
import { benchLeg, benchSkeleton } from './testing/chain-bench';

const query = { exchange: 'NSE', symbol: 'NIFTY', expiry: '2026-11-24' };

function build(changes: Partial<StoredBuild> = {}): StoredBuild {
  return {
    exchange: 'NSE',
    symbol: 'NIFTY',
    expiry: '2026-11-24',
    tradingDay: '2026-11-23',
    builtMs: 1_000,
    tickPaise: 5,
    freezeQuantity: 1_755,
    openInterest: [[2_450_000, 650, 1_300], [2_455_050, 0, 65]],
    ...changes,
  };
}

function setUp(registry = createMemoryRegistry()) {
  const clock = createVirtualClock(0);
  const deps = { clock, log: silentLog, registry, keeper: new Keeper({ clock, log: silentLog }) };
  return { registry, builds: new DailyBuilds(deps) };
}

const bodyOf = (builds: DailyBuilds, asked = query): unknown => {
  const answer = builds.answer(asked);
  return answer && JSON.parse(answer.body.toString());
};

describe('what a daily build has found', () => {
  it('is answered in rupees, and outlives the process', async () => {
    const { registry, builds } = setUp();
    await builds.restore();
    expect(bodyOf(builds)).toBeUndefined();
    await builds.keep(build());
    const answer = {
      symbol: 'NIFTY',
      expiry: '2026-11-24',
      data: [
        { strike: 24_500, call_oi: 650, put_oi: 1_300 },
        { strike: 24_550.5, call_oi: 0, put_oi: 65 },
      ],
    };
    expect(bodyOf(builds)).toEqual(answer);
    expect(bodyOf(builds, { ...query, exchange: 'BSE' })).toBeUndefined();
    const next = setUp(registry).builds;
    await next.restore();
    expect(bodyOf(next)).toEqual(answer);
    expect(next.answer(query)?.etag).toBe(builds.answer(query)?.etag);
  });

  it('is not known before it is read, and what is built meanwhile counts', async () => {
    const { registry, builds } = setUp();
    await registry.saveBuild(build());
    await registry.saveBuild(build({ expiry: '2026-12-01' }));
    expect(() => builds.answer(query)).toThrow(expect.objectContaining({ kind: 'retryable' }));
    const reading = builds.restore();
    await builds.keep(build({ tradingDay: '2026-11-24', openInterest: [[100, 1, 2]] }));
    await reading;
    expect(bodyOf(builds)).toMatchObject({ data: [{ strike: 1, call_oi: 1, put_oi: 2 }] });
    expect(builds.find({ ...query, expiry: '2026-12-01' })?.tradingDay).toBe('2026-11-23');
  });

  it('is the last one: a new day replaces it, the same found again changes nothing', async () => {
    const { registry, builds } = setUp();
    await builds.keep(build());
    const first = builds.answer(query);
    await builds.keep(build({ builtMs: 2_000 }));
    expect(builds.answer(query)).toBe(first);
    await builds.keep(build({ builtMs: 2_500, openInterest: [[2_450_000, 651, 1_300]] }));
    expect(builds.answer(query)).not.toBe(first);
    await builds.keep(build({ builtMs: 3_000, tradingDay: '2026-11-24' }));
    expect(builds.answer(query)?.etag).not.toBe(first?.etag);
    expect(await registry.loadBuilds(10)).toEqual([
      build({ builtMs: 3_000, tradingDay: '2026-11-24' }),
    ]);
  });

  it('is bounded: past 4,000 chains the one that expires first is let go', async () => {
    const { builds } = setUp();
    await builds.restore();
    await builds.keep(build({ expiry: '2026-11-26' }));
    await builds.keep(build({ expiry: '2026-11-25' }));
    for (let count = 0; count < 3_999; count++) {
      await builds.keep(build({ symbol: `S${count}`, expiry: '2026-12-29' }));
    }
    expect(builds.find({ ...query, expiry: '2026-11-25' })).toBeUndefined();
    expect(builds.find({ ...query, expiry: '2026-11-26' })).toBeDefined();
    expect(builds.find({ ...query, symbol: 'S0', expiry: '2026-12-29' })).toBeDefined();
  });

  it('is nothing after a database that fails, until the next build', async () => {
    const loadBuilds = () => Promise.reject(new Error('no database'));
    const { builds } = setUp({ ...createMemoryRegistry(), loadBuilds });
    await builds.restore();
    expect(builds.answer(query)).toBeUndefined();
    await builds.keep(build());
    expect(bodyOf(builds)).toMatchObject({ symbol: 'NIFTY' });
  });
});

describe('buildOf', () => {
  const skeleton = benchSkeleton('2026-11-24', 3);
  const answer = {
    spotPaise: null,
    sentMonoMs: 0,
    receivedMs: 0,
    // One strike more than the window has.
    strikes: [9_000, 10_000, 11_000, 12_000].map((strikePaise, index) => ({
      strikePaise,
      CE: benchLeg('', { oi: index }),
      PE: benchLeg('', { oi: 10 * index }),
    })),
  };
  const known: InstrumentTable = {
    size: 1,
    get: (token) =>
      token.id === '24005'
        ? { token, symbol: 'S', lotSize: 65, tickPaise: 5, freezeQuantity: 1_755 }
        : undefined,
  };

  it('takes the open interest of the window\'s strikes, and the tick that any contract has', () => {
    const built = { tradingDay: '2026-11-24', builtMs: 7, instruments: known };
    expect(buildOf(skeleton, answer, built)).toEqual({
      exchange: 'NSE', symbol: 'NIFTY', expiry: '2026-11-24', tradingDay: '2026-11-24',
      builtMs: 7, tickPaise: 5, freezeQuantity: 1_755,
      openInterest: [[10_000, 1, 10], [11_000, 2, 20], [12_000, 3, 30]],
    });
    const unknown = { ...built, instruments: undefined };
    expect(buildOf(skeleton, answer, unknown)).toMatchObject({
      tickPaise: null, freezeQuantity: null,
    });
  });
});
