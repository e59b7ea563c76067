import type { ChainFigures, Forward, Pricing } from '@strikewire/contracts';
import type { FrameFigures } from '@strikewire/market-data';
import { calendarDays, type PricingConvention } from '@strikewire/pricing';

/** A number with so many decimals; null where there is none. */
export function roundedOrNull(value: number, decimals: number): number | null {
  if (!Number.isFinite(value)) return null;
  const scale = 10 ** decimals;
  // Adding 0 makes a zero of a minus zero, which JSON does not tell apart.
  return Math.round(value * scale) / scale + 0;
}

/** The forward with its source; null when nothing tells one. */
export function forwardJson({ forward, forwardSource }: FrameFigures): Forward {
  const value = roundedOrNull(forward, 4);
  return value === null || forwardSource === 'none' ? null : { value, source: forwardSource };
}

/** The chain's figures as clients read them. */
export function figuresJson(figures: FrameFigures): ChainFigures {
  return {
    maxPain: figures.maxPainPaise > 0 ? figures.maxPainPaise / 100 : null,
    atmIv: roundedOrNull(figures.atmIv, 4),
    skew: roundedOrNull(figures.skew, 4),
    straddle: roundedOrNull(figures.straddle, 4),
    expectedMove: roundedOrNull(figures.expectedMove, 4),
    gammaExposure: roundedOrNull(figures.gammaExposure, 2),
  };
}

/** Why a figure is null, by its name. */
export function figureReasons(figures: FrameFigures): Record<string, string> {
  const noForward =
    figures.forwardSource === 'none'
      ? 'there is no forward: too few two-sided quotes near the money, and no spot'
      : null;
  const reasons: [keyof ChainFigures, string][] = [
    ['maxPain', 'no open interest is known'],
    ['atmIv', noForward ?? 'no option at the forward has a volatility in the window'],
    ['skew', noForward ?? 'the window has no put or no call around a delta of 0.25'],
    ['straddle', 'the spot is unknown, or an option at the money has no price'],
    ['expectedMove', noForward ?? 'the volatility at the money is unknown'],
    ['gammaExposure', noForward ?? 'no option has a gamma'],
  ];
  const json = figuresJson(figures);
  return Object.fromEntries(reasons.filter(([name]) => json[name] === null));
}

/** The convention that the numbers were computed under. */
export function pricingJson(convention: PricingConvention, yearsToExpiry: number): Pricing {
  return {
    convention: convention.name,
    model: convention.model,
    rate: convention.rate * 100,
    dayCount: convention.dayCount.clock === calendarDays.clock ? 'calendar365' : 'trading252',
    yearsToExpiry: roundedOrNull(yearsToExpiry, 9),
  };
}
