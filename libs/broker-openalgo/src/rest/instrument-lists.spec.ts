import fc from 'fast-check';
import { tokenKey } from '@strikewire/broker';
import { silentLog, type HttpRequest } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { failure, html, rowOf, rowsOf } from '../fixtures/answers';
import { createAccount, credentials, type Answer } from '../testing/openalgo-account';

const queryOf = ({ url }: HttpRequest): Record<string, string> =>
  Object.fromEntries(new URL(url).searchParams);
const exchangeOf = (request: HttpRequest): string => queryOf(request)['exchange'] ?? '';

/** As it is sent: keys in the order of the alphabet, so that the status comes last. */
const listOf = (rows: readonly object[]): string =>
  JSON.stringify({ data: rows, message: `Found ${rows.length} instruments`, status: 'success' });

const withLists = (log = silentLog) =>
  createAccount((request) => listOf(rowsOf[exchangeOf(request)] ?? []), log);

const nse = (symbol: string) => ({ exchange: 'NSE', symbol }) as const;

describe('underlyings', () => {
  it('are indices, shares of NSE, and commodities by their nearest future', async () => {
    const listed = await withLists().marketData.underlyings();
    const names = listed.map(({ exchange, symbol, kind, spot, chain }) =>
      `${exchange}:${symbol} ${kind} ${tokenKey(spot)} ${tokenKey(chain)}`);
    expect(names).toEqual([
      'BSE:SENSEX index BSE_INDEX:SENSEX BSE_INDEX:SENSEX',
      'BSE:SENSEX50 index BSE_INDEX:SENSEX50 BSE_INDEX:SENSEX50',
      'MCX:CRUDEOIL commodity MCX:CRUDEOIL18DEC26FUT MCX:CRUDEOIL',
      'NSE:360ONE stock NSE:360ONE NSE:360ONE',
      'NSE:BAJAJ-AUTO stock NSE:BAJAJ-AUTO NSE:BAJAJ-AUTO',
      'NSE:M&M stock NSE:M&M NSE:M&M',
      'NSE:NIFTY index NSE_INDEX:NIFTY NSE_INDEX:NIFTY',
      'NSE:NIFTYNXT50 index NSE_INDEX:NIFTYNXT50 NSE_INDEX:NIFTYNXT50',
    ]);
  });

  it('are read once for all who ask together, within the budget, and again later', async () => {
    const { marketData, requests, slots, clock } = withLists();
    await Promise.all([marketData.underlyings(), marketData.underlyings()]);
    expect(requests.map(queryOf)).toEqual(['NFO', 'BFO', 'MCX'].map((exchange) =>
      ({ apikey: credentials.apiKey, exchange, format: 'json' })));
    expect(slots).toEqual(Array(3).fill({ class: 'api' }));
    await clock.advance(299_000);
    await marketData.underlyings();
    expect(requests).toHaveLength(3);
    await clock.advance(1_000);
    await marketData.underlyings();
    expect(requests).toHaveLength(6);
  });

  it('without a spot are left out, and told of once', async () => {
    const warnings: unknown[] = [];
    const log = { ...silentLog, warn: (...line: unknown[]) => void warnings.push(line) };
    const { marketData } = withLists(log);
    await marketData.instruments([{ exchange: 'MCX', symbol: 'CRUDEOIL' }]);
    await marketData.instruments([{ exchange: 'MCX', symbol: 'CRUDEOIL' }]);
    expect(warnings).toEqual([
      [expect.stringContaining('left out'), { count: 1, underlyings: 'MCX:NOFUTURE' }],
    ]);
  });
});

describe('instruments', () => {
  it('are the wanted underlyings\' contracts, with ticks in paise', async () => {
    const { marketData, requests } = withLists();
    const table = await marketData.instruments([nse('NIFTY'), nse('M&M')]);
    expect(requests.map(exchangeOf)).toEqual(['NFO']);
    expect(table.size).toBe(5);
    expect(table.get({ segment: 'NFO', id: 'NIFTY24NOV2624500PE' })).toEqual({
      token: { segment: 'NFO', id: 'NIFTY24NOV2624500PE' },
      symbol: 'NIFTY24NOV2624500PE',
      lotSize: 65,
      tickPaise: 5,
      freezeQuantity: 1_800,
    });
    expect(table.get({ segment: 'NFO', id: 'M&M24NOV263012.5CE' }))
      .toMatchObject({ lotSize: 200, freezeQuantity: null });
    expect(table.get({ segment: 'NFO', id: 'NIFTY24NOV26FUT' })?.lotSize).toBe(65);
    for (const id of ['360ONE24NOV261100CE', '']) {
      expect(table.get({ segment: 'NFO', id })).toBeUndefined();
    }
    expect(table.get({ segment: 'BFO', id: 'NIFTY24NOV2624500PE' })).toBeUndefined();
  });
});

