import {
  indiaIsoOf,
  type RefreshJobState,
  type RefreshRequest,
} from '@strikewire/contracts';
import { actorName, type ActedBy, type ActivityRecorder } from '@strikewire/platform';
import type { DataSource } from 'typeorm';
import type { ManualRefresh, RefreshJob } from '../engine/manual-refresh';
import type { RefreshRunner } from '../engine/refresh-runner';

/** What refreshes are begun and told with. */
export interface RefreshDeskDeps {
  database: DataSource;
  activity: ActivityRecorder;
  refreshes: ManualRefresh;
  requests: Pick<RefreshRunner, 'estimateMs'>;
}

/** Refreshes that people ask for: each wish is in the activity log, or does not begin. */
export class RefreshDesk {
  private readonly deps: RefreshDeskDeps;

  constructor(deps: RefreshDeskDeps) {
    this.deps = deps;
  }

  /** The newest first. */
  jobs(): RefreshJobState[] {
    return this.deps.refreshes.jobs().map((job) => this.told(job));
  }

  async start(wish: RefreshRequest, by: ActedBy): Promise<RefreshJobState> {
    const { database, activity, refreshes } = this.deps;
    const { underlying = 'all', expiry = 'all' } = wish;
    const name = [underlying, ...(wish.expiry ? [wish.expiry] : [])].join(' ');
    return database.transaction(async (manager) => {
      await activity.record(manager, by, {
        action: 'chains.refreshed',
        subject: { kind: 'chains', id: name, name },
        before: null,
        after: { underlying, expiry },
      });
      // What is refused is not in the log.
      return this.told(refreshes.start(wish, actorName(by)));
    });
  }

  private told(job: RefreshJob): RefreshJobState {
    const { id, by, state, chains, done, changed, failed, startedMs, endedMs } = job;
    const isDone = state === 'done';
    const percent = chains.length === 0 ? 0 : Math.floor((100 * done) / chains.length);
    return {
      id,
      by,
      state,
      chains: chains.length,
      done,
      // With the last answer the chains are still to be cut.
      percent: isDone ? 100 : Math.min(99, percent),
      leftMs: isDone ? null : this.deps.requests.estimateMs(chains.length - done),
      changed,
      failed: failed.map((one) => ({ ...one })),
      startedAt: indiaIsoOf(startedMs),
      endedAt: endedMs === null ? null : indiaIsoOf(endedMs),
    };
  }
}
