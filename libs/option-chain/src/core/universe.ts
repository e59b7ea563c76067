import type { ListedUnderlying } from '@strikewire/broker';
import {
  everySymbol,
  underlyingKey,
  type UniverseRow,
  type UniverseRule,
} from '@strikewire/contracts';

const monthlyOnly = { nearest: 0, monthlies: 2, quarterlies: 3 };
const withWeeklies = { nearest: 3, monthlies: 2, quarterlies: 3 };
const wide = { below: 50, above: 49 };
const narrow = { below: 25, above: 24 };

function index(
  exchange: 'NSE' | 'BSE',
  symbol: string,
  window: UniverseRow['window'],
  expiries: UniverseRow['expiries'],
): UniverseRule {
  return { exchange, symbol, kind: 'index', window, expiries, served: true };
}

/** The three indices that trade most, in order of priority. */
export const defaultUniverse: readonly UniverseRule[] = [
  index('NSE', 'NIFTY', wide, withWeeklies),
  index('NSE', 'BANKNIFTY', wide, monthlyOnly),
  index('BSE', 'SENSEX', wide, withWeeklies),
];

/** What is served until somebody says otherwise, in order of priority. */
export const defaultUniverseRules: readonly UniverseRule[] = [
  index('NSE', 'NIFTY', wide, withWeeklies),
  index('NSE', 'BANKNIFTY', wide, monthlyOnly),
  index('BSE', 'SENSEX', wide, withWeeklies),
  index('NSE', 'FINNIFTY', narrow, monthlyOnly),
  index('NSE', 'MIDCPNIFTY', narrow, monthlyOnly),
  index('BSE', 'BANKEX', narrow, monthlyOnly),
  {
    exchange: 'MCX',
    symbol: everySymbol,
    kind: 'commodity',
    window: { below: 5, above: 5, around: 'ltp' },
    expiries: { nearest: 2, monthlies: 0, quarterlies: 0 },
    served: true,
  },
  {
    exchange: 'NSE',
    symbol: everySymbol,
    kind: 'stock',
    window: { below: 12, above: 12 },
    expiries: monthlyOnly,
    served: true,
  },
];

/** Underlyings that list monthlies only: their lists tell which expiries are monthlies. */
export const monthlyReferences: Readonly<Record<'NSE' | 'BSE', string>> = {
  NSE: 'BANKNIFTY',
  BSE: 'BANKEX',
};

/** A row of the universe, and what the broker calls it; null when it does not list it. */
export interface ResolvedUnderlying {
  row: UniverseRow;
  listed: ListedUnderlying | null;
}

const kindOrder = { index: 0, commodity: 1, stock: 2 } as const;

/**
 * What the rules say of what a broker lists, in order of priority: indices, commodities, stocks;
 * within each the rules' order, and a rule for all by symbol. An own rule goes before one for all;
 * of two rules for the same underlying the first counts.
 */
export function resolveUniverse(
  rules: readonly UniverseRule[],
  listed: readonly ListedUnderlying[],
): ResolvedUnderlying[] {
  const byKey = new Map(listed.map((one) => [underlyingKey(one), one]));
  const taken = new Set(
    rules.filter(({ symbol }) => symbol !== everySymbol).map((rule) => underlyingKey(rule)),
  );
  const done = new Set<string>();
  const resolved = rules.flatMap((rule): ResolvedUnderlying[] => {
    const matches = rule.symbol === everySymbol
      ? listed.filter((one) => isOf(one, rule) && !taken.has(underlyingKey(one)))
      : [rule];
    const own = matches.filter((one) => !done.has(underlyingKey(one)));
    for (const one of own) done.add(underlyingKey(one));
    return rule.served ? own.map(({ symbol }) => resolve({ ...rule, symbol }, byKey)) : [];
  });
  const rank = ({ row }: ResolvedUnderlying): number => kindOrder[row.kind];
  return resolved.sort((a, b) => rank(a) - rank(b));
}

function isOf({ exchange, kind }: ListedUnderlying, rule: UniverseRule): boolean {
  return exchange === rule.exchange && kind === rule.kind;
}

function resolve(
  { exchange, symbol, kind, window, expiries }: UniverseRule,
  byKey: ReadonlyMap<string, ListedUnderlying>,
): ResolvedUnderlying {
  const row = { exchange, symbol, kind, window, expiries };
  return { row, listed: byKey.get(underlyingKey(row)) ?? null };
}

const stepOfKind = 1_000_000;
const underlyingsMax = 10_000;

/**
 * The place of a chain in everything that is done by priority, the lower first: an index's or
 * commodity's chains underlying by underlying; of stocks all nearest expiries before the next.
 * `underlying`: its place among all; `expiry`: the place of the chain, -1 for the list itself.
 */
export function chainOrder(
  kind: UniverseRow['kind'],
  place: { underlying: number; expiry: number },
): number {
  const base = (kindOrder[kind] + 1) * stepOfKind;
  return kind === 'stock'
    ? base + place.expiry * underlyingsMax + place.underlying
    : base + place.underlying * 100 + place.expiry;
}
