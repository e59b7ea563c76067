import { tokenKey } from '@strikewire/broker';
import { FeedPool, noAccount } from '@strikewire/broker/engine';
import type { Exchange, UnderlyingRef } from '@strikewire/contracts';
import { conventions } from '@strikewire/pricing';
import { errorMessageOf, Keeper, type Timer } from '@strikewire/runtime';
import type { HeldContract } from '../core/generation-layout';
import { ChainBoard } from './chain-board';
import type { ChainSource } from './chain-json';
import { ChainMirror } from './chain-mirror';
import { ChainService } from './chain-service';
import { currentMarketData } from './current-market-data';
import { DailyBuilds } from './daily-builds';
import { DayBuilding } from './day-building';
import { builtSkeletons, refreshTargets } from './day-plan';
import type { OptionChainEngineOptions } from './engine-options';
import { writeChainSnapshot } from './generation';
import { GreeksHub } from './greeks-hub';
import { chainKey, type LiveChain } from './live-chain';
import { ManualRefresh } from './manual-refresh';
import { RefreshRunner } from './refresh-runner';
import { StreamHub } from './stream-hub';
import { TradingDays } from './trading-days';
import { UnderlyingDirectory } from './underlying-directory';
import { UniverseReport } from './universe-report';

/** Changes of the plan within this time become one new generation. */
const swapDelayMs = 500;
/** A generation is copied whole: a large one changes less often while it is built. */
const slotsPerSwapMs = 4;
const atmSaveMs = 60_000;
/** Of the contracts that the feed has no room for, this many are named in the log. */
const unplacedNamed = 20;
/** REST figures are fresh when trading begins. */
const freshBeforeOpenMs = 300_000;

/**
 * The main job, whole: builds the day's chains, keeps them live, and serves them through
 * `service`. All time, randomness and I/O come in; `start` resolves when everything has been
 * tried once, and goes on retrying what failed until `stop`.
 */
export class OptionChainEngine {
  readonly service: ChainService;
  readonly hub: StreamHub;
  readonly greeksHub: GreeksHub;
  readonly feed: FeedPool;
  /** What is done because of the trading hours. */
  readonly days: TradingDays;
  /** Everything that is asked of brokers for chains. */
  readonly requests: RefreshRunner;
  /** What people ask to be refreshed. */
  readonly refreshes: ManualRefresh;
  readonly board: ChainBoard;
  /** What is wanted to be served, against what is. */
  readonly universe: UniverseReport;
  private readonly options: OptionChainEngineOptions;
  private readonly directory: UnderlyingDirectory;
  private readonly keeper: Keeper;
  private readonly builds: DailyBuilds;
  private readonly building: DayBuilding;
  private readonly mirror: ChainMirror | undefined;
  /** By whoever needs them. */
  private readonly held = new Map<string, readonly HeldContract[]>();
  private swapTimer: Timer | undefined;
  private atmTimer: Timer | undefined;
  private isStarting = true;
  private isStopped = false;

  constructor(options: OptionChainEngineOptions) {
    this.options = options;
    const { clock, log, registry, accounts } = options;
    const marketData = currentMarketData(accounts);
    this.keeper = new Keeper({ clock, log });
    this.builds = new DailyBuilds({ clock, log, registry, keeper: this.keeper });
    this.feed = this.openFeed();
    this.requests = this.openRequests();
    this.board = this.openBoard();
    this.mirror = this.openMirror();
    const broker = (): string => accounts()[0]?.broker ?? '';
    this.directory = new UnderlyingDirectory({
      clock, log, registry, keeper: this.keeper, marketData, broker,
    });
    this.building = new DayBuilding({
      options,
      directory: this.directory,
      runner: this.requests,
      keeper: this.keeper,
      builds: this.builds,
      board: this.board,
      marketData,
      missing: () => this.missing(),
      warm: (chains) => this.mirror?.prepare(chains.map((one) => chainKey(one, one.expiry))),
      swap: () => this.swap(),
      swapSoon: () => this.swapSoon(),
      restored: () => this.fill(this.board.all()),
      again: (building) => this.days.also(building),
    });
    const source = sourceOf(options);
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
    this.service = this.openService(source);
    this.days = this.openDays();
    this.universe = new UniverseReport({
      options,
      directory: this.directory,
      requests: this.requests,
      plan: () => this.building.plan,
    });
    this.refreshes = new ManualRefresh({
      clock,
      log,
      runner: this.requests,
      plan: () => this.building.plan,
      work: () => this.building.work,
      swap: () => this.swap(),
    });
  }

