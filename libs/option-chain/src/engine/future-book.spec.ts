import type { InstrumentToken } from '@strikewire/broker';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import { FutureBook } from './future-book';

const nifty = { exchange: 'NSE', symbol: 'NIFTY' } as const;
const crude = { exchange: 'MCX', symbol: 'CRUDEOIL' } as const;
const listed = [
  'NSE:NIFTY:2026-11-24:FUT', 'NSE:NIFTY:2026-12-29:FUT', 'NSE:NIFTY:2027-01-26:FUT',
  'MCX:CRUDEOIL:2026-12-18:FUT',
];
const token = (id: string): InstrumentToken => ({ segment: 'F', id });

function bench(isBroken = () => false) {
  const clock = createVirtualClock(Date.parse('2026-11-23T10:00:00+05:30'));
  const asked: number[] = [];
  let home = 'broker';
  const served: { exchange: 'NSE' | 'MCX'; symbol: string }[] = [nifty];
  const book = new FutureBook({
    clock,
    home: () => home,
    underlyings: () => served,
    marketData: {
      async resolve(_, keys) {
        asked.push(keys.length);
        if (isBroken()) throw new Error('no file');
        await Promise.resolve();
        return new Map(listed.filter((key) => keys.includes(key)).map((key) => [key, token(key)]));
      },
      instruments: () => Promise.resolve({
        size: 1,
        get: (one) => ({
          token: one, symbol: `S ${one.id}`, lotSize: 65, tickPaise: 10, freezeQuantity: null,
        }),
      }),
    },
  });
  return { clock, book, asked, served, setHome: (name: string) => (home = name) };
}

describe('futures of what is served', () => {
  it('are the first at or after an expiry, else the last before', async () => {
    const { book, asked } = bench();
    const near = (expiry: string) => book.near(nifty, expiry);
    expect(book.find('NSE:NIFTY:2026-11-24:FUT')).toBeUndefined();
    expect(book.after(nifty, '2026-11-24')).toBeUndefined();
    const expiries = ['2026-11-24', '2026-12-01', '2027-12-28'];
    expect(await Promise.all(expiries.map(near))).toEqual(listed.slice(0, 3));
    expect(asked).toHaveLength(1);
    expect(book.find('NSE:NIFTY:2026-11-24:FUT')?.info?.tickPaise).toBe(10);
    expect(book.after(nifty, '2026-12-01')).toBe('NSE:NIFTY:2026-12-29:FUT');
    expect(book.after(nifty, '2027-12-28')).toBeUndefined();
  });

  it('are read once a day and broker, and again for what is served since', async () => {
    const { book, asked, clock, served, setHome } = bench();
    expect(await book.near(crude, '2026-12-16')).toBeUndefined();
    served.push(crude);
    expect(await book.near(crude, '2026-12-16')).toBeUndefined();
    await clock.advance(60_000);
    expect(await book.near(crude, '2026-12-16')).toBe('MCX:CRUDEOIL:2026-12-18:FUT');
    expect(asked).toHaveLength(2);
    await clock.advance(6 * 3_600_000);
    await book.near(crude, '2026-12-16');
    expect(asked).toHaveLength(2);
    await clock.advance(9 * 3_600_000);
    await book.near(crude, '2026-12-16');
    expect(asked).toHaveLength(3);
    setHome('other');
    expect(book.find('MCX:CRUDEOIL:2026-12-18:FUT')).toBeUndefined();
  });

  it('of what nobody serves cost no reading beside the day\'s', async () => {
    const { book, asked, clock } = bench();
    for (let minute = 0; minute < 60; minute++) {
      expect(await book.near(crude, '2026-12-16')).toBeUndefined();
      await clock.advance(61_000);
    }
    expect(asked).toHaveLength(1);
  });

  it('that cannot be read are told so, and are not asked for at once again', async () => {
    let isBroken = true;
    const { book, asked, clock } = bench(() => isBroken);
    const code = 'futures_not_read';
    await expect(book.near(nifty, '2026-11-24')).rejects.toMatchObject({ kind: 'retryable', code });
    await expect(book.near(nifty, '2026-11-24')).rejects.toMatchObject({ kind: 'retryable', code });
    expect(asked).toHaveLength(1);
    isBroken = false;
    await clock.advance(60_000);
    expect(await book.near(nifty, '2026-11-24')).toBe('NSE:NIFTY:2026-11-24:FUT');
  });
});
