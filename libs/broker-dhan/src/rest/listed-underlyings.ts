import type { InstrumentToken, ListedUnderlying } from '@strikewire/broker';
import { isIsoDate, isSymbol, underlyingKey, type UnderlyingRef } from '@strikewire/contracts';
import { segmentOfMasterRow } from '../map/segments';
import { indexTokenOf } from '../map/underlyings';
import { ownText, type MasterRow } from './instrument-master';

/** What a reading of the master found out about underlyings. */
export interface FoundUnderlyings {
  /** By exchange, then symbol. */
  listed: ListedUnderlying[];
  /** Keys of those with options that cannot be asked for: their ids are not known. */
  leftOut: string[];
}

/** Collects underlyings with listed options while the master passes by. */
export interface UnderlyingFinder {
  add(row: MasterRow): void;
  found(): FoundUnderlyings;
}

/** Options that ended longer ago than this are left over; the file may be wrong by some days. */
const staleDays = 7;
const dayMs = 86_400_000;
/** The exchange's own test instruments, such as 011NSETEST. */
const testSymbol = /(?:NSE|BSE|MCX)TEST/;

/** `today`: the date in India. Only futures' dates are believed: they tell which is the nearest. */
export function createUnderlyingFinder(today: string): UnderlyingFinder {
  const staleBefore = new Date(Date.parse(today) - staleDays * dayMs).toISOString().slice(0, 10);
  const listed = new Map<string, Omit<ListedUnderlying, 'spot'>>();
  const unknown = new Set<string>();
  const futures = new Map<string, { expiry: string; id: string }>();

  const addFuture = (key: string, { expiry, id }: MasterRow): void => {
    if (!isIsoDate(expiry) || expiry < today) return;
    const nearest = futures.get(key);
    if (!nearest || expiry < nearest.expiry) {
      futures.set(key, { expiry: ownText(expiry), id: ownText(id) });
    }
  };
  const addOption = (ref: UnderlyingRef, key: string, row: MasterRow): void => {
    if (listed.has(key) || unknown.has(key) || row.expiry < staleBefore) return;
    const named = { exchange: ref.exchange, symbol: ownText(ref.symbol) };
    const known = namedByBroker(named, row);
    if (known) listed.set(ownText(key), { ...named, ...known });
    else if (known === undefined) unknown.add(ownText(key));
  };
  return {
    add(row) {
      const ref = refOf(row);
      if (!ref) return;
      const key = underlyingKey(ref);
      if (row.instrument === 'FUTCOM') addFuture(key, row);
      else if (row.instrument.startsWith('OPT')) addOption(ref, key, row);
    },
    found() {
      const complete: ListedUnderlying[] = [];
      const leftOut = [...unknown];
      for (const [key, underlying] of listed) {
        const future = futures.get(key);
        const spot = underlying.kind === 'commodity'
          ? future && { segment: underlying.chain.segment, id: future.id }
          : underlying.chain;
        if (spot) complete.push({ ...underlying, spot });
        else leftOut.push(key);
      }
      return { listed: complete.sort(byName), leftOut: leftOut.sort() };
    },
  };
}

/** Rows of other segments, of test instruments and without a usable name have none. */
function refOf({ exchange, segment, underlying }: MasterRow): UnderlyingRef | undefined {
  const isDerivative = segment === 'D' || segment === 'M';
  if (!isDerivative || !segmentOfMasterRow(exchange, segment)) return undefined;
  if (!isSymbol(underlying) || testSymbol.test(underlying)) return undefined;
  return { exchange: exchange as UnderlyingRef['exchange'], symbol: underlying };
}

/**
 * What chain requests call it; undefined when that is not known, null where there is nothing to
 * ask for: chains of shares are those of NSE, though BSE lists some of the options as well.
 */
function namedByBroker(
  ref: UnderlyingRef,
  { instrument, underlyingId }: MasterRow,
): { kind: ListedUnderlying['kind']; chain: InstrumentToken } | undefined | null {
  if (instrument === 'OPTIDX') {
    // The file's ids of indices are another family of numbers.
    const chain = indexTokenOf(ref);
    return chain && { kind: 'index', chain };
  }
  if (instrument === 'OPTSTK' && ref.exchange !== 'NSE') return null;
  const kinds = { 'NSE OPTSTK': 'stock', 'MCX OPTFUT': 'commodity' } as const;
  const name = `${ref.exchange} ${instrument}`;
  if (!Object.hasOwn(kinds, name) || !/^[1-9]\d{0,9}$/.test(underlyingId)) return undefined;
  const kind = kinds[name as keyof typeof kinds];
  const segment = kind === 'stock' ? 'NSE_EQ' : 'MCX_COMM';
  return { kind, chain: { segment, id: ownText(underlyingId) } };
}

function byName(a: UnderlyingRef, b: UnderlyingRef): number {
  const [left, right] = [underlyingKey(a), underlyingKey(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
