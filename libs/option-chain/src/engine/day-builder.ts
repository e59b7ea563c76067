import type { InstrumentTable, ListedUnderlying } from '@strikewire/broker';
import { underlyingKey, type Exchange, type UnderlyingRef } from '@strikewire/contracts';
import {
  errorKindOf,
  errorMessageOf,
  StrikewireError,
  type Clock,
  type Log,
  type Random,
  type Timer,
} from '@strikewire/runtime';
import { classifyExpiries, selectExpiries } from '../core/expiry-rules';
import { buildSkeleton, type Skeleton } from '../core/skeleton';
import { monthlyReferences } from '../core/universe';
import type { StoredExpiries } from './chain-registry';
import type { CommonMarketData } from './current-market-data';
import {
  orderOf,
  pendingChain,
  settleUnderlying,
  type DayPlan,
  type PlannedChain,
  type PlannedUnderlying,
} from './day-plan';
import { awaitFeedLtp } from './feed-ltp';
import type { OpeningCut } from './opening-cut';
import type { ExpiryAnswer, RefreshRunner } from './refresh-runner';

export interface DayBuilderDeps {
  clock: Clock;
  random: Random;
  log: Log;
  marketData: Pick<CommonMarketData, 'spotPrices'>;
  /** Asks for lists and chains, in order, within the limits. */
  requests: Pick<RefreshRunner, 'chain' | 'expiries'>;
  /** What a broker calls an underlying, also one that is not served. */
  find(underlying: UnderlyingRef): ListedUnderlying | undefined;
  /** Stores what was built; resolve after the first try, never reject. */
  saveSkeleton(skeleton: Skeleton): Promise<void>;
  saveExpiries(expiries: StoredExpiries): Promise<void>;
  /** A broker's, by its plugin's id. */
  instruments(broker: string): Promise<InstrumentTable>;
  /** The newest spot price of an underlying that a feed has brought, in paise. */
  feedLtp(key: string): number | undefined;
  /** True until the exchange's derivatives close on the expiry date. */
  isCurrent(exchange: Exchange, expiry: string): boolean;
  /** What is held for the cut at the open, and the price of the open once it is known. */
  opening: Pick<OpeningCut, 'hold' | 'openingLtp'>;
  /** Something of the plan was built or failed. */
  changed(): void;
}

const retryBaseMs = 5_000;
const retryMaxMs = 60_000;
/** One answer of the quote API has all underlyings' prices; whoever asks within this shares it. */
const ltpSharedMs = 5_000;
/** Credentials and entitlement do not mend by asking: look again rarely. */
const parkedRetryMs = 300_000;

/**
 * Builds one day's plan: expiry lists, LTPs and chains, each once, within the broker's budget.
 * What fails is named, retried by itself with back-off, and holds nothing else up.
 */
export class DayBuilder {
  private readonly deps: DayBuilderDeps;
  private readonly plan: DayPlan;
  private readonly timers = new Set<Timer>();
  private ltpCall: { atMono: number; prices: Promise<ReadonlyMap<string, number>> } | undefined;
  private readonly lists = new Map<string, Promise<ExpiryAnswer>>();
  private isStopped = false;

  constructor(deps: DayBuilderDeps, plan: DayPlan) {
    this.deps = deps;
    this.plan = plan;
  }

  /** Builds whatever of the plan is not built; resolves after the first attempt at each. */
  async run(): Promise<void> {
    for (const timer of this.timers) timer.cancel();
    this.timers.clear();
    const open = this.plan.underlyings.filter(({ broker, state, chains }) =>
      broker && (state !== 'built' || chains.some((chain) => chain.state !== 'built')),
    );
    await Promise.all(open.map((underlying) => this.attempt(underlying, 0)));
  }

  /** Whoever has nothing listed is listed anew. */
  forgetLists(): void {
    this.lists.clear();
  }

  stop(): void {
    this.isStopped = true;
    for (const timer of this.timers) timer.cancel();
  }

  private async attempt(underlying: PlannedUnderlying, retries: number): Promise<void> {
    let waitMs = 0;
    try {
      if (underlying.listed.length === 0) await this.fetchExpiries(underlying);
      const ltp = { paise: await this.ltp(underlying), takenMs: this.deps.clock.wallMs() };
      if (this.isStopped) return;
      const open = underlying.chains.filter((chain) => chain.state !== 'built');
      const kinds = await Promise.all(
        open.map((chain) => this.buildChain(underlying, chain, ltp)),
      );
      settleUnderlying(underlying);
      if (kinds.some((kind) => kind !== null)) waitMs = this.retryWait(kinds, retries);
    } catch (error) {
      underlying.state = underlying.chains.some((one) => one.skeleton) ? 'built' : 'not_built';
      underlying.reason = errorMessageOf(error);
      waitMs = this.retryWait([errorKindOf(error)], retries);
    }
    if (this.isStopped) return;
    if (waitMs > 0) this.retryLater(underlying, retries, waitMs);
    this.deps.changed();
  }

  private retryLater(underlying: PlannedUnderlying, retries: number, waitMs: number): void {
    const { key, reason } = underlying;
    this.deps.log.error('underlying not wholly built', { underlying: key, reason, waitMs });
    const timer = this.deps.clock.after(waitMs, () => {
      this.timers.delete(timer);
      void this.attempt(underlying, retries + 1);
    });
    this.timers.add(timer);
  }

  private retryWait(kinds: readonly (string | null)[], retries: number): number {
    const isParked = kinds.some((kind) => kind === 'unauthenticated' || kind === 'fatal');
    if (isParked) return parkedRetryMs;
    const ceiling = Math.min(retryMaxMs, retryBaseMs * 2 ** Math.min(retries, 8));
    return Math.round(ceiling * (0.5 + this.deps.random.next() / 2));
  }

