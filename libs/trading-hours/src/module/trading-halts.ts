import {
  indiaIsoOf,
  type NewTradingHalt,
  type TradingHalt,
  type TradingHalts,
} from '@strikewire/contracts';
import { actorName, type ActedBy, type ActivityRecorder } from '@strikewire/platform';
import { StrikewireError, type Clock, type SecureRandom } from '@strikewire/runtime';
import { IsNull, type DataSource, type EntityManager } from 'typeorm';
import type { Halt } from '../core/session-calendar';
import { haltEntity, type HaltRow } from './entities';

export interface HaltsDeps {
  clock: Pick<Clock, 'wallMs'>;
  ids: SecureRandom;
  database: DataSource;
  activity: ActivityRecorder;
  /** Whether a template counts for the segment: else there is nothing to halt. */
  isTraded(exchange: string, segment: string): boolean;
  /** Trading of a segment has stopped, or goes on. */
  changed(exchange: string, segment: string): void;
}

/** How long ago a halt may have begun when it is told. */
const pastMsMax = 86_400_000;
/** So many are in memory and shown: what goes on, and the newest; the database has them all. */
const heldMax = 500;
const uniqueViolation = '23505';

/** Live halts: outages and circuit breakers, as they happen. They count above all other hours. */
export class HaltDesk {
  private readonly deps: HaltsDeps;
  /** Newest first. */
  private rows: HaltRow[] = [];

  constructor(deps: HaltsDeps) {
    this.deps = deps;
  }

  async load(): Promise<void> {
    const repository = this.deps.database.getRepository(haltEntity);
    const order = { toAt: { direction: 'desc', nulls: 'first' } } as const;
    this.rows = heldOf(await repository.find({ order, take: heldMax }));
  }

  /** Those of a segment, for its calendar. */
  of(exchange: string, segment: string): Halt[] {
    return this.rows
      .filter((row) => row.exchange === exchange && row.segment === segment)
      .map(({ fromAt, toAt, reason }) => ({
        fromMs: fromAt.getTime(),
        toMs: toAt?.getTime() ?? null,
        reason,
      }));
  }

  list(): TradingHalts {
    return { halts: this.rows.map(shownHalt) };
  }

  /** Trading has stopped. `denied` while a halt of the segment goes on. */
  async add(halt: NewTradingHalt, by: ActedBy): Promise<TradingHalt> {
    const { clock, ids, isTraded } = this.deps;
    const { exchange, segment, reason } = halt;
    const nowMs = clock.wallMs();
    const fromMs = halt.from === undefined ? nowMs : Date.parse(halt.from);
    if (!isTraded(exchange, segment)) throw invalid('segment', 'needs one with applied hours');
    if (fromMs > nowMs || fromMs < nowMs - pastMsMax) {
      throw invalid('from', 'needs a time of the last 24 hours');
    }
    if (this.openOf(exchange, segment)) throw alreadyHalted(halt);
    const fromAt = new Date(fromMs);
    const id = ids.uuid();
    const row = { id, exchange, segment, fromAt, toAt: null, reason, by: actorName(by) };
    await this.write(by, 'trading_hours.halted', row, (manager) =>
      manager.insert(haltEntity, row),
    );
    this.rows = heldOf([row, ...this.rows]);
    this.deps.changed(exchange, segment);
    return shownHalt(row);
  }

  /** Trading goes on from now. */
  async end(id: string, by: ActedBy): Promise<TradingHalt> {
    const row = this.rows.find((one) => one.id === id);
    if (!row) {
      const message = 'there is no such halt';
      throw new StrikewireError({ kind: 'not_found', code: 'halt_unknown', message });
    }
    if (row.toAt !== null) throw haltOver(`it ended at ${indiaIsoOf(row.toAt.getTime())}`);
    // A halt that is ended in the moment of its beginning lasts a millisecond.
    const toAt = new Date(Math.max(this.deps.clock.wallMs(), row.fromAt.getTime() + 1));
    const ended = { ...row, toAt };
    await this.write(by, 'trading_hours.resumed', ended, async (manager) => {
      const { affected } = await manager.update(haltEntity, { id, toAt: IsNull() }, { toAt });
      if (affected !== 1) throw haltOver('somebody else has just ended it');
    });
    this.rows = this.rows.map((one) => (one.id === id ? ended : one));
    this.deps.changed(row.exchange, row.segment);
    return shownHalt(ended);
  }

  private openOf(exchange: string, segment: string): HaltRow | undefined {
    return this.rows.find(
      (row) => row.exchange === exchange && row.segment === segment && row.toAt === null,
    );
  }

  private async write(
    by: ActedBy,
    action: string,
    row: HaltRow,
    change: (manager: EntityManager) => Promise<unknown>,
  ): Promise<void> {
    const { database, activity } = this.deps;
    const { id, exchange, segment } = row;
    const subject = { kind: 'trading_hours', id, name: `${exchange} ${segment}` };
    const { reason, from, to } = shownHalt(row);
    const after = { reason, from, ...(to !== null && { to }) };
    try {
      await database.transaction(async (manager) => {
        await change(manager);
        await activity.record(manager, by, { action, subject, before: null, after });
      });
    } catch (thrown) {
      if ((thrown as { code?: unknown }).code === uniqueViolation) throw alreadyHalted(row);
      throw thrown;
    }
  }
}

/** The newest first; when there are too many, of those that are over the oldest go. */
function heldOf(rows: readonly HaltRow[]): HaltRow[] {
  const sorted = [...rows].sort((a, b) => b.fromAt.getTime() - a.fromAt.getTime());
  const open = sorted.filter(({ toAt }) => toAt === null).length;
  let room = heldMax - open;
  return sorted.filter(({ toAt }) => toAt === null || room-- > 0);
}

function haltOver(message: string): StrikewireError {
  return new StrikewireError({ kind: 'denied', code: 'halt_over', message });
}

function alreadyHalted({ exchange, segment }: Pick<HaltRow, 'exchange' | 'segment'>): Error {
  const message = `${exchange} ${segment} is halted already: end that halt first`;
  return new StrikewireError({ kind: 'denied', code: 'halt_open', message });
}

function invalid(field: string, needed: string): StrikewireError {
  return new StrikewireError({
    kind: 'invalid',
    code: 'halt_invalid',
    message: `${field}: ${needed}`,
    details: { fields: [{ field, needed }] },
  });
}

function shownHalt({ id, exchange, segment, fromAt, toAt, reason, by }: HaltRow): TradingHalt {
  const from = indiaIsoOf(fromAt.getTime());
  return {
    id, exchange, segment, from, to: toAt && indiaIsoOf(toAt.getTime()), reason, by,
  };
}
