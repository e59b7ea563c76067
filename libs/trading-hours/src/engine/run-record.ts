import type { SessionRun } from '@strikewire/contracts';
import type { DoneMark, DueJob } from '../core/schedule/session-scheduler';
import { segmentKey } from '../core/schedule/session-scheduler';

/** A job that ran, or should have; instants are epoch ms. */
export interface RunRecord extends DueJob {
  id: string;
  /** Null when it was missed. */
  startedMs: number | null;
  finishedMs: number | null;
  outcome: SessionRun['outcome'];
  detail: string;
}

/** Where runs are kept, so that a restart does nothing twice and people see what was done. */
export interface RunStore {
  /** What was done once for the days since `sinceMs`, by segment key. */
  marks(sinceMs: number): Promise<Record<string, DoneMark[]>>;
  /** Writes a run anew, or as it is now. */
  save(run: RunRecord): Promise<void>;
}

/** Runs that are forgotten at the end of the process: for virtual runs. */
export function createMemoryRuns(): RunStore & { all(): RunRecord[] } {
  const runs = new Map<string, RunRecord>();
  return {
    all: () => [...runs.values()],
    save: async (run) => void runs.set(run.id, { ...run }),
    marks: async (sinceMs) => marksOf([...runs.values()].filter((run) => run.dueMs >= sinceMs)),
  };
}

/** Marks of runs: what was done, or is not to be made up for any more. */
export function marksOf(runs: readonly RunRecord[]): Record<string, DoneMark[]> {
  const marks: Record<string, DoneMark[]> = {};
  for (const run of runs) {
    const { job, date, dueMs, outcome } = run;
    const isOnce = job === 'build' || job === 'end_of_day' || job === 'rollover';
    if (isOnce && (outcome === 'done' || outcome === 'missed')) {
      (marks[segmentKey(run)] ??= []).push({ job, date, dueMs });
    }
  }
  return marks;
}
