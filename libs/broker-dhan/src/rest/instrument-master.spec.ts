import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InstrumentTable } from '@strikewire/broker';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMaster } from './instrument-master';
import { createUnderlyingFinder } from './listed-underlyings';
import { createOptionTable } from './option-table';

const text = readFileSync(join(import.meta.dirname, '../fixtures/master-detailed.csv'), 'utf8');
const wanted = new Set([
  'NSE:NIFTY', 'NSE:BAJAJ-AUTO', 'NSE:RELIANCE', 'BSE:SENSEX', 'MCX:CRUDEOIL', 'MCX:GOLD',
]);

async function* chunksOf(bytes: Uint8Array, cuts: readonly number[] = []) {
  const edges = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  for (let index = 1; index < edges.length; index++) {
    yield bytes.slice(edges[index - 1], edges[index]);
  }
}

async function table(csv: string, cuts?: readonly number[]): Promise<InstrumentTable> {
  const options = createOptionTable(wanted);
  for await (const row of readMaster(chunksOf(new TextEncoder().encode(csv), cuts))) {
    options.add(row);
  }
  return options.table;
}

async function found(csv: string, today = '2026-09-14') {
  const finder = createUnderlyingFinder(today);
  for await (const row of readMaster(chunksOf(new TextEncoder().encode(csv)))) finder.add(row);
  return finder.found();
}

const tokens: [string, string][] = [
  ['NSE_FNO', '47317'],
  ['NSE_FNO', '47318'],
  ['BSE_FNO', '869699'],
  ['NSE_FNO', '106301'],
  ['MCX_COMM', '576398'],
];
const contents = (one: InstrumentTable): unknown[] => [
  one.size,
  ...tokens.map(([segment, id]) => one.get({ segment, id })),
];

describe('createOptionTable', () => {
  it('keeps contracts of the wanted underlyings, with lot, tick in paise and symbol', async () => {
    const read = await table(text);
    expect(read.size).toBe(14);
    expect(read.get({ segment: 'NSE_FNO', id: '47317' })).toEqual({
      token: { segment: 'NSE_FNO', id: '47317' },
      symbol: 'NIFTY-Sep2026-23950-CE',
      lotSize: 65,
      tickPaise: 5,
      freezeQuantity: 1_755,
    });
  });

  it('names a contract by its display name where the symbol is a mnemonic', async () => {
    const read = await table(text);
    const sensex = read.get({ segment: 'BSE_FNO', id: '869699' });
    expect(sensex).toMatchObject({ symbol: 'SENSEX 17 SEP 74300 CALL', lotSize: 20 });
    const stock = read.get({ segment: 'NSE_FNO', id: '106301' });
    expect(stock).toMatchObject({ symbol: 'BAJAJ-AUTO-Jul2026-9000-CE', lotSize: 75 });
    expect(read.get({ segment: 'MCX_COMM', id: '576398' })?.tickPaise).toBe(10);
  });

  it('knows shares and commodities: lots of the row, of 1 at MCX, and no twin of BSE', async () => {
    const read = await table(text);
    expect(read.get({ segment: 'NSE_FNO', id: '106277' })).toMatchObject({
      symbol: 'RELIANCE-Sep2026-1400-CE', lotSize: 500, freezeQuantity: 20_000,
    });
    expect(read.get({ segment: 'MCX_COMM', id: '513413' })).toEqual({
      token: { segment: 'MCX_COMM', id: '513413' },
      symbol: 'GOLD 28 SEP 163500 CALL',
      lotSize: 1,
      tickPaise: 50,
      freezeQuantity: 99,
    });
    expect(read.get({ segment: 'BSE_FNO', id: '1120031' })).toBeUndefined();
  });

  it('has futures, whose ticks are their own', async () => {
    const read = await table(text);
    expect(read.get({ segment: 'NSE_FNO', id: '68407' })).toMatchObject({
      symbol: 'NIFTY-Sep2026-FUT', lotSize: 65, tickPaise: 10,
    });
    expect(read.get({ segment: 'MCX_COMM', id: '569900' })).toMatchObject({
      symbol: 'CRUDEOIL OCT FUT', tickPaise: 100,
    });
  });

  it('leaves out stale, short and foreign rows and other underlyings', async () => {
    const read = await table(text);
    for (const id of ['1401', '50001', '50002', '69787', '13', '2885']) {
      for (const segment of ['NSE_FNO', 'NSE_CURRENCY', 'IDX_I', 'NSE_EQ']) {
        expect(read.get({ segment, id })).toBeUndefined();
      }
    }
  });

  it('finds columns by name, in any order, with others between them', async () => {
    const expected = contents(await table(text));
    const reversed = text
      .split('\n')
      .map((line) => line.split(',').reverse().join(','))
      .join('\n');
    // A short row's cells are then no longer where their columns are.
    const whole = reversed.split('\n').filter((line) => line.split(',').length !== 7).join('\n');
    expect(contents(await table(whole))).toEqual(expected);
  });

  it.each([
    ['Windows line ends', text.replaceAll('\n', '\r\n')],
    ['a byte-order mark', `\uFEFF${text}`],
    ['no line end at the end', text.trimEnd()],
    ['blanks around cells', text.replaceAll(',', ' , ')],
  ])('reads a file with %s the same', async (_what, csv) => {
    expect(contents(await table(csv))).toEqual(contents(await table(text)));
  });

  it('does not depend on where chunks end', async () => {
    const wide = text.replace('SENSEX 17 SEP 74300 CALL', 'सेंसेक्स ₹74300');
    const csv = wide.replaceAll('\n', '\r\n');
    const bytes = new TextEncoder().encode(csv).length;
    const expected = contents(await table(csv));
    const cuts = fc.array(fc.integer({ min: 0, max: bytes }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        expect(contents(await table(csv, at))).toEqual(expected);
      }),
      { seed: 31, numRuns: 200 },
    );
    const everyByte = Array.from({ length: bytes }, (_, index) => index);
    expect(contents(await table(csv, everyByte))).toEqual(expected);
  });
});

