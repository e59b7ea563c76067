import type { ListedUnderlying } from '@strikewire/broker';
import type { ClassedExpiry } from '../core/expiry-rules';
import type { Skeleton } from '../core/skeleton';
import type { LiveChain, UnderlyingRef } from '@strikewire/contracts';

/** What is kept of an underlying's expiry list. */
export interface StoredExpiries extends UnderlyingRef {
  tradingDay: string;
  /** Everything the broker lists, classed. */
  listed: readonly ClassedExpiry[];
  /** Of these, the ones whose chains are kept. */
  selected: readonly string[];
  /** Where the list came from: the broker's plugin id. */
  source: string;
  fetchedMs: number;
}

/** The ATM as it stood at a time. */
export interface StoredAtm extends UnderlyingRef {
  expiry: string;
  ltpPaise: number;
  ltpMs: number;
  atmPaise: number;
  anchorPaise: number;
}

/** A chain as it stood at the end of a trading day. */
export interface StoredDayEnd extends UnderlyingRef {
  tradingDay: string;
  expiry: string;
  takenMs: number;
  chain: LiveChain;
}

/** What a chain's last daily build has found. */
export interface StoredBuild extends UnderlyingRef {
  expiry: string;
  tradingDay: string;
  builtMs: number;
  /** Tick size of its contracts; null when the instrument master has not told. */
  tickPaise: number | null;
  /** Units that one order of them may have at the most; null likewise. */
  freezeQuantity: number | null;
  /** Strike in paise, open interest of its call and of its put; ascending. */
  openInterest: readonly (readonly [number, number, number])[];
}

/** What a broker lists, as read from its instrument master. */
export interface StoredUnderlyings {
  /** The broker's plugin id. */
  broker: string;
  /** The Indian date on which it was read. */
  day: string;
  underlyings: readonly ListedUnderlying[];
}

/** Where a day's structure is kept, so that a restart needs no broker call. */
export interface ChainRegistry {
  loadSkeletons(tradingDay: string): Promise<Skeleton[]>;
  /** Replaces the day's skeleton of the same chain. */
  saveSkeleton(tradingDay: string, skeleton: Skeleton): Promise<void>;
  loadExpiries(tradingDay: string): Promise<StoredExpiries[]>;
  saveExpiries(expiries: StoredExpiries): Promise<void>;
  saveAtm(atms: readonly StoredAtm[]): Promise<void>;
  /** Replaces what the day's chains had before. */
  saveDayEnds(ends: readonly StoredDayEnd[]): Promise<void>;
  /** The last build of each chain, of whatever day; at most so many, the latest expiries first. */
  loadBuilds(countMax: number): Promise<StoredBuild[]>;
  /** Replaces the chain's build of before. */
  saveBuild(build: StoredBuild): Promise<void>;
  /** What a broker listed when it was last read; undefined before the first time. */
  loadUnderlyings(broker: string): Promise<StoredUnderlyings | undefined>;
  /** Replaces what was there of the same broker. */
  saveUnderlyings(stored: StoredUnderlyings): Promise<void>;
}

/** A registry that forgets at the end of the process: for virtual runs. */
export function createMemoryRegistry(): ChainRegistry & { dayEnds(): StoredDayEnd[] } {
  const skeletons = new Map<string, Skeleton>();
  const expiries = new Map<string, StoredExpiries>();
  const dayEnds = new Map<string, StoredDayEnd>();
  const builds = new Map<string, StoredBuild>();
  const listed = new Map<string, StoredUnderlyings>();
  const ofDay = <T>(map: ReadonlyMap<string, T>, day: string): T[] =>
    [...map].filter(([key]) => key.startsWith(`${day}|`)).map(([, value]) => value);
  return {
    loadSkeletons: async (day) => ofDay(skeletons, day),
    async saveSkeleton(day, skeleton) {
      const { exchange, symbol, expiry } = skeleton;
      skeletons.set(`${day}|${exchange}:${symbol}:${expiry}`, skeleton);
    },
    loadExpiries: async (day) => ofDay(expiries, day),
    async saveExpiries(stored) {
      expiries.set(`${stored.tradingDay}|${stored.exchange}:${stored.symbol}`, stored);
    },
    saveAtm: async () => {},
    saveDayEnds: async (ends) => {
      for (const end of ends) {
        dayEnds.set(`${end.tradingDay}|${end.exchange}:${end.symbol}:${end.expiry}`, end);
      }
    },
    loadBuilds: async (countMax) =>
      [...builds.values()].sort((a, b) => (a.expiry < b.expiry ? 1 : -1)).slice(0, countMax),
    async saveBuild(build) {
      builds.set(`${build.exchange}:${build.symbol}:${build.expiry}`, build);
    },
    loadUnderlyings: async (broker) => listed.get(broker),
    async saveUnderlyings(stored) {
      listed.set(stored.broker, stored);
    },
    dayEnds: () => [...dayEnds.values()],
  };
}
