import type { ListedUnderlying } from '@strikewire/broker';
import type { UniverseRule } from '@strikewire/contracts';
import { describe, expect, it } from 'vitest';
import type { ClassedExpiry } from './expiry-rules';
import { defaultUniverse, defaultUniverseRules } from './universe';
import { previewUniverse, windowSize, type UniverseFacts } from './universe-preview';

const token = { segment: 'S', id: '1' };
const listedOne = (
  exchange: ListedUnderlying['exchange'],
  symbol: string,
  kind: ListedUnderlying['kind'],
): ListedUnderlying => ({ exchange, symbol, kind, spot: token, chain: token });
const listed = [
  ...['NIFTY', 'BANKNIFTY', 'FINNIFTY', 'MIDCPNIFTY'].map((one) => listedOne('NSE', one, 'index')),
  ...['SENSEX', 'BANKEX'].map((one) => listedOne('BSE', one, 'index')),
  ...['CRUDEOIL', 'GOLD'].map((one) => listedOne('MCX', one, 'commodity')),
  ...['INFY', 'RELIANCE', 'TCS'].map((one) => listedOne('NSE', one, 'stock')),
];
const weeklies = (count: number): ClassedExpiry[] =>
  Array.from({ length: count }, (_, week) => ({ expiry: `2026-11-${10 + week}`, class: 'weekly' }));

function facts(changes: Partial<UniverseFacts> = {}): UniverseFacts {
  return {
    listed,
    expiriesOf: () => undefined,
    capacity: 20_000,
    requestMs: 200,
    boundsMs: { index: 60_000, commodity: 120_000, stock: 300_000 },
    ...changes,
  };
}
const preview = (rules: readonly UniverseRule[], changes: Partial<UniverseFacts> = {}) =>
  previewUniverse(rules, defaultUniverse, facts(changes));
const stocks = defaultUniverseRules.find(({ kind }) => kind === 'stock')!;
const nifty = defaultUniverseRules[0]!;

describe('windowSize', () => {
  it('counts the anchor on top of what is around it; around the LTP there is none', () => {
    expect(windowSize({ window: { below: 50, above: 49 } })).toBe(100);
    expect(windowSize({ window: { below: 5, above: 5, around: 'ltp' } })).toBe(10);
  });
});

describe('previewUniverse', () => {
  it('counts underlyings, chains and contracts by kind; what is unread is estimated', () => {
    const told = preview(defaultUniverseRules);
    expect(told.byKind.stock).toEqual({ underlyings: 3, chains: 9, contracts: 9 * 2 * 25 });
    expect(told.byKind.commodity).toEqual({ underlyings: 2, chains: 4, contracts: 4 * 2 * 10 });
    const index = { wide: 8 + 5 + 8, narrow: 3 * 5 };
    expect(told.byKind.index).toEqual({
      underlyings: 6,
      chains: index.wide + index.narrow,
      contracts: (index.wide * 100 + index.narrow * 50) * 2,
    });
    expect(told.estimated).toBe(11);
    expect(told.total).toEqual({ underlyings: 11, chains: 49, contracts: 6_230 });
  });

  it('takes an expiry list that was read instead of an estimate', () => {
    const expiriesOf = (key: string) => (key === 'NSE:NIFTY' ? weeklies(2) : undefined);
    const told = preview([nifty], { expiriesOf });
    expect(told.estimated).toBe(0);
    expect(told.total).toEqual({ underlyings: 1, chains: 2, contracts: 400 });
  });

  it('says what finds no socket, the underlyings themselves included', () => {
    const expiriesOf = () => weeklies(1);
    expect(preview([nifty], { expiriesOf, capacity: 201 }).restOnly).toBe(0);
    expect(preview([nifty], { expiriesOf, capacity: 150 }).restOnly).toBe(51);
    expect(preview([nifty], { expiriesOf, capacity: 0 }).restOnly).toBe(201);
  });

  it('tells requests a minute as the scheduler plans them, and by how much ages stretch', () => {
    const told = preview([stocks], { requestMs: 3_000 });
    // 9 chains each 240 s, and 85 % of 20 a minute.
    expect([told.requestsPerMinute, told.requestsPerMinuteMax]).toEqual([2.25, 17]);
    expect(told.stretch).toBe(1);
    const slow = preview([stocks], { requestMs: 60_000 });
    expect(slow.stretch).toBe(2.65);
    expect(slow.buildMs).toBe((9 + 3) * 60_000);
  });

  it('knows no time and no limit without an account', () => {
    const told = preview([stocks], { requestMs: null, capacity: 0 });
    expect(told).toMatchObject({ buildMs: null, requestsPerMinuteMax: 0, stretch: 1 });
  });

  it('names what comes, what goes and what the broker does not list', () => {
    const own = { ...stocks, symbol: 'INFY', kind: 'stock' as const };
    const off = { ...own, symbol: 'TCS', served: false };
    const rules = [nifty, own, { ...own, symbol: 'NOSUCH' }, off];
    const told = preview(rules);
    expect(told.added).toEqual(['NSE:INFY']);
    expect(told.removed).toEqual(['NSE:BANKNIFTY', 'BSE:SENSEX']);
    expect(told.unlisted).toEqual(['NSE:NOSUCH']);
    expect(told.total.underlyings).toBe(2);
  });

  it('counts what has a rule of its own before a list was read, and calls none unlisted', () => {
    const told = preview(defaultUniverseRules, { listed: [] });
    expect(told.unlisted).toEqual([]);
    expect(told.total.underlyings).toBe(6);
    expect(told.estimated).toBe(6);
  });
});