  async start(): Promise<void> {
    this.takeAccounts();
    this.mirror?.start();
    void this.builds.restore();
    const building = this.building.build({ isNext: false });
    this.days.started(building);
    await building;
    this.isStarting = false;
    if (!this.isStopped) this.armAtmSave();
  }

  /**
   * The accounts are others, or have other credentials: their sockets come, go or come back, and
   * what is not built is tried at once. Without any, chains stay as they are, stale.
   */
  async accountsChanged(): Promise<void> {
    if (this.isStopped) return;
    this.redealt(this.takeAccounts());
    // Whatever is built with the accounts before is not waited for.
    const building = this.building.build({ isNext: false });
    this.days.also(building);
    await building;
  }

  /**
   * Keeps contracts live ahead of every chain for as long as their holder needs them; an empty
   * list lets go.
   */
  hold(holder: string, contracts: readonly HeldContract[]): void {
    if (contracts.length === 0) this.held.delete(holder);
    else this.held.set(holder, contracts);
    this.swapSoon();
  }

  stop(): void {
    this.isStopped = true;
    this.days.stop();
    for (const timer of [this.swapTimer, this.atmTimer]) timer?.cancel();
    this.building.stop();
    this.requests.stop();
    this.keeper.stop();
    this.hub.stop();
    this.greeksHub.stop();
    this.feed.stop();
    this.mirror?.stop();
  }

  /** After `stop`: all that has changed is mirrored; takes two seconds at most. */
  async settle(): Promise<void> {
    await this.mirror?.settle();
  }

  private openMirror(): ChainMirror | undefined {
    const { clock, log, mirror: store, calendar } = this.options;
    return store && new ChainMirror({
      clock,
      log,
      store,
      generation: () => this.board.generation,
      tradingDay: (exchange) => calendar.tradingDay(exchange, clock.wallMs()),
    });
  }

  private openFeed(): FeedPool {
    const { clock, random, log, openSocket } = this.options;
    return new FeedPool({
      clock,
      random,
      log,
      openSocket,
      isMarketOpen: (exchange) => this.isMarketOpen(exchange),
      onRecovered: (socket) => this.fill(this.board.onSocket(socket)),
      onRedealt: (sockets) => this.redealt(sockets),
    });
  }

  private openRequests(): RefreshRunner {
    const { clock, log, accounts, calendar, boundsMs } = this.options;
    return new RefreshRunner({
      clock,
      log,
      accounts,
      isFresh: (exchange) => {
        const nowMs = clock.wallMs();
        return [nowMs, nowMs + freshBeforeOpenMs].some((at) => calendar.isOpen(exchange, at));
      },
      answered: (key, answer) => {
        writeChainSnapshot(this.board.generation, answer);
        this.building.work?.answered(key, answer);
      },
      ...(boundsMs && { boundsMs }),
    });
  }

  private openBoard(): ChainBoard {
    const { clock, calendar, convention } = this.options;
    return new ChainBoard({
      clock,
      feed: this.feed,
      isMarketOpen: (exchange) => this.isMarketOpen(exchange),
      isSpotTrading: ({ exchange }) => calendar.isSpotOpen(exchange, clock.wallMs()),
      isIndex: (underlying) => this.isIndex(underlying),
      convention: convention ?? conventions.calendar365,
    });
  }

