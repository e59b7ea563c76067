import type { Clock } from './clock';
import { StrikewireError } from './error';
import { ExpiryQueue } from './expiry-queue';

/** A counter after it was raised by one. */
export interface Count {
  count: number;
  /** Milliseconds until the counter is forgotten. */
  ttlMs: number;
}

/**
 * Small texts and counters under a key, shared by all processes when there is a server for it.
 * Nothing that must not be lost is kept here alone. A store that cannot be reached rejects with
 * kind `retryable`.
 */
export interface StateStore {
  get(key: string): Promise<string | undefined>;
  /** Without `ttlMs` it is kept until it is deleted, or crowded out. */
  set(key: string, value: string, options?: { ttlMs?: number }): Promise<void>;
  delete(key: string): Promise<void>;
  /**
   * Adds one, atomically. A new counter lives for `ttlMs` from its first count. What holds a text
   * that is no whole number rejects (`invalid`).
   */
  increment(key: string, ttlMs: number): Promise<Count>;
}

const keyCharsMax = 512;
const valueCharsMax = 65_536;

/** Throws (`invalid`) for what no StateStore takes; each implementation calls it first. */
export function checkStateEntry(key: string, entry: { value?: string; ttlMs?: number } = {}): void {
  const { value = '', ttlMs = 1 } = entry;
  if (key === '' || key.length > keyCharsMax) {
    throw invalid(`a key has 1 to ${keyCharsMax} characters, this one ${key.length}`);
  }
  if (value.length > valueCharsMax) {
    throw invalid(`a value has at most ${valueCharsMax} characters, this one ${value.length}`);
  }
  if (!Number.isSafeInteger(ttlMs) || ttlMs < 1) {
    throw invalid(`a life is a whole number of milliseconds, 1 or more, not ${ttlMs}`);
  }
}

/** What `increment` rejects with when the key holds something else. */
export function notACounter(): StrikewireError {
  return invalid('only a whole number can be counted up: the key holds a text');
}

function invalid(message: string): StrikewireError {
  return new StrikewireError({ kind: 'invalid', code: 'state_entry_invalid', message });
}

interface Entry {
  readonly key: string;
  /** How many were written before it. */
  readonly order: number;
  value: string;
  /** By the monotonic clock; Infinity when it does not expire. */
  readonly endsMs: number;
}

/**
 * A store in this process. When it is full, what has expired goes first, then what would expire
 * soonest; of those that never expire, the one written longest ago.
 */
export function createMemoryStateStore(
  clock: Clock,
  { entriesMax }: { entriesMax: number },
): StateStore {
  const entries = new FullMap(entriesMax);
  const find = (key: string): Entry | undefined => {
    const entry = entries.get(key);
    if (entry === undefined || entry.endsMs > clock.monoMs()) return entry;
    entries.delete(key);
    return undefined;
  };
  return {
    async get(key) {
      checkStateEntry(key);
      return find(key)?.value;
    },
    async set(key, value, { ttlMs } = {}) {
      checkStateEntry(key, { value, ...(ttlMs === undefined ? {} : { ttlMs }) });
      const endsMs = ttlMs === undefined ? Infinity : clock.monoMs() + ttlMs;
      entries.put(key, value, endsMs);
    },
    async delete(key) {
      checkStateEntry(key);
      entries.delete(key);
    },
    async increment(key, ttlMs) {
      checkStateEntry(key, { ttlMs });
      const now = clock.monoMs();
      const found = find(key) ?? { value: '0', endsMs: Infinity };
      const count = Number(found.value) + 1;
      if (!/^-?\d+$/.test(found.value) || !Number.isSafeInteger(count)) throw notACounter();
      const endsMs = found.endsMs === Infinity ? now + ttlMs : found.endsMs;
      if (endsMs === found.endsMs) found.value = String(count);
      else entries.put(key, String(count), endsMs);
      // Rounded up, it could be longer than the life that was given: times have fractions.
      return { count, ttlMs: Math.max(1, Math.round(endsMs - now)) };
    },
  };
}

/** Entries by key, never more than `max`: the one that is missed least makes room. */
class FullMap {
  private readonly max: number;
  private readonly entries = new Map<string, Entry>();
  private written = 0;
  /** Those that expire; some may have been written over or deleted since. */
  private readonly expiring = new ExpiryQueue<Entry>();

  constructor(max: number) {
    this.max = max;
  }

  get(key: string): Entry | undefined {
    return this.entries.get(key);
  }

  delete(key: string): void {
    this.entries.delete(key);
  }

  put(key: string, value: string, endsMs: number): void {
    this.entries.delete(key);
    if (this.entries.size >= this.max) this.makeRoom();
    const entry = { key, order: this.written++, value, endsMs };
    this.entries.set(key, entry);
    if (endsMs === Infinity) return;
    this.expiring.push(entry);
    if (this.expiring.size > 2 * this.max) this.expiring.keep((one) => this.has(one));
  }

  private makeRoom(): void {
    for (let next = this.expiring.pop(); next !== undefined; next = this.expiring.pop()) {
      if (!this.has(next)) continue;
      this.entries.delete(next.key);
      return;
    }
    // None of them expires: the first is the one that was written longest ago.
    const [oldest] = this.entries.keys();
    if (oldest !== undefined) this.entries.delete(oldest);
  }

  private has(entry: Entry): boolean {
    return this.entries.get(entry.key) === entry;
  }
}
