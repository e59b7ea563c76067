import { normalCdf, type OptionInputs } from './black-scholes';

const volMax = 5;
/** Prices no more than this over their lower bound, in rupees, have no vol. */
const leastTimeValue = 1e-9;
/** Relative. Each step cubes the error: after one this small, nothing is left to be seen. */
const lastStep = 1e-6;
const roundsMax = 60;
const root2Pi = Math.sqrt(2 * Math.PI);

/**
 * The vol that gives `price`; 0 when the price is at or under its lower bound, or higher than any
 * vol makes it. Solved on the logarithm of the side that is out of the money by Halley's steps,
 * halving where they leave the bounds. A good `guess` makes it faster.
 */
export function impliedVol(
  price: number,
  { isCall, spot, strike, years, rate }: Omit<OptionInputs, 'vol'>,
  guess = 0.2,
): number {
  const discounted = strike * Math.exp(-rate * years);
  const bound = Math.max(0, isCall ? spot - discounted : discounted - spot);
  // By parity, call and put of a strike are worth the same over their bounds.
  const [small, large] = spot < discounted ? [spot, discounted] : [discounted, spot];
  const value = price - bound;
  if (!(value > leastTimeValue && years > 0) || value >= small) return 0;
  const moneyness = Math.log(large / small);
  const root = Math.sqrt(years);
  let [low, high] = [0, Infinity];
  let deviation = guess * root;
  for (let round = 0; round < roundsMax; round++) {
    const d1 = deviation / 2 - moneyness / deviation;
    const d2 = d1 - deviation;
    const reached = small * normalCdf(d1) - large * normalCdf(d2);
    if (reached < value) low = deviation;
    else high = deviation;
    const slope = (small * Math.exp((-d1 * d1) / 2)) / root2Pi / reached;
    const miss = Math.log(reached / value) / slope;
    const bend = (d1 * d2) / deviation - slope;
    const step = miss / (1 - Math.max(-0.5, Math.min(0.5, (miss * bend) / 2)));
    const next = deviation - step;
    if (Math.abs(step) < lastStep * deviation) return ofMost(next / root);
    if (next > low && next < high) deviation = next;
    else deviation = high === Infinity ? 2 * deviation : (low + high) / 2;
  }
  return ofMost(deviation / root);
}

function ofMost(vol: number): number {
  return vol < volMax ? vol : 0;
}
