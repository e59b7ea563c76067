import type { ChainState, PlatformStatus } from '@strikewire/contracts';
import { ageLevelOf, type AgeLevel } from '../../format/age-level';
import { ageLabel } from '../../format/times';

/** One line of the health table: a chain, or an underlying that has none. */
export interface ChainRow {
  key: string;
  symbol: string;
  exchange: string;
  /** Null for an underlying without chains. */
  chain: ChainState | null;
  state: ChainState['state'];
  /** What is worth knowing beside the state; empty when all is as it should be. */
  note: string;
  tick: AgeLevel;
  rest: AgeLevel;
  /** Somebody should look at it. */
  needsCare: boolean;
}

/** Which rows are shown. */
export const shows = ['all', 'care', 'pending', 'not_built'] as const;
export type Show = (typeof shows)[number];

/** What rows are put in order by; a minus in front turns the order round. */
export const sortNames = ['chain', 'state', 'strikes', 'live', 'tick', 'rest'] as const;
export type SortName = (typeof sortNames)[number];
/** Empty: as the platform lists them. */
export type Sort = '' | SortName | `-${SortName}`;

/** Rows of one page: what a table can draw every two seconds without being felt. */
export const rowsPerPage = 50;

type Underlyings = PlatformStatus['underlyings'];

/** Every chain with its health; `isOpen`: in a closed market nothing is late. */
export function chainRows(underlyings: Underlyings, isOpen: boolean): ChainRow[] {
  return underlyings.flatMap(({ symbol, exchange, state, reason, chains }) => {
    if (chains.length > 0) return chains.map((chain) => rowOf({ symbol, exchange, chain }, isOpen));
    const note = state === 'built' ? 'no chain is wanted' : (reason ?? noteOfWaiting(state));
    const none: AgeLevel = { level: 'none', text: '' };
    const key = `${exchange}:${symbol}`;
    const needsCare = state === 'not_built';
    return [{ key, symbol, exchange, chain: null, state, note, tick: none, rest: none, needsCare }];
  });
}

function rowOf(
  { symbol, exchange, chain }: { symbol: string; exchange: string; chain: ChainState },
  isOpen: boolean,
): ChainRow {
  const tick = tickOf(chain, isOpen);
  const rest = restOf(chain, isOpen);
  const isLate = (age: AgeLevel): boolean => age.level === 'late' || age.level === 'stale';
  const isBuilt = chain.state === 'built';
  const hasTrouble = chain.atmOutsideWindow || isLate(tick) || isLate(rest);
  return {
    key: `${exchange}:${symbol} ${chain.expiry}`,
    symbol,
    exchange,
    chain,
    state: chain.state,
    note: noteOf(chain),
    tick,
    rest,
    needsCare: chain.state === 'not_built' || (isBuilt && hasTrouble),
  };
}

function tickOf({ tickAgeMs, stale, state }: ChainState, isOpen: boolean): AgeLevel {
  if (state !== 'built') return { level: 'none', text: '' };
  const age = ageLevelOf(tickAgeMs, isOpen);
  return stale && age.level === 'live' ? { level: 'late', text: 'stale' } : age;
}

/** The figures that come by REST: open interest and the broker's Greeks. */
function restOf({ restAgeMs, restBoundMs, state }: ChainState, isOpen: boolean): AgeLevel {
  if (state !== 'built') return { level: 'none', text: '' };
  if (restAgeMs === null) return { level: 'none', text: 'not yet' };
  const text = ageLabel(restAgeMs);
  if (!isOpen) return { level: 'closed', text };
  return restAgeMs > restBoundMs ? { level: 'stale', text } : { level: 'live', text };
}

function noteOf(chain: ChainState): string {
  const { state, reason, shortfall, atmOutsideWindow, restOnlyCount } = chain;
  if (state !== 'built') return reason ?? noteOfWaiting(state);
  const short = shortfall > 0 ? `${shortfall} strikes not listed` : '';
  const outside = atmOutsideWindow ? 'the spot has left its strikes' : '';
  const slow = restOnlyCount > 0 ? `${restOnlyCount} contracts by REST alone` : '';
  return [outside, slow, short].filter(Boolean).join('; ');
}

function noteOfWaiting(state: ChainState['state']): string {
  return state === 'pending' ? 'waiting for its turn' : 'no reason given';
}

/** Rows whose name holds every word that was typed: `nif dec`, `2026-12`, `weekly`. */
export function searched(rows: readonly ChainRow[], text: string): readonly ChainRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter(({ key, chain, note }) => {
    const name = `${key} ${chain?.class ?? ''} ${note}`.toLowerCase();
    return words.every((word) => name.includes(word));
  });
}

export function isShown({ needsCare, state }: ChainRow, show: Show): boolean {
  if (show === 'all') return true;
  return show === 'care' ? needsCare : state === show;
}

/** Rows in this order, what is worst first unless it is turned round; equals stay as they are. */
export function sorted(rows: readonly ChainRow[], sort: Sort): readonly ChainRow[] {
  const name = sort.replace('-', '') as SortName | '';
  if (name === '') return rows;
  const sign = sort.startsWith('-') ? -1 : 1;
  if (name === 'chain') return rows.toSorted((a, b) => sign * a.key.localeCompare(b.key));
  return rows.toSorted((a, b) => sign * (rank(b, name) - rank(a, name)) || 0);
}

const stateRanks: Record<ChainState['state'], number> = { not_built: 2, pending: 1, built: 0 };

/** How bad a row is in one respect; what cannot be told is the least bad. */
function rank({ chain, state }: ChainRow, name: Exclude<SortName, 'chain'>): number {
  if (name === 'state') return stateRanks[state];
  if (chain?.state !== 'built') return -2;
  switch (name) {
    case 'strikes':
      return chain.shortfall;
    case 'live':
      return chain.strikeCount > 0 ? 1 - chain.liveCount / (2 * chain.strikeCount) : 0;
    case 'tick':
      return chain.tickAgeMs ?? -1;
    case 'rest':
      return chain.restAgeMs === null ? -1 : chain.restAgeMs / chain.restBoundMs;
  }
}

/** The order after the next press on a heading: worst first, turned round, as listed. */
export function nextSort(sort: Sort, name: SortName): Sort {
  if (sort === name) return `-${name}`;
  return sort === `-${name}` ? '' : name;
}
