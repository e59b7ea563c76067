import type { FeedItem } from '@strikewire/broker';
import type { FeedPool } from '@strikewire/broker/engine';
import {
  underlyingKey,
  type ContractKey,
  type Exchange,
  type UnderlyingRef,
} from '@strikewire/contracts';
import { tickDepthMax } from '@strikewire/market-data';
import type { PricingConvention } from '@strikewire/pricing';
import type { Clock } from '@strikewire/runtime';
import { layOutGeneration, type HeldContract } from '../core/generation-layout';
import type { ChainAnswer } from '../core/skeleton';
import { atHome, boardTargets, type HomeNames, type NamedParts } from './board-targets';
import { builtSkeletons, plannedSpots, type DayPlan } from './day-plan';
import { createGeneration, writeChainSnapshot, type Generation } from './generation';
import { chainKey, LiveChain } from './live-chain';

/** Silence of an index's spot, while it trades, after which its chains are stale. */
const spotSilentMs = 15_000;
/**
 * Silence of all legs after which a chain is stale while its spot does not trade, and of spot and
 * legs of what is no index: shares and commodities may stand still.
 */
const legsSilentMs = 60_000;

/** Where a chain's contracts are live: sockets by their numbers, and how many on none. */
interface Carried {
  sockets: readonly number[];
  restOnly: number;
}
const carriedNowhere: Carried = { sockets: [], restOnly: 0 };

/** The feed as the board uses it. */
export type BoardFeed = Pick<
  FeedPool, 'setTargets' | 'expectTargets' | 'socketOf' | 'isSocketLive' | 'accountOf'
