import { describe, expect, it } from 'vitest';
import { erf, erfc, erfcx } from './error-function-kernel';
import { inverseNormal, inverseNormalFromHalf, normalCdf, normalDensity } from './normal-kernel';

/** x, erf, erfc, erfcx, worked out with 60 digits. */
const errorFunctions: ReadonlyArray<readonly [number, number, number, number]> = [
  [-3, -0.99997790950300141, 1.9999779095030014, 16205.988853999587],
  [-0.6, -0.60385609084792591, 1.6038560908479259, 2.2988541117340935],
  [1e-10, 1.1283791670955126e-10, 0.99999999988716208, 0.99999999988716208],
  [0.3, 0.32862675945912742, 0.67137324054087258, 0.73459933456765515],
  [0.46875, 0.49261347321793799, 0.50738652678206201, 0.63206968924955608],
  [0.47, 0.49374505088608211, 0.50625494911391789, 0.63140051666003432],
  [1, 0.84270079294971487, 0.15729920705028513, 0.427583576155807],
  [2, 0.99532226501895273, 4.6777349810472658e-3, 0.25539567631050574],
  [4, 0.9999999845827421, 1.5417257900280019e-8, 0.13699945762506139],
  [4.5, 0.99999999980338396, 1.9661604415428875e-10, 0.12248480427384142],
  [9, 1, 4.1370317465138102e-37, 0.062307724037774684],
  [20, 1, 5.3958656116079009e-176, 0.028174348741051319],
];

/** p, Φ⁻¹(p), worked out with 60 digits: in each range of the algorithm. */
const quantiles: ReadonlyArray<readonly [number, number]> = [
  [1e-300, -37.047096299361199],
  [1e-20, -9.2623400897984076],
  [1e-6, -4.753424308822899],
  [0.01, -2.3263478740408411],
  [0.074, -1.4466320671589785],
  [0.076, -1.4325027208258116],
  [0.3, -0.52440051270804082],
  [0.6, 0.25334710313579974],
  [0.999, 3.0902323061678133],
];

const expectClose = (actual: number, expected: number, relative = 1e-15): void => {
  expect(Math.abs(actual / expected - 1)).toBeLessThanOrEqual(relative);
};

describe('the error functions', () => {
  it.each(errorFunctions)('have their digits at %d', (x, expectedErf, expectedErfc, scaled) => {
    expectClose(erf(x), expectedErf);
    expectClose(erfc(x), expectedErfc);
    expectClose(erfcx(x), scaled);
  });

  it('end where they should', () => {
    expect([erf(0), erf(Infinity), erf(-Infinity)]).toEqual([0, 1, -1]);
    expect([erfc(0), erfc(40), erfc(Infinity), erfc(-Infinity)]).toEqual([1, 0, 0, 2]);
    expect([erfcx(0), erfcx(Infinity), erfcx(-40)]).toEqual([1, 0, Infinity]);
    expect([erf(NaN), erfc(NaN), erfcx(NaN)]).toEqual([NaN, NaN, NaN]);
  });
});

describe('the normal distribution', () => {
  it.each(quantiles)('has the quantile of %d', (p, expected) => {
    expectClose(inverseNormal(p), expected);
    expectClose(normalCdf(expected), p, 1e-15 * Math.max(4, expected * expected));
  });

  it('has no quantiles beyond its ends, and infinite ones at them', () => {
    expect([0, 0.5, 1].map(inverseNormal)).toEqual([-Infinity, 0, Infinity]);
    expect([-0.1, 1.1, NaN].map(inverseNormal)).toEqual([NaN, NaN, NaN]);
  });

  it('keeps the digits of what is near one half', () => {
    expectClose(inverseNormalFromHalf(1e-20), 1e-20 / normalDensity(0));
    expectClose(inverseNormalFromHalf(-0.49), -2.3263478740408411);
  });
});
