import { paiseOf, type AdoptPosition } from '@strikewire/contracts';
import type { ContractFacts } from '@strikewire/option-chain/engine';
import { averagesOf, type Position } from '../core/positions';
import { deniedError } from './order-access';

/** What is known of a position that is to be adopted. */
export interface AdoptedTerms {
  facts: ContractFacts;
  ours: Position | undefined;
  /** Net units at the broker. */
  there: number;
  /** What the broker has paid or got for a unit of it; null: it does not tell. */
  averagePaise: number | null;
  /** The last trade of the contract; null: none is known. */
  ltpPaise: number | null;
}

/** A price so many times above all that is known, or below, is a slip. */
const factorMax = 10;
/** An option is worth less than its underlying, and that is within this of its strike. */
const strikesMax = 2;

/**
 * Whole paise. What the broker holds more has its average: of what is held here already, what is
 * left of that. What it holds less was closed at a price that no list of positions tells.
 */
export function adoptedPaise({ price }: Pick<AdoptPosition, 'price'>, terms: AdoptedTerms): number {
  const { ours, there, averagePaise } = terms;
  const here = ours?.netQuantity ?? 0;
  const isMore = here === 0 || (here * there > 0 && Math.abs(there) > Math.abs(here));
  if (isMore && averagePaise !== null && averagePaise > 0) {
    const value = averagePaise * Math.abs(there) - (ours?.openValuePaise ?? 0);
    const rest = Math.round(value / Math.abs(there - here));
    return rest >= 1 ? rest : Math.max(1, Math.round(averagePaise));
  }
  if (price !== undefined) return refuseSlip(Math.max(1, paiseOf(price)), terms);
  const what = isMore ? 'was opened' : 'was closed';
  const message = `the broker does not tell at which price it ${what}: that has to be stated`;
  throw deniedError('price_needed', message);
}

function refuseSlip(paise: number, terms: AdoptedTerms): number {
  const { least, most } = boundsOf(terms);
  if (paise >= least && paise <= most) return paise;
  const [found, from, to] = [paise, least, most].map((one) => `₹${(one / 100).toFixed(2)}`);
  const needed = `needs ${from} to ${to}`;
  const message = `${found} is far from what ${terms.facts.key} is known at, ${needed}`;
  throw deniedError('price_absurd', message);
}

/**
 * Prices move by much on the day of an expiry: whichever of the known ones is the nearest counts,
 * what was paid here among them.
 */
function boundsOf(
  { facts, ours, averagePaise, ltpPaise }: AdoptedTerms,
): { least: number; most: number } {
  const openPaise = ours ? averagesOf(ours).openPaise : null;
  const known = [ltpPaise, averagePaise, openPaise]
    .filter((one) => one !== null).filter((one) => one > 0);
  if (known.length > 0) {
    return { least: Math.min(...known) / factorMax, most: Math.max(...known) * factorMax };
  }
  return { least: 1, most: facts.kind === 'FUT' ? Infinity : facts.strikePaise * strikesMax };
}
