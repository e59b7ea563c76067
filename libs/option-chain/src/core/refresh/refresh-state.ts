import type { RateRule } from '@strikewire/broker';
import type { Exchange } from '@strikewire/contracts';

/** Kinds of underlyings, each with its own bound of age. */
export type RefreshClass = 'index' | 'commodity' | 'stock';

/** Why a request is wanted: a person asked, the day is built, a feed has left a gap. */
export type RefreshReason = 'admin' | 'build' | 'gap';

/**
 * How old REST figures of a chain may be while its exchange trades, ms: open interest moves with
 * every trade of an index, and little in a share's options.
 */
export const refreshBoundsMs: Readonly<Record<RefreshClass, number>> = {
  index: 60_000,
  commodity: 120_000,
  stock: 300_000,
};

/** Something that can be asked for over REST: an expiry list, or a chain. */
export interface RefreshItem {
  key: string;
  exchange: Exchange;
  class: RefreshClass;
  /** Its place in the universe: of the same reason the lower goes first. */
  order: number;
  /** Asked for anew before it is older than its class allows. */
  isAged: boolean;
}

/** An item, and how far it is. Times by the monotonic clock; -Infinity for never. */
export interface RefreshWork extends RefreshItem {
  wanted: RefreshReason | null;
  wantedMono: number;
  /** The account that is asked just now. */
  inFlight: string | null;
  /** When the last request was sent, whatever came of it. */
  triedMono: number;
  /** When the request was sent whose answer is held: what its age counts from. */
  sentMono: number;
  notBeforeMono: number;
  /** Failures since the last answer. */
  failures: number;
}

/**
 * Whether an account is asked for what is not built yet: as for all else, for that alone, or not
 * at all. Days are built at home as long as its broker answers.
 */
export type BuildShare = 'too' | 'only' | 'never';

/** What an account may be asked, as its limits say. */
export interface AccountPace {
  id: string;
  builds: BuildShare;
  /** Another number: other credentials, so that what was refused before may be asked again. */
  version: number;
  /** Between two requests, at the rate that all its short limits allow for ever. */
  spacingMs: number;
  /** Between two requests of the same key. */
  keyIntervalMs: number;
  /** Requests at once. */
  inFlightMax: number;
  /** Requests a day; Infinity without such a limit. */
  dayLimit: number;
}

/** An account, and how much of it is used. */
export interface PacedAccount extends AccountPace {
  nextMono: number;
  inFlight: number;
  /** It has been answered since it was last refused, or made known: it may be asked at once. */
  isLetIn: boolean;
  /** Not asked before: it was refused or throttled. */
  restUntilMono: number;
  /** Of the day's limit, as last told. */
  dayUsed: number;
}

/** Everything the scheduler knows. */
export interface RefreshState {
  works: ReadonlyMap<string, RefreshWork>;
  accounts: readonly PacedAccount[];
  boundsMs: Readonly<Record<RefreshClass, number>>;
  /** Under load the bounds of the lower classes are so many times longer. */
  shedding: number;
  /** Requests sent: what of equal rights goes next. */
  turns: number;
}

/** What has become of a request. */
export type RefreshOutcome = 'answered' | 'failed' | 'throttled' | 'refused';

/** What the scheduler is told. */
export type RefreshEvent =
  | { type: 'items'; items: readonly RefreshItem[] }
  | { type: 'accounts'; accounts: readonly AccountPace[] }
  | { type: 'want'; items: readonly RefreshItem[]; reason: RefreshReason }
  | { type: 'ended'; key: string; account: string; version: number; outcome: RefreshOutcome }
  | { type: 'used'; account: string; dayUsed: number }
  | { type: 'shedding'; factor: number }
  | { type: 'look' };

/** When it is, and who trades. */
export interface RefreshNow {
  mono: number;
  /** Exchanges whose chains are to be fresh. */
  open: ReadonlySet<Exchange>;
  /** Until the day's limits start anew. */
  dayLeftMs: number;
}

/** What is to be done. */
export type RefreshEffect =
  | { type: 'send'; key: string; account: string; version: number }
  /** No account is left that could be asked: whoever waits for these is told. */
  | { type: 'refuse'; keys: readonly string[] }
  | { type: 'wake'; atMono: number };

/** Requests at once per account, whatever its limits: a slow broker is not flooded. */
const inFlightMost = 5;
/** Windows up to an hour give the pace; a longer one is a stock to be shared out. */
const paceWindowMax = 3_600_000;

/** What the rules of a class of requests mean for the pace. */
export function paceOf(
  account: { id: string; version: number; builds?: BuildShare },
  rules: readonly RateRule[],
): AccountPace {
  const overall = rules.filter(({ perKey }) => !perKey);
  const short = overall.filter(({ windowMs }) => windowMs <= paceWindowMax);
  const long = overall.filter(({ windowMs }) => windowMs > paceWindowMax);
  const keyed = rules.filter(({ perKey }) => perKey);
  return {
    builds: 'too',
    ...account,
    spacingMs: Math.max(0, ...short.map(({ windowMs, limit }) => windowMs / limit)),
    keyIntervalMs: Math.max(0, ...keyed.map(({ windowMs, limit }) => windowMs / limit)),
    inFlightMax: Math.min(inFlightMost, ...short.map(({ limit }) => limit)),
    dayLimit: Math.min(Infinity, ...long.map(({ limit }) => limit)),
  };
}

/** Nothing is wanted yet. */
export function emptyRefresh(
  boundsMs: Readonly<Record<RefreshClass, number>> = refreshBoundsMs,
): RefreshState {
  return { works: new Map(), accounts: [], boundsMs, shedding: 1, turns: 0 };
}

/** Whether an account is asked for such a thing: one that the build waits for, or another. */
export function isAskedFor({ builds }: Pick<AccountPace, 'builds'>, isBuild: boolean): boolean {
  return builds === 'too' || (builds === 'only') === isBuild;
}
