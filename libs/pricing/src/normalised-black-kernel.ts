import { erfcx } from './error-function-kernel';
import { inverseSqrtTwoPi, sqrtTwoPi } from './normal-kernel';

/** √(π/2) and 1/√2. */
const sqrtHalfPi = 1.25331413731550025121;
const sqrtHalf = 0.707106781186547524401;

/** Below this half volatility the two Mills ratios are nearly equal: a Taylor series instead. */
const seriesMax = 0.4;
/** Up to here five terms of it are enough: the sixth is below t¹⁰/11!! = 1e-17. */
const shortSeriesMax = 0.05;
/** From here on, of |x|/2, the series loses digits, and the difference does not. */
const seriesDistanceMax = 3;
/** Below this x/s Mills' asymptotic series has converged. */
const asymptoticBelow = -13;

/**
 * Mills' ratio (1 - Φ(z)) / φ(z) for z >= 0. Up to 8 a rational function of degree 8/9 that was
 * fitted in 70 digits to a relative error of 9e-18; its coefficients are all positive, so nothing
 * cancels, and they are summed in pairs (Estrin), so that the processor works on several at once.
 */
export function millsRatio(z: number): number {
  if (z > 8) return sqrtHalfPi * erfcx(z * sqrtHalf);
  const z2 = z * z;
  const z4 = z2 * z2;
  const z8 = z4 * z4;
  const top =
    1.253314137315500258 +
    1.64591840440412363 * z +
    z2 * (1.079287171819964638 + 0.4443493795268121718 * z) +
    z4 *
      (0.1239131617468272345 +
        0.02382065020904684702 * z +
        z2 * (0.003079647514848009305 + 0.0002455817388256058497 * z)) +
    z8 * 9.321846779536285169e-6;
  const bottom =
    1 +
    2.111137444018203573 * z +
    z2 * (2.045590543382649679 + 1.197077420075164485 * z) +
    z4 *
      (0.467684042611759625 +
        0.1269737902569984775 * z +
        z2 * (0.02406625280805047988 + 0.00308896852727248627 * z)) +
    z8 * (0.0002455817601761970441 + 9.32184651753231154e-6 * z);
  return top / bottom;
}

/**
 * The normalised Black price b over its derivative by s, with h = -|x|/s and t = s/2. With
 * Y(z) = Φ(z)/φ(z) it is Y(h + t) - Y(h - t): no exponential of its own, which is why solving for
 * s on a logarithm of the price is cheap. h <= 0, t > 0; relative error a few h² eps, which is a
 * few eps in s.
 */
export function blackOverVega(h: number, t: number): number {
  if (t < seriesMax) {
    if (h < asymptoticBelow) return asymptotic(h, t);
    if (-h * t < seriesDistanceMax) return smallVolSeries(h, t);
  }
  const d = h + t;
  const upper = d <= 0 ? millsRatio(-d) : sqrtTwoPi * Math.exp(0.5 * d * d) - millsRatio(d);
  return upper - millsRatio(t - h);
}

/** Taylor series of Y(h + t) - Y(h - t) in t; odd derivatives follow Y⁽ⁿ⁺¹⁾ = hY⁽ⁿ⁾ + nY⁽ⁿ⁻¹⁾. */
function smallVolSeries(h: number, t: number): number {
  const w = t * t;
  const h2 = h * h;
  const y1 = 1 + h * millsRatio(-h);
  const e2 = h2 * y1 + y1 - 1;
  const y3 = e2 + 2 * y1;
  const e4 = h2 * y3 + 3 * e2;
  const y5 = e4 + 4 * y3;
  const e6 = h2 * y5 + 5 * e4;
  const y7 = e6 + 6 * y5;
  const e8 = h2 * y7 + 7 * e6;
  const y9 = e8 + 8 * y7;
  let rest = y9 * (1 / 362880);
  if (t > shortSeriesMax) {
    const e10 = h2 * y9 + 9 * e8;
    const y11 = e10 + 10 * y9;
    const e12 = h2 * y11 + 11 * e10;
    const y13 = e12 + 12 * y11;
    const e14 = h2 * y13 + 13 * e12;
    const y15 = e14 + 14 * y13;
    const y17 = h2 * y15 + 15 * e14 + 16 * y15;
    const last = y15 * (1 / 1307674368000) + w * y17 * (1 / 355687428096000);
    rest += w * (y11 * (1 / 39916800) + w * (y13 * (1 / 6227020800) + w * last));
  }
  const tail = y3 * (1 / 6) + w * (y5 * (1 / 120) + w * (y7 * (1 / 5040) + w * rest));
  return 2 * t * (y1 + w * tail);
}

const asymptoticTerms = 14;

/**
 * Y(z) = P(1/z²)/|z| for far negative z, P(v) = Σ (-1)ᵏ (2k - 1)!! vᵏ. The difference of two of
 * them through the divided difference of P, which Horner's rule yields beside its value.
 */
function asymptotic(h: number, t: number): number {
  const low = h - t;
  const r = h * h - t * t;
  const v = 1 / (low * low);
  const u = 1 / ((h + t) * (h + t));
  let value = 1;
  let slope = 0;
  // P(v) = 1 - v(1 - 3v(1 - 5v(...))), from the inside out.
  for (let k = 2 * asymptoticTerms - 1; k > 0; k -= 2) {
    slope = -k * (value + u * slope);
    value = 1 - k * v * value;
  }
  return ((2 * t) / r) * (value + ((2 * h * low) / (r * r)) * slope);
}

/**
 * An option that is out of the money, as a share of D min(F, K), the most it can be worth: from
 * 0 to 1. `distance` is |ln(F/K)|, s = σ√T > 0. It is the normalised Black price times
 * e^(distance/2), so that no exponential of the distance is needed.
 */
export function relativeBlack(distance: number, s: number): number {
  const h = -distance / s;
  const t = 0.5 * s;
  const d = h + t;
  const slope = inverseSqrtTwoPi * Math.exp(-0.5 * d * d);
  // Near its bound the value is 1 less something small.
  if (d > 1) return 1 - slope * (millsRatio(d) + millsRatio(t - h));
  return slope * blackOverVega(h, t);
}

/**
 * Black's price normalised by D√(FK), of the option that is out of the money: b(x, s) of P.
 * Jäckel, "Let's Be Rational" (2015), with x = ln(F/K) of either sign and s = σ√T > 0.
 */
export function normalisedBlack(x: number, s: number): number {
  const distance = Math.abs(x);
  return Math.exp(-0.5 * distance) * relativeBlack(distance, s);
}
