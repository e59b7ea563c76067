import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalisedBlack, relativeBlack } from './normalised-black-kernel';
import { coldVol, warmVol } from './normalised-vol-kernel';

/** distance, s, relative value worked out with 60 digits; both sides of each region's borders. */
const values: ReadonlyArray<readonly [number, number, number]> = [
  [1e-9, 0.02, 7.9787121332525736e-3],
  [0.001, 0.0005, 4.2474744104609146e-6],
  [0.01, 0.05, 0.01541966513802507],
  [0.02, 0.101, 0.031376515854438067],
  [0.05, 0.0125, 9.157514130436522e-8],
  [0.1, 0.4, 0.11938289573724675],
  [0.1, 0.7, 0.23827996243662213],
  [0.1, 0.81, 0.28085883242559849],
  [0.3, 0.02, 5.636998614591912e-54],
  [0.3, 0.75, 0.19417915670323798],
  [0.2, 0.0153, 3.0475550403872293e-42],
  [0.2, 0.0155, 2.8317033072563574e-41],
  [0.5, 1.5, 0.43182213786720618],
  [1, 0.3, 5.4887496446129366e-5],
  [1, 3, 0.78760074136038453],
  [2, 0.6, 1.7567450632680123e-4],
  [5, 0.7, 4.9591232585013574e-13],
  [5, 3, 0.31939187990588805],
  [20, 2.5, 1.9464562282778857e-12],
  [50, 9, 0.12307618413990676],
  [0.05, 6, 0.99723193990373844],
  [100, 14, 0.41541738769778858],
];

const eps = Number.EPSILON;

/** |ln(F/K)| from 1e-9 to 3, and its ratio to s. */
const options = fc.tuple(
  fc.double({ min: -9, max: 0.5, noNaN: true }).map((exponent) => 10 ** exponent),
  fc.double({ min: -2, max: 1.3, noNaN: true }).map((exponent) => 10 ** exponent),
);

/** By how much s may be off because u has 53 bits. */
function attainable(u: number, distance: number, s: number): number {
  const slope = Math.exp(-0.5 * (0.5 * s - distance / s) ** 2) / Math.sqrt(2 * Math.PI);
  return eps * (u / slope + s);
}

describe('the relative value', () => {
  it.each(values)('has its digits at distance %d, s %d', (distance, s, expected) => {
    const h = distance / s;
    const error = Math.abs(relativeBlack(distance, s) / expected - 1);
    expect(error).toBeLessThanOrEqual(6 * eps * Math.max(1, h * h));
    const normalised = normalisedBlack(-distance, s) * Math.exp(0.5 * distance);
    expect(Math.abs(normalised / expected - 1)).toBeLessThanOrEqual(8 * eps * Math.max(1, h * h));
  });

  it('is the same for a call and a put as far out of the money', () => {
    expect(normalisedBlack(0.02, 0.1)).toBe(normalisedBlack(-0.02, 0.1));
  });

  it('rises with s, over all borders of its regions', () => {
    fc.assert(
      fc.property(options, ([distance, h]) => {
        const s = distance / h;
        fc.pre(s < 8);
        expect(relativeBlack(distance, s * (1 + 1e-12))).toBeGreaterThan(
          relativeBlack(distance, s),
        );
      }),
      { seed: 21, numRuns: 3_000 },
    );
  });
});

describe('solving for s', () => {
  it.each(values)('finds it at distance %d, s %d', (distance, s, u) => {
    expect(Math.abs(coldVol(u, distance) - s)).toBeLessThanOrEqual(4 * attainable(u, distance, s));
  });

  it('has a closed form at the money', () => {
    expect(coldVol(relativeBlack(0, 0.03), 0)).toBeCloseTo(0.03, 16);
    expect(coldVol(0.999, 0)).toBeCloseTo(coldVol(0.999, 1e-14), 12);
  });

  it('finds what it was made from', () => {
    fc.assert(
      fc.property(options, ([distance, h]) => {
        const s = distance / h;
        const u = relativeBlack(distance, s);
        fc.pre(u > 1e-300 && u < 1 - 1e-12);
        const found = coldVol(u, distance);
        expect(Math.abs(found - s)).toBeLessThanOrEqual(8 * attainable(u, distance, s));
        const again = relativeBlack(distance, found);
        expect(Math.abs(again / u - 1)).toBeLessThanOrEqual(20 * eps * (1 + h * h));
      }),
      { seed: 22, numRuns: 5_000 },
    );
  });

  it('solves strikes at absurd distances too', () => {
    for (const distance of [4.001, 10, 50, 200, 600]) {
      for (const h of [1, 3, 10, 30]) {
        const s = distance / h;
        const u = relativeBlack(distance, s);
        const error = Math.abs(coldVol(u, distance) - s);
        if (u < 1e-290 || u > 1 - 1e-9) continue;
        // The value itself has lost a few h² units in the last place.
        expect(error).toBeLessThanOrEqual(8 * attainable(u, distance, s));
      }
    }
  });

  it.each([
    [1.42, 1, 11],
    [9.061132036941662e-8, 0.23362223580781655, 0.1713434004904666],
    [0.00017043432231186759, 0.19997407160745004, 0.1756051930915933],
  ])('is not deceived by a short step from far away: %d, %d, %d', (distance, h, share) => {
    const s = distance / h;
    const u = relativeBlack(distance, s);
    expect(Math.abs(warmVol(u, distance, share * s) / s - 1)).toBeLessThanOrEqual(1e-12);
  });

  it('answers the same from any seed', () => {
    const seeds = fc.oneof(
      fc.double({ min: -0.06, max: 0.06, noNaN: true }),
      fc.double({ min: -6e-4, max: 6e-4, noNaN: true }),
      fc.double({ min: -1, max: 2, noNaN: true }),
      fc.constantFrom(-2, 10, NaN, Infinity),
    );
    fc.assert(
      fc.property(options, seeds, ([distance, h], off) => {
        const s = distance / h;
        const u = relativeBlack(distance, s);
        fc.pre(u > 1e-300 && u < 1);
        const cold = coldVol(u, distance);
        const warm = warmVol(u, distance, cold * (1 + off));
        expect(Math.abs(warm / cold - 1)).toBeLessThanOrEqual(1e-12);
      }),
      { seed: 23, numRuns: 10_000 },
    );
  });
});
