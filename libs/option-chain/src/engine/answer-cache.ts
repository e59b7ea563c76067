import type { Clock, Timer } from '@strikewire/runtime';

/** An encoded answer with its validator. */
export interface EncodedSnapshot {
  body: Buffer;
  etag: string;
}

/** What nobody has read for so long is dropped. */
const idleMs = 60_000;

interface Entry<V> {
  value: V;
  readMono: number;
}

/**
 * Encoded answers by what they are of. They can be made again at any time, so they are bounded:
 * past `bytesMax` what was read longest ago goes first, and what is not read for a minute goes by
 * itself. The newest stays, however large it is.
 */
export class AnswerCache<K extends object, V extends EncodedSnapshot = EncodedSnapshot> {
  private readonly clock: Clock;
  private readonly bytesMax: number;
  /** What was read longest ago comes first. */
  private readonly entries = new Map<K, Entry<V>>();
  private held = 0;
  private timer: Timer | undefined;

  constructor(clock: Clock, bytesMax: number) {
    this.clock = clock;
    this.bytesMax = bytesMax;
  }

  /** Bytes of all bodies that are held. */
  get bytes(): number {
    return this.held;
  }

  get(key: K): V | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    entry.readMono = this.clock.monoMs();
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value;
  }

  set(key: K, value: V): void {
    this.drop(key);
    this.entries.set(key, { value, readMono: this.clock.monoMs() });
    this.held += value.body.byteLength;
    for (const oldest of this.entries.keys()) {
      if (this.held <= this.bytesMax || oldest === key) break;
      this.drop(oldest);
    }
    this.arm(idleMs);
  }

  private drop(key: K): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.entries.delete(key);
    this.held -= entry.value.body.byteLength;
  }

  /** One timer, and none when nothing is held. */
  private arm(delayMs: number): void {
    this.timer ??= this.clock.after(delayMs, () => {
      this.timer = undefined;
      const nowMono = this.clock.monoMs();
      for (const [key, { readMono }] of this.entries) {
        const leftMs = readMono + idleMs - nowMono;
        if (leftMs > 0) return this.arm(leftMs);
        this.drop(key);
      }
    });
  }
}
