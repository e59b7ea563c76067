import type { BrokerChain, InstrumentToken } from '@strikewire/broker';
import { underlyingKey, type ContractKey } from '@strikewire/contracts';
import type { Clock, Keeper, Log, Random } from '@strikewire/runtime';
import type { TradingCalendar } from '@strikewire/trading-hours';
import type { ChainAnswer, Skeleton } from '../core/skeleton';
import type { ChainBoard } from './chain-board';
import type { ChainRegistry, StoredExpiries } from './chain-registry';
import type { CommonMarketData } from './current-market-data';
import { cutAnew, pricesOf, type CutReport, type RefreshedChain } from './cut-anew';
import { buildOf, type DailyBuilds } from './daily-builds';
import { DayBuilder, type DayBuilderDeps } from './day-builder';
import { DayInstruments } from './day-instruments';
import {
  pendingChain,
  renamePlan,
  settleUnderlying,
  type DayPlan,
  type PlannedUnderlying,
} from './day-plan';
import { chainKey } from './live-chain';
import { OpeningCut, type OpeningCutDeps } from './opening-cut';

/** What the work on one day's plan needs. */
export interface DayWorkDeps {
  clock: Clock;
  random: Random;
  log: Log;
  marketData: CommonMarketData;
  requests: DayBuilderDeps['requests'];
  /** What a broker calls an underlying, also one that is not served. */
  find: DayBuilderDeps['find'];
  registry: ChainRegistry;
  keeper: Keeper;
  /** Keeps what each chain's build has found. */
  builds: Pick<DailyBuilds, 'keep'>;
  calendar: TradingCalendar;
  board: Pick<ChainBoard, 'feedLtp' | 'ltpSince'>;
  /** Something of the plan was built or failed: serve it soon. */
  changed(): void;
  /** All that the open changes is in the plan: serve it now. */
  cut(): void;
}

/** What a chain is cut around must be the price of now, not of a feed that was lost since. */
const ltpAgeMsMax = 15_000;

/** All that is done to one day's plan: its build, its cut at the open, its storing. */
export class DayWork {
  private readonly deps: DayWorkDeps;
  private readonly plan: DayPlan;
  private readonly opening: OpeningCut;
  private readonly builder: DayBuilder;
  private readonly master: DayInstruments;

  constructor(plan: DayPlan, deps: DayWorkDeps) {
    this.deps = deps;
    this.plan = plan;
    const { clock, random, log, marketData, calendar, board, changed, cut } = deps;
    const rows = plan.underlyings.map(({ row }) => row);
    this.master = new DayInstruments(marketData, rows);
    const instruments: OpeningCutDeps['instruments'] = (broker) => this.master.table(broker);
    const saveSkeleton = (skeleton: Skeleton): Promise<void> => this.saveSkeleton(skeleton);
    this.opening = new OpeningCut(
      {
        clock,
        log,
        calendar,
        marketData,
        instruments,
        ltpSince: (key, since) => board.ltpSince(key, since),
        save: saveSkeleton,
        cut,
      },
      plan,
    );
    this.builder = new DayBuilder(
      {
        clock,
        random,
        log,
        marketData,
        requests: deps.requests,
        find: (underlying) => deps.find(underlying),
        saveSkeleton,
        saveExpiries: (expiries) => this.saveExpiries(expiries),
        instruments,
        feedLtp: (key) => board.feedLtp(key, ltpAgeMsMax),
        isCurrent: (exchange, expiry) => clock.wallMs() < calendar.closeMs(exchange, expiry),
        opening: this.opening,
        changed,
      },
      plan,
    );
  }

  /** Builds whatever of the plan is not built; resolves after the first attempt at each. */
  run(): Promise<void> {
    return this.builder.run();
  }

  /** Lists anew whatever has nothing listed, and builds what that brings. */
  runAnew(): Promise<void> {
    this.builder.forgetLists();
    return this.builder.run();
  }

  /** The hours have changed: what waits for the open waits for the one of now. */
  calendarChanged(): void {
    this.opening.calendarChanged();
  }

  /** A chain's whole answer came for another reason: it will do for the open as well. */
  answered(key: string, answer: ChainAnswer): void {
    this.opening.holdFor(key, answer);
  }

  /**
   * Chains that were built under another broker's tokens have those of this one from now on, as far
   * as all of a chain's are known; not a strike changes by that.
   */
  rename(broker: string, tokenOf: (key: ContractKey) => InstrumentToken | undefined): void {
    for (const one of renamePlan(this.plan, broker, tokenOf)) void this.storeSkeleton(one);
  }