describe('createUnderlyingFinder', () => {
  it('names indices by ids of their own, shares by the cash id, others by the file', async () => {
    const { listed } = await found(text);
    const ofShare = (symbol: string, id: string): object => {
      const token = { segment: 'NSE_EQ', id };
      return { exchange: 'NSE', symbol, kind: 'stock', spot: token, chain: token };
    };
    const ofIndex = (exchange: string, symbol: string, id: string): object => {
      const token = { segment: 'IDX_I', id };
      return { exchange, symbol, kind: 'index', spot: token, chain: token };
    };
    const ofCommodity = (symbol: string, chain: string, spot: string): object => ({
      exchange: 'MCX', symbol, kind: 'commodity',
      spot: { segment: 'MCX_COMM', id: spot },
      chain: { segment: 'MCX_COMM', id: chain },
    });
    expect(listed).toEqual([
      ofIndex('BSE', 'SENSEX', '51'),
      ofCommodity('CRUDEOIL', '294', '565899'),
      ofCommodity('GOLD', '114', '510764'),
      ofShare('360ONE', '13061'),
      ofIndex('NSE', 'BANKNIFTY', '25'),
      ofShare('M&M', '2031'),
      ofIndex('NSE', 'NIFTY', '13'),
      ofShare('RELIANCE', '2885'),
    ]);
  });

  it('leaves out what it has no id or no future for, and tells their names', async () => {
    const { leftOut } = await found(text);
    expect(leftOut).toEqual(['MCX:COPPER', 'NSE:NEWINDEX', 'NSE:NOIDLTD']);
  });

  it('passes over test symbols, what ended long ago, and futures without options', async () => {
    const { listed, leftOut } = await found(text);
    const names = [...listed.map(({ symbol }) => symbol), ...leftOut].join(' ');
    for (const symbol of ['TEST', 'GONECORP', 'BAJAJ-AUTO', 'CRUDEOILM', 'COTTONCNDY']) {
      expect(names).not.toContain(symbol);
    }
    const earlier = await found(text, '2026-07-28');
    expect(earlier.listed.map(({ symbol }) => symbol)).toContain('BAJAJ-AUTO');
  });

  it.each([
    ['2026-08-19', '559900'],
    ['2026-08-20', '565899'],
    ['2026-09-21', '565899'],
    ['2026-09-22', '569900'],
  ])('takes the nearest future through its last day: %s', async (today, id) => {
    const { listed } = await found(text, today);
    const crude = listed.find(({ symbol }) => symbol === 'CRUDEOIL');
    expect(crude?.spot).toEqual({ segment: 'MCX_COMM', id });
  });
});

describe('a file that cannot be believed', () => {
  it.each(['EXCH_ID', 'SEGMENT', 'SECURITY_ID', 'LOT_SIZE', 'UNDERLYING_SYMBOL', 'TICK_SIZE'])(
    'says that %s is missing',
    async (column) => {
      const csv = text.replace(new RegExp(`(^|,)${column},`), '$1SOMETHING_ELSE,');
      await expect(table(csv)).rejects.toMatchObject({
        kind: 'retryable',
        message: expect.stringContaining(`no column ${column}`),
      });
    },
  );

  it('refuses nothing at all and a page of HTML', async () => {
    await expect(table('')).rejects.toMatchObject({ code: 'master_malformed' });
    await expect(table('<html>\n<body></body></html>\n')).rejects.toMatchObject({
      code: 'master_malformed',
    });
  });

  it('refuses an over-long line, wherever chunks end', async () => {
    const csv = `${text}NSE,D,${'9'.repeat(5_000)},x\n`;
    for (const cuts of [[], [text.length + 100], [text.length, text.length + 4_500]]) {
      await expect(table(csv, cuts)).rejects.toMatchObject({
        message: expect.stringContaining('over 4096 characters'),
      });
    }
  });

  it('stops at a line without an end instead of keeping it', async () => {
    let sent = 0;
    async function* endless() {
      for (;;) {
        sent++;
        yield new Uint8Array(1_024).fill(65);
      }
    }
    const reading = (async () => {
      for await (const row of readMaster(endless())) expect(row).toBeUndefined();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'master_malformed' });
    expect(sent).toBeLessThanOrEqual(5);
  });
});
