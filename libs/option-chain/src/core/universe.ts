import { isSymbol } from '@strikewire/contracts';
import { z } from 'zod';

const count = z.number().int().min(0).max(500);

/** How one underlying's chains are cut: data, edited without touching code. */
export const universeRowSchema = z.object({
  exchange: z.enum(['NSE', 'BSE', 'MCX']),
  symbol: z.string().refine(isSymbol, { error: 'needs a symbol such as NIFTY' }),
  kind: z.enum(['index', 'stock', 'commodity']),
  /** Listed strikes kept below and above the anchor; the anchor itself comes on top. */
  window: z.object({ below: count, above: count }),
  /** A union without repeats: the nearest of any class, the nearest monthlies and quarterlies. */
  expiries: z.object({ nearest: count, monthlies: count, quarterlies: count }),
});
/** A checked row of the universe. */
export type UniverseRow = z.infer<typeof universeRowSchema>;

/** The indices served by default, in order of priority. */
export const defaultUniverse: readonly UniverseRow[] = [
  {
    exchange: 'NSE',
    symbol: 'NIFTY',
    kind: 'index',
    window: { below: 50, above: 49 },
    expiries: { nearest: 3, monthlies: 2, quarterlies: 3 },
  },
  {
    exchange: 'NSE',
    symbol: 'BANKNIFTY',
    kind: 'index',
    window: { below: 50, above: 49 },
    expiries: { nearest: 0, monthlies: 2, quarterlies: 3 },
  },
  {
    exchange: 'BSE',
    symbol: 'SENSEX',
    kind: 'index',
    window: { below: 50, above: 49 },
    expiries: { nearest: 3, monthlies: 2, quarterlies: 3 },
  },
];

/** Underlyings that list monthlies only: their lists tell which expiries are monthlies. */
export const monthlyReferences: Readonly<Record<'NSE' | 'BSE', string>> = {
  NSE: 'BANKNIFTY',
  BSE: 'BANKEX',
};
