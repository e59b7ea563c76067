import { errorMessageOf, StrikewireError, type Clock, type Log } from '@strikewire/runtime';
import { orderOf, type DayPlan, type PlannedChain, type PlannedUnderlying } from './day-plan';
import type { RefreshedChain } from './cut-anew';
import type { DayWork } from './day-work';
import { chainKey } from './live-chain';
import type { RefreshRunner } from './refresh-runner';

/** What a person wants to be built anew; everything that is left out means all. */
export interface RefreshWish {
  underlying?: string | undefined;
  expiry?: string | undefined;
}

/** One wish, and how far it is. */
export interface RefreshJob {
  readonly id: number;
  readonly by: string;
  /** Chain keys, in order. */
  readonly chains: readonly string[];
  readonly startedMs: number;
  state: 'running' | 'done';
  done: number;
  failed: { chain: string; reason: string }[];
  /** Chains that have another window since. */
  changed: number;
  endedMs: number | null;
}

/** What wishes are fulfilled with. */
export interface ManualRefreshDeps {
  clock: Clock;
  log: Log;
  runner: Pick<RefreshRunner, 'chain'>;
  plan(): DayPlan;
  work(): DayWork | undefined;
  /** Serves what the plan has: one new generation. */
  swap(): void;
}

/** Wishes that run at once; one more is refused. */
const runningMax = 20;
/** Wishes that are remembered. */
const jobsMax = 50;

type Wanted = Omit<RefreshedChain, 'answer'>;

/**
 * What a person asks to be refreshed: each chain is asked for once, ahead of all else and within
 * every limit, however often it is pressed; when the last answer has come the chains are cut anew
 * around the price of now and served as one new generation.
 */
export class ManualRefresh {
  private readonly deps: ManualRefreshDeps;
  private held: RefreshJob[] = [];
  private nextId = 1;

  constructor(deps: ManualRefreshDeps) {
    this.deps = deps;
  }

  /** The newest first. */
  jobs(): readonly RefreshJob[] {
    return this.held;
  }

  /**
   * Begins, or joins the wish for the same chains that is being fulfilled. Throws `not_found` for
   * what is not served, `throttled` when too much is being refreshed.
   */
  start(wish: RefreshWish, by: string): RefreshJob {
    const wanted = this.wantedBy(wish);
    const chains = wanted.map(({ underlying, planned }) => keyOf(underlying, planned));
    const running = this.held.filter(({ state }) => state === 'running');
    const same = running.find((job) => job.chains.join() === chains.join());
    if (same) return same;
    if (running.length >= runningMax) {
      const message = `${runningMax} refreshes run already, the most there may be`;
      throw new StrikewireError({ kind: 'throttled', code: 'too_many_refreshes', message });
    }
    const job: RefreshJob = {
      id: this.nextId++, by, chains, startedMs: this.deps.clock.wallMs(),
      state: 'running', done: 0, failed: [], changed: 0, endedMs: null,
    };
    this.held = [job, ...this.held].slice(0, jobsMax);
    void this.run(job, wanted);
    return job;
  }

  private wantedBy({ underlying: symbol, expiry }: RefreshWish): Wanted[] {
    const { underlyings } = this.deps.plan();
    const named = underlyings.filter(({ row }) => symbol === undefined || row.symbol === symbol);
    if (named.length === 0) throw notFound('underlying', `${symbol} is not served`);
    const wanted = named
      .filter(({ broker }) => broker !== null)
      .flatMap((underlying) => underlying.chains.map((planned) => ({ underlying, planned })))
      .filter(({ planned }) => expiry === undefined || planned.expiry === expiry);
    if (wanted.length > 0) return wanted;
    throw notFound(
      expiry === undefined ? 'underlying' : 'expiry',
      `no chain of ${symbol ?? 'any underlying'}${expiry ? ` ${expiry}` : ''} is kept`,
    );
  }

  private async run(job: RefreshJob, wanted: readonly Wanted[]): Promise<void> {
    const { clock, log, swap, work } = this.deps;
    const answers = await Promise.all(wanted.map((one) => this.ask(job, one)));
    const got = answers.flatMap((one) => one ?? []);
    try {
      const cut = await work()?.cutAnew(got);
      job.changed = cut?.changed ?? 0;
      job.failed.push(...(cut?.failed ?? []));
      if (job.changed > 0) swap();
    } catch (error) {
      const reason = errorMessageOf(error);
      job.failed.push(...got.map((one) => ({ chain: keyOf(one.underlying, one.planned), reason })));
    }
    job.state = 'done';
    job.endedMs = clock.wallMs();
    const { chains, failed, changed, by } = job;
    log.info('chains refreshed', { by, chains: chains.length, failed: failed.length, changed });
  }

  private async ask(
    job: RefreshJob,
    { underlying, planned }: Wanted,
  ): Promise<RefreshedChain | undefined> {
    const { broker } = underlying;
    if (!broker) return undefined;
    const order = orderOf(underlying, planned.expiry);
    try {
      const target = { listed: broker, expiry: planned.expiry, order };
      const answer = await this.deps.runner.chain(target, 'admin');
      return { underlying, planned, answer };
    } catch (error) {
      job.failed.push({ chain: keyOf(underlying, planned), reason: errorMessageOf(error) });
      return undefined;
    } finally {
      job.done++;
    }
  }
}

function keyOf({ row }: PlannedUnderlying, { expiry }: PlannedChain): string {
  return chainKey(row, expiry);
}

function notFound(field: string, message: string): StrikewireError {
  const code = 'nothing_to_refresh';
  return new StrikewireError({ kind: 'not_found', code, message, details: { field } });
}
