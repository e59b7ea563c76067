import { tokenKey, type InstrumentToken } from '@strikewire/broker';
import { underlyingKey, type ContractKey, type UnderlyingRef } from '@strikewire/contracts';
import type { HeldContract } from '../core/generation-layout';
import { contractOf, legFacts, type KeyedContract } from './contract-facts';
import { greeksOf, marketOf } from './contract-figures';
import { ContractHolds, type ContractHoldsDeps, type KnownContract } from './contract-holds';
import type { ContractDesk, ContractFacts, ContractReading } from './contract-reading';
import { ContractTokens } from './contract-tokens';
import { ContractWatch } from './contract-watch-store';
import type { DayPlan } from './day-plan';
import type { OptionChainEngineOptions } from './engine-options';
import type { EngineSources } from './engine-sources';
import { FutureBook } from './future-book';
import { chainKey, type LiveChain } from './live-chain';

/** What contracts are read from. */
export interface ContractDeskDeps
  extends Pick<
    EngineSources,
    'board' | 'feed' | 'supervision' | 'names' | 'directory' | 'marketData'
  > {
  options: Pick<OptionChainEngineOptions, 'clock' | 'calendar' | 'log'>;
  plan(): DayPlan;
  /** As of `OptionChainEngine.hold`. */
  hold(holder: string, contracts: readonly HeldContract[]): void;
}

/** Volatility is worked out anew for a reading when it is older than this. */
const pricedMaxMs = 1_000;

/** Where a contract's figures are. */
interface Place {
  slot: number;
  chain: LiveChain | undefined;
  /** Of the chain; -1: it is in none. */
  row: number;
}

/** Contracts over board, store, names and supervision: one generation after the other. */
export class LiveContractDesk implements ContractDesk {
  /** Futures of what is served. */
  readonly futures: FutureBook;
  private readonly deps: ContractDeskDeps;
  private readonly holds: ContractHolds;
  private readonly tokens: ContractTokens;
  private readonly watching: ContractWatch;

  constructor(deps: ContractDeskDeps) {
    this.deps = deps;
    const { options, marketData, names } = deps;
    this.watching = new ContractWatch(options.log);
    this.tokens = new ContractTokens(deps);
    this.futures = new FutureBook({
      ...options,
      marketData,
      home: () => names.home,
      underlyings: () => deps.plan().underlyings.map(({ row }) => row),
    });
    this.holds = new ContractHolds({
      ...options,
      marketData,
      home: () => names.home,
      served: (key) => this.served(key),
      alike: (key) => this.alike(key),
      listed: (key) => this.futures.find(key),
      hold: (holder, contracts) => deps.hold(holder, contracts),
    });
  }

  find(key: ContractKey): ContractFacts | undefined {
    const place = this.placeOf(key);
    if (!place) return undefined;
    const { chain, row } = place;
    if (!chain) return this.holds.factsOf(key);
    return legFacts(chain.slots, row, this.kindOf(chain.slots.skeleton));
  }

  read(key: ContractKey): ContractReading | undefined {
    const place = this.placeOf(key);
    const contract = contractOf(key);
    if (!place || !contract) return undefined;
    const { slot, chain } = place;
    const { board, options: { clock } } = this.deps;
    const { generation } = board;
    const isStale = this.isStale(key, contract, chain);
    if (chain && Math.abs(clock.wallMs() - chain.pricer.pricedMs) >= pricedMaxMs) {
      chain.refresh(board.isStale(chain), clock.wallMs());
    }
    const { store } = generation;
    return {
      key,
      ...marketOf(store, slot, contract),
      spotPaise: this.spotOf(contract),
      forwardPaise: chain ? this.forwardOf(chain, contract) : null,
      ...(chain ? greeksOf(store, slot) : { iv: null, delta: contract.kind === 'FUT' ? 1 : null }),
      confirmedMs: this.confirmedMs(key, slot),
      receivedMs: store.receivedMs[slot] ?? 0,
      version: `${generation.number}.${store.changedAt[slot] ?? 0}`,
      isStale,
    };
  }

  tokenOf(key: ContractKey, broker: string): InstrumentToken | undefined {
    return this.tokens.tokenOf(key, broker);
  }

  keyOf(token: InstrumentToken, broker: string): ContractKey | undefined {
    return this.tokens.keyOf(tokenKey(token), broker);
  }

