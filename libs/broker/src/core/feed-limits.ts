import { z } from 'zod';
import type { FeedLimits } from './feed-protocol';

/** A whole number between these: what is missing, no number or absurd is refused as what it is. */
export function wholeNumber(min: number, max: number): z.ZodType<number> {
  return z.custom<number>(
    (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
    { error: ({ input }) => `needs a whole number from ${min} to ${max}, and is ${shown(input)}` },
  );
}

/** What is no number is not repeated. */
function shown(value: unknown): string {
  if (value === undefined) return 'not there';
  return typeof value === 'number' ? String(value) : `a ${typeof value}`;
}

/**
 * Limits of a feed. Connections are opened, kept and counted by these: a plan over no socket or of
 * no end would fail far from its cause. `socketsMax`: as many as the host can tell apart; the
 * other bounds are some ten times what any broker is known to allow.
 */
export function feedLimitsSchema(socketsMax: number): z.ZodType<FeedLimits> {
  return z
    .object({
      socketsMax: wholeNumber(1, socketsMax),
      socketsPlanned: wholeNumber(1, socketsMax),
      instrumentsPerSocketMax: wholeNumber(1, 100_000),
      instrumentsPerMessageMax: wholeNumber(1, 100_000),
      lingerMs: wholeNumber(0, 600_000),
      throttledWaitMs: wholeNumber(1_000, 3_600_000),
      // Below a second a feed that is well is silent again and again.
      silentMs: wholeNumber(1_000, 600_000),
    })
    .refine((limits) => limits.socketsPlanned <= limits.socketsMax, {
      path: ['socketsPlanned'],
      error: 'needs to be at most socketsMax',
    });
}