  private openService(source: ChainSource): ChainService {
    const { clock, calendar, accounts } = this.options;
    return new ChainService({
      clock,
      source,
      calendar,
      board: this.board,
      feed: this.feed,
      requests: this.requests,
      accounts,
      hub: this.hub,
      greeksHub: this.greeksHub,
      builds: this.builds,
      plan: () => this.building.plan,
      isStarting: () => this.isStarting,
    });
  }

  private openDays(): TradingDays {
    const { clock, log, calendar, registry } = this.options;
    return new TradingDays({
      clock,
      log,
      calendar,
      registry,
      keeper: this.keeper,
      plan: () => this.building.plan,
      work: () => this.building.work,
      setActivity: (exchange, activity) => this.feed.setActivity(exchange, activity),
      buildNext: () => this.building.build({ isNext: true }),
      swap: () => this.swap(),
      filled: () => this.requests.idle(),
      dayEnds: (exchange, tradingDay) => this.service.dayEnds(exchange, tradingDay),
    });
  }

  /** Answers with the sockets that carry what was carried elsewhere before. */
  private takeAccounts(): number[] {
    this.requests.accountsChanged();
    const accounts = this.options.accounts();
    return this.feed.setAccounts(accounts.map((one) => ({ ...one, limits: one.limits.feed })));
  }

  private redealt(sockets: readonly number[]): void {
    this.board.redealt(this.feed.unplaced());
    for (const socket of sockets) this.fill(this.board.onSocket(socket));
  }

  private missing(): string | undefined {
    return this.options.accounts().length === 0 ? noAccount : undefined;
  }

  private fill(chains: Iterable<LiveChain>): void {
    const keys = new Set([...chains].map(({ key }) => key));
    this.requests.fill(refreshTargets(this.building.plan, keys));
  }

  private swapSoon(): void {
    const { slotCount } = this.board.generation.layout;
    const delayMs = swapDelayMs + slotCount / slotsPerSwapMs;
    this.swapTimer ??= this.options.clock.after(delayMs, () => this.swap());
  }

  /** A new generation, unless the plan has built nothing since the last. */
  private swap(): void {
    this.swapTimer?.cancel();
    this.swapTimer = undefined;
    const { layout, number } = this.board.generation;
    const built = builtSkeletons(this.building.plan);
    const held = [...this.held.values()].flat();
    const isSame =
      number > 0 &&
      built.length === layout.chains.length &&
      layout.chains.every(({ skeleton }, index) => skeleton === built[index]) &&
      held.length === layout.held.length &&
      layout.held.every(({ key }, index) => key === held[index]?.key);
    if (isSame) return;
    const retired = (chain: LiveChain): void => {
      this.hub.retire(chain);
      this.greeksHub.retire(chain);
    };
    this.board.swap(this.building.plan, { retired }, held);
    this.mirror?.fill();
    this.requests.keepFresh(refreshTargets(this.building.plan));
    const { unplaced } = this.board;
    if (unplaced.length === 0 || this.missing() !== undefined) return;
    const tokens = unplaced.slice(0, unplacedNamed).map(({ token }) => tokenKey(token));
    this.options.log.warn('contracts without a feed', { count: unplaced.length, tokens });
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

  private isMarketOpen(exchange: Exchange): boolean {
    const { calendar, clock } = this.options;
    return calendar.isOpen(exchange, clock.wallMs());
  }

  private isIndex(underlying: UnderlyingRef): boolean {
    return this.directory.find(underlying)?.kind === 'index';
  }
}

/** Whose data are served: the account that comes first. */
function sourceOf({ accounts }: OptionChainEngineOptions): ChainSource {
  return {
    get broker() {
      return accounts()[0]?.broker ?? '';
    },
    get account() {
      return accounts()[0]?.label ?? 'none';
    },
  };
}
