import { sleep, type Clock } from '@strikewire/runtime';

/** How long the feed is waited for before the LTP is asked over REST. */
const feedLtpWaitMs = 3_000;
const feedLtpStepMs = 100;

/** The price, paise, that `look` finds within 3 s; undefined when the feed brings none. */
export async function awaitFeedLtp(
  clock: Clock,
  look: () => number | undefined,
): Promise<number | undefined> {
  for (let waitedMs = 0; waitedMs <= feedLtpWaitMs; waitedMs += feedLtpStepMs) {
    const ltpPaise = look();
    if (ltpPaise !== undefined) return ltpPaise;
    await sleep(clock, feedLtpStepMs);
  }
  return undefined;
}
