import { noAccount } from '@strikewire/broker/engine';
import { errorMessageOf, type Timer } from '@strikewire/runtime';
import type { HeldContract } from '../core/generation-layout';
import type { ChainAnswer } from '../core/skeleton';
import { ChainMirror } from './chain-mirror';
import { DayBuilding } from './day-building';
import { builtSkeletons, refreshTargets } from './day-plan';
import type { OptionChainEngineOptions } from './engine-options';
import { openOutlets, type EngineOutlets } from './engine-outlets';
import { openSources, type EngineSources } from './engine-sources';
import { GenerationSwap } from './generation-swap';
import { chainKey, chainOf, type LiveChain } from './live-chain';
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
      answered: (key, answer) => this.answered(key, answer),
      named: () => this.named(),
    });
    this.mirror = this.openMirror();
    this.building = this.openBuilding();
    this.outlets = openOutlets(options, this.sources, {
      plan,
      isStarting: () => this.isStarting,
      hold: (holder, contracts) => this.hold(holder, contracts),
    });
    this.generations = new GenerationSwap({
      ...options,
      ...this.sources,
      plan,
      rename: () => this.rename(),
      hasAccount: () => this.missing() === undefined,
      retired: (chain) => {
        this.hub.retire(chain);
        this.greeksHub.retire(chain);
      },
      swapped: () => this.swapped(),
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

  /** Who is asked, and whose sockets carry what. */
  get supervision(): EngineSources['supervision'] {
    return this.sources.supervision;
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

  /** Books of options. */
  get depth(): EngineOutlets['depth'] {
    return this.outlets.depth;
  }

  /** Contracts as those see them who trade. */
  get contracts(): EngineOutlets['contracts'] {
    return this.outlets.contracts;
  }

  /** Contracts one by one, as tickets show them. */
  get terms(): EngineOutlets['terms'] {
    return this.outlets.terms;
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
    const building = this.build({ isNext: false });
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
    this.takeAccounts();
    // Whatever is built with the accounts before is not waited for.
    const building = this.build({ isNext: false });
    this.days.also(building);
    await building;
  }

  /** The same accounts, under other names, or in another order. */
  accountsRenamed(): void {
    if (this.isStopped) return;
    // Nothing is built anew: what another broker calls the day's contracts is looked up.
    const isOther = this.takeAccounts();
    if (isOther) this.days.also(this.build({ isNext: false }));
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
    const { requests, keeper, supervision } = this.sources;
    const { hub, greeksHub, load } = this.outlets;
    for (const part of [
      this.days, this.generations, this.building, requests, load, keeper, hub, greeksHub,
      this.depth, this.terms, this.contracts, supervision, this.sources.names,
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

  private async build(of: { isNext: boolean }): Promise<void> {
    await this.building.build(of);
    if (!this.isStopped) this.options.built?.();
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
      buildNext: () => this.build({ isNext: true }),
      swap,
      filled: () => this.requests.idle(),
      dayEnds: (exchange, tradingDay) => this.service.dayEnds(exchange, tradingDay),
    });
  }

  /** Tells of the accounts of now; true when another broker is at home by that. */
  private takeAccounts(): boolean {
    const { names } = this.sources;
    const before = names.home;
    // Without an account it is as it was.
    const home = this.options.accounts()[0]?.broker ?? before;
    const isOther = home !== before;
    if (isOther) {
      names.setHome(home);
      this.board.comeHome();
    }
    this.supervision.accountsChanged();
    if (!isOther) return false;
    this.named();
    return before !== '';
  }

  /** What is served has other names at home, or more of them are known. */
  private named(): void {
    if (this.isStopped || this.board.generation.number === 0) return;
    this.board.retarget();
    this.generations.now();
    this.sources.names.want(this.board.unnamed);
  }

  private rename(): void {
    const { names } = this.sources;
    if (this.hasSeveralBrokers()) {
      for (const one of builtSkeletons(this.building.plan)) names.takeSkeleton(one);
    }
    if (names.home !== '') this.building.work?.rename(names.home, (key) => names.tokenOf(key));
  }

  /** What another broker may have to name is remembered. */
  private hasSeveralBrokers(): boolean {
    return new Set(this.options.accounts().map(({ broker }) => broker)).size > 1;
  }

  private answered(key: string, answer: ChainAnswer): void {
    const of = chainOf(key);
    this.board.answered(of, answer);
    this.building.work?.answered(key, answer);
    if (this.hasSeveralBrokers()) this.sources.names.take(of, answer);
  }

  private redealt(sockets: readonly number[]): void {
    this.board.redealt(this.feed.unplaced());
    for (const socket of sockets) this.fill(this.board.onSocket(socket));
  }

  /** Another generation is served. */
  private swapped(): void {
    this.contracts.swapped();
    this.supervision.setContracts(this.board.contracts());
    this.sources.names.want(this.board.unnamed);
    this.mirror?.fill();
    this.days.watchExpiries();
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
