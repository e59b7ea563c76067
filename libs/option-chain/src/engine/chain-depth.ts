import type { InstrumentToken } from '@strikewire/broker';
import {
  DepthDesk,
  type DepthAccount,
  type DepthReading,
  type DepthStatus,
} from '@strikewire/broker/engine';
import {
  indiaIsoOf,
  optionKey,
  parseOptionKey,
  type ContractKey,
  type Depth,
  type DepthQuery,
  type OptionRef,
} from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import type { EncodedSnapshot } from './answer-cache';
import { bookLevels } from './book-levels';
import type { OptionChainEngineOptions } from './engine-options';
import type { EngineSources } from './engine-sources';
import { chainKey, type LiveChain } from './live-chain';

/** What books are read from. */
export interface ChainDepthDeps
  extends Pick<EngineSources, 'board' | 'feed' | 'supervision' | 'names'> {
  options: OptionChainEngineOptions;
  /** As of `ChainService`: rejects what is not served, and says why. */
  chain(symbol: string, expiry?: string): LiveChain;
}

/** A full book that is further behind the market feed than this is served only if it agrees. */
const behindMs = 5_000;

/**
 * Books of options. Five levels of every contract come over the market feed; of what is read here
 * a full book is wanted as well, and served when there is one that is not behind.
 */
export class ChainDepth {
  private readonly deps: ChainDepthDeps;
  private readonly desk: DepthDesk;
  private readonly run: string;

  constructor(deps: ChainDepthDeps) {
    this.deps = deps;
    const { options } = deps;
    this.run = options.clock.wallMs().toString(36);
    this.desk = new DepthDesk({
      ...options,
      accounts: () => this.carriers(),
      tokenOf: (account, key) => this.tokenOf(account, key),
      isMarketOpen: (exchange) => this.isMarketOpen(exchange),
      quoteMono: (key) => this.quoteMono(this.slotOf(key)),
    });
  }

  /**
   * The encoded answer of `GET /api/optionchain/depth`.
   * @throws StrikewireError `invalid` for a key that is none, `not_found` for a contract that is
   * not served, `retryable` for one whose chain is not built yet.
   */
  snapshot(query: DepthQuery): EncodedSnapshot {
    const ref = this.refOf(query);
    const key = optionKey(ref);
    const slot = this.slotOf(key);
    if (slot === undefined) throw this.unknown(ref);
    const reading = this.desk.read({ key, exchange: ref.exchange });
    const full = reading && this.isCurrent(reading, slot) ? reading : undefined;
    const depth = full ? fullDepth(ref, full) : this.shownDepth(ref, slot);
    const { generation } = this.deps.board;
    const version = full ? `${full.socket}.${full.version}` : generation.store.changedAt[slot];
    const place = `${generation.number}-${depth.levels}-${version}-${Number(depth.stale)}`;
    const etag = `"${this.run}-${place}"`;
    return { body: Buffer.from(JSON.stringify(depth)), etag };
  }

  /** The sockets of full books, by their accounts. */
  status(): DepthStatus[] {
    return this.desk.status();
  }

  stop(): void {
    this.desk.stop();
  }

  private refOf({ key, underlying = '', expiry, strike = 0, type = 'CE' }: DepthQuery): OptionRef {
    if (key !== undefined) return parseOptionKey(key);
    const { skeleton } = this.deps.chain(underlying, expiry).slots;
    const { exchange, symbol } = skeleton;
    return {
      exchange, symbol, expiry: skeleton.expiry, strikePaise: Math.round(strike * 100), type,
    };
  }

  private slotOf(key: ContractKey): number | undefined {
    return this.deps.board.generation.layout.slotByKey.get(key);
  }

  /** What is wrong with a contract that has no slot: its chain may be unknown, or its strike. */
  private unknown(ref: OptionRef): StrikewireError {
    this.deps.chain(ref.symbol, ref.expiry);
    return new StrikewireError({
      kind: 'not_found',
      code: 'contract_unknown',
      message: `contract was "${optionKey(ref)}", needs one of those that are served`,
      details: { field: 'key' },
    });
  }

