import {
  indiaIsoOf,
  type SessionRuns,
  type SessionRunsQuery,
  type SessionSchedule,
} from '@strikewire/contracts';
import type { Clock } from '@strikewire/runtime';
import type { SessionRunner } from '../engine/session-runner';
import type { SessionRunLog } from './session-runs';

/** What people see of the scheduler: what is to come, and what was done. */
export class SessionDesk {
  private readonly deps: {
    clock: Pick<Clock, 'wallMs'>;
    calendar: SessionSchedule['calendar'];
    runner: Pick<SessionRunner, 'activities' | 'coming'>;
    log: Pick<SessionRunLog, 'list'>;
  };

  constructor(deps: SessionDesk['deps']) {
    this.deps = deps;
  }

  schedule(): SessionSchedule {
    const { clock, calendar, runner } = this.deps;
    return {
      now: indiaIsoOf(clock.wallMs()),
      calendar,
      segments: runner.activities().map(({ sinceMs, ...segment }) => ({
        ...segment,
        since: sinceMs === null ? null : indiaIsoOf(sinceMs),
      })),
      next: runner.coming().map(({ atMs, ...job }) => ({ ...job, at: indiaIsoOf(atMs) })),
    };
  }

  runs(query: SessionRunsQuery): Promise<SessionRuns> {
    return this.deps.log.list(query);
  }
}
