import { StrikewireError } from '@strikewire/runtime';
import type { Redis } from 'ioredis';
import type { RedisLink } from './redis-link';

/**
 * Binary values in Redis that may be lost at any time. A Redis that is away, or says no, rejects
 * with kind `retryable`; nothing waits for it.
 */
export interface RedisBytes {
  /** Leaves a mark and answers with the one before, in one step. */
  mark(value: string): Promise<string | undefined>;
  save(entries: readonly { key: string; bytes: Uint8Array }[]): Promise<void>;
  /** What is there of these keys. */
  load(keys: readonly string[]): Promise<Map<string, Uint8Array>>;
  forget(keys: readonly string[]): Promise<void>;
}

/** Where they are kept, and for how long. */
export interface RedisBytesOptions {
  /** Of all keys of the platform. */
  prefix: string;
  /** What they are, as a part of their keys: `chain`. */
  area: string;
  /** Each value is forgotten so long after it was written. */
  ttlMs: number;
}

const keyCharsMax = 512;
/** Of one value, and of all keys that are asked for or written at once. */
const valueBytesMax = 1_048_576;
const keysMax = 1_000;

const markScript = `
  local before = redis.call('get', KEYS[1])
  redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return before`;

/** Binary values in Redis, under `<prefix>:<area>:`; several travel together. */
export function createRedisBytes(
  redis: RedisLink,
  { prefix, area, ttlMs }: RedisBytesOptions,
): RedisBytes {
  const place = (key: string): string => `${prefix}:${area}:${key}`;
  const markPlace = `${prefix}:${area}-mark`;
  return {
    async mark(value) {
      const before = await redis.ask((client) =>
        client.eval(markScript, 1, markPlace, value, ttlMs),
      );
      return (before as string | null) ?? undefined;
    },
    async save(entries) {
      checkKeys(entries.map(({ key }) => key));
      for (const { key, bytes } of entries) checkBytes(key, bytes);
      if (entries.length === 0) return;
      await redis.ask((client) => {
        const batch = client.pipeline();
        for (const { key, bytes } of entries) {
          batch.set(place(key), bufferOf(bytes), 'PX', ttlMs);
        }
        return sendAll(batch);
      });
    },
    async load(keys) {
      checkKeys(keys);
      const found = new Map<string, Uint8Array>();
      if (keys.length === 0) return found;
      const values = await redis.ask((client) => client.mgetBuffer(keys.map(place)));
      keys.forEach((key, index) => {
        const value = values[index];
        if (value && value.byteLength <= valueBytesMax) found.set(key, value);
      });
      return found;
    },
    async forget(keys) {
      for (let at = 0; at < keys.length; at += keysMax) {
        const some = keys.slice(at, at + keysMax);
        checkKeys(some);
        await redis.ask((client) => client.del(some.map(place)));
      }
    },
  };
}

/** A pipeline never rejects by itself: each command has its own outcome. */
async function sendAll(batch: ReturnType<Redis['pipeline']>): Promise<void> {
  for (const [error] of (await batch.exec()) ?? []) if (error) throw error;
}

/** The same memory, as the client takes it. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function checkKeys(keys: readonly string[]): void {
  if (keys.length > keysMax) throw invalid(`at most ${keysMax} keys at once, not ${keys.length}`);
  for (const { length } of keys) {
    if (length === 0 || length > keyCharsMax) {
      throw invalid(`a key has 1 to ${keyCharsMax} characters, this one ${length}`);
    }
  }
}

function checkBytes(key: string, { byteLength }: Uint8Array): void {
  if (byteLength <= valueBytesMax) return;
  throw invalid(`a value has at most ${valueBytesMax} bytes, that of ${key} ${byteLength}`);
}

function invalid(message: string): StrikewireError {
  return new StrikewireError({ kind: 'invalid', code: 'redis_bytes_invalid', message });
}
