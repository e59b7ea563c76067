import { tokenKey, type BrokerInstance, type BrokerLimits } from '@strikewire/broker';
import { createAccountFeed, type AccountFeed, type RateBudget } from '@strikewire/broker/engine';
import { indiaDateOf, indiaInstant, underlyingKey } from '@strikewire/contracts';
import {
  errorMessageOf,
  type Clock,
  type Log,
  type OpenSocket,
  type Random,
  type Timer,
} from '@strikewire/runtime';
import { isExpiryCurrent, type TradingCalendar } from '@strikewire/trading-hours';
import type { UniverseRow } from '../core/universe';
import { ChainBoard } from './chain-board';
import type { ChainSource } from './chain-json';
import type { ChainRegistry } from './chain-registry';
import { ChainRefill } from './chain-refill';
import { ChainService } from './chain-service';
import { DayBuilder } from './day-builder';
import {
  builtSkeletons,
  carryOver,
  emptyPlan,
  pendingChain,
  settleUnderlying,
  type DayPlan,
} from './day-plan';
import { RegistryKeeper } from './registry-keeper';
import { StreamHub } from './stream-hub';

/** Everything that the engine is given; it reaches for nothing else. */
export interface OptionChainEngineOptions {
  clock: Clock;
  random: Random;
  log: Log;
  openSocket: OpenSocket;
  broker: { id: string; account: string; instance: BrokerInstance; limits: BrokerLimits };
  budget: RateBudget;
  universe: readonly UniverseRow[];
  calendar: TradingCalendar;
  registry: ChainRegistry;
}

/** Changes of the plan within this time become one new generation. */
const swapDelayMs = 500;
/** Chains are built anew from this minute of the day in India (09:00). */
const buildMinutes = 9 * 60;
const atmSaveMs = 60_000;
/** Of the contracts that the feed has no room for, this many are named in the log. */
const unplacedNamed = 20;
/** What a chain is cut around must be the price of now, not of a feed that was lost since. */
const ltpAgeMsMax = 15_000;

/**
 * The main job, whole: builds the day's chains, keeps them live, and serves them through
 * `service`. All time, randomness and I/O come in; `start` resolves when everything has been
 * tried once, and goes on retrying what failed until `stop`.
 */
export class OptionChainEngine {
  readonly service: ChainService;
  readonly hub: StreamHub;
  readonly feed: AccountFeed;
  private readonly options: OptionChainEngineOptions;
  private readonly board: ChainBoard;
  private readonly refill: ChainRefill;
  private readonly keeper: RegistryKeeper;
  private plan: DayPlan;
  private builder: DayBuilder | undefined;
  private swapTimer: Timer | undefined;
  private atmTimer: Timer | undefined;
  private dayTimer: Timer | undefined;
  private isStarting = true;
  private isStopped = false;

  constructor(options: OptionChainEngineOptions) {
    this.options = options;
    const { clock, random, log, openSocket, broker, calendar, universe } = options;
    const isMarketOpen = (exchange: UniverseRow['exchange']): boolean =>
      calendar.isOpen(exchange, clock.wallMs());
    this.feed = createAccountFeed({
      instance: broker.instance,
      limits: broker.limits.feed,
      clock,
      random,
      log,
      openSocket,
      isMarketOpen: () => universe.some(({ exchange }) => isMarketOpen(exchange)),
      onRecovered: (socket) => this.refill.fill(this.board.onSocket(socket)),
    });
    this.refill = new ChainRefill({
      clock,
      log,
      marketData: broker.instance.marketData,
      generation: () => this.board.generation,
      find: (key) => this.board.find(key),
    });
    this.keeper = new RegistryKeeper({ clock, log });
    this.board = new ChainBoard({ clock, feed: this.feed, isMarketOpen });
    const source: ChainSource = { broker: broker.id, account: broker.account };
    this.hub = new StreamHub({
      clock,
      source,
      isStale: (chain) => this.board.isStale(chain),
      isIndex: (chain) => this.isIndex(chain.slots.skeleton),
    });
    this.plan = this.emptyPlan();
    this.service = new ChainService({
      clock,
      source,
      calendar,
      board: this.board,
      feed: this.feed,
      budget: options.budget,
      hub: this.hub,
      plan: () => this.plan,
      isStarting: () => this.isStarting,
    });
  }

  async start(): Promise<void> {
    await this.buildDay();
    this.isStarting = false;
    if (!this.isStopped) this.armAtmSave();
  }

  stop(): void {
    this.isStopped = true;
    for (const timer of [this.swapTimer, this.atmTimer, this.dayTimer]) timer?.cancel();
    this.builder?.stop();
    this.refill.stop();
    this.keeper.stop();
    this.hub.stop();
    this.feed.stop();
  }

