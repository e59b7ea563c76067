import type { Clock } from '@strikewire/runtime';

/**
 * Sockets that an account may have open. One whose closing the broker did not confirm counts for
 * `lingerMs` more, because the broker may still count it too.
 */
export class ConnectionBudget {
  private readonly clock: Clock;
  private readonly max: number;
  private readonly lingerMs: number;
  private openCount = 0;
  private pausedUntilMono = -Infinity;
  private readonly waiting: (() => void)[] = [];

  constructor(clock: Clock, limits: { socketsMax: number; lingerMs: number }) {
    this.clock = clock;
    this.max = limits.socketsMax;
    this.lingerMs = limits.lingerMs;
  }

  get used(): number {
    return this.openCount;
  }

  /** Calls `open` as soon as a socket may be opened; the returned function withdraws the wish. */
  acquire(open: () => void): () => void {
    this.waiting.push(open);
    this.pump();
    return () => {
      const index = this.waiting.indexOf(open);
      if (index >= 0) this.waiting.splice(index, 1);
    };
  }

  /** Gives a place back: at once when the broker knows of the closing, else after the linger. */
  release(isConfirmed: boolean): void {
    const free = (): void => {
      this.openCount--;
      this.pump();
    };
    if (isConfirmed) free();
    else this.clock.after(this.lingerMs, free);
  }

  /** Opens nothing for `ms`: a broker that throttles handshakes means the whole account. */
  pauseFor(ms: number): void {
    this.pausedUntilMono = Math.max(this.pausedUntilMono, this.clock.monoMs() + ms);
    this.clock.after(ms, () => this.pump());
  }

  private pump(): void {
    if (this.clock.monoMs() < this.pausedUntilMono) return;
    while (this.openCount < this.max) {
      const open = this.waiting.shift();
      if (!open) return;
      this.openCount++;
      open();
    }
  }
}