describe('resolve', () => {
  it('finds options and futures that are listed by their canonical keys', async () => {
    const found = await withLists().marketData.resolve([
      'NSE:NIFTY:2026-11-24:24500:CE', 'NSE:NIFTY:2026-11-24:FUT', 'NSE:M&M:2026-11-24:3012.5:CE',
      'NSE:NIFTYNXT50:2026-11-24:65000:CE', 'BSE:SENSEX50:2026-11-26:25000:CE',
      'MCX:CRUDEOIL:2026-12-16:5850:CE', 'MCX:CRUDEOIL:2026-12-18:FUT',
      // What is not there.
      'NSE:NIFTY:2026-11-24:24501:CE', 'NSE:NIFTY:2026-12-29:FUT', 'NSE:TCS:2026-11-24:3000:CE',
      'junk',
    ]);
    expect([...found].map(([key, token]) => [key, tokenKey(token)])).toEqual([
      ['NSE:NIFTY:2026-11-24:24500:CE', 'NFO:NIFTY24NOV2624500CE'],
      ['NSE:NIFTY:2026-11-24:FUT', 'NFO:NIFTY24NOV26FUT'],
      ['NSE:NIFTYNXT50:2026-11-24:65000:CE', 'NFO:NIFTYNXT5024NOV2665000CE'],
      ['NSE:M&M:2026-11-24:3012.5:CE', 'NFO:M&M24NOV263012.5CE'],
      ['BSE:SENSEX50:2026-11-26:25000:CE', 'BFO:SENSEX5026NOV2625000CE'],
      ['MCX:CRUDEOIL:2026-12-18:FUT', 'MCX:CRUDEOIL18DEC26FUT'],
      ['MCX:CRUDEOIL:2026-12-16:5850:CE', 'MCX:CRUDEOIL16DEC265850CE'],
    ]);
  });

  it('asks for nothing when nothing is wanted', async () => {
    const { marketData, requests } = withLists();
    expect((await marketData.resolve([])).size).toBe(0);
    expect(requests).toEqual([]);
  });
});

describe('a list', () => {
  const read = (answer: Answer) =>
    createAccount(() => answer).marketData.instruments([nse('NIFTY')]);
  const list = listOf(rowsOf['NFO'] ?? []);
  const cut = (text: string, size: number): Uint8Array[] => {
    const bytes = new TextEncoder().encode(text);
    return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size));
  };

  it('is read alike however it is cut, with spaces or without, in any order', async () => {
    const other = JSON.stringify({
      status: 'success', message: 'a "{[', data: rowsOf['NFO'], errors: {},
    }, null, 2);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 700 }), fc.boolean(), async (size, isOther) => {
        expect((await read({ body: cut(isOther ? other : list, size) })).size).toBe(4);
      }),
      { seed: 61, numRuns: 25 },
    );
  });

  it('may be long', async () => {
    const rows = Array.from({ length: 5_000 }, (_, strike) =>
      rowOf('NFO', `NIFTY24NOV26${strike + 1}CE`));
    expect((await read(listOf(rows))).size).toBe(5_000);
  });

  it('may have rows of any sort', async () => {
    const odd = [
      {}, { symbol: 7 }, rowOf('NFO', 'NIFTY24NOV261CE', { lotsize: 0 }),
      rowOf('NFO', 'NIFTY24NOV262CE', { lotsize: '65', tick_size: '0.05', strike: null }),
      { nested: { symbol: ['}'] } }, rowOf('BFO', 'NIFTY24NOV263CE'),
    ];
    const table = await read(listOf(odd));
    expect(table.size).toBe(1);
    expect(table.get({ segment: 'NFO', id: 'NIFTY24NOV262CE' }))
      .toMatchObject({ lotSize: 65, tickPaise: 5 });
  });

  it.each([
    ['ends in the middle', list.slice(0, 900)],
    ['ends between two rows', list.slice(0, list.indexOf('},') + 2)],
    ['is an error with 200', failure({ exchange: ['Unknown'] })],
    ['is empty', ''],
    ['is a page', html],
    ['has a row without end', `{"data":[{"a":"${'x'.repeat(20_000)}"}],"status":"success"}`],
    ['has no end around its rows', `{"a":"${'x'.repeat(20_000)}"`],
    ['has more ends than beginnings', '}}}'],
    ['has broken rows', '{"data":[{"a":}],"status":"success"}'],
  ])('that %s is refused', async (_what, body) => {
    await expect(read(body)).rejects.toMatchObject({
      kind: 'retryable', code: 'instruments_malformed',
    });
  });

  it.each([
    [403, failure('Invalid openalgo apikey'), 'unauthenticated'],
    [403, html, 'fatal'],
    [429, failure('slow down'), 'throttled'],
    [500, html, 'retryable'],
  ])('with HTTP %d and %s is %s', async (status, body, kind) => {
    await expect(read({ status, body })).rejects.toMatchObject({ kind });
  });
});
