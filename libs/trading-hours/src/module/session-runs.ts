import {
  indiaIsoOf,
  type SessionJob,
  type SessionRun,
  type SessionRuns,
  type SessionRunsQuery,
} from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import { LessThan, MoreThanOrEqual, type DataSource, type Repository } from 'typeorm';
import type { DoneMark } from '../core/schedule/session-scheduler';
import { marksOf, type RunRecord, type RunStore } from '../engine/run-record';
import { runEntity, type RunRow } from './entities';

/** Runs are kept for so long. */
const keptMs = 400 * 86_400_000;

/** Runs in the database, for restarts and for people. */
export class SessionRunLog implements RunStore {
  private readonly runs: Repository<RunRow>;

  constructor(database: DataSource) {
    this.runs = database.getRepository(runEntity);
  }

  /** Also tidies up: what ran when the platform stopped was interrupted; what is old goes. */
  async marks(sinceMs: number): Promise<Record<string, DoneMark[]>> {
    await this.runs.update({ outcome: 'running' }, { outcome: 'interrupted' });
    const rows = await this.runs.findBy({ dueAt: MoreThanOrEqual(new Date(sinceMs)) });
    await this.runs.delete({ dueAt: LessThan(new Date(sinceMs - keptMs)) });
    return marksOf(rows.map(recordOf));
  }

  async save({ dueMs, startedMs, finishedMs, ...run }: RunRecord): Promise<void> {
    const times = {
      dueAt: new Date(dueMs),
      startedAt: startedMs === null ? null : new Date(startedMs),
      finishedAt: finishedMs === null ? null : new Date(finishedMs),
    };
    await this.runs.save({ ...run, ...times });
  }

  /** Newest first. `not_found` when `after` is no run. */
  async list({ limit, exchange, job, after }: SessionRunsQuery): Promise<SessionRuns> {
    const query = this.runs
      .createQueryBuilder('run')
      .orderBy({ 'run.dueAt': 'DESC', 'run.id': 'ASC' })
      .limit(limit + 1);
    if (exchange !== undefined) query.andWhere('run.exchange = :exchange', { exchange });
    if (job !== undefined) query.andWhere('run.job = :job', { job });
    if (after !== undefined) {
      const last = await this.runs.findOneBy({ id: after });
      if (!last) throw unknownRun();
      const place = { dueAt: last.dueAt, id: last.id };
      query.andWhere('(run.dueAt < :dueAt or (run.dueAt = :dueAt and run.id > :id))', place);
    }
    const rows = await query.getMany();
    return { runs: rows.slice(0, limit).map(shownRun), more: rows.length > limit };
  }
}

function unknownRun(): StrikewireError {
  const message = 'after: there is no such run';
  return new StrikewireError({ kind: 'not_found', code: 'run_unknown', message });
}

function recordOf({ dueAt, startedAt, finishedAt, ...row }: RunRow): RunRecord {
  return {
    ...row,
    job: row.job as SessionJob,
    cause: row.cause as RunRecord['cause'],
    outcome: row.outcome as RunRecord['outcome'],
    dueMs: dueAt.getTime(),
    startedMs: startedAt?.getTime() ?? null,
    finishedMs: finishedAt?.getTime() ?? null,
  };
}

function shownRun(row: RunRow): SessionRun {
  const { id, exchange, segment, job, date, dueMs, startedMs, finishedMs, ...run } = recordOf(row);
  const iso = (atMs: number | null): string | null => (atMs === null ? null : indiaIsoOf(atMs));
  return {
    id,
    exchange,
    segment,
    job,
    date,
    dueAt: indiaIsoOf(dueMs),
    startedAt: iso(startedMs),
    finishedAt: iso(finishedMs),
    outcome: run.outcome,
    cause: run.cause,
    detail: run.detail,
  };
}
