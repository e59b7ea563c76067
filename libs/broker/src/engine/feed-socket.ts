import { QuoteSession, type QuoteStore } from '@strikewire/market-data';
import type { Clock, Log, OpenSocket, Random, Socket, Timer } from '@strikewire/runtime';
import type {
  FeedDecoder,
  FeedEndKind,
  FeedItem,
  FeedLimits,
  FeedProtocol,
  SlotLookup,
} from '../core/feed-protocol';
import { tokenKey } from '../core/market-data-port';
import { backoffMs } from './backoff';
import type { ConnectionBudget } from './connection-budget';
import { SilenceWatch } from './silence-watch';

/** What every socket of an account shares. */
export interface FeedSocketDeps {
  clock: Clock;
  random: Random;
  log: Log;
  openSocket: OpenSocket;
  protocol: FeedProtocol;
  limits: FeedLimits;
  /** Of the account that is in use when it is asked. */
  connections(): ConnectionBudget;
  /** The whole account must stop trying: credentials or entitlement. */
  onParked(reason: string): void;
  /** The connection stands again after it was lost. */
  onRecovered(socket: number): void;
  /** A connection was accepted and ended at once without data: perhaps the token is dead. */
  onBarren(): void;
}

/** Where a socket writes: a generation's store and the account's map of its instruments. */
export interface FeedBinding {
  store: QuoteStore;
  lookup: SlotLookup;
}

/** `waiting`: for the next attempt; `parked`: refused, no attempt by itself. */
export type FeedSocketState = 'idle' | 'connecting' | 'live' | 'waiting' | 'parked';

/** How a socket is; ages in milliseconds, null for never. */
export interface FeedSocketStatus {
  state: FeedSocketState;
  reason: string | null;
  instruments: number;
  reconnects: number;
  byteAgeMs: number | null;
  tickAgeMs: number | null;
  /** How long this connection stands; null while it does not. */
  liveForMs: number | null;
  /** Packets applied since the start, over all its connections. */
  ticks: number;
}

/** Data must have flowed this long before a connection counts as recovered. */
const provenMs = 10_000;
const handshakeTimeoutMs = 10_000;
const messageBytesMax = 1 << 20;
/** Between two subscribe messages, so that a large plan does not leave as one burst. */
const messagePaceMs = 20;
const watchMs = 1_000;
/** After frames that could not be read the instruments are asked for anew, no more often than. */
const repairMs = 30_000;
/** A closing handshake that the broker does not answer is ended after this. */
const closeGraceMs = 2_000;

/**
 * One socket of a feed, kept alive: opens within the account's connection budget, subscribes in
 * batches, watches bytes and ticks by the clock, and comes back with back-off and the same
 * subscriptions. Each connection is a session of its own epoch; what an earlier one still
 * delivers is dropped.
 */
export class FeedSocket {
  private readonly deps: FeedSocketDeps;
  private readonly number: number;
  private readonly isMarketOpen: () => boolean;
  private binding: FeedBinding;
  private items: readonly FeedItem[] = [];
  private state: FeedSocketState = 'idle';
  private reason: string | null = null;
  private socket: Socket | undefined;
  private session: QuoteSession | undefined;
  private decoder: FeedDecoder;
  /** Of this connection: repairs and the wait for the next attempt. */
  private timers: Timer[] = [];
  private watchTimer: Timer | undefined;
  /** Messages of this connection that are still to be sent, in order. */
  private outbox: (string | Uint8Array)[] = [];
  private paceTimer: Timer | undefined;
  private withdraw: () => void = () => {};
  private releaseConnection: (isConfirmed: boolean) => void = () => {};
  private past = { applied: 0, behind: 0 };
  private epoch = 0;
  private isRepairDue = false;
  /** An earlier connection or attempt has ended: what passed since is missing. */
  private hasGap = false;
  private readonly silence = new SilenceWatch();
  private attempt = 0;
  private reconnects = 0;
  private openedMono = -Infinity;
  private lastByteMono = -Infinity;
  private lastTickMono = -Infinity;
  private subscribedMono = -Infinity;

  /** `number`: 1 to 65,535, the socket's name as a source in the store. */
  constructor(
    deps: FeedSocketDeps,
    number: number,
    binding: FeedBinding,
    isMarketOpen: () => boolean,
  ) {
    this.deps = deps;
    this.number = number;
    this.binding = binding;
    this.isMarketOpen = isMarketOpen;
    this.decoder = deps.protocol.createDecoder();
  }