  /** Takes what is stored for the day, serves it at once, and builds the rest. */
  private async buildDay(): Promise<void> {
    const { clock, log, random, broker, registry } = this.options;
    const plan = this.emptyPlan();
    await this.restore(plan).catch((error) =>
      log.error('the stored day could not be read', { reason: errorMessageOf(error) }),
    );
    if (this.isStopped) return;
    this.builder?.stop();
    const isRestored = builtSkeletons(plan).length > 0;
    carryOver(plan, this.plan, ({ exchange }, expiry) =>
      isExpiryCurrent(exchange, expiry, clock.wallMs()),
    );
    this.plan = plan;
    this.builder = new DayBuilder(
      {
        clock,
        random,
        log,
        broker: { id: broker.id, marketData: broker.instance.marketData },
        registry,
        keeper: this.keeper,
        feedLtp: (key) => this.board.feedLtp(key, ltpAgeMsMax),
        changed: () => this.swapSoon(),
      },
      plan,
    );
    this.armNextDay();
    this.swap();
    // Restored chains have no previous OI and no broker Greeks until they are asked for once.
    if (isRestored) this.refill.fill(this.board.all());
    await this.builder.run();
    if (this.isStopped) return;
    this.swap();
    const chainCount = builtSkeletons(plan).length;
    log.info('chains built', { tradingDay: plan.tradingDay, chains: chainCount });
  }

  private async restore(plan: DayPlan): Promise<void> {
    const { clock, registry } = this.options;
    const [skeletons, expiries] = await clock.track(
      Promise.all([
        registry.loadSkeletons(plan.tradingDay),
        registry.loadExpiries(plan.tradingDay),
      ]),
    );
    const byKey = new Map(skeletons.map((one) => [`${underlyingKey(one)}:${one.expiry}`, one]));
    for (const underlying of plan.underlyings) {
      const stored = expiries.find((one) => underlyingKey(one) === underlying.key);
      if (!stored || !underlying.token) continue;
      underlying.listed = stored.listed;
      underlying.fetchedMs = stored.fetchedMs;
      const isWanted = new Set(stored.selected);
      underlying.chains = stored.listed
        .filter(({ expiry }) => isWanted.has(expiry))
        .filter(({ expiry }) => isExpiryCurrent(stored.exchange, expiry, clock.wallMs()))
        .map((classed) => {
          const skeleton = byKey.get(`${underlying.key}:${classed.expiry}`) ?? null;
          return { ...pendingChain(classed), skeleton, state: skeleton ? 'built' : 'pending' };
        });
      settleUnderlying(underlying);
    }
  }

  private emptyPlan(): DayPlan {
    const { clock, universe, broker } = this.options;
    // Before the build a day is still the one before: a start at night must not pass for it.
    const tradingDay = indiaDateOf(clock.wallMs() - buildMinutes * 60_000);
    return emptyPlan(tradingDay, universe, (row) => broker.instance.marketData.spotToken(row));
  }

  private swapSoon(): void {
    this.swapTimer ??= this.options.clock.after(swapDelayMs, () => this.swap());
  }

  /** A new generation, unless the plan has built nothing since the last. */
  private swap(): void {
    this.swapTimer?.cancel();
    this.swapTimer = undefined;
    const { layout, number } = this.board.generation;
    const built = builtSkeletons(this.plan);
    const isSame =
      number > 0 &&
      built.length === layout.chains.length &&
      layout.chains.every(({ skeleton }, index) => skeleton === built[index]);
    if (isSame) return;
    this.board.swap(this.plan, { retired: (chain) => this.hub.retire(chain) });
    const { unplaced } = this.board;
    if (unplaced.length === 0) return;
    const tokens = unplaced.slice(0, unplacedNamed).map(({ token }) => tokenKey(token));
    this.options.log.error('contracts without a feed', { count: unplaced.length, tokens });
  }

  /** The next day's chains from 09:00 in India, whatever day that is: the list decides the rest. */
  private armNextDay(): void {
    const { clock, log } = this.options;
    this.dayTimer?.cancel();
    const tomorrow = indiaDateOf(indiaInstant(this.plan.tradingDay, 36 * 60));
    this.dayTimer = clock.at(indiaInstant(tomorrow, buildMinutes), () => {
      this.buildDay().catch((error) =>
        log.error('the daily build failed', { reason: errorMessageOf(error) }),
      );
    });
  }

  private armAtmSave(): void {
    const { clock, registry, log } = this.options;
    this.atmTimer = clock.after(atmSaveMs, () => {
      const atms = this.service.atms();
      clock
        .track(registry.saveAtm(atms))
        .catch((error) => log.warn('ATM not saved', { reason: errorMessageOf(error) }));
      this.armAtmSave();
    });
  }

  private isIndex({ exchange, symbol }: { exchange: string; symbol: string }): boolean {
    const row = this.options.universe.find(
      (one) => one.exchange === exchange && one.symbol === symbol,
    );
    return row?.kind === 'index';
  }
}
