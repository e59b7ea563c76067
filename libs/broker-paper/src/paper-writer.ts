import { errorMessageOf, type Clock, type Log, type Timer } from '@strikewire/runtime';
import type { PaperChange, PaperStore } from './paper-ports';

/** What a writer works with. */
export interface PaperWriterDeps {
  clock: Clock;
  log: Log;
  store: Pick<PaperStore, 'save'>;
  /** It is stored: only now may anybody be told. */
  stored(change: PaperChange): void;
}

/** Changes that wait to be stored; past it the account takes nothing more, and matches nothing. */
const waitingMax = 500;
const retryBaseMs = 500;
const retryMaxMs = 30_000;

interface Waiting {
  change: PaperChange;
  stored(): void;
}

/**
 * Stores the changes of one account one after the other, each until it is: an answer that was lost
 * is asked for again with the same change.
 */
export class PaperWriter {
  private readonly deps: PaperWriterDeps;
  private readonly waiting: Waiting[] = [];
  private tries = 0;
  private isBusy = false;
  private isStopped = false;
  private timer: Timer | undefined;

  constructor(deps: PaperWriterDeps) {
    this.deps = deps;
  }

  /** Too much waits to be stored. */
  get isFull(): boolean {
    return this.waiting.length >= waitingMax;
  }

  /** Why nothing is stored at present; null: all is well. */
  get trouble(): string | null {
    return this.tries > 0 || this.isFull ? 'paper orders cannot be stored at present' : null;
  }

  /** Resolves when it is stored; never rejects, and never resolves after a stop. */
  push(change: PaperChange): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push({ change, stored: resolve });
      void this.run();
    });
  }

  stop(): void {
    this.isStopped = true;
    this.timer?.cancel();
  }

  private async run(): Promise<void> {
    if (this.isBusy || this.isStopped) return;
    this.isBusy = true;
    for (let next = this.waiting[0]; next && !this.isStopped; next = this.waiting[0]) {
      const isStored = await this.attempt(next.change);
      if (this.isStopped) return;
      if (!isStored) return this.retryLater();
      this.waiting.shift();
      this.deps.stored(next.change);
      next.stored();
    }
    this.isBusy = false;
  }

  private async attempt(change: PaperChange): Promise<boolean> {
    const { clock, store, log } = this.deps;
    try {
      await clock.track(store.save(change));
      this.tries = 0;
      return true;
    } catch (error) {
      this.tries++;
      const reason = errorMessageOf(error);
      log.error('a paper account is not stored yet', { userId: change.userId, reason });
      return false;
    }
  }

  private retryLater(): void {
    const waitMs = Math.min(retryMaxMs, retryBaseMs * 2 ** Math.min(this.tries, 10));
    this.timer = this.deps.clock.after(waitMs, () => {
      this.isBusy = false;
      void this.run();
    });
  }
}
