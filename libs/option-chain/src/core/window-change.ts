import type { BrokerLeg } from '@strikewire/broker';
import type { ChainAnswer, Skeleton } from './skeleton';

/** Whether two skeletons of one chain have the same strikes at the same interval. */
export function isSameWindow(a: Skeleton, b: Skeleton): boolean {
  return (
    a.intervalPaise === b.intervalPaise &&
    a.strikes.length === b.strikes.length &&
    a.strikes.every(({ strikePaise }, index) => strikePaise === b.strikes[index]?.strikePaise)
  );
}

/**
 * Of an answer that was held for the open, what a new window takes from it: the strikes that are
 * not in `known`, whose figures are held already; all when there is none. Its volume before the
 * open, epoch ms, is the day before's; today's begins at 0.
 */
export function recutAnswer(
  answer: ChainAnswer,
  known: Skeleton | null,
  openMs: number,
): ChainAnswer {
  const isKnown = new Set(known?.strikes.map(({ strikePaise }) => strikePaise));
  const isToday = answer.receivedMs >= openMs;
  const leg = (one: BrokerLeg | null): BrokerLeg | null =>
    one && !isToday ? { ...one, volume: 0 } : one;
  const strikes = answer.strikes
    .filter(({ strikePaise }) => !isKnown.has(strikePaise))
    .map(({ strikePaise, CE, PE }) => ({ strikePaise, CE: leg(CE), PE: leg(PE) }));
  return { ...answer, strikes };
}
