import type { Clock, Timer } from '@strikewire/runtime';

/** Between two messages, so that a large plan does not leave as one burst. */
const messagePaceMs = 20;

/** Sends messages one by one: what is asked for later must not overtake what came before. */
export class PacedSender {
  private readonly clock: Clock;
  private readonly send: (message: string | Uint8Array) => void;
  private outbox: (string | Uint8Array)[] = [];
  private timer: Timer | undefined;

  constructor(clock: Clock, send: (message: string | Uint8Array) => void) {
    this.clock = clock;
    this.send = send;
  }

  /** Returns when the last of them will have left, by the monotonic clock. */
  push(messages: readonly (string | Uint8Array)[]): number {
    this.outbox.push(...messages);
    const sentMono = this.clock.monoMs() + this.outbox.length * messagePaceMs;
    if (!this.timer) this.next();
    return sentMono;
  }

  /** Forgets what has not left yet. */
  clear(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.outbox = [];
  }

  private next(): void {
    const message = this.outbox.shift();
    this.timer = undefined;
    if (message === undefined) return;
    this.send(message);
    this.timer = this.clock.after(messagePaceMs, () => this.next());
  }
}
