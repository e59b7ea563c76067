import type { MarketDataPort } from '@strikewire/broker';
import { errorMessageOf, type Clock, type Log } from '@strikewire/runtime';
import { writeChainSnapshot, type Generation } from './generation';
import type { LiveChain } from './live-chain';

/** A chain is not filled again sooner than this, however often its feed is lost. */
const refillMinMs = 60_000;
/** Behind everything that builds chains. */
const refillPriority = 10;

/**
 * Fills the gaps that a feed cannot: after a restart from the stored day, and after a lost
 * connection, each chain is asked for once over REST, within the budget and behind the day's
 * build. What has ticked since the request was sent is not overwritten.
 */
export class ChainRefill {
  private readonly deps: {
    clock: Clock;
    log: Log;
    marketData: MarketDataPort;
    generation(): Generation;
  };
  private readonly requestedMono = new Map<string, number>();

  constructor(deps: ChainRefill['deps']) {
    this.deps = deps;
  }

  /** Resolves when each chain was filled or found not to be fillable now. */
  async fill(chains: Iterable<LiveChain>): Promise<void> {
    await Promise.all([...chains].map((chain) => this.fillOne(chain)));
  }

  private async fillOne({ key, slots }: LiveChain): Promise<void> {
    const { clock, log, marketData, generation } = this.deps;
    const now = clock.monoMs();
    if (now - (this.requestedMono.get(key) ?? -Infinity) < refillMinMs) return;
    this.requestedMono.set(key, now);
    try {
      const { skeleton } = slots;
      const answer = await marketData.chain(skeleton, skeleton.expiry, refillPriority);
      writeChainSnapshot(generation(), answer);
    } catch (error) {
      log.warn('chain not filled from REST', { chain: key, reason: errorMessageOf(error) });
    }
  }
}
