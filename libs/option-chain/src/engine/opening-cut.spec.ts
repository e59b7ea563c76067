import type { InstrumentTable } from '@strikewire/broker';
import { indiaDateOf, type UniverseRow } from '@strikewire/contracts';
import { silentLog, type Log } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import {
  createCalendar,
  tradingCalendarOf,
  type TradingHoursCalendar,
} from '@strikewire/trading-hours';
import { tradingHoursPresets } from '@strikewire/trading-hours/presets';
import { describe, expect, it } from 'vitest';
import { buildSkeleton, type ChainAnswer, type Skeleton } from '../core/skeleton';
import { emptyPlan, pendingChain, type PlannedChain, type PlannedUnderlying } from './day-plan';
import { chainKey } from './live-chain';
import { OpeningCut, type OpeningCutDeps } from './opening-cut';
import { benchLeg } from './testing/chain-bench';
import { resolved } from './testing/resolved';

const at = (time: string): number => Date.parse(`2026-11-26T${time}+05:30`);
const window = { below: 2, above: 2 };
const row = (symbol: string): UniverseRow => ({
  exchange: 'NSE', symbol, kind: 'index', window,
  expiries: { nearest: 1, monthlies: 0, quarterlies: 0 },
});
const instruments: InstrumentTable = {
  get: (token) => {
    const found = { lotSize: 65, tickPaise: 5, freezeQuantity: null };
    return { token, symbol: `S${token.id}`, ...found };
  },
  size: 1,
};
const expiry = '2026-12-01';

/** Strikes 100 to 200 rupees, 10 apart; or as many as given. */
function answerOf(count = 11, receivedMs = 0): ChainAnswer {
  const strikes = Array.from({ length: count }, (_, index) => ({
    strikePaise: 10_000 + 1_000 * index,
    CE: benchLeg(`${index}1`),
    PE: benchLeg(`${index}2`),
  }));
  return { broker: 'test', spotPaise: 15_000, strikes, sentMonoMs: 0, receivedMs };
}

function builtChain({ row }: PlannedUnderlying, chain: ChainAnswer, asOfMs: number): PlannedChain {
  const built = buildSkeleton({
    row, expiry, expiryClass: 'weekly', chain, ltpPaise: 15_000, asOfMs, instruments,
  });
  if ('reason' in built) throw new Error(built.reason);
  const planned = pendingChain({ expiry, class: 'weekly' });
  return { ...planned, state: 'built', skeleton: built.skeleton };
}

const [nsePreset] = tradingHoursPresets;
const nseHours = createCalendar(nsePreset!);
const opensAt = (opens: string): TradingHoursCalendar =>
  createCalendar({
    ...nsePreset!,
    overrides: [{ kind: 'partial', date: '2026-11-26', name: 'As announced', opens }],
  });

/** With `storedMs` the chains are restored ones of that time, and nothing is held of them yet. */
interface BenchOptions {
  startMs?: number;
  strikes?: number;
  symbols?: string[];
  storedMs?: number;
}

function createBench(options: BenchOptions = {}) {
  const clock = createVirtualClock(options.startMs ?? at('09:05:00'));
  const symbols = options.symbols ?? ['AAA'];
  const plan = emptyPlan(resolved(symbols.map(row)), {
    tradingDayOf: () => indiaDateOf(clock.wallMs()),
  });
  const fed = new Map<string, number>();
  const quoted = new Map<string, number>();
  const asked: string[][] = [];
  const saved: Skeleton[] = [];
  const warnings: string[] = [];
  const master = { reads: 0, isDown: false };
  let cuts = 0;
  const log: Log = { ...silentLog, warn: (message) => void warnings.push(message) };
  const { storedMs = clock.wallMs() } = options;
  for (const underlying of plan.underlyings) {
    underlying.chains = [builtChain(underlying, answerOf(options.strikes), storedMs)];
  }
  let hours = nseHours;
  const deps: OpeningCutDeps = {
    clock,
    log,
    calendar: tradingCalendarOf(() => hours),
    marketData: {
      async spotPrices(underlyings) {
        asked.push(underlyings.map(({ symbol }) => symbol));
        return new Map([...quoted].map(([symbol, paise]) => [`NSE:${symbol}`, paise]));
      },
    },
    instruments: async () => {
      master.reads++;
      if (master.isDown) throw new Error('the master is down');
      return instruments;
    },
    ltpSince: (key) => fed.get(key),
    save: async (skeleton) => void saved.push(skeleton),
    cut: () => void cuts++,
  };
  const opening = new OpeningCut(deps, plan);
  const hold = (underlying: PlannedUnderlying): void =>
    opening.hold(underlying, underlying.chains[0]!, answerOf(options.strikes));
  if (options.storedMs === undefined) plan.underlyings.forEach(hold);
  const chains = plan.underlyings.map((one) => one.chains[0]!);
  const strikes = (): number[] =>
    (chains[0]?.skeleton?.strikes ?? []).map(({ strikePaise }) => strikePaise / 100);
  return {
    clock, plan, opening, fed, quoted, asked, saved, warnings, chains, strikes, master,
    cuts: () => cuts,
    setHours(next: TradingHoursCalendar): void {
      hours = next;
    },
    /** Whoever has taken the day over: over the same plan. */
    takenOver: () => new OpeningCut(deps, plan),
  };
}

