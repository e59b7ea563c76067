import { chance, mix } from './noise';
import type { Underlying } from './underlying';

/** Months with options this far out (in days) are listed on a much coarser ladder. */
const farDays = 200;
const coarseFactor = 10;

/** From this distance (fraction of the spot) on, one strike in 16 was never opened. */
const gapsFrom = 0.1;
const gapShare = 1 / 16;

/** What a special dividend took off the strikes that were open at the time, in paise. */
const adjustmentPaise = 750;
const fewStrikes = 15;

/**
 * The listed strikes of one expiry in paise, ascending. Depends only on the underlying's data, its
 * rank among the expiries (0 is the nearest) and the days left when it was first listed.
 */
export function listStrikes(underlying: Underlying, rank: number, daysLeft: number): number[] {
  const { spot, step, farStep, nearReach, reach, oddity } = underlying;
  const isFar = daysLeft > farDays;
  const gap = Math.round(step * 100) * (isFar ? coarseFactor : 1);
  const wideGap = isFar ? gap : gap * farStep;
  const spotPaise = spot * 100;
  const strikes = new Set<number>();
  for (let paise = roundTo(spotPaise * (1 - reach), wideGap); ; paise += wideGap) {
    if (paise > spotPaise * (1 + reach)) break;
    strikes.add(paise);
  }
  for (let paise = roundTo(spotPaise * (1 - nearReach), gap); ; paise += gap) {
    if (paise > spotPaise * (1 + nearReach)) break;
    strikes.add(paise);
  }
  const listed = [...strikes]
    .filter((paise) => paise > 0 && !wasNeverOpened(underlying, rank, paise))
    .sort((a, b) => a - b);
  if (oddity === 'adjusted' && rank === 0) return listed.map((paise) => paise - adjustmentPaise);
  return oddity === 'few' ? nearest(listed, spotPaise, fewStrikes) : listed;
}

function wasNeverOpened(underlying: Underlying, rank: number, paise: number): boolean {
  if (Math.abs(paise / (underlying.spot * 100) - 1) < gapsFrom) return false;
  return chance(mix(underlying.id, paise), rank) < gapShare;
}

function roundTo(value: number, gap: number): number {
  return Math.round(value / gap) * gap;
}

function nearest(strikes: readonly number[], spotPaise: number, count: number): number[] {
  return [...strikes]
    .sort((a, b) => Math.abs(a - spotPaise) - Math.abs(b - spotPaise))
    .slice(0, count)
    .sort((a, b) => a - b);
}
