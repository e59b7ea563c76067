import type { Clock, Timer } from '@strikewire/runtime';

/**
 * How a connection ended, as to whether the broker knows of it. `known`: it has said so, or never
 * had it; `broken`: it went without a word; `unanswered`: a closing that the broker did not answer.
 */
export type ConnectionClosing = 'known' | 'broken' | 'unanswered';

/**
 * Sockets that an account may have open. One whose closing the broker did not confirm counts for
 * `lingerMs` more, because the broker may still count it too: one too many puts out another one.
 * Once every connection is broken there is no other one left to put out, and none counts.
 */
export class ConnectionBudget {
  private readonly clock: Clock;
  private readonly max: number;
  private readonly lingerMs: number;
  private openCount = 0;
  private pausedUntilMono = -Infinity;
  private readonly waiting: (() => void)[] = [];
  /** Places that are free later: those of broken connections can be so sooner. */
  private readonly lingering = new Map<Timer, ConnectionClosing>();

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
  release(closing: ConnectionClosing): void {
    if (closing === 'known') return this.free();
    const timer = this.clock.after(this.lingerMs, () => {
      this.lingering.delete(timer);
      this.free();
    });
    this.lingering.set(timer, closing);
    if (closing === 'broken' && this.lingering.size === this.openCount) this.freeBroken();
  }

  /** Opens nothing for `ms`: a broker that throttles handshakes means the whole account. */
  pauseFor(ms: number): void {
    this.pausedUntilMono = Math.max(this.pausedUntilMono, this.clock.monoMs() + ms);
    this.clock.after(ms, () => this.pump());
  }

  private freeBroken(): void {
    const broken = [...this.lingering].filter(([, closing]) => closing === 'broken');
    for (const [timer] of broken) {
      timer.cancel();
      this.lingering.delete(timer);
    }
    for (let count = 0; count < broken.length; count++) this.free();
  }

  private free(): void {
    this.openCount--;
    this.pump();
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