>;

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
  private readonly feed: BoardFeed;
  private readonly isMarketOpen: (exchange: Exchange) => boolean;
  private readonly isSpotTrading: (underlying: UnderlyingRef) => boolean;
  private readonly isIndex: (underlying: UnderlyingRef) => boolean;
  private readonly convention: PricingConvention;
  private readonly names: HomeNames | undefined;
  private readonly chains = new Map<string, LiveChain>();
  private readonly carried = new Map<LiveChain, Carried>();
  private left: readonly FeedItem[] = [];
  /** What the broker at home has no name for, or none that is known yet. */
  private nameless: readonly (FeedItem & { key: ContractKey })[] = [];

  constructor(options: {
    clock: Clock;
    feed: BoardFeed;
    /** Whether an exchange's derivatives trade now. */
    isMarketOpen(exchange: Exchange): boolean;
    /** Whether an underlying itself does: cash ends before derivatives. As they when not given. */
    isSpotTrading?(underlying: UnderlyingRef): boolean;
    /** Whether an underlying is one that always ticks; else it is taken for one. */
    isIndex?(underlying: UnderlyingRef): boolean;
    convention: PricingConvention;
    /** When not given, everything is named by the broker at home. */
    names?: HomeNames;
  }) {
    this.clock = options.clock;
    this.feed = options.feed;
    this.isMarketOpen = (exchange) => options.isMarketOpen(exchange);
    this.isSpotTrading = (underlying) =>
      options.isSpotTrading?.(underlying) ?? options.isMarketOpen(underlying.exchange);
    this.isIndex = (underlying) => options.isIndex?.(underlying) ?? true;
    this.convention = options.convention;
    this.names = options.names;
    const baseWallMs = options.clock.wallMs();
    const layout = { ...layOutGeneration([], []), slotCount: 1 };
    this.generation = createGeneration(0, layout, {
      tickDepth: 0,
      baseWallMs,
      convention: this.convention,
    });
  }

  /** Contracts that no account's sockets have room for, or no name. */
  get unplaced(): readonly FeedItem[] {
    return this.nameless.length === 0 ? this.left : [...this.left, ...this.nameless];
  }

  /** Contracts that cannot be subscribed before their names at home are known. */
  get unnamed(): readonly ContractKey[] {
    return this.nameless.map(({ key }) => key);
  }

  /** Everything that is to be live, by canonical keys. */
  contracts(): ContractKey[] {
    const { underlyings, held, chains } = this.generation.layout;
    return [
      ...underlyings.map((one) => underlyingKey(one)),
      ...held.map(({ key }) => key),
      ...chains.flatMap(({ legKeys }) => legKeys),
    ];
  }

  /** A whole answer over REST: its figures are the served generation's, as far as they are new. */
  answered(of: UnderlyingRef & { expiry: string }, answer: ChainAnswer): void {
    writeChainSnapshot(this.generation, of, answer);
  }

  find(key: string): LiveChain | undefined {
    return this.chains.get(key);
  }

  all(): Iterable<LiveChain> {
    return this.chains.values();
  }

  /** Chains of which at least a part lies on a socket. */
  onSocket(socket: number): LiveChain[] {
    const isOn = (chain: LiveChain): boolean =>
      this.carried.get(chain)?.sockets.includes(socket) ?? false;
    return [...this.chains.values()].filter(isOn);
  }

  /** A chain's contracts that no socket has room for: REST alone keeps them. */
  restOnlyOf(chain: LiveChain): number {
    return this.carried.get(chain)?.restOnly ?? 0;
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

  /** What a generation would have beside chains, and as what. */
  partsOf(plan: DayPlan, held: readonly HeldContract[]): NamedParts {
    return atHome({ spots: plannedSpots(plan), held }, this.names);
  }

  /** Serves what the plan has built; the listener is told of the chains that are gone. */
  swap(plan: DayPlan, listener: BoardListener, held: readonly HeldContract[] = []): void {
    const previous = this.generation;
    const named = this.partsOf(plan, held);
    const layout = layOutGeneration(named.spots, builtSkeletons(plan), named.held);
    const generation = createGeneration(previous.number + 1, layout, {
      tickDepth: tickDepthMax,
      convention: this.convention,
      baseWallMs: this.clock.wallMs(),
      ...(previous.store.tickDepth === tickDepthMax ? { previous } : {}),
    });
    for (const { chains } of plan.underlyings) {
      for (const planned of chains) {
        const { answer, skeleton } = planned;
        if (answer && skeleton) writeChainSnapshot(generation, skeleton, answer);
        planned.answer = null;
      }
    }
    this.generation = generation;
    this.target();
    this.moveChains(generation, listener);
  }

  /**
   * These are held from now on. All of them, and of those before, lie in chains: they come first,
   * and nothing is laid out anew.
   */
  prefer(plan: DayPlan, held: readonly HeldContract[]): void {
    const { layout } = this.generation;
    const named = this.partsOf(plan, held);
    this.generation = { ...this.generation, layout: { ...layout, held: named.held } };
    this.retarget();
  }

  /**
   * Another broker comes home, and has other names: the same contracts by those are dealt together
   * with the accounts, so that none is subscribed by a wrong name and no socket closes for it.
   */
  comeHome(): void {
    const { targets, nameless } = boardTargets(this.generation.layout, this.names);
    this.nameless = nameless;
    this.feed.expectTargets(targets);
  }

  /** The same contracts by the names that the broker at home has for them now. */
  retarget(): void {
    this.target();
    for (const chain of this.chains.values()) this.carry(chain);
  }

  /** The feed has dealt the same contracts anew. */
  redealt(unplaced: readonly FeedItem[]): void {
    this.left = unplaced;
    for (const chain of this.chains.values()) this.carry(chain);
  }

  /**
   * Stale: the market is closed, a socket of the chain is not live, or its index's spot is silent;
   * while that does not trade, and of what is no index, when spot and legs are. So is a chain of
   * which a part has no socket: REST keeps its open interest fresh, not its prices.
   */
  isStale(chain: LiveChain): boolean {
    const { skeleton, spotSlot } = chain.slots;
    if (!this.isMarketOpen(skeleton.exchange)) return true;
    const { sockets, restOnly } = this.carried.get(chain) ?? carriedNowhere;
    if (sockets.length === 0 || restOnly > 0) return true;
    if (!sockets.every((one) => this.feed.isSocketLive(one))) return true;
    const nowMono = this.clock.monoMs();
    const spotAgeMs = nowMono - (chain.store.touchedMonoMs[spotSlot] ?? -Infinity);
    const isSpotTrading = this.isSpotTrading(skeleton);
    if (isSpotTrading && this.isIndex(skeleton)) return spotAgeMs > spotSilentMs;
    if (isSpotTrading && spotAgeMs <= legsSilentMs) return false;
    return nowMono - chain.liveness().tickMonoMs > legsSilentMs;
  }

  private target(): void {
    const { layout, store } = this.generation;
    const { targets, nameless } = boardTargets(layout, this.names);
    this.nameless = nameless;
    this.left = this.feed.setTargets(targets, store);
  }

  private moveChains(generation: Generation, listener: BoardListener): void {
    const kept = new Set<string>();
    this.carried.clear();
    for (const slots of generation.layout.chains) {
      const key = chainKey(slots.skeleton, slots.skeleton.expiry);
      kept.add(key);
      const held = this.chains.get(key);
      if (held) held.moveTo(generation, slots);
      const chain = held ?? new LiveChain(generation, slots);
      this.chains.set(key, chain);
      this.carry(chain);
    }
    for (const [key, chain] of this.chains) {
      if (kept.has(key)) continue;
      this.chains.delete(key);
      listener.retired(chain);
    }
  }

  private carry(chain: LiveChain): void {
    const carried = this.carriedOf(chain);
    this.carried.set(chain, carried);
    const [first] = carried.sockets;
    chain.account = first === undefined ? null : (this.feed.accountOf(first)?.label ?? null);
  }

  private carriedOf(chain: LiveChain): Carried {
    const { skeleton, legKeys } = chain.slots;
    const legs = legKeys.flatMap((key) => this.feed.socketOf(key) ?? []);
    // Only with its legs on a feed does a chain live by one.
    const spot = legs.length > 0 ? this.feed.socketOf(underlyingKey(skeleton)) : undefined;
    const sockets = new Set(spot === undefined ? legs : [...legs, spot]);
    return { sockets: [...sockets], restOnly: legKeys.length - legs.length };
  }
}
