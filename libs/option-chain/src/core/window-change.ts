import type { BrokerChain, BrokerLeg } from '@strikewire/broker';
import type { Skeleton } from './skeleton';

/** Whether two skeletons of one chain have the same strikes at the same interval. */
export function isSameWindow(a: Skeleton, b: Skeleton): boolean {
  return (
    a.intervalPaise === b.intervalPaise &&
    a.strikes.length === b.strikes.length &&
    a.strikes.every(({ strikePaise }, index) => strikePaise === b.strikes[index]?.strikePaise)
  );
}

/**
 * Of an answer from before the open, what a new window takes from it: the strikes that `known` does
 * not have, whose figures are held already; all when there is none. Its volume is the day before's;
 * today's begins at 0.
 */
export function recutAnswer(answer: BrokerChain, known: Skeleton | null): BrokerChain {
  const isKnown = new Set(known?.strikes.map(({ strikePaise }) => strikePaise));
  const fresh = (leg: BrokerLeg | null): BrokerLeg | null => leg && { ...leg, volume: 0 };
  const strikes = answer.strikes
    .filter(({ strikePaise }) => !isKnown.has(strikePaise))
    .map(({ strikePaise, CE, PE }) => ({ strikePaise, CE: fresh(CE), PE: fresh(PE) }));
  return { ...answer, strikes };
}
