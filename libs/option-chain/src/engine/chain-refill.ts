import type { BrokerChain, MarketDataPort } from '@strikewire/broker';
import {
  errorKindOf,
  errorMessageOf,
  type Clock,
  type Log,
  type Timer,
} from '@strikewire/runtime';
import { writeChainSnapshot, type Generation } from './generation';
import type { LiveChain } from './live-chain';

/** A chain is not filled again sooner than this, however often its feed is lost. */
const refillMinMs = 60_000;
/** Behind everything that builds chains. */
const refillPriority = 10;

export interface ChainRefillDeps {
  clock: Clock;
  log: Log;
  marketData: MarketDataPort;
  generation(): Generation;
  /** The chain as it is served now; undefined once it is gone. */
  find(key: string): LiveChain | undefined;
  /** A chain's whole answer has come. */
  answered(key: string, answer: BrokerChain): void;
}

/**
 * Fills the gaps that a feed cannot: after a restart from the stored day, and after a lost
 * connection, each chain is asked for once over REST, within the budget and behind the day's
 * build. What has ticked since the request was sent is not overwritten. What comes too soon after
 * the last request, or fails, is asked for later: no gap is forgotten.
 */
export class ChainRefill {
  private readonly deps: ChainRefillDeps;
  private readonly requestedMono = new Map<string, number>();
  private readonly later = new Map<string, Timer>();

  constructor(deps: ChainRefillDeps) {
    this.deps = deps;
  }

  /** Asks for each chain, now or as soon as it may be asked for again. */
  fill(chains: Iterable<LiveChain>): void {
    const now = this.deps.clock.monoMs();
    for (const { key } of chains) {
      const waitMs = (this.requestedMono.get(key) ?? -Infinity) + refillMinMs - now;
      if (waitMs > 0) this.fillLater(key, waitMs);
      else void this.fillOne(key);
    }
  }

  stop(): void {
    for (const timer of this.later.values()) timer.cancel();
  }

  private fillLater(key: string, waitMs: number): void {
    if (this.later.has(key)) return;
    const run = (): void => {
      this.later.delete(key);
      void this.fillOne(key);
    };
    this.later.set(key, this.deps.clock.after(waitMs, run));
  }

  private async fillOne(key: string): Promise<void> {
    const { clock, log, marketData, generation, find, answered } = this.deps;
    const skeleton = find(key)?.slots.skeleton;
    if (!skeleton) return void this.requestedMono.delete(key);
    this.requestedMono.set(key, clock.monoMs());
    try {
      const answer = await marketData.chain(skeleton, skeleton.expiry, refillPriority);
      writeChainSnapshot(generation(), answer);
      answered(key, answer);
    } catch (error) {
      log.warn('chain not filled from REST', { chain: key, reason: errorMessageOf(error) });
      // Refused credentials are not asked about again: the feed that comes back asks for its gaps.
      const kind = errorKindOf(error);
      if (kind !== 'unauthenticated' && kind !== 'fatal') this.fillLater(key, refillMinMs);
    }
  }
}
