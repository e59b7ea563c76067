import type { RateRule } from '@strikewire/broker';
import type { Exchange } from '@strikewire/contracts';
import { createSeededRandom } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { stretchOf } from './refresh-age';
import { stepRefresh } from './refresh-scheduler';
import {
  emptyRefresh,
  paceOf,
  refreshBoundsMs,
  type RefreshClass,
  type RefreshEvent,
  type RefreshItem,
  type RefreshNow,
  type RefreshOutcome,
} from './refresh-state';

const keyed: RateRule[] = [
  { class: 'chain', limit: 1, windowMs: 3_000, perKey: true },
  { class: 'chain', limit: 5, windowMs: 1_000 },
  { class: 'chain', limit: 100_000, windowMs: 86_400_000 },
];
/** The other reading of the same rule: one request in 3 s, whatever its key. */
const flat: RateRule[] = [{ class: 'chain', limit: 1, windowMs: 3_000 }];

const item = (key: string, of: RefreshClass, order: number, isAged = true): RefreshItem => ({
  key, class: of, order, isAged, exchange: of === 'commodity' ? 'MCX' : 'NSE',
});
const chains = (count: number, of: RefreshClass, from = 0): RefreshItem[] =>
  Array.from({ length: count }, (_, index) => item(`${of} ${index}`, of, from + index));
/** About what a universe of 220 stocks has. */
const universe = [
  ...chains(36, 'index'), ...chains(20, 'commodity', 100), ...chains(660, 'stock', 1_000),
];

interface Sent {
  key: string;
  account: string;
  version: number;
  at: number;
}

/** Runs the reducer against a broker that answers after `latencyMs`, as `outcome` says. */
class Bench {
  now = 0;
  dayLeftMs = 40_000_000;
  open = new Set<Exchange>(['NSE', 'BSE', 'MCX']);
  latencyMs = 60;
  outcome: (sent: Sent) => RefreshOutcome = () => 'answered';
  readonly sent: Sent[] = [];
  readonly refused: string[] = [];
  state = emptyRefresh();
  private wakeAt = Infinity;
  private inFlight: (Sent & { endsAt: number })[] = [];

  tell(event: RefreshEvent): void {
    const { state, effects } = stepRefresh(this.state, event, this.at());
    this.state = state;
    for (const effect of effects) {
      if (effect.type === 'wake') this.wakeAt = effect.atMono;
      if (effect.type === 'refuse') this.refused.push(...effect.keys);
      if (effect.type !== 'send') continue;
      const { key: sentKey, account, version } = effect;
      const sent = { key: sentKey, account, version, at: this.now };
      expect(this.inFlight.map(({ key }) => key)).not.toContain(sent.key);
      this.sent.push(sent);
      this.inFlight.push({ ...sent, endsAt: this.now + this.latencyMs });
    }
  }

  accounts(...ids: string[]): void {
    this.useRules(keyed, ...ids);
  }

  useRules(rules: readonly RateRule[], ...ids: string[]): void {
    this.tell({
      type: 'accounts', accounts: ids.map((id) => paceOf({ id, version: 0 }, rules)),
    });
  }

  run(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const ending = this.inFlight.reduce((first, { endsAt }) => Math.min(first, endsAt), Infinity);
      const next = Math.min(ending, this.wakeAt);
      if (next > end) break;
      this.now = next;
      const done = this.inFlight.filter(({ endsAt }) => endsAt <= next);
      this.inFlight = this.inFlight.filter(({ endsAt }) => endsAt > next);
      for (const one of done) {
        const { key, account, version } = one;
        this.tell({ type: 'ended', key, account, version, outcome: this.outcome(one) });
      }
      if (this.wakeAt <= next) {
        this.wakeAt = Infinity;
        this.tell({ type: 'look' });
      }
    }
    this.now = end;
  }

  /** The oldest chain of a class, ms. */
  oldest(of: RefreshClass): number {
    const ages = [...this.state.works.values()]
      .filter((work) => work.isAged && work.class === of)
      .map(({ sentMono }) => this.now - sentMono);
    return Math.max(...ages);
  }

  at(): RefreshNow {
    return { mono: this.now, open: this.open, dayLeftMs: this.dayLeftMs };
  }
}

