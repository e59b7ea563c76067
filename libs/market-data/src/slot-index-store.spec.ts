import { createSeededRandom } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { SlotIndex } from './slot-index-store';
import { tagOf } from './tag';

describe('SlotIndex', () => {
  it('finds what was set, per segment, and -1 for the rest (against a Map)', () => {
    const random = createSeededRandom(5);
    const index = new SlotIndex(3_000);
    const known = new Map<string, number>();
    for (let slot = 0; slot < 3_000; slot++) {
      const segment = Math.floor(random.next() * 9);
      const id = Math.floor(random.next() * 4_000_000_000);
      index.set(segment, id, slot);
      known.set(`${segment}:${id}`, slot);
    }
    for (const [key, slot] of known) {
      const [segment, id] = key.split(':').map(Number) as [number, number];
      expect(index.get(segment, id)).toBe(slot);
      expect(index.get(segment + 9, id)).toBe(-1);
    }
    expect(index.size).toBe(known.size);
  });

  it('tells the same id in two segments apart and replaces a mapping', () => {
    const index = new SlotIndex(4);
    index.set(0, 13, 1);
    index.set(2, 13, 2);
    index.set(2, 13, 3);
    expect([index.get(0, 13), index.get(2, 13), index.get(1, 13)]).toEqual([1, 3, -1]);
  });
});

describe('tagOf', () => {
  it('counts listed strikes from the anchor, per side', () => {
    expect(tagOf(10, 10, 'CE')).toBe('ATM');
    expect(tagOf(8, 10, 'CE')).toBe('ITM2');
    expect(tagOf(8, 10, 'PE')).toBe('OTM2');
    expect(tagOf(13, 10, 'CE')).toBe('OTM3');
    expect(tagOf(13, 10, 'PE')).toBe('ITM3');
    expect(tagOf(3, -1, 'CE')).toBeNull();
  });
});
