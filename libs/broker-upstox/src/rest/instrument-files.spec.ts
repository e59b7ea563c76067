import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { tokenKey } from '@strikewire/broker';
import type { HttpRequest } from '@strikewire/runtime';
import { silentLog } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { option, rowsOf } from '../fixtures/instruments';
import { createAccount, type Answer } from '../testing/upstox-account';

const exchangeOf = (request: HttpRequest): string =>
  /exchange\/([A-Z]+)\.json\.gz$/.exec(request.url)?.[1] ?? '';

const cut = (bytes: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size));

const packed = (rows: unknown, size = 64): Answer =>
  ({ body: cut(gzipSync(typeof rows === 'string' ? rows : JSON.stringify(rows)), size) });

const withFiles = (files: Readonly<Record<string, unknown>> = rowsOf, log = silentLog) =>
  createAccount((request) => packed(files[exchangeOf(request)] ?? []), { log });

const nse = (symbol: string) => ({ exchange: 'NSE', symbol }) as const;

describe('underlyings', () => {
  it('are indices, shares of NSE, and commodities by their nearest future', async () => {
    const listed = await withFiles().marketData.underlyings();
    const names = listed.map(({ exchange, symbol, kind, spot }) =>
      `${exchange}:${symbol} ${kind} ${tokenKey(spot)}`);
    expect(names).toEqual([
      'BSE:SENSEX index BSE_INDEX:SENSEX',
      'MCX:CRUDEOIL commodity MCX_FO:434855',
      'NSE:360ONE stock NSE_EQ:INE466L01038',
      'NSE:BAJAJ-AUTO stock NSE_EQ:INE917I01010',
      'NSE:M&M stock NSE_EQ:INE101A01026',
      'NSE:NIFTY index NSE_INDEX:Nifty 50',
      'NSE:NIFTYNXT50 index NSE_INDEX:Nifty Next 50',
    ]);
    expect(listed.every(({ spot, chain }) => tokenKey(spot) === tokenKey(chain))).toBe(true);
  });

  it('without a name are left out, and told of once', async () => {
    const warnings: unknown[] = [];
    const log = { ...silentLog, warn: (...line: unknown[]) => void warnings.push(line) };
    const { marketData } = withFiles(rowsOf, log);
    await marketData.instruments([nse('NIFTY')]);
    await marketData.instruments([nse('NIFTY')]);
    expect(warnings).toEqual([
      [expect.stringContaining('left out'), { count: 1, underlyings: 'NSE:ODD' }],
    ]);
  });

  it('are read once for all who ask together, and again after some minutes', async () => {
    const { marketData, requests, clock } = withFiles();
    const [first, second] = await Promise.all([
      marketData.underlyings(), marketData.underlyings(),
    ]);
    expect(second).toEqual(first);
    expect(requests.map(exchangeOf)).toEqual(['NSE', 'BSE', 'MCX']);
    expect(requests[0]?.headers).toMatchObject({ 'user-agent': 'strikewire' });
    await clock.advance(299_000);
    await marketData.underlyings();
    expect(requests).toHaveLength(3);
    await clock.advance(1_000);
    await marketData.underlyings();
    expect(requests).toHaveLength(6);
  });

  it('are asked for anew after a failure', async () => {
    let status = 503;
    const { marketData } = createAccount((request) =>
      status === 200 ? packed(rowsOf[exchangeOf(request)]) : { status, body: 'down' });
    await expect(marketData.underlyings()).rejects.toMatchObject({
      kind: 'retryable', code: 'instruments_unavailable',
    });
    status = 200;
    expect(await marketData.underlyings()).toHaveLength(7);
  });
});

describe('instruments', () => {
  it('are the wanted underlyings\' contracts, from their exchanges\' files alone', async () => {
    const { marketData, requests } = withFiles();
    const table = await marketData.instruments([nse('NIFTY'), nse('M&M')]);
    expect(requests.map(exchangeOf)).toEqual(['NSE']);
    expect(table.size).toBe(5);
    expect(table.get({ segment: 'NSE_FO', id: '43920' })).toEqual({
      token: { segment: 'NSE_FO', id: '43920' },
      symbol: 'NIFTY 24500 PE 24 NOV 26',
      lotSize: 65,
      tickPaise: 5,
      freezeQuantity: 3_510,
    });
    expect(table.get({ segment: 'NSE_FO', id: '60001' }))
      .toMatchObject({ symbol: 'M&M 3012.5 CE 24 NOV 26', lotSize: 200, freezeQuantity: null });
    for (const id of ['60002', '1', 'x', '']) {
      expect(table.get({ segment: 'NSE_FO', id })).toBeUndefined();
    }
    expect(table.get({ segment: 'NSE_FO', id: '35001' })?.tickPaise).toBe(10);
    expect(table.get({ segment: 'BSE_FO', id: '43920' })).toBeUndefined();
  });
});

