import type { ListedUnderlying } from '@strikewire/broker';
import {
  everySymbol,
  underlyingKey,
  type UniversePreview,
  type UniverseRow,
  type UniverseRule,
} from '@strikewire/contracts';
import { selectExpiries, type ClassedExpiry } from './expiry-rules';
import { dueAt, usable } from './refresh/refresh-age';
import type { RefreshClass } from './refresh/refresh-state';
import { resolveUniverse, type ResolvedUnderlying } from './universe';

/** What a preview is reckoned from; nothing is asked of anybody. */
export interface UniverseFacts {
  /** What the broker lists options on; empty before its list was read. */
  listed: readonly ListedUnderlying[];
  /** The list of an underlying's expiries, where it has been read, by its key. */
  expiriesOf(key: string): readonly ClassedExpiry[] | undefined;
  /** Instruments that all accounts' sockets have room for. */
  capacity: number;
  /** Between two requests at the pace of all accounts, ms; null without an account. */
  requestMs: number | null;
  /** How old REST figures may become. */
  boundsMs: Readonly<Record<RefreshClass, number>>;
}

const minuteMs = 60_000;
/** Expiries that underlyings of a kind usually list: stocks three months, commodities two. */
const usualLists: Readonly<Record<RefreshClass, number>> = {
  index: Infinity,
  commodity: 2,
  stock: 3,
};

type Cost = UniversePreview['total'];

/** What rules would need of accounts, sockets and requests, against those that are saved. */
export function previewUniverse(
  rules: readonly UniverseRule[],
  saved: readonly UniverseRule[],
  facts: UniverseFacts,
): UniversePreview {
  const wanted = servable(rules, facts);
  const byKind = { index: noCost(), commodity: noCost(), stock: noCost() };
  let estimated = 0;
  for (const { row } of wanted) {
    const listed = facts.expiriesOf(underlyingKey(row));
    if (!listed) estimated++;
    const chains = listed ? selectExpiries(listed, row.expiries).length : usualChains(row);
    add(byKind[row.kind], { underlyings: 1, chains, contracts: chains * 2 * windowSize(row) });
  }
  const total = noCost();
  for (const cost of Object.values(byKind)) add(total, cost);
  const keys = new Set(wanted.map(keyOf));
  const before = new Set(servable(saved, facts).map(keyOf));
  return {
    total,
    byKind,
    estimated,
    unlisted: unlistedOf(rules, facts),
    capacity: facts.capacity,
    // The underlyings themselves are subscribed as well.
    restOnly: Math.max(0, total.contracts + total.underlyings - facts.capacity),
    ...requestsOf(byKind, facts),
    buildMs: facts.requestMs === null
      ? null
      : Math.round((total.chains + total.underlyings) * facts.requestMs),
    added: [...keys].filter((key) => !before.has(key)),
    removed: [...before].filter((key) => !keys.has(key)),
  };
}

/** Strikes that a rule asks for; the anchor comes on top, and around the LTP there is none. */
export function windowSize({ window }: Pick<UniverseRow, 'window'>): number {
  return window.below + window.above + (window.around === 'ltp' ? 0 : 1);
}

/** What the broker lists; before that is known, whatever has a rule of its own. */
function servable(rules: readonly UniverseRule[], { listed }: UniverseFacts): ResolvedUnderlying[] {
  const resolved = resolveUniverse(rules, listed);
  return listed.length === 0 ? resolved : resolved.filter((one) => one.listed !== null);
}

function unlistedOf(rules: readonly UniverseRule[], { listed }: UniverseFacts): string[] {
  if (listed.length === 0) return [];
  const known = new Set(listed.map((one) => underlyingKey(one)));
  return rules
    .filter(({ served, symbol }) => served && symbol !== everySymbol)
    .map((rule) => underlyingKey(rule))
    .filter((key) => !known.has(key));
}

/** As many as the rule asks for, as far as such a list usually goes. */
function usualChains({ kind, expiries }: UniverseRow): number {
  const { nearest, monthlies, quarterlies } = expiries;
  return Math.min(usualLists[kind], nearest + monthlies + quarterlies);
}

/** As the scheduler plans: each chain anew before its bound, with a part of the pace to spare. */
function requestsOf(
  byKind: UniversePreview['byKind'],
  { requestMs, boundsMs }: UniverseFacts,
): Pick<UniversePreview, 'requestsPerMinute' | 'requestsPerMinuteMax' | 'stretch'> {
  const kinds = ['index', 'commodity', 'stock'] as const;
  const needed = kinds.reduce(
    (sum, kind) => sum + (byKind[kind].chains * minuteMs) / (dueAt * boundsMs[kind]),
    0,
  );
  const allowed = requestMs === null ? 0 : (usable * minuteMs) / Math.max(1, requestMs);
  return {
    requestsPerMinute: rounded(needed),
    requestsPerMinuteMax: rounded(allowed),
    stretch: allowed === 0 ? 1 : rounded(Math.max(1, needed / allowed)),
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function keyOf({ row }: ResolvedUnderlying): string {
  return underlyingKey(row);
}

function noCost(): Cost {
  return { underlyings: 0, chains: 0, contracts: 0 };
}

function add(sum: Cost, { underlyings, chains, contracts }: Cost): void {
  sum.underlyings += underlyings;
  sum.chains += chains;
  sum.contracts += contracts;
}
