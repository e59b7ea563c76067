import type { FeedItem } from '@strikewire/broker';
import { tokenKey } from '@strikewire/broker';
import type { AccountFeed, FeedTarget } from '@strikewire/broker/engine';
import { underlyingKey, type Exchange, type UnderlyingRef } from '@strikewire/contracts';
import { tickDepthMax } from '@strikewire/market-data';
import type { PricingConvention } from '@strikewire/pricing';
import type { Clock } from '@strikewire/runtime';
import { layOutGeneration } from '../core/generation-layout';
import { builtSkeletons, plannedSpots, type DayPlan } from './day-plan';
import { createGeneration, writeChainSnapshot, type Generation } from './generation';
import { chainKey, LiveChain } from './live-chain';

/** Silence of an underlying's spot, while it trades, after which its chains are stale. */
const spotSilentMs = 15_000;
/** Silence of all legs after which a chain is stale while its spot does not trade. */
const legsSilentMs = 60_000;

/** Stands for a contract that no socket has room for; never live, so its chain is stale. */
const noSocket = 0;

export interface BoardListener {
  retired(chain: LiveChain): void;
}

/**
 * The chains that are served now: the current generation, and a LiveChain for each. A swap lays
 * the next generation out aside, moves the feed and every chain to it in one turn, and lets go of
 * the chains that are no more.
 */
export class ChainBoard {
  generation: Generation;
  private readonly clock: Clock;
  private readonly feed: AccountFeed;
  private readonly isMarketOpen: (exchange: Exchange) => boolean;
  private readonly isSpotTrading: (underlying: UnderlyingRef) => boolean;
  private readonly convention: PricingConvention;
  private readonly chains = new Map<string, LiveChain>();
  /** Sockets that each chain and its spot lie on. */
  private readonly socketsOf = new Map<LiveChain, readonly number[]>();
  private left: readonly FeedItem[] = [];

  constructor(options: {
    clock: Clock;
    feed: AccountFeed;
    /** Whether an exchange's derivatives trade now. */
    isMarketOpen(exchange: Exchange): boolean;
    /** Whether an underlying itself does: cash ends before derivatives. As they when not given. */
    isSpotTrading?(underlying: UnderlyingRef): boolean;
    convention: PricingConvention;
  }) {
    this.clock = options.clock;
    this.feed = options.feed;
    this.isMarketOpen = (exchange) => options.isMarketOpen(exchange);
    this.isSpotTrading = (underlying) =>
      options.isSpotTrading?.(underlying) ?? options.isMarketOpen(underlying.exchange);
    this.convention = options.convention;
    const baseWallMs = options.clock.wallMs();
    const layout = { ...layOutGeneration([], []), slotCount: 1 };
    this.generation = createGeneration(0, layout, {
      tickDepth: 0,
      baseWallMs,
      convention: this.convention,
    });
  }

  /** Contracts that the account's sockets have no room for. */
  get unplaced(): readonly FeedItem[] {
    return this.left;
  }

  find(key: string): LiveChain | undefined {
    return this.chains.get(key);
  }

  all(): Iterable<LiveChain> {
    return this.chains.values();
  }

  /** Chains of which at least a part lies on a socket. */
  onSocket(socket: number): LiveChain[] {
    return [...this.chains.values()].filter((chain) => this.socketsOf.get(chain)?.includes(socket));
  }

  /** The newest spot that a feed has brought, paise, when it is no older than `ageMsMax`. */
  feedLtp(underlying: string, ageMsMax = Number.MAX_VALUE): number | undefined {
    const { layout, store } = this.generation;
    const spot = layout.underlyings.find((one) => underlyingKey(one) === underlying);
    if (!spot) return undefined;
    const ageMs = this.clock.monoMs() - (store.touchedMonoMs[spot.slot] ?? -Infinity);
    return ageMs > ageMsMax ? undefined : store.ltpPaise[spot.slot] || undefined;
  }

