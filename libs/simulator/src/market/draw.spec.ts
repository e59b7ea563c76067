import { createSeededRandom } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import type { Contract } from './contract';
import { createDraw } from './draw';

const contract = (liquidity: number, life: Contract['life'] = 'live'): Contract =>
  ({ kind: 'option', life, liquidity }) as Contract;

describe('createDraw', () => {
  it('picks each by its share, the dead never', () => {
    const [busy, quiet, other] = [contract(0.5), contract(0.25), contract(0.25)];
    const dead = contract(0.9, 'dead');
    const rates = { ticksPerSecond: 10, contractTicksPerSecondMax: 100 };
    const { pick } = createDraw([dead, busy, quiet, other], rates);
    const picked = Array.from({ length: 1_024 }, (_, index) => pick(index / 1_024));
    const shares = [busy, quiet, other].map((one) => picked.filter((two) => two === one).length);
    expect(shares).toEqual([512, 256, 256]);
    expect([pick(0), pick(1 - 2 ** -32)]).toEqual([busy, other]);
  });

  it('finds among thousands the one that a search from the front finds', () => {
    const random = createSeededRandom(5);
    const many = Array.from({ length: 5_000 }, () => contract(random.next() ** 8));
    const rates = { ticksPerSecond: 1_000, contractTicksPerSecondMax: 10 };
    const { pick } = createDraw(many, rates);
    const weights = many.map(({ liquidity }) => Math.max(0.002, liquidity));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const ends: number[] = [];
    for (const weight of weights) {
      ends.push((ends.at(-1) ?? 0) + Math.min(weight, (10 / 1_000) * sum));
    }
    for (let round = 0; round < 2_000; round++) {
      const unit = random.next();
      const index = ends.findIndex((end) => end > unit * (ends.at(-1) ?? 0));
      expect(pick(unit)).toBe(many[index]);
    }
  });

  it('lets few contracts tick no more often than they may', () => {
    const rates = { ticksPerSecond: 1_000, contractTicksPerSecondMax: 10 };
    expect(createDraw([contract(0.5), contract(0.5)], rates).ticksPerSecond).toBe(20);
    expect(createDraw([], rates).ticksPerSecond).toBe(0);
  });
});
