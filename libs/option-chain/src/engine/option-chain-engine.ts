import { noAccount } from '@strikewire/broker/engine';
import { errorMessageOf, type Timer } from '@strikewire/runtime';
import type { HeldContract } from '../core/generation-layout';
import { ChainMirror } from './chain-mirror';
import { DayBuilding } from './day-building';
import { refreshTargets } from './day-plan';
import type { OptionChainEngineOptions } from './engine-options';
import { openOutlets, type EngineOutlets } from './engine-outlets';
import { openSources, type EngineSources } from './engine-sources';
import { writeChainSnapshot } from './generation';
import { GenerationSwap } from './generation-swap';
import { chainKey, type LiveChain } from './live-chain';
import { ManualRefresh } from './manual-refresh';
import { TradingDays } from './trading-days';
import { UniverseReport } from './universe-report';

const atmSaveMs = 60_000;

/**
 * The main job, whole: builds the day's chains, keeps them live, and serves them through
 * `service`. All time, randomness and I/O come in; `start` resolves when everything has been
 * tried once, and goes on retrying what failed until `stop`.
 */
export class OptionChainEngine {
  /** What is done because of the trading hours. */
  readonly days: TradingDays;
  /** What people ask to be refreshed. */
  readonly refreshes: ManualRefresh;
  /** What is wanted to be served, against what is. */
  readonly universe: UniverseReport;
  private readonly options: OptionChainEngineOptions;
  private readonly sources: EngineSources;
  private readonly outlets: EngineOutlets;
  private readonly building: DayBuilding;
  private readonly generations: GenerationSwap;
  private readonly mirror: ChainMirror | undefined;
  private atmTimer: Timer | undefined;
  private isStarting = true;
  private isStopped = false;

  constructor(options: OptionChainEngineOptions) {
    this.options = options;
    const plan = (): DayBuilding['plan'] => this.building.plan;
    const work = (): DayBuilding['work'] => this.building.work;
    this.sources = openSources(options, {
      recovered: (socket) => this.fill(this.board.onSocket(socket)),
      redealt: (sockets) => this.redealt(sockets),
      answered: (key, answer) => {
        writeChainSnapshot(this.board.generation, answer);
        work()?.answered(key, answer);
      },
    });
    this.mirror = this.openMirror();
    this.building = this.openBuilding();
    this.outlets = openOutlets(options, this.sources, { plan, isStarting: () => this.isStarting });
    this.generations = new GenerationSwap({
      ...options,
      ...this.sources,
      plan,
      hasAccount: () => this.missing() === undefined,
      retired: (chain) => {
        this.hub.retire(chain);
        this.greeksHub.retire(chain);
      },
      swapped: () => this.mirror?.fill(),
    });
    const swap = (): void => this.generations.now();
    this.days = this.openDays(swap);
    const { requests, directory } = this.sources;
    this.universe = new UniverseReport({ options, directory, requests, plan });
    this.refreshes = new ManualRefresh({ ...options, runner: requests, plan, work, swap });
  }

  /** Everything that is asked of brokers for chains. */
  get requests(): EngineSources['requests'] {
    return this.sources.requests;
  }

  get feed(): EngineSources['feed'] {
    return this.sources.feed;
  }

  get board(): EngineSources['board'] {
    return this.sources.board;
  }

  get service(): EngineOutlets['service'] {
    return this.outlets.service;
  }

  get hub(): EngineOutlets['hub'] {
    return this.outlets.hub;
  }

  get greeksHub(): EngineOutlets['greeksHub'] {
    return this.outlets.greeksHub;
  }

  async start(): Promise<void> {
    this.takeAccounts();
    this.mirror?.start();
    this.outlets.load.start();
    void this.sources.builds.restore();
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

  /** The same accounts, under other names. */
  accountsRenamed(): void {
    if (!this.isStopped) this.redealt(this.takeAccounts());
  }

  /**
   * Keeps contracts live ahead of every chain for as long as their holder needs them; an empty
   * list lets go.
   */
  hold(holder: string, contracts: readonly HeldContract[]): void {
    this.generations.hold(holder, contracts);
  }

  stop(): void {
    this.isStopped = true;
    this.atmTimer?.cancel();
    const { requests, keeper, feed } = this.sources;
    const { hub, greeksHub, load } = this.outlets;
    for (const part of [
      this.days, this.generations, this.building, requests, load, keeper, hub, greeksHub, feed,
    ]) part.stop();
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

  private openBuilding(): DayBuilding {
    return new DayBuilding({
      ...this.sources,
      options: this.options,
      runner: this.sources.requests,
      missing: () => this.missing(),
      warm: (chains) => this.mirror?.prepare(chains.map((one) => chainKey(one, one.expiry))),
      swap: () => this.generations.now(),
      swapSoon: () => this.generations.soon(),
      restored: () => this.fill(this.board.all()),
      again: (building) => this.days.also(building),
    });
  }

  private openDays(swap: () => void): TradingDays {
    return new TradingDays({
      ...this.options,
      keeper: this.sources.keeper,
      plan: () => this.building.plan,
      work: () => this.building.work,
      setActivity: (exchange, activity) => this.feed.setActivity(exchange, activity),
      buildNext: () => this.building.build({ isNext: true }),
      swap,
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
}