  /**
   * Cuts chains anew from what a person had asked for, around the price of now, into the plan.
   * What has no price, or no window, keeps what it has and says why.
   */
  async cutAnew(refreshed: readonly RefreshedChain[]): Promise<CutReport> {
    const { clock, board, marketData } = this.deps;
    const [instruments, prices] = await Promise.all([
      this.mastersOf(refreshed.map(({ answer }) => answer.broker)),
      pricesOf(refreshed, {
        fed: (key) => board.feedLtp(key, ltpAgeMsMax),
        quoted: (underlyings) => marketData.spotPrices(underlyings),
      }),
    ]);
    return cutAnew(refreshed, {
      plan: this.plan,
      prices,
      instruments,
      asOfMs: clock.wallMs(),
      // What the last daily build has found stays what it was, where there was one.
      store: (skeleton, isFirst) =>
        void (isFirst ? this.saveSkeleton(skeleton) : this.storeSkeleton(skeleton)),
    });
  }

  stop(): void {
    this.builder.stop();
    this.opening.stop();
  }

  /** What could not be read is missing. */
  private async mastersOf(
    brokers: readonly string[],
  ): Promise<Map<string, Awaited<ReturnType<DayInstruments['table']>>>> {
    const masters = new Map<string, Awaited<ReturnType<DayInstruments['table']>>>();
    for (const broker of new Set(brokers)) {
      const table = await this.master.table(broker).catch(() => undefined);
      if (table) masters.set(broker, table);
    }
    return masters;
  }

  private async saveSkeleton(skeleton: Skeleton): Promise<void> {
    const underlying = this.underlyingOf(skeleton);
    const planned = underlying?.chains.find(({ expiry }) => expiry === skeleton.expiry);
    // What the skeleton was cut from: until its figures are in a store, and up to the open.
    const answer = planned?.held ?? planned?.answer;
    await Promise.all([
      this.storeSkeleton(skeleton),
      answer && this.keepBuild(skeleton, answer, underlying?.tradingDay ?? ''),
    ]);
  }

  private storeSkeleton(skeleton: Skeleton): Promise<void> {
    const { registry, keeper } = this.deps;
    const tradingDay = this.underlyingOf(skeleton)?.tradingDay ?? '';
    const name = `${tradingDay} ${chainKey(skeleton, skeleton.expiry)}`;
    return keeper.keep(name, () => registry.saveSkeleton(tradingDay, skeleton));
  }

  private underlyingOf(skeleton: Skeleton): PlannedUnderlying | undefined {
    const key = underlyingKey(skeleton);
    return this.plan.underlyings.find((one) => one.key === key);
  }

  private async keepBuild(
    skeleton: Skeleton,
    answer: BrokerChain,
    tradingDay: string,
  ): Promise<void> {
    const { clock, builds } = this.deps;
    const builtMs = clock.wallMs();
    // Read by now: no skeleton is cut without it.
    const instruments = await this.master.table(skeleton.broker).catch(() => undefined);
    await builds.keep(buildOf(skeleton, answer, { tradingDay, builtMs, instruments }));
  }

  private saveExpiries(expiries: StoredExpiries): Promise<void> {
    const { registry, keeper } = this.deps;
    const name = `${expiries.tradingDay} ${underlyingKey(expiries)}`;
    return keeper.keep(name, () => registry.saveExpiries(expiries));
  }
}

/**
 * Puts what is stored for their days into underlyings that have nothing yet; what has expired since
 * is left out.
 */
export async function restorePlan(
  plan: DayPlan,
  deps: Pick<DayWorkDeps, 'clock' | 'registry' | 'calendar'>,
): Promise<void> {
  const empty = plan.underlyings.filter(({ chains, broker }) => broker && chains.length === 0);
  const days = [...new Set(empty.map(({ tradingDay }) => tradingDay))];
  await Promise.all(
    days.map((day) => restoreDay(day, empty.filter(({ tradingDay }) => tradingDay === day), deps)),
  );
}

async function restoreDay(
  tradingDay: string,
  underlyings: readonly PlannedUnderlying[],
  { clock, registry, calendar }: Pick<DayWorkDeps, 'clock' | 'registry' | 'calendar'>,
): Promise<void> {
  const [skeletons, expiries] = await clock.track(
    Promise.all([registry.loadSkeletons(tradingDay), registry.loadExpiries(tradingDay)]),
  );
  const byKey = new Map(skeletons.map((one) => [chainKey(one, one.expiry), one]));
  for (const underlying of underlyings) {
    const { row, key } = underlying;
    const stored = expiries.find((one) => underlyingKey(one) === key);
    if (!stored) continue;
    underlying.listed = stored.listed;
    underlying.fetchedMs = stored.fetchedMs;
    const isWanted = new Set(stored.selected);
    const isPast = (expiry: string): boolean =>
      clock.wallMs() >= calendar.closeMs(row.exchange, expiry);
    underlying.chains = stored.listed
      .filter(({ expiry }) => isWanted.has(expiry))
      .filter(({ expiry }) => !isPast(expiry))
      .map((classed) => {
        const skeleton = byKey.get(chainKey(row, classed.expiry)) ?? null;
        return { ...pendingChain(classed), skeleton, state: skeleton ? 'built' : 'pending' };
      });
    settleUnderlying(underlying);
    // It was not rolled over: what follows on the expired ones only a new list tells.
    if (stored.selected.some(isPast)) Object.assign(underlying, { listed: [], state: 'pending' });
  }
}
