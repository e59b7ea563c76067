import { QuoteSession, type QuoteStore } from '@strikewire/market-data';
import type { Clock, Log, OpenSocket, Random, Socket, Timer } from '@strikewire/runtime';
import type {
  FeedDecoder,
  FeedEndKind,
  FeedLimits,
  FeedProtocol,
  SlotLookup,
} from '../core/feed-protocol';
import { backoffMs } from './backoff';
import type { ConnectionBudget } from './connection-budget';
import { PacedSender } from './paced-sender';
import { SilenceWatch } from './silence-watch';
import { changeMessages, noLoad, type SocketLoad } from './socket-load';

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

/**
 * `waiting`: for the next attempt; `parked`: refused, no attempt by itself; `resting`: not wanted
 * while nothing trades.
 */
export type FeedSocketState = 'idle' | 'connecting' | 'live' | 'waiting' | 'parked' | 'resting';

/** How a socket is; ages in milliseconds, null for never. */
export interface FeedSocketStatus {
  state: FeedSocketState;
  reason: string | null;
  /** By the plan, whether subscribed now or not. */
  instruments: number;
  /** Losses of a connection or attempt; a rest is none. */
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
const watchMs = 1_000;
/** After frames that could not be read the instruments are asked for anew, no more often than. */
const repairMs = 30_000;
/** A closing handshake that the broker does not answer is ended after this. */
const closeGraceMs = 2_000;
const restReason = 'the market is closed';

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
  private load = noLoad;
  private state: FeedSocketState = 'idle';
  private reason: string | null = null;
  private socket: Socket | undefined;
  private session: QuoteSession | undefined;
  private decoder: FeedDecoder;
  /** Of this connection: repairs and the wait for the next attempt. */
  private timers: Timer[] = [];
  private watchTimer: Timer | undefined;
  private readonly sender: PacedSender;
  private withdraw: () => void = () => {};
  private releaseConnection: (isConfirmed: boolean) => void = () => {};
  private past = { applied: 0, behind: 0 };
  private epoch = 0;
  private isRepairDue = false;
  /** A connection or attempt has ended while something was subscribed: what passed is missing. */
  private hasGap = false;
  private silence = new SilenceWatch();
  private attempt = 0;
  /** The broker wants no attempt before. */
  private earliestMono = -Infinity;
  /** Nothing was subscribed when the last connection or attempt ended. */
  private wasLostUnused = false;
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
    this.sender = new PacedSender(deps.clock, (message) => this.socket?.send(message));
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
      instruments: this.load.planned,
      reconnects: this.reconnects,
      byteAgeMs: age(this.lastByteMono),
      tickAgeMs: age(this.lastTickMono),
      liveForMs: this.state === 'live' ? age(this.openedMono) : null,
      ticks: this.merged.applied,
    };
  }

  /** Changes whether it stands, what is subscribed and where that is written, by the difference. */
  assign(load: SocketLoad, binding: FeedBinding): void {
    const before = this.load.items;
    this.load = load;
    const isMoved = binding !== this.binding;
    this.binding = binding;
    if (this.session && isMoved) this.bindSession();
    const isBegun = before.length === 0 && load.items.length > 0;
    // Parked: what passes meanwhile is missing.
    if (this.state === 'parked') this.hasGap ||= isBegun;
    else if (!load.isWanted) this.rest();
    else if (this.state === 'idle' || this.state === 'resting') this.begin();
    else if (this.state === 'live') {
      if (isBegun) this.silence.opened();
      this.sendPaced(changeMessages(this.deps.protocol, before, load.items));
    } else if (this.state === 'waiting' && isBegun) this.hurry();
  }

  /** Closes for good. */
  stop(): void {
    this.end('stopped', true);
    this.state = 'idle';
    this.load = noLoad;
  }

  /** Ends the connection and makes no further attempt until `resume`. */
  park(reason: string): void {
    this.end(reason, true);
    this.earliestMono = -Infinity;
    this.state = 'parked';
    this.reason = reason;
  }

  resume(): void {
    if (this.state !== 'parked') return;
    if (this.load.planned === 0) this.state = 'idle';
    else if (this.load.isWanted) this.begin();
    else this.rest();
  }

  /** Ends the connection, which is wanted, so that nothing is missing and no back-off goes on. */
  private rest(): void {
    if (this.state === 'resting') return;
    this.end(restReason, true);
    this.attempt = 0;
    this.silence = new SilenceWatch();
    this.state = 'resting';
    this.reason = restReason;
  }

  /** Connects, but not before the broker wants it. */
  private begin(): void {
    const waitMs = this.earliestMono - this.deps.clock.monoMs();
    this.reason = waitMs > 0 ? 'the broker asked to wait' : null;
    if (waitMs <= 0) return this.connect();
    this.state = 'waiting';
    this.timers.push(this.deps.clock.after(waitMs, () => this.connect()));
  }

  /** Trading begins during a wait: one that the idle time alone has brought about is cut short. */
  private hurry(): void {
    if (this.wasLostUnused) {
      this.cancelTimers();
      this.begin();
    }
    this.hasGap ||= this.state === 'waiting';
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
    this.sendPaced(this.deps.protocol.subscribe(this.load.items));
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
      // With nothing subscribed, to stand is all that can be asked of it.
      const aliveMono = this.load.items.length > 0 ? lastTickMono : this.lastByteMono;
      if (aliveMono - this.openedMono > provenMs) this.attempt = 0;
      this.watch();
    });
  }

  /** What a broken frame carried is lost: subscribing again brings each instrument's state. */
  private repairLater(): void {
    if (this.isRepairDue) return;
    this.isRepairDue = true;
    const timer = this.deps.clock.after(repairMs, () => {
      this.isRepairDue = false;
      this.sendPaced(this.deps.protocol.subscribe(this.load.items));
    });
    this.timers.push(timer);
  }

  private sendPaced(messages: readonly (string | Uint8Array)[]): void {
    if (messages.length > 0) this.subscribedMono = this.sender.push(messages);
  }

  /** The connection is over: decides whether and when the next one comes. */
  private lost(kind: FeedEndKind | 'throttled', reason: string): void {
    const { clock, random, limits, log } = this.deps;
    const isUsed = this.load.items.length > 0;
    const isBarren = isUsed && this.state === 'live' && this.lastTickMono === -Infinity;
    this.end(reason, false);
    if (kind === 'auth' || kind === 'entitlement') {
      this.state = 'parked';
      this.reason = reason;
      return this.deps.onParked(reason);
    }
    if (kind === 'throttled') this.deps.connections().pauseFor(limits.throttledWaitMs);
    const askedMs = askedWaitMs(kind, limits);
    const waitMs = askedMs + backoffMs(this.attempt++, random);
    this.earliestMono = clock.monoMs() + askedMs;
    this.wasLostUnused = !isUsed;
    this.state = 'waiting';
    this.reason = reason;
    this.reconnects++;
    log.warn('feed socket lost', { socket: this.number, reason, waitMs: Math.round(waitMs) });
    this.timers.push(clock.after(waitMs, () => this.connect()));
    if (isBarren) this.deps.onBarren();
  }

  private cancelTimers(): void {
    for (const timer of this.timers) timer.cancel();
    this.timers = [];
  }

  /** Ends this connection's session, timers and socket; later events of it are not heard. */
  private end(reason: string, isWanted: boolean): void {
    this.withdraw();
    this.cancelTimers();
    this.isRepairDue = false;
    this.watchTimer?.cancel();
    this.sender.clear();
    this.dropSession();
    this.epoch++;
    this.hasGap ||= this.load.items.length > 0;
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
function askedWaitMs(kind: FeedEndKind | 'throttled', limits: FeedLimits): number {
  if (kind === 'throttled') return limits.throttledWaitMs;
  return kind === 'too_many' ? limits.lingerMs : 0;
}
