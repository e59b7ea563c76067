import { tokenKey } from '@strikewire/broker';
import {
  createAccountFeed,
  type AccountFeed,
  type ConnectionBudget,
} from '@strikewire/broker/engine';
import type { Exchange } from '@strikewire/contracts';
import { errorMessageOf, Keeper, type Timer } from '@strikewire/runtime';
import { conventions } from '@strikewire/pricing';
import { ChainBoard } from './chain-board';
import { ChainRefill } from './chain-refill';
import { ChainService } from './chain-service';
import { DailyBuilds } from './daily-builds';
import {
  builtSkeletons,
  carryOver,
  emptyPlan,
  keepDay,
  type DayPlan,
} from './day-plan';
import { DayWork, restorePlan } from './day-work';
import type { OptionChainEngineOptions } from './engine-options';
import { GreeksHub } from './greeks-hub';
import { StreamHub } from './stream-hub';
import { TradingDays } from './trading-days';

/** Changes of the plan within this time become one new generation. */
const swapDelayMs = 500;
const atmSaveMs = 60_000;
/** Of the contracts that the feed has no room for, this many are named in the log. */
const unplacedNamed = 20;

/**
 * The main job, whole: builds the day's chains, keeps them live, and serves them through
 * `service`. All time, randomness and I/O come in; `start` resolves when everything has been
 * tried once, and goes on retrying what failed until `stop`.
 */
export class OptionChainEngine {
  readonly service: ChainService;
  readonly hub: StreamHub;
  readonly greeksHub: GreeksHub;
  readonly feed: AccountFeed;
  /** What is done because of the trading hours. */
  readonly days: TradingDays;
  private readonly options: OptionChainEngineOptions;
  private readonly board: ChainBoard;
  private readonly refill: ChainRefill;
  private readonly keeper: Keeper;
  private readonly builds: DailyBuilds;
  private plan: DayPlan;
  private work: DayWork | undefined;
  private swapTimer: Timer | undefined;
  private atmTimer: Timer | undefined;
  private missing: string | undefined;
  private isStarting = true;
  private isStopped = false;

  constructor(options: OptionChainEngineOptions) {
    this.options = options;
    const { clock, random, log, openSocket, broker, calendar } = options;
    this.missing = broker.missing;
    const isMarketOpen = (exchange: Exchange): boolean =>
      calendar.isOpen(exchange, clock.wallMs());
    this.feed = createAccountFeed({
      instance: broker.instance,
      limits: broker.limits.feed,
      clock,
      random,
      log,
      openSocket,
      isMarketOpen,
      ...(broker.connections && { connections: broker.connections }),
      onRecovered: (socket) => this.refill.fill(this.board.onSocket(socket)),
    });
    if (this.missing !== undefined) this.feed.changeAccount({ missing: this.missing });
    this.refill = new ChainRefill({
      clock,
      log,
      marketData: broker.instance.marketData,
      generation: () => this.board.generation,
      find: (key) => this.board.find(key),
      answered: (key, answer) => this.work?.answered(key, answer),
    });
    this.keeper = new Keeper({ clock, log });
    this.builds = new DailyBuilds({ clock, log, registry: options.registry, keeper: this.keeper });
    this.board = new ChainBoard({
      clock,
      feed: this.feed,
      isMarketOpen,
      isSpotTrading: ({ exchange }) => calendar.isSpotOpen(exchange, clock.wallMs()),
      convention: options.convention ?? conventions.calendar365,
    });
    const source = {
      broker: broker.id,
      get account() {
        return broker.account;
      },
    };
    this.hub = new StreamHub({
      clock,
      source,
      isStale: (chain) => this.board.isStale(chain),
      isIndex: (chain) => this.isIndex(chain.slots.skeleton),
    });
    this.greeksHub = new GreeksHub({
      clock,
      refresh: (chain) => void chain.refresh(this.board.isStale(chain), clock.wallMs()),
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
      greeksHub: this.greeksHub,
      builds: this.builds,
      plan: () => this.plan,
      isStarting: () => this.isStarting,
    });
    this.days = this.openDays();
  }

  async start(): Promise<void> {
    void this.builds.restore();
    const building = this.buildDay({ isNext: false });
    this.days.started(building);
    await building;
    this.isStarting = false;
    if (!this.isStopped) this.armAtmSave();
  }

