import type { BrokerChain, InstrumentTable } from '@strikewire/broker';
import type { Exchange } from '@strikewire/contracts';
import {
  errorMessageOf,
  StrikewireError,
  type Clock,
  type Keeper,
  type Log,
} from '@strikewire/runtime';
import type { Skeleton } from '../core/skeleton';
import { AnswerCache, type EncodedSnapshot } from './answer-cache';
import type { ChainRegistry, StoredBuild } from './chain-registry';
import { chainKey } from './live-chain';

export interface DailyBuildsDeps {
  clock: Clock;
  log: Log;
  registry: Pick<ChainRegistry, 'loadBuilds' | 'saveBuild'>;
  keeper: Keeper;
}

/**
 * Chains whose last build is held, about two years of the indices' or a quarter of a year of the
 * whole universe's; past it the one that expires first is let go.
 */
const buildsMax = 4_000;
/** Of their encoded answers: about 1,500 chains of 100 strikes. */
const answerBytesMax = 8 * 1024 * 1024;

/** What was asked for by exchange, symbol and expiry. */
export interface BuildQuery {
  exchange: string;
  symbol: string;
  expiry: string;
}

/**
 * The open interest of each chain as its last daily build had it, whatever has traded since: kept
 * in memory for answers, stored for the next start.
 */
export class DailyBuilds {
  private readonly deps: DailyBuildsDeps;
  private readonly builds = new Map<string, StoredBuild>();
  private readonly answers: AnswerCache<StoredBuild>;
  private isRead = false;

  constructor(deps: DailyBuildsDeps) {
    this.deps = deps;
    this.answers = new AnswerCache(deps.clock, answerBytesMax);
  }

  /** Reads back what was stored; what is built meanwhile counts. Never rejects. */
  async restore(): Promise<void> {
    const { clock, log, registry } = this.deps;
    try {
      const stored = await clock.track(registry.loadBuilds(buildsMax));
      for (const build of stored) {
        const key = chainKey(build, build.expiry);
        if (!this.builds.has(key)) this.builds.set(key, build);
      }
    } catch (error) {
      // The day's chains are built anew then, and kept.
      log.error('the last builds could not be read', { reason: errorMessageOf(error) });
    }
    this.isRead = true;
  }

  /** The last build of a chain. */
  find({ exchange, symbol, expiry }: BuildQuery): StoredBuild | undefined {
    return this.builds.get(chainKey({ exchange: exchange as Exchange, symbol }, expiry));
  }

  /** Keeps what a build has found; resolves after the first try to store it, never rejects. */
  async keep(build: StoredBuild): Promise<void> {
    const { keeper, registry } = this.deps;
    const key = chainKey(build, build.expiry);
    const before = this.builds.get(key);
    if (before && isSame(before, build)) return;
    this.builds.delete(key);
    this.builds.set(key, build);
    if (this.builds.size > buildsMax) this.letGoOldest();
    await keeper.keep(`build of ${key}`, () => registry.saveBuild(build));
  }

  /**
   * The encoded answer of `GET /option-chain`; undefined when that chain was never built.
   * @throws StrikewireError `retryable` before what was stored is read.
   */
  answer(query: BuildQuery): EncodedSnapshot | undefined {
    const build = this.find(query);
    if (!build && !this.isRead) throw notReadYet();
    return build && this.encoded(build);
  }

  private encoded(build: StoredBuild): EncodedSnapshot {
    const held = this.answers.get(build);
    if (held) return held;
    const { symbol, expiry, tradingDay, builtMs } = build;
    const data = build.openInterest.map(([strikePaise, callOi, putOi]) => ({
      strike: strikePaise / 100, call_oi: callOi, put_oi: putOi,
    }));
    const body = Buffer.from(JSON.stringify({ symbol, expiry, data }));
    const etag = `"build-${tradingDay}-${builtMs.toString(36)}"`;
    const encoded = { body, etag };
    this.answers.set(build, encoded);
    return encoded;
  }

  private letGoOldest(): void {
    let [oldest = ''] = this.builds.keys();
    for (const [key, { expiry }] of this.builds) {
      if (expiry < (this.builds.get(oldest)?.expiry ?? '')) oldest = key;
    }
    this.builds.delete(oldest);
  }
}

/** What a build of this skeleton leaves, out of the answer that it was cut from. */
export function buildOf(
  skeleton: Skeleton,
  answer: BrokerChain,
  built: { tradingDay: string; builtMs: number; instruments: InstrumentTable | undefined },
): StoredBuild {
  const { exchange, symbol, expiry, strikes } = skeleton;
  const { tradingDay, builtMs, instruments } = built;
  const legs = new Map(answer.strikes.map((strike) => [strike.strikePaise, strike]));
  const infos = strikes.flatMap(({ CE, PE }) => [CE, PE].map((leg) => instruments?.get(leg.token)));
  const known = infos.find((info) => info !== undefined);
  return {
    exchange,
    symbol,
    expiry,
    tradingDay,
    builtMs,
    tickPaise: known?.tickPaise ?? null,
    freezeQuantity: known?.freezeQuantity ?? null,
    openInterest: strikes.flatMap(({ strikePaise }): [number, number, number][] => {
      const leg = legs.get(strikePaise);
      return leg?.CE && leg.PE ? [[strikePaise, leg.CE.oi, leg.PE.oi]] : [];
    }),
  };
}

/** A window that is confirmed at the open is no other build. */
function isSame(a: StoredBuild, b: StoredBuild): boolean {
  const isSameRow = (row: readonly number[], index: number): boolean =>
    row.every((figure, column) => figure === b.openInterest[index]?.[column]);
  return (
    a.tradingDay === b.tradingDay &&
    a.tickPaise === b.tickPaise &&
    a.freezeQuantity === b.freezeQuantity &&
    a.openInterest.length === b.openInterest.length &&
    a.openInterest.every(isSameRow)
  );
}

function notReadYet(): StrikewireError {
  return new StrikewireError({
    kind: 'retryable',
    code: 'builds_not_read',
    message: 'the last builds are not read from the database yet',
  });
}
