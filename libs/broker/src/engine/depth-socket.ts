import type { ContractKey } from '@strikewire/contracts';
import { SlotIndex } from '@strikewire/market-data';
import type { Clock, Log, OpenSocket, Random, Timer } from '@strikewire/runtime';
import type { DepthDecoder, DepthFeed } from '../core/depth-protocol';
import type { InstrumentToken } from '../core/market-data-port';
import { askedWaitMs, backoffMs } from './backoff';
import type { ConnectionBudget } from './connection-budget';
import { DepthBookStore, type DepthLevel } from './depth-book-store';
import { FeedConnection, type ConnectionEnd } from './feed-connection';
import { failureOf } from './guarded-protocol';
import { PacedSender } from './paced-sender';
import { messagesOf, newsOf } from './plugin-answers';

/** What the socket of one account is made of. */
export interface DepthSocketDeps {
  clock: Clock;
  random: Random;
  log: Log;
  openSocket: OpenSocket;
  feed: DepthFeed;
  /** Of the account's depth sockets: the broker counts them apart from its feed's. */
  budget: ConnectionBudget;
  /** "Test connection": one question before a refused account is tried again. */
  check(): Promise<unknown>;
}

/** A full book; both of its sides have come. */
export interface FullBook {
  bids: DepthLevel[];
  asks: DepthLevel[];
  /** When the later side came: epoch ms, and by the monotonic clock. */
  receivedMs: number;
  receivedMonoMs: number;
  /** Of this book alone; rises with each change. */
  version: number;
}

/** `waiting`: for the next attempt; `parked`: refused, no attempt by itself. */
export type DepthSocketState = 'idle' | 'connecting' | 'live' | 'waiting' | 'parked';

interface Wanted {
  token: InstrumentToken;
  slot: number;
  segment: number;
  id: number;
}

/** The most books of one account at once, whatever its broker allows. */
const booksMax = 50;
/** Data must have flowed this long before a connection counts as recovered. */
const provenMs = 10_000;
/** Without a book for this long, while the market feed ticks with the same contracts: lost. */
const behindQuotesMs = 10_000;
/** A refused account is tried again after this at the soonest, and only when it is needed. */
const parkedMs = 300_000;
/** What was unsubscribed may come for so long still. */
const afterglowMs = 5_000;
/** Connections that were accepted and ended without a book: then the account counts as refused. */
const barrenMax = 3;

/**
 * The one socket over which an account's full books come. It stands while any book is wanted, and
 * comes back with back-off; an account that is refused rests, at this socket alone.
 */
export class DepthSocket {
  private readonly deps: DepthSocketDeps;
  private readonly max: number;
  private readonly books: DepthBookStore;
  private readonly wanted = new Map<ContractKey, Wanted>();
  private readonly freeSlots: number[];
  private readonly sender: PacedSender;
  private index = new SlotIndex(1);
  private state: DepthSocketState = 'idle';
  private reason: string | null = null;
  private connection: FeedConnection | undefined;
  private decoder: DepthDecoder | undefined;
  private retry: Timer | undefined;
  private attempt = 0;
  private barren = 0;
  private earliestMono = -Infinity;
  private openedMono = -Infinity;
  private lastByteMono = -Infinity;
  private lastBookMono = -Infinity;
  private subscribedMono = -Infinity;
  private unsubscribedMono = -Infinity;
  /** Packets of unknown instruments at the last look. */
  private strangers = 0;
  private isChecking = false;
  private isStopped = false;

  constructor(deps: DepthSocketDeps) {
    this.deps = deps;
    this.max = Math.min(booksMax, deps.feed.limits.instrumentsPerSocketMax);
    this.books = new DepthBookStore(this.max);
    this.freeSlots = Array.from({ length: this.max }, (_, slot) => slot);
    this.sender = new PacedSender(deps.clock, (message) => this.connection?.send(message));
  }

  get status(): { state: DepthSocketState; reason: string | null; books: number; max: number } {
    return { state: this.state, reason: this.reason, books: this.wanted.size, max: this.max };
  }

