import type { Clock } from './clock';
import { StrikewireError } from './error';

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
  value: string;
  /** By the monotonic clock; Infinity when it does not expire. */
  endsMs: number;
}

/**
 * A store in this process. When it is full, what has expired goes first, then what would expire
 * soonest; of those that never expire, the one written longest ago.
 */
export function createMemoryStateStore(
  clock: Clock,
  { entriesMax }: { entriesMax: number },
): StateStore {
  const entries = new Map<string, Entry>();
  const find = (key: string): Entry | undefined => {
    const entry = entries.get(key);
    if (entry === undefined || entry.endsMs > clock.monoMs()) return entry;
    entries.delete(key);
    return undefined;
  };
  const put = (key: string, entry: Entry): void => {
    entries.delete(key);
    if (entries.size >= entriesMax) makeRoom(entries, clock.monoMs());
    entries.set(key, entry);
  };
  return {
    async get(key) {
      checkStateEntry(key);
      return find(key)?.value;
    },
    async set(key, value, { ttlMs } = {}) {
      checkStateEntry(key, { value, ...(ttlMs === undefined ? {} : { ttlMs }) });
      put(key, { value, endsMs: ttlMs === undefined ? Infinity : clock.monoMs() + ttlMs });
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
      put(key, { value: String(count), endsMs });
      return { count, ttlMs: Math.ceil(endsMs - now) };
    },
  };
}

/** Removes what has expired, or else the one entry that is missed least. */
function makeRoom(entries: Map<string, Entry>, nowMs: number): void {
  let soonest: string | undefined;
  let soonestMs = Infinity;
  const before = entries.size;
  for (const [key, { endsMs }] of entries) {
    if (endsMs <= nowMs) entries.delete(key);
    else if (soonest === undefined || endsMs < soonestMs) {
      soonest = key;
      soonestMs = endsMs;
    }
  }
  if (entries.size === before && soonest !== undefined) entries.delete(soonest);
}
