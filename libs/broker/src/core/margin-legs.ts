import { StrikewireError } from '@strikewire/runtime';
import type { MarginFigures, MarginLeg } from './margin-port';
import { wireUnits } from './wire-value';

/** How a broker's legs are told apart, and how many it takes. */
export interface LegRules {
  /** Such as `[broker-north]`: who refuses them. */
  label: string;
  legsMax: number;
  /** Legs of the same key are one to the broker. */
  keyOf(leg: MarginLeg): string;
  /** What a leg is called in errors. */
  nameOf(leg: MarginLeg): string;
}

/** Of legs that cancel each other out. */
export const noMargin: MarginFigures = Object.freeze({
  requiredPaise: 0, spanPaise: 0, exposurePaise: 0, premiumPaise: 0, benefitPaise: 0,
});

/**
 * Legs for brokers that take an instrument once, or count each leg by itself: those of the same key
 * are added up, and what comes to nothing is left out. A price that is not the same in all of them
 * is null.
 * @throws StrikewireError `invalid` for no legs or too many, for quantities that are none, and for
 * two products under one key.
 */
export function nettedLegs(legs: readonly MarginLeg[], rules: LegRules): MarginLeg[] {
  const { label, legsMax, keyOf, nameOf } = rules;
  if (legs.length === 0 || legs.length > legsMax) {
    throw invalid('legs_unfit', `${label} margin of ${legs.length} legs, needs 1 to ${legsMax}`);
  }
  const sums = new Map<string, { leg: MarginLeg; units: number }>();
  for (const leg of legs) {
    const key = keyOf(leg);
    const about = `${label} margin of ${nameOf(leg)}`;
    if (!wireUnits(leg.quantity)) {
      throw invalid('quantity_unfit', `${about} needs whole units above 0`);
    }
    const { units, leg: first } = sums.get(key) ?? { units: 0, leg };
    if (first.product !== leg.product) {
      throw invalid('legs_mixed', `${about} cannot be asked in two products at once`);
    }
    const pricePaise = first.pricePaise === leg.pricePaise ? leg.pricePaise : null;
    const sum = units + (leg.side === 'BUY' ? leg.quantity : -leg.quantity);
    sums.set(key, { leg: { ...leg, pricePaise }, units: sum });
  }
  const left = [...sums.values()].filter(({ units }) => units !== 0);
  return left.map(({ leg, units }) =>
    ({ ...leg, side: units > 0 ? 'BUY' : 'SELL', quantity: Math.abs(units) }));
}

function invalid(code: string, message: string): StrikewireError {
  return new StrikewireError({ kind: 'invalid', code, message });
}
