import { createVirtualClock } from '@strikewire/runtime/virtual';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerCache, type EncodedSnapshot } from './answer-cache';

interface Thing {
  name: number;
}

function setUp(bytesMax: number) {
  const clock = createVirtualClock(0);
  const cache = new AnswerCache<Thing>(clock, bytesMax);
  const things = Array.from({ length: 10 }, (_, name): Thing => ({ name }));
  const put = (name: number, bytes: number): EncodedSnapshot => {
    const answer = { body: Buffer.alloc(bytes), etag: `"${name}"` };
    cache.set(things[name]!, answer);
    return answer;
  };
  const get = (name: number): EncodedSnapshot | undefined => cache.get(things[name]!);
  return { clock, cache, put, get };
}

describe('answers that are held', () => {
  it('are those that were put there last', () => {
    const { cache, put, get } = setUp(100);
    put(1, 40);
    const answer = put(1, 50);
    expect(get(1)).toBe(answer);
    expect(get(2)).toBeUndefined();
    expect(cache.bytes).toBe(50);
  });

  it('go when there are too many bytes, the one first that was read longest ago', () => {
    const { cache, put, get } = setUp(100);
    for (const name of [1, 2, 3]) put(name, 30);
    expect(get(1)).toBeDefined();
    put(4, 40);
    expect([1, 2, 3, 4].map((name) => get(name) !== undefined)).toEqual([true, false, true, true]);
    expect(cache.bytes).toBe(100);
    put(5, 500);
    expect([1, 3, 4, 5].map((name) => get(name) !== undefined)).toEqual([
      false, false, false, true,
    ]);
    expect(cache.bytes).toBe(500);
  });

  it('go once nobody has read them for a minute, without any further read', async () => {
    const { clock, cache, put, get } = setUp(100);
    put(1, 10);
    put(2, 20);
    await clock.advance(40_000);
    expect(get(1)).toBeDefined();
    await clock.advance(19_999);
    expect(cache.bytes).toBe(30);
    await clock.advance(1);
    expect(cache.bytes).toBe(10);
    await clock.advance(40_000);
    expect(cache.bytes).toBe(0);
    expect(clock.pendingCount).toBe(0);
    put(3, 30);
    await clock.advance(60_000);
    expect([cache.bytes, clock.pendingCount]).toEqual([0, 0]);
  });

  it('are counted rightly, and bounded, whatever is done with them', async () => {
    const step = fc.record({
      name: fc.nat(9), bytes: fc.nat(60), waitMs: fc.nat(50_000), isRead: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { clock, cache, put, get } = setUp(150);
        // By name: bytes and the time of the last use, in the order of use.
        const model = new Map<number, { bytes: number; atMs: number }>();
        for (const { name, bytes, waitMs, isRead } of steps) {
          await clock.advance(waitMs);
          const nowMs = clock.monoMs();
          for (const [old, { atMs }] of model) if (atMs + 60_000 <= nowMs) model.delete(old);
          const held = model.get(name);
          if (isRead) expect(get(name)?.body.byteLength).toBe(held?.bytes);
          else put(name, bytes);
          if (isRead && !held) continue;
          model.delete(name);
          model.set(name, { bytes: isRead ? (held?.bytes ?? 0) : bytes, atMs: nowMs });
          const sum = (): number => [...model.values()].reduce((all, one) => all + one.bytes, 0);
          while (sum() > 150) model.delete([...model.keys()][0]!);
          expect(cache.bytes).toBe(sum());
        }
      }),
      { seed: 4, numRuns: 200 },
    );
  });
});
