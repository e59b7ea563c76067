import type { Clock, Timer } from './clock';
import { errorMessageOf } from './error';
import type { Log } from './log';

/** Tries at storing one thing; with the pauses below they last about twelve hours. */
const triesMax = 150;
const retryBaseMs = 5_000;
const retryMaxMs = 300_000;

interface Kept {
  store(): Promise<void>;
  tries: number;
  /** The try that runs, of this or of the one it replaces; never rejects. */
  running: Promise<void> | undefined;
  timer: Timer | undefined;
}

/** Names that wait to be stored; past it the oldest is given up. */
const namesMax = 5_000;

/**
 * Stores what must not wait for a database that does not answer: what could not be stored is stored
 * later, with growing pauses and a bounded number of tries. Of one name the newest counts, and
 * never two are under way.
 */
export class Keeper {
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly kept = new Map<string, Kept>();
  private isStopped = false;

  constructor(deps: { clock: Clock; log: Log }) {
    this.clock = deps.clock;
    this.log = deps.log;
  }

  /** Names that are not stored yet. */
  get pendingCount(): number {
    return this.kept.size;
  }

  /** Whether something of this name is still to be stored. */
  has(name: string): boolean {
    return this.kept.has(name);
  }

  /** Stores under a name, now and if need be later; resolves after the first try. */
  async keep(name: string, store: () => Promise<void>): Promise<void> {
    const before = this.kept.get(name);
    before?.timer?.cancel();
    const kept: Kept = { store, tries: 0, running: before?.running, timer: undefined };
    this.kept.set(name, kept);
    if (this.kept.size > namesMax) this.giveUpOldest();
    if (kept.running) await kept.running;
    await this.attempt(name, kept);
  }

  stop(): void {
    this.isStopped = true;
    for (const { timer } of this.kept.values()) timer?.cancel();
  }

  private giveUpOldest(): void {
    const [name = ''] = this.kept.keys();
    this.kept.get(name)?.timer?.cancel();
    this.kept.delete(name);
    this.log.error('given up: too much waits to be stored', { name, namesMax });
  }

  private attempt(name: string, kept: Kept): Promise<void> {
    // A newer one may have come while this one waited for the one before.
    if (this.isStopped || this.kept.get(name) !== kept) return Promise.resolve();
    kept.running = this.clock.track(kept.store()).then(
      () => {
        if (this.kept.get(name) === kept) this.kept.delete(name);
      },
      (error: unknown) => this.failed(name, kept, error),
    );
    return kept.running;
  }

  private failed(name: string, kept: Kept, error: unknown): void {
    if (this.isStopped || this.kept.get(name) !== kept) return;
    kept.tries++;
    const reason = errorMessageOf(error);
    if (kept.tries >= triesMax) {
      this.kept.delete(name);
      this.log.error('given up: not stored', { name, reason });
      return;
    }
    const waitMs = Math.min(retryMaxMs, retryBaseMs * 2 ** (kept.tries - 1));
    this.log.warn('not stored yet', { name, reason, waitMs });
    kept.timer = this.clock.after(waitMs, () => void this.attempt(name, kept));
  }
}
