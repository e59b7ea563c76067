import { indiaDateOf, type Exchange } from '@strikewire/contracts';
import { errorKindOf, errorMessageOf, type Keeper, type Timer } from '@strikewire/runtime';
import type { Skeleton } from '../core/skeleton';
import { resolveUniverse, type ResolvedUnderlying } from '../core/universe';
import type { ChainBoard } from './chain-board';
import type { CommonMarketData } from './current-market-data';
import type { DailyBuilds } from './daily-builds';
import {
  builtSkeletons,
  carryOver,
  emptyPlan,
  keepDay,
  resumeDay,
  type DayPlan,
} from './day-plan';
import { DayWork, restorePlan } from './day-work';
import type { OptionChainEngineOptions } from './engine-options';
import type { RefreshRunner } from './refresh-runner';
import type { UnderlyingDirectory } from './underlying-directory';

/** What days are built with. */
export interface DayBuildingDeps {
  options: OptionChainEngineOptions;
  directory: UnderlyingDirectory;
  runner: RefreshRunner;
  keeper: Keeper;
  builds: DailyBuilds;
  board: ChainBoard;
  marketData: CommonMarketData;
  /** Why nothing can be asked; undefined while something can. */
  missing(): string | undefined;
  /** Looks for last figures of chains that are about to be served; never rejects. */
  warm(skeletons: readonly Skeleton[]): Promise<void> | undefined;
  /** Serves what the plan has, now or soon. */
  swap(): void;
  swapSoon(): void;
  /** The stored day is served: what it lacks is asked for. */
  restored(): void;
  /** A try that failed is made again, by itself. */
  again(building: Promise<void>): void;
}

/** After a list of underlyings that could not be read. */
const retryBaseMs = 5_000;
const retryMaxMs = 60_000;
/** Credentials do not mend by asking. */
const refusedRetryMs = 300_000;

/** The plan of the present day, and the work on it. */
export class DayBuilding {
  plan: DayPlan;
  work: DayWork | undefined;
  private readonly deps: DayBuildingDeps;
  /** What the plan of now was made by. */
  private rules: ReturnType<OptionChainEngineOptions['universe']>;
  private unlisted: string | undefined = 'what the broker lists has not been read yet';
  private retryTimer: Timer | undefined;
  private retries = 0;
  private isStopped = false;

  constructor(deps: DayBuildingDeps) {
    this.deps = deps;
    this.rules = deps.options.universe();
    this.plan = this.emptyPlan({ isNext: true });
  }

  /**
   * Takes what is stored for the day, serves it at once, and builds the rest. `isNext`: another
   * day has begun; exchanges whose day goes on keep what they have. Resolves after the first try
   * at everything; never rejects.
   */
  async build({ isNext }: { isNext: boolean }): Promise<void> {
    const { clock, log, calendar, registry } = this.deps.options;
    await this.readUnderlyings();
    if (this.isStopped) return;
    // Within a day nothing comes or goes because rules were saved.
    if (isNext || builtSkeletons(this.plan).length === 0) this.rules = this.deps.options.universe();
    const plan = this.emptyPlan({ isNext });
    if (isNext) keepDay(plan, this.plan);
    await restorePlan(plan, { clock, registry, calendar }).catch((error) =>
      log.error('the stored day could not be read', { reason: errorMessageOf(error) }),
    );
    await this.deps.warm(builtSkeletons(plan));
    if (this.isStopped) return;
    // In one turn with the change of plans: what the work before did meanwhile is not lost.
    if (!isNext) resumeDay(plan, this.plan, indiaDateOf(clock.wallMs()));
    const isRestored = !isNext && builtSkeletons(plan).length > 0;
    carryOver(plan, this.plan, ({ exchange }, expiry) =>
      clock.wallMs() < calendar.closeMs(exchange, expiry),
    );
    this.plan = plan;
    const work = this.takeUp(plan);
    this.work = work;
    this.deps.swap();
    // Restored chains have no previous OI and no broker Greeks until they are asked for once.
    if (isRestored) this.deps.restored();
    await work.run();
    if (this.isStopped) return;
    this.deps.swap();
    const days = [...new Set(plan.underlyings.map(({ tradingDay }) => tradingDay))];
    log.info('chains built', { days, chains: builtSkeletons(plan).length });
  }

  stop(): void {
    this.isStopped = true;
    this.retryTimer?.cancel();
    this.work?.stop();
  }

  private async readUnderlyings(): Promise<void> {
    this.retryTimer?.cancel();
    const { directory, options } = this.deps;
    try {
      await directory.refresh();
      this.unlisted = undefined;
      this.retries = 0;
    } catch (error) {
      this.unlisted = errorMessageOf(error);
      const kind = errorKindOf(error);
      const isRefused = kind === 'unauthenticated' || kind === 'fatal';
      const backOffMs = Math.min(retryMaxMs, retryBaseMs * 2 ** Math.min(this.retries++, 8));
      const waitMs = isRefused ? refusedRetryMs : backOffMs;
      options.log.error('what the broker lists could not be read', {
        reason: this.unlisted, waitMs,
      });
      this.retryTimer = options.clock.after(waitMs, () =>
        this.deps.again(this.build({ isNext: false })),
      );
    }
  }

  /** Whatever worked on another plan is stopped. */
  private takeUp(plan: DayPlan): DayWork {
    const { options, runner, keeper, builds, board, marketData, directory } = this.deps;
    const { clock, random, log, registry, calendar } = options;
    this.work?.stop();
    return new DayWork(plan, {
      clock,
      random,
      log,
      marketData,
      requests: runner,
      find: (underlying) => directory.find(underlying),
      registry,
      keeper,
      builds,
      calendar,
      board,
      changed: () => this.deps.swapSoon(),
      cut: () => this.deps.swap(),
    });
  }

  private emptyPlan({ isNext }: { isNext: boolean }): DayPlan {
    const { missing, options } = this.deps;
    const { clock, calendar } = options;
    const nowMs = clock.wallMs();
    return emptyPlan(this.universe({ isNext }), {
      // Before the build a day is still the one before: a start at night must not pass for it.
      tradingDayOf: (exchange: Exchange) => calendar.tradingDay(exchange, nowMs),
      missing: missing() ?? this.unlisted,
    });
  }

  /** Within a day nothing comes or goes because another broker, at home now, lists other things. */
  private universe({ isNext }: { isNext: boolean }): ResolvedUnderlying[] {
    const { directory } = this.deps;
    if (isNext || builtSkeletons(this.plan).length === 0) {
      return resolveUniverse(this.rules, directory.listed);
    }
    return this.plan.underlyings.map(({ row, broker }) => ({
      row,
      listed: directory.find(row) ?? broker,
    }));
  }
}
