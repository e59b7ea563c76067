import { indiaIsoOf, type FailoverEventRow, type FailoverHistory } from '@strikewire/contracts';
import type { News, Notifier } from '@strikewire/platform/notifications';
import { Keeper, type Clock, type Log } from '@strikewire/runtime';
import type { FailoverEvent } from '../engine/switch-watch';
import type { FailoverStore } from './failover-store';

/** What the record of failover is made of. */
export interface FailoverRecordDeps {
  clock: Clock;
  log: Log;
  store: FailoverStore;
  notifier: Notifier;
}

const degradedKey = 'failover.degraded';

/** Keeps what has changed hands and tells people; a database that is away gets it later. */
export class FailoverRecord {
  private readonly deps: FailoverRecordDeps;
  private readonly keeper: Keeper;
  private readonly storing = new Set<Promise<void>>();
  private readonly counts = new Map<number, number>();
  private count = 0;
  private isTold = false;

  constructor(deps: FailoverRecordDeps) {
    this.deps = deps;
    this.keeper = new Keeper(deps);
  }

  /** Events since the start, by level. */
  counted(): ReadonlyMap<number, number> {
    return this.counts;
  }

  /** Never rejects, and waits for nothing. */
  add(event: FailoverEvent): void {
    const { store, notifier } = this.deps;
    this.counts.set(event.level, (this.counts.get(event.level) ?? 0) + 1);
    const { atMs, from, to, ...rest } = event;
    const row = { ...rest, at: new Date(atMs), from: [...from], to: [...to] };
    const stored = this.keeper.keep(`failover event ${++this.count}`, () => store.add(row));
    this.storing.add(stored);
    void stored.finally(() => this.storing.delete(stored));
    const news = newsOf(event);
    if (news) void notifier.raise(news);
  }

  /** Nobody is left who carries, or somebody is again. */
  degraded(isDegraded: boolean): void {
    if (isDegraded === this.isTold) return;
    this.isTold = isDegraded;
    void this.deps.notifier.raise(isDegraded ? degradedNews : restoredNews);
  }

  async list(limit: number): Promise<FailoverHistory> {
    const rows = await this.deps.store.list(limit);
    const events = rows.map(({ at, cause, ...row }): FailoverEventRow => ({
      ...row,
      at: indiaIsoOf(at.getTime()),
      cause: cause as FailoverEventRow['cause'],
    }));
    return { events };
  }

  /** After the last event: what can be stored now is. */
  async stop(): Promise<void> {
    await Promise.all(this.storing);
    this.keeper.stop();
  }
}

const degradedNews: News = {
  kind: degradedKey,
  severity: 'critical',
  title: 'No account carries the data',
  text:
    'Chains are served as they were, marked stale, until an account comes back. All go on being ' +
    'tried: look at the accounts and their tokens.',
  key: degradedKey,
};
const restoredNews: News = {
  kind: `${degradedKey}.over`,
  severity: 'info',
  title: 'An account carries the data again',
  text: 'Chains are live again. Nothing needs to be done.',
  key: `${degradedKey}.over`,
};

/** What people are told of an event; undefined for what they need not know. */
function newsOf(event: FailoverEvent): News | undefined {
  const { level, cause, reason, from, to } = event;
  const [before, now] = [from, to].map((labels) => labels.join(', ') || 'nobody');
  const key = `failover:${before}:${now}`;
  const text = `${reason}. ${lasted(event)}`;
  if (cause === 'recovered') {
    const title = `Failover is over: ${now} again`;
    return { kind: 'failover.recovered', severity: 'info', title, text, key };
  }
  if (level < 2) return undefined;
  const title = `Failover: ${now} instead of ${before}`;
  return { kind: 'failover.switched', severity: 'warning', title, text, key };
}

function lasted({ durationMs, contracts, withoutFeed }: FailoverEvent): string {
  const time = durationMs === null ? '' : `The next tick came after ${durationMs} ms. `;
  const left = withoutFeed === 0 ? '' : `, and ${withoutFeed} are served by REST alone`;
  return `${time}${contracts} contracts have a feed${left}.`;
}
