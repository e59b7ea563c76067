import type { InstrumentToken, ListedUnderlying } from '@strikewire/broker';
import { underlyingKey, type UnderlyingRef } from '@strikewire/contracts';
import type { DerivativeRow } from './instrument-row';

/** What a reading of an instrument file found out about underlyings. */
export interface FoundUnderlyings {
  /** By symbol. */
  listed: ListedUnderlying[];
  /** Keys of those with options that cannot be asked for: what they are called is not known. */
  leftOut: string[];
}

/** Collects underlyings with listed options while a file passes by. */
export interface UnderlyingFinder {
  add(row: DerivativeRow): void;
  found(): FoundUnderlyings;
}

/** Options that ended longer ago than this are left over; a file may be wrong by some days. */
const staleMs = 7 * 86_400_000;

/** `today`: the date in India. Only futures' dates are believed: they tell which is the nearest. */
export function createUnderlyingFinder(today: string): UnderlyingFinder {
  const staleBefore = new Date(Date.parse(today) - staleMs).toISOString().slice(0, 10);
  const withOptions = new Map<string, UnderlyingRef & { named: InstrumentToken | undefined }>();
  const futures = new Map<string, { expiry: string; token: InstrumentToken }>();
  return {
    add(row) {
      const { exchange, underlying: symbol, expiry, token } = row;
      const key = underlyingKey({ exchange, symbol });
      if (row.type === 'FUT') {
        const nearest = futures.get(key);
        const isNearer = expiry >= today && (!nearest || expiry < nearest.expiry);
        if (isNearer) futures.set(key, { expiry, token });
      } else if (!withOptions.has(key) && expiry >= staleBefore) {
        withOptions.set(key, { exchange, symbol, named: row.underlyingToken });
      }
    },
    found() {
      const listed: ListedUnderlying[] = [];
      const leftOut: string[] = [];
      for (const [key, { exchange, symbol, named }] of withOptions) {
        const known = namedByBroker(exchange, named, futures.get(key)?.token);
        if (known) listed.push({ exchange, symbol, ...known });
        else if (known === undefined) leftOut.push(key);
      }
      return { listed: listed.sort(bySymbol), leftOut: leftOut.sort() };
    },
  };
}

/**
 * Undefined when it is not known, null where there is nothing to ask for: chains of shares are
 * those of NSE, though BSE lists some of the options as well. Commodities have no chain over REST;
 * their nearest future stands for them.
 */
function namedByBroker(
  exchange: UnderlyingRef['exchange'],
  named: InstrumentToken | undefined,
  nearestFuture: InstrumentToken | undefined,
): Pick<ListedUnderlying, 'kind' | 'spot' | 'chain'> | undefined | null {
  if (exchange === 'MCX') {
    if (!nearestFuture) return undefined;
    return { kind: 'commodity', spot: nearestFuture, chain: nearestFuture };
  }
  if (!named) return undefined;
  if (named.segment === `${exchange}_INDEX`) return { kind: 'index', spot: named, chain: named };
  if (named.segment !== `${exchange}_EQ`) return undefined;
  return exchange === 'NSE' ? { kind: 'stock', spot: named, chain: named } : null;
}

function bySymbol(a: UnderlyingRef, b: UnderlyingRef): number {
  return a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0;
}
