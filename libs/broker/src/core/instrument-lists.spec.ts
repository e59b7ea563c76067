import type { Exchange } from '@strikewire/contracts';
import { StrikewireError, type Log } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import { InstrumentLists, type UnderlyingRows } from './instrument-lists';
import type { InstrumentToken } from './market-data-port';

interface Row {
  exchange: Exchange;
  symbol: string;
  id: string;
}

const today = '2026-11-24';
const keyOf = ({ exchange, symbol }: Pick<Row, 'exchange' | 'symbol'>): string =>
  `${exchange}:${symbol}`;
const tokenOf = ({ exchange, id }: Row): InstrumentToken => ({ segment: exchange, id });

function underlyingsOf(): UnderlyingRows<Row> {
  const found = new Map<string, Row>();
  return {
    add: (row) => void found.set(keyOf(row), row),
    found: () => ({
      listed: [...found.values()].filter(({ symbol }) => symbol !== 'ODD').map((row) => ({
        exchange: row.exchange, symbol: row.symbol, kind: 'index' as const,
        spot: tokenOf(row), chain: tokenOf(row),
      })),
      leftOut: [...found.keys()].filter((key) => key.endsWith(':ODD')),
    }),
  };
}

/** Lists of three exchanges, how often each was read, and what was told. */
function openBench() {
  const clock = createVirtualClock(Date.parse(`${today}T04:30:00Z`));
  const rows: Row[] = [
    { exchange: 'NSE', symbol: 'ZED', id: '1' },
    { exchange: 'NSE', symbol: 'ABLE', id: '2' },
    { exchange: 'BSE', symbol: 'MID', id: '3' },
  ];
  const reads: Exchange[] = [];
  const told: unknown[] = [];
  const state: { trouble: Error | null } = { trouble: null };
  const log = { warn: (...one: unknown[]) => void told.push(one) } as unknown as Log;
  const lists = new InstrumentLists<Row>({
    label: '[broker-north]',
    async* rows(exchange) {
      reads.push(exchange);
      for (const row of rows) if (row.exchange === exchange) yield row;
      if (state.trouble) throw state.trouble;
    },
    findUnderlyings: underlyingsOf,
    tableOf(wanted) {
      const found = new Map<string, Row>();
      return {
        add: (row) => void (wanted.has(keyOf(row)) && found.set(row.id, row)),
        table: { get size() { return found.size; }, get: () => undefined },
      };
    },
    findContracts(wanted) {
      const found = new Map<string, InstrumentToken>();
      return {
        found,
        add: (row) => void (wanted.has(keyOf(row)) && found.set(keyOf(row), tokenOf(row))),
      };
    },
  }, { clock, log });
  return { clock, rows, reads, told, state, lists };
}

describe('lists of instruments', () => {
  it('tell underlyings by name, and are read again only after some minutes', async () => {
    const { lists, reads, clock } = openBench();
    const names = async (): Promise<string[]> => (await lists.underlyings()).map(keyOf);
    const [one, same] = await Promise.all([names(), names()]);
    expect(one).toEqual(['BSE:MID', 'NSE:ABLE', 'NSE:ZED']);
    expect(same).toEqual(one);
    expect(reads).toEqual(['NSE', 'BSE', 'MCX']);
    await clock.advance(299_000);
    await names();
    expect(reads).toHaveLength(3);
    await clock.advance(2_000);
    await names();
    expect(reads).toHaveLength(6);
  });

  it('are read for contracts of the exchanges that are meant, and no others', async () => {
    const { lists, reads } = openBench();
    expect((await lists.instruments([{ exchange: 'NSE', symbol: 'ZED' }])).size).toBe(1);
    expect([...await lists.resolve(['BSE:MID', 'BSE:NONE'])])
      .toEqual([['BSE:MID', { segment: 'BSE', id: '3' }]]);
    expect(reads).toEqual(['NSE', 'BSE']);
    // What was read on the way counts as read.
    await lists.underlyings();
    expect(reads).toEqual(['NSE', 'BSE', 'MCX']);
  });

  it('tell what is left out once, and again when it is something else', async () => {
    const { lists, rows, told } = openBench();
    const read = (): Promise<unknown> => lists.instruments([{ exchange: 'NSE', symbol: 'ZED' }]);
    rows.push({ exchange: 'NSE', symbol: 'ODD', id: '4' });
    await read();
    await read();
    expect(told).toEqual([[
      expect.stringContaining('[broker-north]'), { count: 1, underlyings: 'NSE:ODD' },
    ]]);
    rows.pop();
    await read();
    rows.push({ exchange: 'NSE', symbol: 'ODD', id: '4' });
    await read();
    expect(told).toHaveLength(2);
  });

  it('that cannot be read fail by name, and are no answer', async () => {
    const { lists, state, reads } = openBench();
    state.trouble = new Error('no end');
    await expect(lists.underlyings()).rejects.toMatchObject({
      kind: 'retryable', code: 'instruments_malformed',
      message: '[broker-north] instruments of NSE: no end',
    });
    state.trouble = new StrikewireError({ kind: 'throttled', code: 'slow_down', message: 'later' });
    await expect(lists.underlyings()).rejects.toMatchObject({ code: 'slow_down' });
    state.trouble = null;
    expect(await lists.underlyings()).toHaveLength(3);
    expect(reads).toEqual(['NSE', 'NSE', 'NSE', 'BSE', 'MCX']);
  });
});