  get counters(): FeedDecoder['counters'] {
    return this.decoder.counters;
  }

  /** What became of its packets, over all its connections. */
  get merged(): { applied: number; behind: number } {
    const { applied, behind } = this.session?.counters ?? { applied: 0, behind: 0 };
    return { applied: this.past.applied + applied, behind: this.past.behind + behind };
  }

  status(): FeedSocketStatus {
    const now = this.deps.clock.monoMs();
    const age = (at: number): number | null => (Number.isFinite(at) ? now - at : null);
    return {
      state: this.state,
      reason: this.reason,
      instruments: this.items.length,
      reconnects: this.reconnects,
      byteAgeMs: age(this.lastByteMono),
      tickAgeMs: age(this.lastTickMono),
      liveForMs: this.state === 'live' ? age(this.openedMono) : null,
      ticks: this.merged.applied,
    };
  }

  /** Changes what is subscribed and where it is written, by the difference only. */
  assign(items: readonly FeedItem[], binding: FeedBinding): void {
    const before = this.items;
    this.items = items;
    this.binding = binding;
    if (this.session) this.bindSession();
    if (this.state === 'live') {
      const { protocol } = this.deps;
      const messages = [
        ...protocol.unsubscribe(withoutItems(before, items)),
        ...protocol.subscribe(withoutItems(items, before)),
      ];
      this.sendPaced(messages);
    } else if (this.state === 'idle' && items.length > 0) {
      this.connect();
    }
  }

  /** Closes for good. */
  stop(): void {
    this.end('stopped', true);
    this.state = 'idle';
    this.items = [];
  }

  /** Ends the connection and makes no further attempt until `resume`. */
  park(reason: string): void {
    this.end(reason, true);
    this.state = 'parked';
    this.reason = reason;
  }

  resume(): void {
    if (this.state !== 'parked') return;
    if (this.items.length > 0) this.connect();
    else this.state = 'idle';
  }

  private connect(): void {
    this.state = 'connecting';
    this.withdraw = this.deps.connections().acquire(() => this.open());
  }

  private open(): void {
    const { deps } = this;
    const epoch = ++this.epoch;
    // The place goes back to the account that it was taken from.
    const connections = deps.connections();
    const isCurrent = (): boolean => epoch === this.epoch;
    let isReleased = false;
    const release = (isConfirmed: boolean): void => {
      if (!isReleased) connections.release(isConfirmed);
      isReleased = true;
    };
    this.releaseConnection = release;
    const options = { headers: deps.protocol.headers(), handshakeTimeoutMs, messageBytesMax };
    this.socket = deps.openSocket(deps.protocol.url(), options, {
      opened: () => isCurrent() && this.opened(),
      message: (data, isBinary) => isCurrent() && this.received(data, isBinary),
      alive: () => {
        if (isCurrent()) this.lastByteMono = deps.clock.monoMs();
      },
      closed: (code, reason) => {
        release(true);
        if (!isCurrent()) return;
        this.lost(deps.protocol.classifyEnd({ closeCode: code }), `closed ${code} ${reason}`);
      },
      refused: (status, reason) => {
        release(true);
        if (isCurrent()) this.lost(deps.protocol.classifyEnd({ httpStatus: status }), reason);
      },
    });
  }

  private opened(): void {
    const now = this.deps.clock.monoMs();
    this.state = 'live';
    this.reason = null;
    this.openedMono = now;
    this.lastByteMono = now;
    this.lastTickMono = -Infinity;
    this.silence.opened();
    this.bindSession();
    this.sendPaced(this.deps.protocol.subscribe(this.items));
    this.watch();
    if (this.hasGap) this.deps.onRecovered(this.number);
    this.hasGap = false;
  }

  /** A session of this connection's epoch on the current store. */
  private bindSession(): void {
    this.dropSession();
    const identity = { source: this.number, epoch: this.epoch };
    this.session = new QuoteSession(this.binding.store, identity);
    this.decoder.bind(this.binding.lookup, this.session);
  }

  private dropSession(): void {
    this.session?.revoke();
    this.past = this.merged;
    this.session = undefined;
  }

  private received(data: Uint8Array, isBinary: boolean): void {
    const { clock } = this.deps;
    const now = clock.monoMs();
    this.lastByteMono = now;
    const { session } = this;
    if (!session) return;
    session.beginFrame(clock.wallMs(), now);
    const { counters } = this.decoder;
    const { malformed, packets } = counters;
    const end = this.decoder.decode(data, isBinary);
    if (counters.malformed !== malformed) this.repairLater();
    if (counters.packets !== packets) this.lastTickMono = now;
    if (end) this.lost(end.kind, end.reason);
  }