  /** Whoever carries the data: a failover moves full books as well. */
  private carriers(): readonly DepthAccount[] {
    const { options, supervision } = this.deps;
    const accounts = options.accounts();
    return supervision.standing.carriers.flatMap((id) => accounts.filter((one) => one.id === id));
  }

  private tokenOf({ broker }: DepthAccount, key: ContractKey): InstrumentToken | undefined {
    const { board, names, supervision } = this.deps;
    const ref = parseOptionKey(key);
    const slots = board.find(chainKey(ref, ref.expiry))?.slots;
    const row = slots?.legKeys.indexOf(key) ?? -1;
    const strike = slots?.skeleton.strikes[row >> 1];
    if (strike && row >= 0 && slots?.skeleton.broker === broker) return strike[ref.type].token;
    const held = board.generation.layout.held.find((one) => one.key === key);
    if (held?.broker === broker) return held.token;
    return names.home === broker ? names.tokenOf(key) : supervision.names.tokenOf(broker, key);
  }

  private isMarketOpen(exchange: OptionRef['exchange']): boolean {
    const { calendar, clock } = this.deps.options;
    return calendar.isOpen(exchange, clock.wallMs());
  }

  private quoteMono(slot: number | undefined): number {
    const { store } = this.deps.board.generation;
    return slot === undefined ? -Infinity : (store.touchedMonoMs[slot] ?? -Infinity);
  }

  /** Not behind the market feed; or behind, and the best prices are the same there. */
  private isCurrent({ receivedMonoMs, bids, asks }: DepthReading, slot: number): boolean {
    if (this.quoteMono(slot) - receivedMonoMs <= behindMs) return true;
    const { store } = this.deps.board.generation;
    const isSame = (bids[0]?.pricePaise ?? 0) === store.bestBidPaise(slot);
    return isSame && (asks[0]?.pricePaise ?? 0) === store.bestAskPaise(slot);
  }

  private shownDepth(ref: OptionRef, slot: number): Depth {
    const { store } = this.deps.board.generation;
    const receivedMs = store.receivedMs[slot] ?? 0;
    return {
      ...about(ref),
      bids: bookLevels(store, slot, 'bid').map(levelJson),
      asks: bookLevels(store, slot, 'ask').map(levelJson),
      levels: 5,
      source: this.sourceOf(optionKey(ref)),
      receivedAt: receivedMs > 0 ? indiaIsoOf(receivedMs) : null,
      stale: this.isStale(ref),
    };
  }

  private sourceOf(key: ContractKey): Depth['source'] {
    const { feed, options } = this.deps;
    const accounts = options.accounts();
    const socket = feed.socketOf(key);
    const id = socket === undefined ? undefined : feed.accountOf(socket)?.id;
    const account = accounts.find((one) => one.id === id) ?? accounts[0];
    return { broker: account?.broker ?? '', account: account?.label ?? 'none' };
  }

  private isStale(ref: OptionRef): boolean {
    const { board, feed } = this.deps;
    const chain = board.find(chainKey(ref, ref.expiry));
    const socket = feed.socketOf(optionKey(ref));
    const isCarried = socket !== undefined && feed.isSocketLive(socket);
    return !isCarried || !this.isMarketOpen(ref.exchange) || (chain ? board.isStale(chain) : false);
  }
}

function about(ref: OptionRef): Pick<
  Depth, 'key' | 'underlying' | 'exchange' | 'expiry' | 'strike' | 'type'
> {
  const { exchange, symbol, expiry, strikePaise, type } = ref;
  return {
    key: optionKey(ref), underlying: symbol, exchange, expiry, strike: strikePaise / 100, type,
  };
}

function fullDepth(ref: OptionRef, book: DepthReading): Depth {
  const { broker, account } = book;
  return {
    ...about(ref),
    bids: book.bids.map(levelJson),
    asks: book.asks.map(levelJson),
    levels: 20,
    source: { broker, account },
    receivedAt: indiaIsoOf(book.receivedMs),
    stale: false,
  };
}

function levelJson(
  { pricePaise, quantity, orders }: DepthReading['bids'][number],
): Depth['bids'][number] {
  return { price: pricePaise / 100, quantity, orders };
}