  /** Answers whether there is room for a book; what is wanted comes when it can. */
  want(key: ContractKey, token: InstrumentToken): boolean {
    if (this.wanted.has(key)) return true;
    if (this.state === 'parked') this.reconsider();
    if (this.state === 'parked' || this.isStopped) return false;
    const slot = this.freeSlots.at(-1);
    const wireId = this.wireIdOf(token);
    if (slot === undefined || !wireId) return false;
    this.freeSlots.pop();
    this.books.clear(slot);
    this.wanted.set(key, { token, slot, ...wireId });
    this.reindex();
    if (this.state === 'idle') this.begin();
    else if (this.state === 'live') this.send(() => this.deps.feed.protocol.subscribe([token]));
    return true;
  }

  /** A book is wanted no more; with the last one the connection goes. */
  leave(key: ContractKey): void {
    const left = this.wanted.get(key);
    if (!left) return;
    this.wanted.delete(key);
    this.freeSlots.push(left.slot);
    this.reindex();
    if (this.wanted.size > 0) {
      if (this.state !== 'live') return;
      this.unsubscribedMono = this.deps.clock.monoMs();
      return this.send(() => this.deps.feed.protocol.unsubscribe([left.token]));
    }
    this.end('no book is wanted', true);
    if (this.state !== 'parked') this.become('idle', null);
  }

  /** The whole book of now; undefined while it has not come, or the connection does not stand. */
  read(key: ContractKey): FullBook | undefined {
    const wanted = this.wanted.get(key);
    if (!wanted || this.state !== 'live' || !this.books.isWhole(wanted.slot)) return undefined;
    const { slot } = wanted;
    const { wallMs, monoMs } = this.books.receivedAt(slot);
    return {
      bids: this.books.levels(slot, 'bid'),
      asks: this.books.levels(slot, 'ask'),
      receivedMs: wallMs,
      receivedMonoMs: monoMs,
      version: this.books.versionOf(slot),
    };
  }

  /**
   * To be called every second or so. Bytes tell whether the transport lives; whether it delivers is
   * told by the market feed, which says when a contract last ticked there: `quoteMono`.
   */
  watch(quoteMono: (key: ContractKey) => number): void {
    if (this.state !== 'live') return;
    const now = this.deps.clock.monoMs();
    const { silentMs } = this.deps.feed.limits;
    if (now - this.lastByteMono > silentMs) return this.lost('other', `silent for ${silentMs} ms`);
    const toldMono = Math.max(this.lastBookMono, this.subscribedMono);
    const tickedMono = Math.max(...[...this.wanted.keys()].map(quoteMono));
    if (tickedMono - toldMono > behindQuotesMs) {
      return this.lost('other', `no book for ${behindQuotesMs} ms while quotes came`);
    }
    if (this.lastBookMono - this.openedMono > provenMs) this.attempt = 0;
    if (this.isUnheard(now)) this.lost('other', 'what was unsubscribed goes on coming');
  }

  stop(): void {
    this.isStopped = true;
    this.end('stopped', true);
    this.become('idle', null);
  }

  private become(state: DepthSocketState, reason: string | null): void {
    this.state = state;
    this.reason = reason;
  }

  /** What is not let go of counts for the broker: over its limit nothing more would come. */
  private isUnheard(nowMono: number): boolean {
    const before = this.strangers;
    this.strangers = this.decoder?.counters.unknownInstrument ?? 0;
    return this.strangers > before && nowMono - this.unsubscribedMono > afterglowMs;
  }

  private wireIdOf(token: InstrumentToken): { segment: number; id: number } | undefined {
    try {
      return this.deps.feed.protocol.wireId(token);
    } catch {
      return undefined;
    }
  }

  /** The slots by what the wire calls them; made anew with each change, of fifty at most. */
  private reindex(): void {
    this.index = new SlotIndex(Math.max(1, this.wanted.size));
    for (const { segment, id, slot } of this.wanted.values()) this.index.set(segment, id, slot);
  }

  private begin(): void {
    const { clock } = this.deps;
    const waitMs = this.earliestMono - clock.monoMs();
    if (waitMs <= 0) return this.connect();
    this.become('waiting', this.reason ?? 'the last attempt was just now');
    this.retry = clock.after(waitMs, () => this.connect());
  }