  /**
   * What stands behind the broker is another account, or the same with other credentials: its
   * sockets come back, and what is not built is tried at once. Without one (`missing` says why)
   * chains stay as they are, stale.
   */
  async accountChanged(
    account: { connections: ConnectionBudget } | { missing: string },
  ): Promise<void> {
    if (this.isStopped) return;
    this.missing = 'missing' in account ? account.missing : undefined;
    this.feed.changeAccount(account);
    // Whatever is built with the account before is not waited for.
    const building = this.buildDay({ isNext: false });
    this.days.also(building);
    await building;
  }

  stop(): void {
    this.isStopped = true;
    this.days.stop();
    for (const timer of [this.swapTimer, this.atmTimer]) timer?.cancel();
    this.work?.stop();
    this.refill.stop();
    this.keeper.stop();
    this.hub.stop();
    this.greeksHub.stop();
    this.feed.stop();
  }

  private openDays(): TradingDays {
    const { clock, log, calendar, registry } = this.options;
    return new TradingDays({
      clock,
      log,
      calendar,
      registry,
      keeper: this.keeper,
      plan: () => this.plan,
      work: () => this.work,
      setActivity: (exchange, activity) => this.feed.setActivity(exchange, activity),
      buildNext: () => this.buildDay({ isNext: true }),
      swap: () => this.swap(),
      filled: () => this.refill.idle(),
      dayEnds: (exchange, tradingDay) => this.service.dayEnds(exchange, tradingDay),
    });
  }

  /**
   * Takes what is stored for the day, serves it at once, and builds the rest. `isNext`: another
   * day has begun; exchanges whose day goes on keep what they have.
   */
  private async buildDay({ isNext }: { isNext: boolean }): Promise<void> {
    const { clock, log, calendar } = this.options;
    const plan = this.emptyPlan();
    if (isNext) keepDay(plan, this.plan);
    await restorePlan(plan, this.options).catch((error) =>
      log.error('the stored day could not be read', { reason: errorMessageOf(error) }),
    );
    if (this.isStopped) return;
    const isRestored = !isNext && builtSkeletons(plan).length > 0;
    carryOver(plan, this.plan, ({ exchange }, expiry) =>
      clock.wallMs() < calendar.closeMs(exchange, expiry),
    );
    this.plan = plan;
    const work = this.takeUp(plan);
    this.work = work;
    this.swap();
    // Restored chains have no previous OI and no broker Greeks until they are asked for once.
    if (isRestored) this.refill.fill(this.board.all());
    await work.run();
    if (this.isStopped) return;
    this.swap();
    const days = [...new Set(plan.underlyings.map(({ tradingDay }) => tradingDay))];
    log.info('chains built', { days, chains: builtSkeletons(plan).length });
  }

  /** Whatever worked on another plan is stopped. */
  private takeUp(plan: DayPlan): DayWork {
    const { clock, random, log, broker, registry, calendar } = this.options;
    this.work?.stop();
    return new DayWork(plan, {
      clock,
      random,
      log,
      broker: { id: broker.id, marketData: broker.instance.marketData },
      registry,
      keeper: this.keeper,
      builds: this.builds,
      calendar,
      board: this.board,
      changed: () => this.swapSoon(),
      cut: () => this.swap(),
    });
  }

  private emptyPlan(): DayPlan {
    const { clock, universe, broker, calendar } = this.options;
    const nowMs = clock.wallMs();
    return emptyPlan(universe, {
      // Before the build a day is still the one before: a start at night must not pass for it.
      tradingDayOf: (exchange) => calendar.tradingDay(exchange, nowMs),
      spotToken: (row) => broker.instance.marketData.spotToken(row),
      missing: this.missing,
    });
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
    this.board.swap(this.plan, {
      retired: (chain) => {
        this.hub.retire(chain);
        this.greeksHub.retire(chain);
      },
    });
    const { unplaced } = this.board;
    if (unplaced.length === 0) return;
    const tokens = unplaced.slice(0, unplacedNamed).map(({ token }) => tokenKey(token));
    this.options.log.error('contracts without a feed', { count: unplaced.length, tokens });
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