  /** Two clocks: bytes tell whether the transport lives, ticks whether it delivers. */
  private watch(): void {
    this.watchTimer = this.deps.clock.after(watchMs, () => {
      const now = this.deps.clock.monoMs();
      const { silentMs } = this.deps.limits;
      if (now - this.lastByteMono > silentMs) {
        return this.lost('other', `silent for ${silentMs} ms`);
      }
      const { lastTickMono, subscribedMono } = this;
      const times = { nowMono: now, lastTickMono, subscribedMono };
      const quietMs = this.silence.check(times, this.isMarketOpen());
      if (quietMs !== undefined) {
        const seconds = Math.round(quietMs / 1_000);
        return this.lost('other', `no tick for ${seconds} s in an open market`);
      }
      if (this.lastTickMono - this.openedMono > provenMs) this.attempt = 0;
      this.watch();
    });
  }

  /** What a broken frame carried is lost: subscribing again brings each instrument's state. */
  private repairLater(): void {
    if (this.isRepairDue) return;
    this.isRepairDue = true;
    const timer = this.deps.clock.after(repairMs, () => {
      this.isRepairDue = false;
      this.sendPaced(this.deps.protocol.subscribe(this.items));
    });
    this.timers.push(timer);
  }

  /** Queues messages: what is asked for later must not overtake what was asked for before. */
  private sendPaced(messages: readonly (string | Uint8Array)[]): void {
    if (messages.length === 0) return;
    this.outbox.push(...messages);
    this.subscribedMono = this.deps.clock.monoMs() + this.outbox.length * messagePaceMs;
    if (!this.paceTimer) this.sendNext();
  }

  private sendNext(): void {
    const message = this.outbox.shift();
    this.paceTimer = undefined;
    if (message === undefined) return;
    this.socket?.send(message);
    this.paceTimer = this.deps.clock.after(messagePaceMs, () => this.sendNext());
  }

  /** The connection is over: decides whether and when the next one comes. */
  private lost(kind: FeedEndKind | 'throttled', reason: string): void {
    const { clock, random, limits, log } = this.deps;
    const isBarren = this.state === 'live' && this.lastTickMono === -Infinity;
    this.end(reason, false);
    if (kind === 'auth' || kind === 'entitlement') {
      this.state = 'parked';
      this.reason = reason;
      return this.deps.onParked(reason);
    }
    if (kind === 'throttled') this.deps.connections().pauseFor(limits.throttledWaitMs);
    const waitMs = restMs(kind, limits) + backoffMs(this.attempt++, random);
    this.state = 'waiting';
    this.reason = reason;
    this.reconnects++;
    log.warn('feed socket lost', { socket: this.number, reason, waitMs: Math.round(waitMs) });
    this.timers.push(clock.after(waitMs, () => this.connect()));
    if (isBarren) this.deps.onBarren();
  }

  /** Ends this connection's session, timers and socket; later events of it are not heard. */
  private end(reason: string, isWanted: boolean): void {
    this.withdraw();
    for (const timer of this.timers) timer.cancel();
    this.timers = [];
    this.isRepairDue = false;
    this.watchTimer?.cancel();
    this.paceTimer?.cancel();
    this.paceTimer = undefined;
    this.outbox = [];
    this.dropSession();
    this.epoch++;
    this.hasGap = true;
    const { socket } = this;
    this.socket = undefined;
    if (!socket) return;
    socket.close(isWanted ? 1000 : 4000, reason.slice(0, 100));
    // Without the broker's answer the place stays taken for as long as the broker may count it.
    const release = this.releaseConnection;
    this.deps.clock.after(closeGraceMs, () => {
      release(false);
      socket.terminate();
    });
  }
}

/**
 * What a broker's refusal asks for before the back-off begins. Too many connections: another
 * program uses the account, and coming back at once would only put out its socket in turn.
 */
function restMs(kind: FeedEndKind | 'throttled', limits: FeedLimits): number {
  if (kind === 'throttled') return limits.throttledWaitMs;
  return kind === 'too_many' ? limits.lingerMs : 0;
}

function withoutItems(items: readonly FeedItem[], without: readonly FeedItem[]): FeedItem[] {
  const keys = new Set(without.map(itemKey));
  return items.filter((item) => !keys.has(itemKey(item)));
}

function itemKey(item: FeedItem): string {
  return `${tokenKey(item.token)}:${item.mode}`;
}
