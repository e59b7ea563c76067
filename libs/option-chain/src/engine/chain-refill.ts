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
/** Refused credentials do not mend by asking: one chain is asked for again after this. */
const refusedRestMs = 300_000;
/** Requests at once; the first of a round goes alone and shows whether the others shall. */
const requestsMax = 4;
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
 * the last request, or fails, is asked for later: no gap is forgotten. Refused credentials end a
 * round at the first refusal.
 */
export class ChainRefill {
  private readonly deps: ChainRefillDeps;
  private readonly requestedMono = new Map<string, number>();
  private readonly later = new Map<string, Timer>();
  /** Keys that wait for a place, in order. */
  private readonly waiting = new Set<string>();
  private runningCount = 0;
  /** The round's first request was not refused. */
  private isLetIn = false;
  private isStopped = false;
  private idlers: (() => void)[] = [];

  constructor(deps: ChainRefillDeps) {
    this.deps = deps;
  }

  /** Asks for each chain, now or as soon as it may be asked for again. */
  fill(chains: Iterable<LiveChain>): void {
    const now = this.deps.clock.monoMs();
    for (const { key } of chains) {
      const waitMs = (this.requestedMono.get(key) ?? -Infinity) + refillMinMs - now;
      if (waitMs > 0) this.fillLater(key, waitMs);
      else this.fillSoon(key);
    }
  }

  /** Resolves when nothing is asked for just now; what may only be asked for later is left out. */
  async idle(): Promise<void> {
    if (this.runningCount === 0 && this.waiting.size === 0) return;
    await new Promise<void>((resolve) => this.idlers.push(resolve));
  }

  stop(): void {
    this.isStopped = true;
    this.waiting.clear();
    for (const timer of this.later.values()) timer.cancel();
    this.tellIdle();
  }

  private tellIdle(): void {
    for (const tell of this.idlers.splice(0)) tell();
  }

  private fillLater(key: string, waitMs: number): void {
    if (this.isStopped || this.later.has(key)) return;
    this.later.set(key, this.deps.clock.after(waitMs, () => this.fillSoon(key)));
  }

  private fillSoon(key: string): void {
    this.later.get(key)?.cancel();
    this.later.delete(key);
    this.waiting.add(key);
    this.pump();
  }

  private pump(): void {
    if (this.runningCount === 0 && this.waiting.size === 0) {
      this.isLetIn = false;
      this.tellIdle();
    }
    for (const key of this.waiting) {
      if (this.runningCount >= (this.isLetIn ? requestsMax : 1)) return;
      this.waiting.delete(key);
      this.runningCount++;
      void this.fillOne(key).finally(() => {
        this.runningCount--;
        this.pump();
      });
    }
  }

  private async fillOne(key: string): Promise<void> {
    const { clock, log, marketData, generation, find, answered } = this.deps;
    const skeleton = find(key)?.slots.skeleton;
    if (!skeleton) return void this.requestedMono.delete(key);
    this.requestedMono.set(key, clock.monoMs());
    try {
      const answer = await marketData.chain(skeleton, skeleton.expiry, refillPriority);
      this.isLetIn = true;
      writeChainSnapshot(generation(), answer);
      answered(key, answer);
    } catch (error) {
      log.warn('chain not filled from REST', { chain: key, reason: errorMessageOf(error) });
      const kind = errorKindOf(error);
      if (kind === 'unauthenticated' || kind === 'fatal') return this.refused(key);
      this.isLetIn = true;
      this.fillLater(key, refillMinMs);
    }
  }

  /** The round is over: its chains wait, unless the feed comes back before and asks for them. */
  private refused(key: string): void {
    this.isLetIn = false;
    this.requestedMono.delete(key);
    for (const one of [key, ...this.waiting]) this.fillLater(one, refusedRestMs);
    this.waiting.clear();
  }
}
