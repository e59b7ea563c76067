import {
  inverseNormal,
  inverseNormalFromHalf,
  inverseSqrtTwoPi,
  sqrtTwoPi,
} from './normal-kernel';
import { blackOverVega, millsRatio } from './normalised-black-kernel';

/*
 * s = σ√T from an option's relative value u (`relativeBlack`) and its distance |ln(F/K)|, in the
 * frame of P. Jäckel, "Let's Be Rational" (2015): out of the money, normalised, a seed, and two
 * Householder steps of fourth order on an objective that is nearly linear there.
 */

/** From here on the objective is the logarithm of what is missing to the bound. */
const upperFrom = 0.6;
/** Farther out (55 times the strike) the seeds are coarser, and two steps not always enough. */
const farDistance = 4;
const farSteps = 5;

/** Share of the distance in the straddle from which the seed is the one of the wing. */
const wingFrom = 0.8;

/** Warm results answer to the same digits as cold ones within these changes of s. */
const coldAbove = 0.05;
const twoStepsAbove = 5e-4;

/** s without a hint where it lies; 0 < u < 1, distance >= 0. */
export function coldVol(u: number, distance: number): number {
  if (distance === 0) return 2 * inverseNormalFromHalf(0.5 * u);
  const steps = distance > farDistance ? farSteps : 2;
  if (u < upperFrom) {
    const scale = inverseSqrtTwoPi / u;
    let s = normalSeed(u, distance);
    for (let step = 0; step < steps; step++) s = lowerStep(scale, distance, s, Infinity);
    return s;
  }
  let s = upperSeed(u, distance);
  for (let step = 0; step < steps; step++) s = upperStep(u, distance, s);
  return s;
}

/**
 * s from a seed that a neighbouring price or forward had; NaN or 0 for none. One step when the
 * seed was close, two when it was not so close, and without it when it was far: so the answer
 * does not tell where it began (to 1e-12 of it).
 */
export function warmVol(u: number, distance: number, seed: number): number {
  if (!(seed > 0) || u >= upperFrom || distance === 0 || distance > farDistance) {
    return coldVol(u, distance);
  }
  const scale = inverseSqrtTwoPi / u;
  const s = lowerStep(scale, distance, seed, coldAbove * seed);
  if (!(s > 0)) return coldVol(u, distance);
  const isClose = Math.abs(s - seed) <= twoStepsAbove * seed;
  return isClose ? s : lowerStep(scale, distance, s, Infinity);
}

/**
 * The s of Bachelier's model, which is Black's for small s, with the first term of their
 * difference. In that model s / distance is a function of one number; it was fitted by rational
 * functions, near the money of v² with v = distance / straddle to 1e-5, in the wing of the root
 * of a logarithm to 4e-4 / (1 + h²).
 */
function normalSeed(u: number, distance: number): number {
  const b = u * Math.exp(-0.5 * distance);
  const straddle = distance + 2 * b;
  const v = distance / straddle;
  const s =
    v < wingFrom
      ? straddle * nearShape(v * v)
      : distance * wingShape(Math.log(distance / u) + 0.5 * distance);
  const s2 = s * s;
  // s(1 + (1 - h²Y'(h)) s²/24), of which 1 - h²Y'(h) is about 3 / (3.5 + h²).
  return s + (s * s2 * s2) / (8 * (distance * distance + 3.5 * s2));
}

function nearShape(w: number): number {
  const top = 1.25330174073 + w * (-1.62879660941 + w * 0.457404017995);
  return top / (1 + w * (-0.981673661427 + w * 0.139536885353));
}

/** `log` is ln(distance / b). */
function wingShape(log: number): number {
  const w = Math.sqrt(log);
  const w2 = w * w;
  const top = 1 - 0.423868616765 * w + w2 * (0.329331730791 + 0.0796819221575 * w);
  const bottom =
    -0.347315580451 +
    1.52781590966 * w +
    w2 * (-1.24641440444 + 0.460054885609 * w + 0.112728478985 * w2);
  return top / bottom;
}

/**
 * Householder's step on ln u(s) - ln u, for u below `upperFrom`; `scale` is 1 / (√(2π) u). NaN
 * when Newton's step alone is more than `newtonMax`: far from the solution only that tells so,
 * because the correction may by chance turn a long step into a short one.
 */
function lowerStep(scale: number, distance: number, s: number, newtonMax: number): number {
  const perS = 1 / s;
  const h = -distance * perS;
  const t = 0.5 * s;
  const d = h + t;
  const ratio = blackOverVega(h, t);
  const newton = -ratio * Math.log(ratio * scale * Math.exp(-0.5 * d * d));
  if (!(Math.abs(newton) <= newtonMax)) return NaN;
  const slope = 1 / ratio;
  const hs = h * perS;
  const k2 = h * hs - 0.25 * s;
  const k3 = k2 * k2 - 3 * hs * hs - 0.25;
  return s + householder(newton, k2 - slope, k3 + slope * (2 * slope - 3 * k2));
}

/** Near the bound u = 1 - 2Φ(-s/2) e^(distance/2), if the distance is small against s. */
function upperSeed(u: number, distance: number): number {
  return -2 * inverseNormal(0.5 * (1 - u) * Math.exp(-0.5 * distance));
}

/** Householder's step on ln((1 - u) / (1 - u(s))), for u from `upperFrom`. */
function upperStep(u: number, distance: number, s: number): number {
  const h = -distance / s;
  const t = 0.5 * s;
  const d = h + t;
  // (1 - u(s)) / u'(s), in which nothing cancels.
  const ratio = millsRatio(Math.max(d, 0)) + millsRatio(t - h);
  const newton = -ratio * (Math.log(((1 - u) * sqrtTwoPi) / ratio) + 0.5 * d * d);
  const slope = 1 / ratio;
  const hs = h / s;
  const k2 = h * hs - 0.25 * s;
  const k3 = k2 * k2 - 3 * hs * hs - 0.25;
  return s + householder(newton, k2 + slope, k3 + slope * (2 * slope + 3 * k2));
}

/**
 * Householder's third-order correction of a Newton step; `second` and `third` are g''/g' and
 * g'''/g'. For the price itself they are k2 = x²/s³ - s/4 and k3 = k2² - 3x²/s⁴ - 1/4.
 */
function householder(newton: number, second: number, third: number): number {
  return (newton * (1 + 0.5 * newton * second)) / (1 + newton * (second + (newton * third) / 6));
}