  /**
   * A spot, paise, that a feed has brought since `monoMs` and that was traded at `wallMs` or later:
   * a new subscription is answered with the trade of before, or with a price of no time at all.
   */
  ltpSince(underlying: string, since: { monoMs: number; wallMs: number }): number | undefined {
    const { layout, store } = this.generation;
    const spot = layout.underlyings.find((one) => underlyingKey(one) === underlying);
    if (!spot || (store.touchedMonoMs[spot.slot] ?? -Infinity) < since.monoMs) return undefined;
    const tradeMs = store.tradeMs[spot.slot] ?? 0;
    return tradeMs < since.wallMs ? undefined : store.ltpPaise[spot.slot];
  }

  /** Serves what the plan has built; the listener is told of the chains that are gone. */
  swap(plan: DayPlan, listener: BoardListener): void {
    const previous = this.generation;
    const layout = layOutGeneration(plannedSpots(plan), builtSkeletons(plan));
    const generation = createGeneration(previous.number + 1, layout, {
      tickDepth: tickDepthMax,
      convention: this.convention,
      baseWallMs: this.clock.wallMs(),
      ...(previous.store.tickDepth === tickDepthMax ? { previous } : {}),
    });
    for (const { chains } of plan.underlyings) {
      for (const planned of chains) {
        if (planned.answer) writeChainSnapshot(generation, planned.answer);
        planned.answer = null;
      }
    }
    this.generation = generation;
    const subscriptions = this.feed.setTargets(targetsOf(generation), generation.store);
    this.left = subscriptions.unplaced;
    this.moveChains(generation, listener);
  }

  /**
   * Stale: the market is closed, a socket of the chain is not live, or its spot is silent; while
   * that does not trade, when all legs are.
   */
  isStale(chain: LiveChain): boolean {
    const { skeleton, spotSlot } = chain.slots;
    if (!this.isMarketOpen(skeleton.exchange)) return true;
    const sockets = this.socketsOf.get(chain) ?? [];
    if (sockets.length === 0 || !sockets.every((one) => this.feed.isSocketLive(one))) return true;
    const nowMono = this.clock.monoMs();
    if (!this.isSpotTrading(skeleton)) return nowMono - chain.liveness().tickMonoMs > legsSilentMs;
    return nowMono - (chain.store.touchedMonoMs[spotSlot] ?? -Infinity) > spotSilentMs;
  }

  private moveChains(generation: Generation, listener: BoardListener): void {
    const kept = new Set<string>();
    this.socketsOf.clear();
    for (const slots of generation.layout.chains) {
      const key = chainKey(slots.skeleton, slots.skeleton.expiry);
      kept.add(key);
      const held = this.chains.get(key);
      if (held) held.moveTo(generation, slots);
      const chain = held ?? new LiveChain(generation, slots);
      this.chains.set(key, chain);
      this.socketsOf.set(chain, this.socketsUnder(chain));
    }
    for (const [key, chain] of this.chains) {
      if (kept.has(key)) continue;
      this.chains.delete(key);
      listener.retired(chain);
    }
  }

  private socketsUnder(chain: LiveChain): number[] {
    const spot = chain.generation.layout.underlyings[chain.slots.spotSlot];
    const tokens = chain.slots.skeleton.strikes.flatMap(({ CE, PE }) => [CE.token, PE.token]);
    const sockets = [...tokens, ...(spot ? [spot.token] : [])].map(
      (token) => this.feed.socketOf(token) ?? noSocket,
    );
    return [...new Set(sockets)];
  }
}

/** Spots first, then each chain in the plan's order; indices in quote mode, options in full. */
function targetsOf({ layout }: Generation): FeedTarget[] {
  const target = (exchange: Exchange, item: FeedItem): FeedTarget[] => {
    const slot = layout.slotByToken.get(tokenKey(item.token));
    return slot === undefined ? [] : [{ ...item, slot, exchange }];
  };
  const spots = layout.underlyings.flatMap(({ exchange, token }) =>
    target(exchange, { token, mode: 'quote' }),
  );
  const legs = layout.chains.flatMap(({ skeleton: { exchange, strikes } }) =>
    strikes.flatMap(({ CE, PE }) => [
      ...target(exchange, { token: CE.token, mode: 'full' }),
      ...target(exchange, { token: PE.token, mode: 'full' }),
    ]),
  );
  return [...spots, ...legs];
}