describe('OpeningCut', () => {
  it('cuts around the first price after the open, and lets the answers go', async () => {
    const bench = createBench();
    expect(bench.strikes()).toEqual([130, 140, 150, 160, 170]);
    await bench.clock.advance(599_000);
    expect([bench.chains[0]?.held?.strikes.length, bench.cuts()]).toEqual([11, 0]);
    await bench.clock.advance(2_000);
    bench.fed.set('NSE:AAA', 16_900);
    await bench.clock.advance(200);
    expect(bench.strikes()).toEqual([150, 160, 170, 180, 190]);
    expect([bench.cuts(), bench.asked, bench.saved.length]).toEqual([1, [], 1]);
    expect(bench.chains[0]?.held).toBeNull();
    // Only what is new is written from the old answer.
    expect(bench.chains[0]?.answer?.strikes.map(({ strikePaise }) => strikePaise)).not.toContain(
      15_000,
    );
  });

  it('loses nothing of an answer that is not in a store yet', async () => {
    const bench = createBench();
    const leg = benchLeg('51', { previousOi: 650, closePaise: 4_000, volume: 1_300 });
    const built = answerOf();
    built.strikes[5]!.CE = leg;
    bench.opening.hold(bench.plan.underlyings[0]!, bench.chains[0]!, built);
    bench.chains[0]!.answer = built;
    bench.fed.set('NSE:AAA', 16_900);
    await bench.clock.advance(700_000);
    expect(bench.strikes()).toEqual([150, 160, 170, 180, 190]);
    const { answer } = bench.chains[0]!;
    expect(answer?.strikes).toHaveLength(11);
    expect(answer?.strikes[5]?.CE).toEqual({ ...leg, volume: 0 });
  });

  it('changes nothing when the window is the same', async () => {
    const bench = createBench();
    const before = bench.chains[0]?.skeleton;
    bench.fed.set('NSE:AAA', 15_400);
    await bench.clock.advance(700_000);
    expect(bench.chains[0]?.skeleton).toBe(before);
    expect([bench.cuts(), bench.chains[0]?.held]).toEqual([0, null]);
    // But that this is the open's window: a start later in the day has nothing to make up for.
    expect(bench.saved).toEqual([{ ...before, asOfMs: at('09:15:00') }]);
  });

  it('asks over REST for those alone that no feed has brought, once', async () => {
    const bench = createBench({ symbols: ['AAA', 'BBB', 'CCC'] });
    bench.fed.set('NSE:BBB', 15_000);
    bench.quoted.set('AAA', 13_000).set('BBB', 1).set('CCC', 17_000);
    await bench.clock.advance(700_000);
    expect(bench.asked).toEqual([['AAA', 'CCC']]);
    expect(bench.strikes()).toEqual([110, 120, 130, 140, 150]);
    expect(bench.cuts()).toBe(1);
  });

  it('keeps the window when there is no price at all', async () => {
    const bench = createBench();
    await bench.clock.advance(700_000);
    expect(bench.asked).toEqual([['AAA']]);
    expect(bench.strikes()).toEqual([130, 140, 150, 160, 170]);
    expect([bench.cuts(), bench.chains[0]?.held]).toEqual([0, null]);
  });

  it('holds so many strikes and no more, and names the chain that is left', async () => {
    const bench = createBench({ symbols: ['AAA', 'BBB', 'CCC'], strikes: 50_000 });
    expect(bench.chains.map(({ held }) => held !== null)).toEqual([true, true, false]);
    expect(bench.warnings).toEqual(['too much is held for the open: a chain keeps its window']);
    bench.opening.hold(bench.plan.underlyings[0]!, bench.chains[0]!, answerOf(40_000));
    bench.opening.hold(bench.plan.underlyings[2]!, bench.chains[2]!, answerOf(30_000));
    expect(bench.chains.map(({ held }) => held?.strikes.length)).toEqual([40_000, 50_000, 30_000]);
  });

  it('reads a failing master ahead once a round, and again for the cut', async () => {
    const bench = createBench({ symbols: ['AAA', 'BBB', 'CCC'] });
    const { master, clock, opening } = bench;
    const answerAll = (): void =>
      ['AAA', 'BBB', 'CCC'].forEach((symbol) =>
        opening.holdFor(chainKey({ exchange: 'NSE', symbol }, expiry), answerOf()),
      );
    master.isDown = true;
    answerAll();
    await clock.advance(20_000);
    answerAll();
    expect(master.reads).toBe(1);
    await clock.advance(60_000);
    answerAll();
    expect(master.reads).toBe(2);
    master.isDown = false;
    bench.fed.set('NSE:AAA', 16_900);
    await clock.advance(600_000);
    expect([master.reads, bench.cuts()]).toEqual([3, 1]);
  });

  it('gives chains that are built late the opening price in place of an older one', async () => {
    const bench = createBench();
    const underlying = bench.plan.underlyings[0]!;
    expect(bench.opening.openingLtp(underlying, at('09:14:59'))).toBeUndefined();
    bench.fed.set('NSE:AAA', 16_900);
    await bench.clock.advance(700_000);
    expect(bench.opening.openingLtp(underlying, at('09:14:59'))).toBe(16_900);
    expect(bench.opening.openingLtp(underlying, at('09:15:00'))).toBeUndefined();
    bench.opening.hold(underlying, bench.chains[0]!, answerOf());
    expect(bench.chains[0]?.held).toBeNull();
  });

  it.each(['2026-11-26T09:15:00+05:30', '2026-11-28T09:05:00+05:30'])(
    'holds nothing after the open, nor on a day without one: %s',
    (start) => {
      const bench = createBench({ startMs: Date.parse(start) });
      expect(bench.chains[0]?.held).toBeNull();
    },
  );

  it('does nothing after it was stopped', async () => {
    const bench = createBench();
    bench.fed.set('NSE:AAA', 16_900);
    await bench.clock.advance(595_000);
    bench.opening.stop();
    await bench.clock.advance(100_000);
    expect([bench.cuts(), bench.saved]).toEqual([0, []]);
  });

  describe('when the hours change', () => {
    const key = chainKey({ exchange: 'NSE', symbol: 'AAA' }, expiry);
    const opened = async (): Promise<ReturnType<typeof createBench>> => {
      const bench = createBench();
      bench.fed.set('NSE:AAA', 15_000);
      await bench.clock.advance(at('10:00:00') - at('09:05:00'));
      bench.fed.set('NSE:AAA', 16_900);
      return bench;
    };

    it('makes up for no open that is over, whoever works on the day', async () => {
      const bench = await opened();
      bench.setHours(opensAt('09:30'));
      for (const take of [() => bench.opening, bench.takenOver]) {
        const cut = take();
        cut.calendarChanged();
        cut.holdFor(key, answerOf(11, bench.clock.wallMs()));
        await bench.clock.advance(600_000);
        expect([bench.cuts(), bench.strikes()[0], bench.chains[0]?.held]).toEqual([0, 130, null]);
      }
    });

    it('cuts at an open that is still to come, and once', async () => {
      const bench = await opened();
      bench.setHours(opensAt('10:30'));
      bench.opening.calendarChanged();
      bench.opening.holdFor(key, answerOf(11, bench.clock.wallMs()));
      await bench.clock.advance(29 * 60_000);
      expect([bench.cuts(), bench.strikes()[0]]).toEqual([0, 130]);
      await bench.clock.advance(2 * 60_000);
      expect([bench.cuts(), bench.strikes()[0]]).toEqual([1, 150]);
      bench.fed.set('NSE:AAA', 13_000);
      bench.setHours(nseHours);
      bench.opening.calendarChanged();
      bench.takenOver().holdFor(key, answerOf(11, bench.clock.wallMs()));
      await bench.clock.advance(600_000);
      expect([bench.cuts(), bench.strikes()[0]]).toEqual([1, 150]);
    });

    it('goes on waiting for what a missed open lacks', async () => {
      const bench = createBench({ startMs: at('09:40:00'), storedMs: at('09:05:00') });
      bench.fed.set('NSE:AAA', 16_900);
      bench.setHours(opensAt('09:30'));
      bench.opening.calendarChanged();
      await bench.clock.advance(20_000);
      bench.opening.holdFor(key, answerOf(11, bench.clock.wallMs()));
      await bench.clock.advance(1_000);
      expect([bench.cuts(), bench.strikes()[0]]).toEqual([1, 150]);
    });
  });

  describe('after a start that missed the open', () => {
    const symbols = ['AAA', 'BBB'];
    const missed = { symbols, startMs: at('09:15:30'), storedMs: at('09:05:00') };
    const answer = ({ opening, clock }: ReturnType<typeof createBench>, symbol: string): void => {
      const chain = answerOf(11, clock.wallMs());
      chain.strikes[9]!.CE!.volume = 1_300;
      opening.holdFor(chainKey({ exchange: 'NSE', symbol }, expiry), chain);
    };

    it('makes up for the cut, once, as soon as the last answer is there', async () => {
      const bench = createBench(missed);
      bench.fed.set('NSE:AAA', 16_900).set('NSE:BBB', 15_000);
      answer(bench, 'AAA');
      await bench.clock.advance(20_000);
      expect([bench.cuts(), bench.strikes()]).toEqual([0, [130, 140, 150, 160, 170]]);
      answer(bench, 'BBB');
      await bench.clock.advance(200);
      expect([bench.cuts(), bench.strikes()]).toEqual([1, [150, 160, 170, 180, 190]]);
      expect(bench.saved.map(({ asOfMs }) => asOfMs)).toEqual([at('09:15:50'), at('09:15:50')]);
      // What came since the open has today's volume.
      expect(bench.chains[0]?.answer?.strikes.at(-2)?.CE?.volume).toBe(1_300);
      bench.fed.set('NSE:AAA', 13_000);
      answer(bench, 'AAA');
      await bench.clock.advance(600_000);
      expect([bench.cuts(), bench.chains[0]?.held, bench.warnings]).toEqual([1, null, []]);
    });

    it('does not wait for ever for an answer, and names what it lacks', async () => {
      const bench = createBench(missed);
      bench.fed.set('NSE:AAA', 16_900).set('NSE:BBB', 16_900);
      answer(bench, 'AAA');
      await bench.clock.advance(299_000);
      expect(bench.cuts()).toBe(0);
      await bench.clock.advance(2_000);
      expect([bench.cuts(), bench.strikes()]).toEqual([1, [150, 160, 170, 180, 190]]);
      expect(bench.chains[1]?.skeleton?.asOfMs).toBe(at('09:05:00'));
      expect(bench.warnings).toEqual(['chains keep the window of before the open']);
    });

    it.each([
      ['a day that was cut', { ...missed, storedMs: at('09:15:01') }],
      ['a closed market', { ...missed, startMs: at('18:00:00') }],
    ])('has nothing to make up for in %s', async (_what, options) => {
      const bench = createBench(options);
      bench.fed.set('NSE:AAA', 16_900).set('NSE:BBB', 16_900);
      symbols.forEach((symbol) => answer(bench, symbol));
      await bench.clock.advance(600_000);
      expect([bench.cuts(), bench.chains[0]?.held, bench.saved]).toEqual([0, null, []]);
    });
  });

  it.each(['09:14:40', '09:15:05'])(
    'is made up for after a start at %s, with answers that come at 09:15:20',
    async (start) => {
      const bench = createBench({ startMs: at(start), storedMs: at('09:05:00') });
      bench.fed.set('NSE:AAA', 16_900);
      await bench.clock.advance(at('09:15:20') - at(start));
      const key = chainKey({ exchange: 'NSE', symbol: 'AAA' }, expiry);
      bench.opening.holdFor(key, answerOf(11, bench.clock.wallMs()));
      await bench.clock.advance(600_000);
      expect(bench.strikes()).toEqual([150, 160, 170, 180, 190]);
      expect(bench.cuts()).toBe(1);
    },
  );
});