  private connect(): void {
    const { clock, openSocket, feed: { protocol }, budget } = this.deps;
    this.become('connecting', null);
    this.connection = new FeedConnection({ clock, openSocket, protocol, budget }, {
      opened: () => this.opened(),
      message: (data, isBinary) => this.received(data, isBinary),
      alive: () => {
        this.lastByteMono = clock.monoMs();
      },
      lost: (kind, reason) => this.lost(kind, reason),
    });
    this.connection.start();
  }

  private opened(): void {
    const { clock, feed: { protocol } } = this.deps;
    this.openedMono = this.lastByteMono = clock.monoMs();
    this.strangers = 0;
    this.lastBookMono = -Infinity;
    this.become('live', null);
    this.send(() => {
      this.decoder = protocol.createDecoder();
      this.decoder.bind({ get: (segment, id) => this.index.get(segment, id) }, this.books);
      const tokens = [...this.wanted.values()].map(({ token }) => token);
      const hello = messagesOf('hello', protocol.hello?.() ?? []);
      return [...hello, ...protocol.subscribe(tokens)];
    });
  }

  private received(data: Uint8Array, isBinary: boolean): void {
    const { clock } = this.deps;
    const now = clock.monoMs();
    this.lastByteMono = now;
    const { decoder } = this;
    if (!decoder) return;
    this.books.beginFrame(clock.wallMs(), now);
    try {
      const before = wantedPackets(decoder);
      const end = newsOf(decoder.decode(data, isBinary));
      if (end && end.kind !== 'ready') return this.lost(end.kind, end.reason);
      if (wantedPackets(decoder) === before) return;
      this.lastBookMono = now;
      this.barren = 0;
    } catch (error) {
      this.lost('other', failureOf(error));
    }
  }

  private send(write: () => readonly (string | Uint8Array)[]): void {
    try {
      this.subscribedMono = this.sender.push(messagesOf('the protocol', write()));
    } catch (error) {
      this.lost('other', failureOf(error));
    }
  }

  private lost(kind: ConnectionEnd, reason: string): void {
    const { clock, random, log, budget, feed: { limits } } = this.deps;
    const isBarren = this.state === 'live' && this.lastBookMono === -Infinity;
    this.end(reason, false);
    if (kind === 'auth' || kind === 'suspended' || kind === 'entitlement') return this.park(reason);
    if (isBarren && ++this.barren >= barrenMax) {
      return this.park('one connection after the other ended without a book');
    }
    if (kind === 'throttled') budget.pauseFor(limits.throttledWaitMs);
    const waitMs = askedWaitMs(kind, limits) + backoffMs(this.attempt++, random);
    this.earliestMono = clock.monoMs() + waitMs;
    log.warn('depth socket lost', { reason, waitMs: Math.round(waitMs) });
    this.become('waiting', reason);
    this.retry = clock.after(waitMs, () => this.connect());
  }

  /** Books of a refused account are not wanted of it any more: whoever asks goes elsewhere. */
  private park(reason: string): void {
    const { clock, log } = this.deps;
    log.error('depth socket parked', { reason });
    for (const { slot } of this.wanted.values()) this.freeSlots.push(slot);
    this.wanted.clear();
    this.reindex();
    this.barren = 0;
    this.earliestMono = clock.monoMs() + parkedMs;
    this.become('parked', reason);
  }

  /** A book is wanted of a refused account: one question, after a long while, and never a loop. */
  private reconsider(): void {
    const { clock, check } = this.deps;
    if (this.isChecking || this.isStopped || clock.monoMs() < this.earliestMono) return;
    this.isChecking = true;
    this.earliestMono = clock.monoMs() + parkedMs;
    check().then(
      () => {
        this.isChecking = false;
        this.earliestMono = -Infinity;
        if (this.state === 'parked') this.become('idle', null);
      },
      () => {
        this.isChecking = false;
      },
    );
  }

  /** Ends the connection, its books and its wait; later events of it are not heard. */
  private end(reason: string, isWanted: boolean): void {
    this.retry?.cancel();
    this.sender.clear();
    this.books.clearAll();
    this.decoder = undefined;
    const { connection } = this;
    this.connection = undefined;
    connection?.end(reason, isWanted);
  }
}

/** Of books that are wanted: what comes of others is no sign that these do. */
function wantedPackets({ counters }: DepthDecoder): number {
  return counters.packets - counters.unknownInstrument;
}
