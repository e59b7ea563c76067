import type { InstrumentToken, ListedUnderlying } from '@strikewire/broker';
import { underlyingKey, type UnderlyingRef } from '@strikewire/contracts';
import { isIndex } from '../map/segments';
import type { DerivativeRow } from './instrument-row';

/** What a list of instruments told about underlyings. */
export interface FoundUnderlyings {
  /** By symbol. */
  listed: ListedUnderlying[];
  /** Keys of those with options that have nothing whose price would be their spot. */
  leftOut: string[];
}

/** Collects underlyings with listed options while a list passes by. */
export interface UnderlyingFinder {
  add(row: DerivativeRow): void;
  found(): FoundUnderlyings;
}

/** Options that ended longer ago than this are left over; a list may be wrong by some days. */
const staleMs = 7 * 86_400_000;

/** `today`: the date in India. Only futures' dates are believed: they tell which is the nearest. */
export function createUnderlyingFinder(today: string): UnderlyingFinder {
  const staleBefore = new Date(Date.parse(today) - staleMs).toISOString().slice(0, 10);
  const withOptions = new Map<string, UnderlyingRef>();
  const futures = new Map<string, { expiry: string; token: InstrumentToken }>();
  return {
    add({ exchange, underlying: symbol, expiry, option, token }) {
      const key = underlyingKey({ exchange, symbol });
      if (option) {
        if (expiry >= staleBefore) withOptions.set(key, { exchange, symbol });
        return;
      }
      const nearest = futures.get(key);
      const isNearer = expiry >= today && (!nearest || expiry < nearest.expiry);
      if (isNearer) futures.set(key, { expiry, token });
    },
    found() {
      const listed: ListedUnderlying[] = [];
      const leftOut: string[] = [];
      for (const [key, ref] of withOptions) {
        const known = namedByBroker(ref, futures.get(key)?.token);
        if (known) listed.push({ ...ref, ...known });
        else if (known === undefined) leftOut.push(key);
      }
      return { listed: listed.sort(bySymbol), leftOut: leftOut.sort() };
    },
  };
}

/**
 * Undefined when it is not known, null where there is nothing to ask for: chains of shares are
 * those of NSE, though BSE lists some of the options as well.
 */
function namedByBroker(
  ref: UnderlyingRef,
  nearestFuture: InstrumentToken | undefined,
): Pick<ListedUnderlying, 'kind' | 'spot' | 'chain'> | undefined | null {
  const { exchange, symbol: id } = ref;
  if (exchange === 'MCX') {
    if (!nearestFuture) return undefined;
    return { kind: 'commodity', spot: nearestFuture, chain: { segment: 'MCX', id } };
  }
  if (isIndex(ref)) {
    const token = { segment: `${exchange}_INDEX`, id };
    return { kind: 'index', spot: token, chain: token };
  }
  if (exchange !== 'NSE') return null;
  const token = { segment: exchange, id };
  return { kind: 'stock', spot: token, chain: token };
}

function bySymbol(a: UnderlyingRef, b: UnderlyingRef): number {
  return a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0;
}