  watch(keys: readonly ContractKey[], changed: (keys: readonly ContractKey[]) => void): () => void {
    return this.watching.watch(keys, changed);
  }

  hold(holder: string, keys: readonly ContractKey[]): void {
    this.holds.hold(holder, keys);
  }

  /** Another generation is served. */
  swapped(): void {
    const { layout, store } = this.deps.board.generation;
    this.watching.moveTo({ store, slotByKey: layout.slotByKey });
  }

  stop(): void {
    this.holds.stop();
    this.watching.stop();
  }

  private placeOf(key: ContractKey): Place | undefined {
    const { board } = this.deps;
    const slot = board.generation.layout.slotByKey.get(key);
    const contract = slot === undefined ? undefined : contractOf(key);
    if (slot === undefined || !contract) return undefined;
    const chain = board.find(chainKey(contract, contract.expiry));
    const row = chain ? slot - chain.slots.firstSlot : -1;
    const isLeg = chain?.slots.legKeys[row] === key;
    return isLeg ? { slot, chain, row } : { slot, chain: undefined, row: -1 };
  }

  private served(key: ContractKey): KnownContract | undefined {
    const chain = this.placeOf(key)?.chain;
    const facts = chain && this.find(key);
    const broker = chain?.slots.skeleton.broker ?? '';
    const token = this.tokens.tokenOf(key, broker);
    if (!facts || !token) return undefined;
    return { contract: { key, exchange: facts.exchange, token, broker }, facts };
  }

  private alike(key: ContractKey): ReturnType<ContractHoldsDeps['alike']> {
    const contract = contractOf(key);
    const chains = [...this.deps.board.all()].map(({ slots }) => slots.skeleton).filter((one) =>
      one.exchange === contract?.exchange && one.symbol === contract.symbol);
    // Lots change between expiries: the same one, else the last that is not later.
    const before = chains
      .filter(({ expiry }) => expiry <= (contract?.expiry ?? ''))
      .sort((a, b) => (a.expiry < b.expiry ? -1 : 1));
    const kind = contract && this.kindOf(contract);
    return { underlyingKind: kind ?? 'index', alike: before.at(-1) ?? chains[0] };
  }

  private kindOf(underlying: UnderlyingRef): ContractFacts['underlyingKind'] {
    const key = underlyingKey(underlying);
    const planned = this.deps.plan().underlyings.find((one) => one.key === key);
    return planned?.row.kind ?? this.deps.directory.find(underlying)?.kind ?? 'index';
  }

  private spotOf(underlying: UnderlyingRef): number | null {
    const { layout, store } = this.deps.board.generation;
    const slot = layout.slotByKey.get(underlyingKey(underlying));
    return slot === undefined ? null : store.ltpPaise[slot] || null;
  }

  /** By parity of the chain's own quotes, else the future of its month where that is kept live. */
  private forwardOf(chain: LiveChain, contract: KeyedContract): number | null {
    const { forward, forwardSource } = chain.pricer.figures;
    if (forwardSource === 'parity' && forward > 0) return Math.round(forward * 100);
    const { layout, store } = this.deps.board.generation;
    const future = this.futures.after(contract, contract.expiry);
    const slot = future === undefined ? undefined : layout.slotByKey.get(future);
    return slot === undefined ? null : store.ltpPaise[slot] || null;
  }

  private isStale(key: ContractKey, of: UnderlyingRef, chain: LiveChain | undefined): boolean {
    const { feed, board, options: { calendar, clock } } = this.deps;
    const socket = feed.socketOf(key);
    if (socket === undefined || !feed.isSocketLive(socket)) return true;
    if (!calendar.isOpen(of.exchange, clock.wallMs())) return true;
    return chain ? board.isStale(chain) : false;
  }

  /**
   * A book that the socket's present connection has brought is so for as long as that is heard; any
   * other was so when it came.
   */
  private confirmedMs(key: ContractKey, slot: number): number {
    const { feed, board: { generation: { store } }, options: { clock } } = this.deps;
    const receivedMs = store.receivedMs[slot] ?? 0;
    const socket = feed.socketOf(key);
    const heard = socket === undefined ? undefined : feed.heard(socket);
    if (!heard || store.source[slot] !== socket || store.epoch[slot] !== heard.epoch) {
      return receivedMs;
    }
    return Math.max(receivedMs, clock.wallMs() - (clock.monoMs() - heard.mono));
  }
}