  private async fetchExpiries(underlying: PlannedUnderlying): Promise<void> {
    const { clock, saveExpiries } = this.deps;
    const { row } = underlying;
    const [{ broker, expiries }, reference] = await Promise.all([
      this.listOf(row, orderOf(underlying, null)),
      this.monthliesOf(row.exchange),
    ]);
    const nowMs = clock.wallMs();
    const current = expiries.filter((expiry) => this.deps.isCurrent(row.exchange, expiry));
    if (current.length === 0) throw notYet('no_expiry', 'the broker lists no current expiry');
    underlying.listed = classifyExpiries(current, reference);
    underlying.fetchedMs = nowMs;
    const selected = selectExpiries(underlying.listed, row.expiries);
    const held = new Map(underlying.chains.map((chain) => [chain.expiry, chain]));
    underlying.chains = selected.map((classed) =>
      Object.assign(held.get(classed.expiry) ?? pendingChain(classed), classed),
    );
    await saveExpiries({
      exchange: row.exchange,
      symbol: row.symbol,
      tradingDay: underlying.tradingDay,
      listed: underlying.listed,
      selected: selected.map(({ expiry }) => expiry),
      source: broker,
      fetchedMs: nowMs,
    });
  }

  /** An underlying's expiry list, asked for once a day; a failed answer is not kept. */
  private listOf(underlying: UnderlyingRef, order: number): Promise<ExpiryAnswer> {
    const key = underlyingKey(underlying);
    const held = this.lists.get(key);
    if (held) return held;
    const listed = this.deps.find(underlying);
    if (!listed) return Promise.reject(notYet('not_listed', `the broker does not list ${key}`));
    const list = this.deps.requests.expiries({ listed, expiry: null, order }, 'build');
    list.catch(() => {
      if (this.lists.get(key) === list) this.lists.delete(key);
    });
    this.lists.set(key, list);
    return list;
  }

  /** The list of the exchange's monthly-only underlying; null where there is none. */
  private async monthliesOf(exchange: Exchange): Promise<readonly string[] | null> {
    const symbol = (monthlyReferences as Partial<Record<Exchange, string>>)[exchange];
    if (!symbol) return null;
    try {
      // Nobody is classed without it: it is asked for first.
      return (await this.listOf({ exchange, symbol }, 0)).expiries;
    } catch (error) {
      const reason = errorMessageOf(error);
      this.deps.log.warn('no list of monthlies: classing by calendar month', { exchange, reason });
      return null;
    }
  }

  /** From the feed's first tick, else the quote API for all underlyings at once; never guessed. */
  private async ltp(underlying: PlannedUnderlying): Promise<number> {
    const { clock, feedLtp } = this.deps;
    const fedPaise = await awaitFeedLtp(clock, () => feedLtp(underlying.key));
    if (fedPaise !== undefined) return fedPaise;
    const prices = await this.quotedPrices();
    const ltpPaise = prices.get(underlying.key);
    if (ltpPaise === undefined) {
      throw notYet('no_ltp', 'no LTP: neither a tick nor the quote API has one');
    }
    return ltpPaise;
  }

  private quotedPrices(): Promise<ReadonlyMap<string, number>> {
    const { clock, marketData } = this.deps;
    const now = clock.monoMs();
    if (this.ltpCall && now - this.ltpCall.atMono < ltpSharedMs) return this.ltpCall.prices;
    const listed = this.plan.underlyings.filter(({ broker }) => broker);
    const prices = marketData.spotPrices(listed.map(({ row }) => row));
    const call = { atMono: now, prices };
    this.ltpCall = call;
    prices.catch(() => {
      if (this.ltpCall === call) this.ltpCall = undefined;
    });
    return prices;
  }

  /** Null when built, else the kind of failure. */
  private async buildChain(
    underlying: PlannedUnderlying,
    planned: PlannedChain,
    ltp: { paise: number; takenMs: number },
  ): Promise<string | null> {
    const { clock, requests, saveSkeleton, opening, instruments: master } = this.deps;
    const { row, broker: listed } = underlying;
    if (!listed) return 'retryable';
    const order = orderOf(underlying, planned.expiry);
    try {
      const chain = await requests.chain({ listed, expiry: planned.expiry, order }, 'build');
      const instruments = await master(chain.broker);
      // Another builder has the day by now, and is given the same answer.
      if (this.isStopped) return null;
      const { expiry, class: expiryClass } = planned;
      const openingPaise = opening.openingLtp(underlying, ltp.takenMs);
      const ltpPaise = openingPaise ?? ltp.paise;
      const asOfMs = openingPaise === undefined ? ltp.takenMs : clock.wallMs();
      const outcome = buildSkeleton({
        row, expiry, expiryClass, chain, ltpPaise, asOfMs, instruments,
      });
      if ('reason' in outcome) {
        Object.assign(planned, { state: 'not_built', reason: outcome.reason });
        return 'retryable';
      }
      const { skeleton } = outcome;
      Object.assign(planned, { state: 'built', reason: null, skeleton, answer: chain });
      opening.hold(underlying, planned, chain);
      this.deps.changed();
      await saveSkeleton(skeleton);
      return null;
    } catch (error) {
      if (!planned.skeleton) planned.state = 'not_built';
      planned.reason = errorMessageOf(error);
      return errorKindOf(error);
    }
  }
}

function notYet(code: string, message: string): StrikewireError {
  return new StrikewireError({ kind: 'retryable', code, message });
}
