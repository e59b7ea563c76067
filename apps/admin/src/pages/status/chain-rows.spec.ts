import type { ChainState } from '@strikewire/contracts';
import { describe, expect, it } from 'vitest';
import { chainStateOf } from '../../testing';
import {
  chainRows,
  isShown,
  nextSort,
  searched,
  sorted,
  type ChainRow,
  type Sort,
} from './chain-rows';

function rowsOf(chains: Partial<ChainState>[], isOpen = true): ChainRow[] {
  const states = chains.map((changes) => chainStateOf(changes));
  return chainRows(
    [{ symbol: 'NIFTY', exchange: 'NSE', state: 'built', reason: null, chains: states }],
    isOpen,
  );
}

const oneOf = (changes: Partial<ChainState>, isOpen = true): ChainRow | undefined =>
  rowsOf([changes], isOpen)[0];

describe('the health of a chain', () => {
  it('needs no care while all is as it should be', () => {
    expect(oneOf({ shortfall: 76, restOnlyCount: 12 })).toMatchObject({
      note: '12 contracts by REST alone; 76 strikes not listed',
      tick: { level: 'live', text: 'live' },
      rest: { level: 'live', text: '20 s' },
      needsCare: false,
    });
  });

  it.each([
    [{ state: 'not_built', reason: 'the broker sent an empty chain' } as const, 'empty chain'],
    [{ atmOutsideWindow: true }, 'the spot has left its strikes'],
    [{ stale: true }, ''],
    [{ tickAgeMs: 12_000 }, ''],
    [{ restAgeMs: 60_001 }, ''],
  ])('needs care with %j', (changes, note) => {
    expect(oneOf(changes)?.needsCare).toBe(true);
    expect(oneOf(changes)?.note).toContain(note);
  });

  it('is never late with anything in a closed market', () => {
    const closed = oneOf({ tickAgeMs: 9_000_000, restAgeMs: 9_000_000, stale: true }, false);
    expect(closed).toMatchObject({
      tick: { level: 'closed' },
      rest: { level: 'closed', text: '2 h' },
      needsCare: false,
    });
  });

  it('is told of an underlying without chains too', () => {
    const bare = { exchange: 'NSE', chains: [] };
    const rows = chainRows(
      [
        { ...bare, symbol: 'A', state: 'not_built', reason: 'no spot' },
        { ...bare, symbol: 'B', state: 'pending', reason: null },
      ],
      true,
    );
    expect(rows.map(({ note, needsCare }) => [note, needsCare])).toEqual([
      ['no spot', true],
      ['waiting for its turn', false],
    ]);
  });
});

describe('rows', () => {
  const chains = [
    { expiry: '2026-11-24', tickAgeMs: 5, restAgeMs: 50_000 },
    { expiry: '2026-12-01', tickAgeMs: 900, restAgeMs: 90_000, restBoundMs: 300_000 },
    { expiry: '2026-12-29', class: 'monthly', state: 'pending', tickAgeMs: null },
    { expiry: '2027-03-30', class: 'quarterly', tickAgeMs: null, restAgeMs: null, liveCount: 0 },
  ] as const;
  const rows = rowsOf([...chains]);
  const expiries = (some: readonly ChainRow[]): (string | undefined)[] =>
    some.map(({ chain }) => chain?.expiry.slice(5));

  it.each([
    ['', 4],
    ['  nifty ', 4],
    ['nif 2026-12', 2],
    ['quarterly', 1],
    ['waiting', 1],
    ['bank', 0],
  ])('are found by %j', (text, count) => {
    expect(searched(rows, text)).toHaveLength(count);
  });

  it('are shown by what they are', () => {
    const counts = (['all', 'care', 'pending', 'not_built'] as const).map(
      (show) => rows.filter((row) => isShown(row, show)).length,
    );
    expect(counts).toEqual([4, 0, 1, 0]);
  });

  it.each<[Sort, string]>([
    ['', '11-24 12-01 12-29 03-30'],
    ['-chain', '03-30 12-29 12-01 11-24'],
    ['state', '12-29 11-24 12-01 03-30'],
    ['live', '03-30 11-24 12-01 12-29'],
    ['tick', '12-01 11-24 03-30 12-29'],
    ['rest', '11-24 12-01 03-30 12-29'],
    ['-rest', '12-29 03-30 12-01 11-24'],
  ])('stand in the order %j', (sort, order) => {
    expect(expiries(sorted(rows, sort)).join(' ')).toBe(order);
  });

  it('are turned round by a second press, and put back by a third', () => {
    expect(nextSort('', 'tick')).toBe('tick');
    expect(nextSort('tick', 'tick')).toBe('-tick');
    expect(nextSort('-tick', 'tick')).toBe('');
    expect(nextSort('-tick', 'rest')).toBe('rest');
  });
});