/** The most requests of an account in any window, and the least time between two of a key. */
function measured(sent: readonly Sent[], windowMs: number): { most: number; keyGapMs: number } {
  let most = 0;
  let keyGapMs = Infinity;
  const last = new Map<string, number>();
  for (const id of new Set(sent.map(({ account }) => account))) {
    const list = sent.filter(({ account }) => account === id);
    let first = 0;
    list.forEach(({ at }, index) => {
      while (at - list[first]!.at > windowMs - 0.001) first++;
      most = Math.max(most, index - first + 1);
    });
  }
  for (const { key, at } of sent) {
    keyGapMs = Math.min(keyGapMs, at - (last.get(key) ?? -Infinity));
    last.set(key, at);
  }
  return { most, keyGapMs };
}

describe('the refresh scheduler', () => {
  it('keeps a full universe of one account within every bound, without breaking a limit', () => {
    const bench = new Bench();
    bench.accounts('a');
    bench.tell({ type: 'items', items: universe });
    bench.run(600_000);
    const oldest = { index: 0, commodity: 0, stock: 0 };
    for (let step = 0; step < 300; step++) {
      bench.run(3_000);
      for (const of of ['index', 'commodity', 'stock'] as const) {
        oldest[of] = Math.max(oldest[of], bench.oldest(of));
      }
    }
    for (const of of ['index', 'commodity', 'stock'] as const) {
      expect(oldest[of]).toBeLessThanOrEqual(refreshBoundsMs[of]);
    }
    expect(measured(bench.sent, 1_000).most).toBeLessThanOrEqual(5);
    expect(measured(bench.sent, 1_000).keyGapMs).toBeGreaterThan(2_999);
    expect(stretchOf(bench.state, bench.at())).toBe(1);
  });

  it('says that nobody can be asked, without an account and while all rest', () => {
    const bench = new Bench();
    bench.tell({ type: 'items', items: chains(30, 'index') });
    expect(stretchOf(bench.state, bench.at())).toBeNull();
    bench.accounts('a');
    expect(stretchOf(bench.state, bench.at())).toBe(1);
    bench.outcome = () => 'throttled';
    bench.run(5_000);
    expect(stretchOf(bench.state, bench.at())).toBeNull();
  });

  it('stretches all bounds alike, and says so, at one request in 3 s overall', () => {
    const bench = new Bench();
    bench.useRules(flat, 'a');
    const items = [...chains(30, 'index'), ...chains(60, 'stock', 1_000)];
    bench.tell({ type: 'items', items });
    bench.run(1_200_000);
    const stretch = stretchOf(bench.state, bench.at()) ?? NaN;
    expect(stretch).toBeGreaterThan(2);
    for (let step = 0; step < 300; step++) {
      bench.run(6_000);
      expect(bench.oldest('index')).toBeLessThanOrEqual(refreshBoundsMs.index * stretch);
      expect(bench.oldest('stock')).toBeLessThanOrEqual(refreshBoundsMs.stock * stretch);
    }
    expect(measured(bench.sent, 3_000).most).toBe(1);
  });

  it('builds in order, while what is built stays fresh', () => {
    const bench = new Bench();
    bench.accounts('a');
    bench.tell({ type: 'items', items: chains(36, 'index') });
    bench.run(60_000);
    const wanted = chains(600, 'stock', 1_000).map((one) => ({ ...one, isAged: false }));
    bench.sent.length = 0;
    bench.tell({ type: 'want', items: wanted, reason: 'build' });
    for (let second = 0; second < 300; second++) {
      bench.run(1_000);
      expect(bench.oldest('index')).toBeLessThanOrEqual(refreshBoundsMs.index);
    }
    const built = bench.sent.map(({ key }) => key).filter((key) => key.startsWith('stock'));
    expect(built).toEqual(wanted.map(({ key }) => key));
  });

  it('lets neither a build nor what grows old starve when there is too little for both', () => {
    const bench = new Bench();
    bench.useRules(flat, 'a');
    bench.tell({ type: 'items', items: chains(60, 'index') });
    bench.run(600_000);
    bench.sent.length = 0;
    const build = chains(50, 'stock', 1_000).map((one) => ({ ...one, isAged: false }));
    bench.tell({ type: 'want', items: build, reason: 'build' });
    bench.run(300_000);
    const share = bench.sent.filter(({ key }) => key.startsWith('stock')).length;
    expect(share).toBeGreaterThan(25);
    expect(bench.sent.length - share).toBeGreaterThan(25);
  });

  it('asks once for what is wanted ten times, ahead of everything else', () => {
    const bench = new Bench();
    bench.accounts('a');
    bench.tell({ type: 'items', items: universe });
    bench.run(100);
    bench.sent.length = 0;
    const wanted = universe.slice(-3);
    for (let press = 0; press < 10; press++) {
      bench.tell({ type: 'want', items: wanted, reason: 'admin' });
      bench.run(50);
    }
    bench.run(1_000);
    // Every second turn at the least is theirs.
    const first = bench.sent.slice(0, 6).map(({ key }) => key);
    const keys = wanted.map(({ key }) => key);
    expect(first.filter((key) => keys.includes(key)).sort()).toEqual(keys.sort());
    const again = bench.sent.filter(({ key }) => keys.includes(key));
    expect(again).toHaveLength(3);
  });

  it('shares the work out to the accounts, and counts each by itself', () => {
    const bench = new Bench();
    bench.accounts('a', 'b');
    bench.tell({ type: 'items', items: universe });
    bench.run(60_000);
    const of = (id: string): number => bench.sent.filter(({ account }) => account === id).length;
    expect(Math.abs(of('a') - of('b'))).toBeLessThanOrEqual(2);
    expect(of('a')).toBeGreaterThan(250);
    expect(measured(bench.sent, 1_000).most).toBeLessThanOrEqual(5);
  });

  it('lets a refused account rest, asks another, and tells who waits when there is none', () => {
    const bench = new Bench();
    bench.accounts('a', 'b');
    bench.outcome = ({ account }) => (account === 'a' ? 'refused' : 'answered');
    const wanted = universe.slice(0, 20).map((one) => ({ ...one, isAged: false }));
    bench.tell({ type: 'want', items: wanted, reason: 'build' });
    bench.run(60_000);
    expect(bench.refused).toEqual([]);
    expect(bench.sent.filter(({ account }) => account === 'a')).toHaveLength(1);
    expect(bench.sent.filter(({ account }) => account === 'b')).toHaveLength(20);
    bench.outcome = () => 'refused';
    bench.tell({ type: 'want', items: wanted, reason: 'build' });
    bench.run(60_000);
    expect(new Set(bench.refused)).toEqual(new Set(wanted.map(({ key }) => key)));
    bench.sent.length = 0;
    bench.run(100_000);
    expect(bench.sent).toEqual([]);
  });

  it('keeps the indices fresh while everything is refreshed by hand', () => {
    const bench = new Bench();
    bench.accounts('a');
    bench.tell({ type: 'items', items: universe });
    bench.run(600_000);
    bench.tell({ type: 'want', items: universe, reason: 'admin' });
    for (let step = 0; step < 150; step++) {
      bench.run(2_000);
      const stretch = stretchOf(bench.state, bench.at()) ?? NaN;
      expect(bench.oldest('index')).toBeLessThanOrEqual(refreshBoundsMs.index * stretch);
    }
    bench.run(120_000);
    for (const { wanted } of bench.state.works.values()) expect(wanted).toBeNull();
  });

  it('tells who waits when the last account goes', () => {
    const bench = new Bench();
    bench.useRules(flat, 'a');
    bench.tell({ type: 'want', items: universe.slice(0, 3), reason: 'build' });
    bench.run(10);
    bench.tell({ type: 'accounts', accounts: [] });
    const [sent] = bench.sent;
    expect(bench.refused.sort()).toEqual(universe.slice(1, 3).map(({ key }) => key).sort());
    bench.outcome = () => 'failed';
    bench.run(10_000);
    expect(bench.refused).toContain(sent?.key);
  });

  it('does not hold against new credentials what was said to the old ones', () => {
    const bench = new Bench();
    bench.accounts('a');
    bench.outcome = () => 'refused';
    bench.tell({ type: 'items', items: chains(3, 'index') });
    bench.run(10);
    bench.tell({ type: 'accounts', accounts: [paceOf({ id: 'a', version: 1 }, keyed)] });
    bench.run(100);
    bench.outcome = () => 'answered';
    bench.run(30_000);
    expect(bench.oldest('index')).toBeLessThan(30_000);
  });

  it('asks a renewed account at once', () => {
    const bench = new Bench();
    bench.accounts('a');
    bench.outcome = () => 'refused';
    bench.tell({ type: 'items', items: chains(3, 'index') });
    bench.run(10_000);
    const before = bench.sent.length;
    bench.outcome = () => 'answered';
    bench.tell({ type: 'accounts', accounts: [paceOf({ id: 'a', version: 1 }, keyed)] });
    bench.run(20_000);
    expect(bench.sent.length - before).toBe(3);
  });

  it('shares out what is left of a day, so that there is something left at its end', () => {
    const bench = new Bench();
    bench.accounts('a');
    bench.tell({ type: 'used', account: 'a', dayUsed: 60_000 });
    bench.tell({ type: 'items', items: universe });
    // More than half is used, and enough is left.
    expect(stretchOf(bench.state, bench.at())).toBe(1);
    bench.tell({ type: 'used', account: 'a', dayUsed: 99_000 });
    bench.dayLeftMs = 10_000_000;
    bench.sent.length = 0;
    bench.run(1_000_000);
    expect(bench.sent.length).toBeLessThanOrEqual(120);
    expect(bench.sent.length).toBeGreaterThan(80);
    expect(stretchOf(bench.state, bench.at())).toBeGreaterThan(10);
  });

  it('asks for nothing because of age while an exchange is closed, and then at once', () => {
    const bench = new Bench();
    bench.accounts('a');
    bench.open = new Set(['MCX']);
    bench.tell({ type: 'items', items: [...chains(5, 'index'), ...chains(2, 'commodity', 100)] });
    bench.run(300_000);
    expect(new Set(bench.sent.map(({ key }) => key.split(' ')[0]))).toEqual(new Set(['commodity']));
    bench.open = new Set(['MCX', 'NSE']);
    bench.run(12_000);
    expect(bench.oldest('index')).toBeLessThan(12_000);
  });

  it('makes the lower classes wait under load, never the indices', () => {
    const bench = new Bench();
    bench.accounts('a');
    bench.tell({ type: 'items', items: universe });
    bench.run(400_000);
    bench.tell({ type: 'shedding', factor: 4 });
    bench.sent.length = 0;
    bench.run(600_000);
    const of = (name: string): number =>
      bench.sent.filter(({ key }) => key.startsWith(name)).length;
    expect(of('index')).toBeGreaterThan(36 * 10);
    expect(of('stock')).toBeLessThan(660);
  });

  it.each(Array.from({ length: 30 }, (_, seed) => seed))(
    'breaks no limit, loses nothing and asks nothing twice, whatever happens (seed %i)',
    (seed) => {
      const random = createSeededRandom(seed);
      const pick = <T>(list: readonly T[]): T => list[Math.floor(random.next() * list.length)]!;
      const bench = new Bench();
      const rules = pick([keyed, flat]);
      bench.useRules(rules, 'a', 'b');
      const all = [
        ...chains(10, 'index'), ...chains(5, 'commodity', 50), ...chains(20, 'stock', 99),
      ];
      const outcomes = ['answered', 'answered', 'answered', 'failed', 'throttled'] as const;
      const events = [
        () => bench.tell({ type: 'items', items: all.filter(() => random.next() < 0.8) }),
        () => bench.tell({ type: 'want', items: [pick(all)], reason: 'admin' }),
        () => bench.tell({ type: 'want', items: [pick(all), pick(all)], reason: 'gap' }),
        () => bench.tell({ type: 'want', items: [pick(all)], reason: 'build' }),
        () => bench.useRules(rules, ...pick([['b', 'a'], ['a', 'b']])),
        () => bench.tell({ type: 'accounts', accounts: (['only', 'never'] as const).map(
          (builds, at) => paceOf({ id: at === 0 ? 'a' : 'b', version: 0, builds }, rules)) }),
        () => void (bench.open = new Set(pick<Exchange[]>([['NSE'], [], ['MCX', 'NSE']]))),
        () => void (bench.latencyMs = pick([5, 200, 4_000])),
        () => void (bench.outcome = () => (random.next() < 0.5 ? 'answered' : pick(outcomes))),
      ];
      for (let step = 0; step < 80; step++) {
        pick(events)();
        bench.run(random.next() ** 3 * 30_000);
      }
      const windowMs = rules === flat ? 3_000 : 1_000;
      expect(measured(bench.sent, windowMs).most).toBeLessThanOrEqual(rules === flat ? 1 : 5);
      // In the end everything is answered and fresh again.
      bench.outcome = () => 'answered';
      bench.latencyMs = 20;
      bench.open = new Set(['NSE', 'MCX']);
      bench.useRules(keyed, 'd');
      bench.tell({ type: 'items', items: all });
      bench.run(400_000);
      for (const work of bench.state.works.values()) expect(work.wanted).toBeNull();
      expect(bench.oldest('index')).toBeLessThanOrEqual(refreshBoundsMs.index);
    },
  );
});
