import { QuoteSession } from '@strikewire/market-data';
import type { Timer } from '@strikewire/runtime';
import type { FeedDecoder } from '../core/feed-protocol';
import { askedWaitMs, backoffMs } from './backoff';
import { FeedConnection, handshakeTimeoutMs, type ConnectionEnd } from './feed-connection';
import type { FeedBinding, FeedSocketDeps, FeedSocketStatus, SocketHeard }
  from './feed-socket-types';
import { createGuardedDecoder, failureOf, type GuardedDecoder } from './guarded-protocol';
import { GrowthRate, summed, totalOf } from './feed-tally';
import { PacedSender } from './paced-sender';
import { messagesOf } from './plugin-answers';
import { SilenceWatch } from './silence-watch';
import { changeMessages, isThinned, noLoad, type SocketLoad } from './socket-load';

/** Data must have flowed this long before a connection counts as recovered. */
const provenMs = 10_000;
/** After frames that could not be read the instruments are asked for anew, no more often than. */
const repairMs = 30_000;
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
  private state: FeedSocketStatus['state'] = 'idle';
  private reason: string | null = null;
  private lastError: FeedSocketStatus['lastError'] = null;
  private connection: FeedConnection | undefined;
  private session: QuoteSession | undefined;
  private decoder: GuardedDecoder;
  /** What decoders of earlier connections have met. */
  private met = { packets: 0, unknownInstrument: 0, malformed: 0 };
  /** It was lost as of no use, and nothing has ticked since: connected is not healthy. */
  isMute = false;
  /** Of this connection: repairs and the wait for the next attempt. */
  private timers: Timer[] = [];
  private readonly sender: PacedSender;
  private past = { applied: 0, behind: 0, observed: 0 };
  private readonly rate: GrowthRate;
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
    this.decoder = createGuardedDecoder(deps.protocol);
    this.rate = new GrowthRate(deps.clock, () => totalOf(this.merged));
    this.sender = new PacedSender(deps.clock, (message) => this.connection?.send(message));
  }

  /** What its decoders have met, over all its connections. */
  get counters(): FeedDecoder['counters'] {
    return summed(this.met, this.decoder.counters);
  }

  /** What became of its packets, over all its connections. */
  get merged(): { applied: number; behind: number; observed: number } {
    return this.session ? summed(this.past, this.session.counters) : this.past;
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
      ticksPerSecond: this.state === 'live' ? this.rate.perSecond() : 0,
      lastError: this.lastError,
    };
  }

  /** Changes whether it stands, what is subscribed and where that is written, by the difference. */
  assign(load: SocketLoad, binding: FeedBinding): void {
    const before = this.load.items;
    this.load = load;
    // What it carried is another's to make up for.
    if (load.planned === 0) this.hasGap = false;
    const isMoved = binding !== this.binding;
    this.binding = binding;
    if (this.session && isMoved) this.bindSession();
    const isBegun = before.length === 0 && load.items.length > 0;
    // Parked: what passes meanwhile is missing.
    if (this.state === 'parked') this.hasGap ||= isBegun;
    else if (!load.isWanted) this.rest();
    else if (this.state === 'idle' || this.state === 'resting') this.begin();
    else if (this.state === 'live') {
      if (isBegun || isThinned(before, load.items)) this.silence.opened();
      this.sendPaced(() => changeMessages(this.deps.protocol, before, load.items));
    } else if (this.state === 'waiting' && isBegun) this.hurry();
  }

  /** It carries what another one did, which is lost: it is held to what that one delivered. */
  follow(lost: FeedSocket): void {
    this.silence.follows(lost.silence);
    this.isMute = lost.isMute;
    this.deps.onState();
  }

  /** Live, and not known to be silent. */
  isDelivering(): boolean {
    return this.state === 'live' && !this.isMute;
  }

  /** When it was last heard, and in which epoch; undefined while it does not deliver. */
  heard(): SocketHeard | undefined {
    return this.isDelivering() ? { mono: this.lastByteMono, epoch: this.epoch } : undefined;
  }

  /** It stood once, and does not deliver now. */
  isDark(): boolean {
    return this.openedMono > -Infinity && !this.isDelivering();
  }

  /** When it last ticked, or was opened if it never did; -Infinity while it is not live. */
  tickMono(): number {
    return this.state === 'live' ? Math.max(this.lastTickMono, this.openedMono) : -Infinity;
  }

  /** The same when a tick came so long after it subscribed, which is no first snapshot. */
  goesOnMono(afterMs: number): number {
    return this.lastTickMono - this.subscribedMono > afterMs ? this.tickMono() : -Infinity;
  }

  /** Whether a packet has come since then, by the monotonic clock. */
  hasTickedSince(monoMs: number): boolean {
    return this.lastTickMono >= monoMs;
  }

  /** Whether this connection is younger than that. */
  hasOpenedSince(monoMs: number): boolean {
    return this.openedMono >= monoMs;
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
    if (this.load.isWanted) this.begin();
    else if (this.load.planned > 0) this.rest();
    else this.state = 'idle';
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
    this.epoch++;
    // Half a frame, and numbers of other credentials, are of no use to another connection.
    this.met = this.counters;
    this.decoder = createGuardedDecoder(this.deps.protocol);
    const { clock, openSocket, protocol, connections } = this.deps;
    const deps = { clock, openSocket, protocol, budget: connections() };
    this.connection = new FeedConnection(deps, {
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
    const { clock, protocol } = this.deps;
    const now = clock.monoMs();
    this.openedMono = now;
    this.lastByteMono = now;
    this.lastTickMono = -Infinity;
    this.bindSession();
    let isReady = true;
    try {
      const hello = messagesOf('hello', protocol.hello?.() ?? []);
      for (const message of hello) this.connection?.send(message);
      isReady = !protocol.awaitsReady;
    } catch (error) {
      return this.lost('other', failureOf(error));
    }
    if (isReady) return this.ready();
    const waited = `not ready after ${handshakeTimeoutMs} ms`;
    this.timers.push(clock.after(handshakeTimeoutMs, () => this.lost('other', waited)));
  }

  /** Instruments may be subscribed. */
  private ready(): void {
    if (this.state === 'live') return;
    this.cancelTimers();
    this.state = 'live';
    this.reason = null;
    this.silence.opened();
    this.sendPaced(() => this.deps.protocol.subscribe(this.load.items));
    if (this.hasGap) this.deps.onRecovered(this.number);
    this.hasGap = false;
    this.deps.onState();
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
    const news = this.decoder.decode(data, isBinary);
    if (counters.malformed !== malformed) this.repairLater();
    if (counters.packets !== packets) this.ticked(now);
    this.isMute ||= this.decoder.isUseless;
    session.endFrame();
    if (news?.kind === 'ready') this.ready();
    else if (news) this.lost(news.kind, news.reason);
  }

  /**
   * To be called every second or so. Two clocks: bytes tell whether the transport lives, ticks
   * whether it delivers. `peerTickMono`: when what it carries last ticked elsewhere.
   */
  watch(peerTickMono: number): void {
    this.rate.perSecond();
    if (this.state !== 'live') return;
    const now = this.deps.clock.monoMs();
    const { silentMs } = this.deps.limits;
    if (now - this.lastByteMono > silentMs) {
      return this.lost('other', `silent for ${silentMs} ms`, this.lastByteMono);
    }
    const { lastTickMono, subscribedMono } = this;
    const times = { nowMono: now, lastTickMono, subscribedMono, peerTickMono };
    const quietMs = this.silence.check(times, this.isMarketOpen());
    if (quietMs !== undefined) {
      const seconds = Math.round(quietMs / 1_000);
      this.isMute = true;
      return this.lost('other', `no tick for ${seconds} s in an open market`, now - quietMs);
    }
    // With nothing subscribed, to stand is all that can be asked of it.
    const aliveMono = this.load.items.length > 0 ? lastTickMono : this.lastByteMono;
    if (aliveMono - this.openedMono > provenMs) this.attempt = 0;
  }

  private ticked(nowMono: number): void {
    this.lastTickMono = nowMono;
    if (!this.isMute) return;
    this.isMute = false;
    this.deps.onState();
  }

  /** What a broken frame carried is lost: subscribing again brings each instrument's state. */
  private repairLater(): void {
    if (this.isRepairDue) return;
    this.isRepairDue = true;
    this.timers.push(this.deps.clock.after(repairMs, () => {
      this.isRepairDue = false;
      this.sendPaced(() => this.deps.protocol.subscribe(this.load.items));
    }));
  }

  private sendPaced(write: () => readonly (string | Uint8Array)[]): void {
    try {
      const messages = messagesOf('the protocol', write());
      if (messages.length > 0) this.subscribedMono = this.sender.push(messages);
    } catch (error) {
      // In a turn of its own: whoever assigns is not done yet.
      const reason = failureOf(error);
      this.timers.push(this.deps.clock.after(0, () => this.lost('other', reason)));
    }
  }

  /** The connection is over: decides whether and when the next one comes. */
  private lost(kind: ConnectionEnd, reason: string, faultMono = this.deps.clock.monoMs()): void {
    const { clock, random, limits, log } = this.deps;
    const isUsed = this.load.items.length > 0;
    const isBarren = isUsed && this.state === 'live' && this.lastTickMono === -Infinity;
    this.end(reason, false);
    this.lastError = { reason, atMs: clock.wallMs() };
    if (kind === 'auth' || kind === 'suspended' || kind === 'entitlement') {
      this.state = 'parked';
      this.reason = reason;
      return this.deps.onRefused({ kind: kind === 'entitlement' ? 'parked' : kind, reason });
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
    this.deps.onState();
    this.deps.onLost(this.number, reason, faultMono);
    if (isBarren) this.deps.onBarren();
  }

  private cancelTimers(): void {
    this.isRepairDue = false;
    for (const timer of this.timers) timer.cancel();
    this.timers = [];
  }

  /** Ends this connection's session, timers and socket; later events of it are not heard. */
  private end(reason: string, isWanted: boolean): void {
    this.cancelTimers();
    this.sender.clear();
    this.dropSession();
    this.epoch++;
    this.hasGap ||= this.load.items.length > 0;
    const { connection } = this;
    this.connection = undefined;
    connection?.end(reason, isWanted);
  }
}
