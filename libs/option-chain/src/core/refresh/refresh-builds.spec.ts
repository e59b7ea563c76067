import { describe, expect, it } from 'vitest';
import { stepRefresh } from './refresh-scheduler';
import {
  emptyRefresh,
  paceOf,
  type RefreshEffect,
  type RefreshEvent,
  type RefreshItem,
  type RefreshOutcome,
} from './refresh-state';

const rules = [{ class: 'chain', limit: 1, windowMs: 1_000 }];
const item = (key: string, order: number): RefreshItem =>
  ({ key, order, class: 'index', exchange: 'NSE', isAged: false });

/** What is not built is asked at home alone, all else abroad alone. */
class Bench {
  now = 0;
  readonly refused: string[] = [];
  private state = emptyRefresh();

  constructor() {
    this.tell({ type: 'accounts', accounts: [
      paceOf({ id: 'home', version: 0, builds: 'only' }, rules),
      paceOf({ id: 'abroad', version: 0, builds: 'never' }, rules),
    ] });
  }

  /** What is sent because of it: `home a`. */
  tell(event: RefreshEvent): string[] {
    const now = { mono: this.now, open: new Set(['NSE'] as const), dayLeftMs: 1e7 };
    const { state, effects } = stepRefresh(this.state, event, now);
    this.state = state;
    const refused = effects.flatMap((one) => (one.type === 'refuse' ? one.keys : []));
    this.refused.push(...refused);
    const isSent = (one: RefreshEffect) => one.type === 'send';
    return effects.filter(isSent).map(({ account, key }) => `${account} ${key}`);
  }

  ended(account: string, key: string, outcome: RefreshOutcome): string[] {
    return this.tell({ type: 'ended', account, key, version: 0, outcome });
  }

  at(ms: number): string[] {
    this.now = ms;
    return this.tell({ type: 'look' });
  }
}

describe('what is not built', () => {
  it('is asked at home, and nothing else is; all else abroad', () => {
    const bench = new Bench();
    const gap = bench.tell({ type: 'want', items: [item('g', 0)], reason: 'gap' });
    const build = bench.tell({ type: 'want', items: [item('b', 1)], reason: 'build' });
    const admin = bench.tell({ type: 'want', items: [item('p', 2)], reason: 'admin' });
    expect([gap, build, admin]).toEqual([['abroad g'], ['home b'], []]);
    bench.ended('abroad', 'g', 'answered');
    expect(bench.ended('home', 'b', 'answered')).toEqual([]);
    expect(bench.at(1_000)).toEqual(['abroad p']);
  });

  it('waits a minute when it was throttled at home, whoever else is there', () => {
    const bench = new Bench();
    const items = [item('a', 0), item('b', 1)];
    expect(bench.tell({ type: 'want', items, reason: 'build' })).toEqual(['home a']);
    expect(bench.ended('home', 'a', 'throttled')).toEqual([]);
    // Who waited for it was told; the other one waits on.
    expect(bench.refused).toEqual(['a']);
    expect(bench.at(59_999)).toEqual([]);
    expect(bench.at(60_000)).toEqual(['home b']);
  });

  it('leaves the account that was throttled abroad to rest for long only with another one', () => {
    const bench = new Bench();
    bench.tell({ type: 'want', items: [item('g', 0), item('h', 1)], reason: 'gap' });
    bench.ended('abroad', 'g', 'throttled');
    expect(bench.at(60_000)).toEqual(['abroad g']);
  });
});