describe('resolve', () => {
  it('finds options and futures by their canonical keys', async () => {
    const keys = [
      'NSE:NIFTY:2026-11-24:24500:CE', 'NSE:NIFTY:2026-11-24:24500:PE', 'NSE:NIFTY:2026-11-24:FUT',
      'NSE:NIFTY:2026-12-01:24550:CE', 'NSE:M&M:2026-11-24:3012.5:CE',
      'BSE:SENSEX:2026-11-26:81000:CE', 'MCX:CRUDEOIL:2026-12-16:5850:CE',
      'MCX:CRUDEOIL:2026-12-18:FUT',
      // What is not there.
      'NSE:NIFTY:2026-12-01:24500:CE', 'NSE:NIFTY:2026-12-29:FUT', 'NSE:TCS:2026-11-24:FUT', 'junk',
    ];
    const found = await withFiles().marketData.resolve(keys);
    expect([...found].map(([key, token]) => [key, tokenKey(token)])).toEqual([
      ['NSE:NIFTY:2026-11-24:24500:CE', 'NSE_FO:43919'],
      ['NSE:NIFTY:2026-11-24:24500:PE', 'NSE_FO:43920'],
      ['NSE:NIFTY:2026-12-01:24550:CE', 'NSE_FO:43999'],
      ['NSE:NIFTY:2026-11-24:FUT', 'NSE_FO:35001'],
      ['NSE:M&M:2026-11-24:3012.5:CE', 'NSE_FO:60001'],
      ['BSE:SENSEX:2026-11-26:81000:CE', 'BSE_FO:800001'],
      ['MCX:CRUDEOIL:2026-12-18:FUT', 'MCX_FO:434855'],
      ['MCX:CRUDEOIL:2026-12-16:5850:CE', 'MCX_FO:571001'],
    ]);
  });

  it('reads only files that it needs', async () => {
    const { marketData, requests } = withFiles();
    await marketData.resolve(['BSE:SENSEX:2026-11-26:81000:CE']);
    expect((await marketData.resolve([])).size).toBe(0);
    expect(requests.map(exchangeOf)).toEqual(['BSE']);
  });
});

describe('a file', () => {
  const read = (answer: Answer) =>
    createAccount(() => answer).marketData.instruments([nse('NIFTY')]);
  const list = JSON.stringify(rowsOf['NSE']);

  it('is read alike however it is cut, packed or not, with spaces or without', async () => {
    const spaced = JSON.stringify(rowsOf['NSE'], null, 2);
    const bytes = new TextEncoder().encode(` \n${spaced}\n `);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 700 }), fc.boolean(), async (size, isPacked) => {
        const answer = { body: cut(isPacked ? gzipSync(bytes) : bytes, size) };
        expect((await read(answer)).size).toBe(4);
      }),
      { seed: 41, numRuns: 25 },
    );
  });

  it('may have rows of any sort', async () => {
    const odd = [
      {}, { segment: 'NSE_FO' }, option('NSE', 1, { expiry: 'soon' }),
      option('NSE', 2, { expiry: -1 }), option('NSE', 3, { expiry: 1e300 }),
      option('NSE', 4, { instrument_key: 7 }),
      option('NSE', 5, { underlying_symbol: null, asset_symbol: null }),
      option('NSE', 6, { lot_size: 0 }), option('NSE', 7, { expiry: '2026-12-01' }),
      option('NSE', 8, { instrument_type: 'XX' }), { nested: { segment: ['NSE_FO', { a: '}' }] } },
    ];
    const table = await read(packed(odd));
    expect(table.size).toBe(1);
    expect(table.get({ segment: 'NSE_FO', id: '7' })).toBeDefined();
  });

  it.each([
    ['ends in the middle', packed(list.slice(0, 900))],
    ['ends between two rows', packed(list.slice(0, list.indexOf('},') + 2))],
    ['is no list', packed('{"status":"error"}')],
    ['is empty', { body: [] }],
    ['is empty when unpacked', packed('')],
    ['is a page', packed('<html>')],
    ['has broken rows', packed('[{"a":}]')],
    ['has more ends than beginnings', packed('[{"a":1}}]')],
    ['has a row without end', packed(`[{"a":"${'x'.repeat(20_000)}"}]`)],
    ['is cut while packed', { body: [gzipSync(list).subarray(0, 200)] }],
    ['is damaged', { body: [gzipSync(list).fill(0x55, 100, 140)] }],
  ])('that %s is refused', async (_what, answer) => {
    await expect(read(answer)).rejects.toMatchObject({
      kind: 'retryable', code: 'instruments_malformed',
    });
  });
});
