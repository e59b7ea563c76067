import { socketLimits } from '@strikewire/contracts';
import type { Clock, Timer } from '@strikewire/runtime';
import type { ChainSource } from './chain-json';
import { ChainView, type ChainViewDeps, type StreamEncoding } from './chain-view';
import type { LiveChain } from './live-chain';
import { StreamRoster, type Member, type Seat, type Stream } from './stream-roster';
import type { StreamClient } from './stream-client';
import type { StreamView } from './stream-view';

/** Index chains are due every 25 ms, others every 100 ms, the rest every second. */
const paceMs = { index: 25, other: 100, second: 1_000 } as const;
/** A stream is due half a round early: timers are never exact. */
const slackMs = paceMs.index / 2;
/** Work per turn of the event loop; the rest goes on in the next turn. */
const sliceMs = 2;
/** Clients are served so many at a time between two looks at the clock. */
const settledAtOnce = 16;
/** Beyond, chains are stale rather than slow. */
const scaleMax = 40;

export interface HubCounters {
  subscriptions: number;
  frames: number;
  snapshots: number;
  slowSkips: number;
  cuts: number;
  /** Slices of flushing, and the milliseconds that they took together. */
  flushes: number;
  flushMs: number;
  /** Most bytes that have ever waited for one client, as seen before it was sent more. */
  bufferedBytesHigh: number;
}

/** One flush: what is due, and how far it has come. */
interface Round {
  queue: readonly Stream[];
  at: number;
  startMono: number;
}

/**
 * Takes what has changed in all that is watched, and sends each change, once encoded, to all who
 * watch. A slow client skips what comes until it has drained, and is cut when it does not.
 */
export class StreamHub {
  readonly counters: HubCounters = {
    subscriptions: 0,
    frames: 0,
    snapshots: 0,
    slowSkips: 0,
    cuts: 0,
    flushes: 0,
    flushMs: 0,
    bufferedBytesHigh: 0,
  };
  /** What views of chains are made with. */
  readonly viewDeps: ChainViewDeps;
  private readonly clock: Clock;
  private readonly isStale: (chain: LiveChain) => boolean;
  private readonly isIndex: (chain: LiveChain) => boolean;
  private readonly roster = new StreamRoster();
  /** Clients that have something coming; empty between two rounds. */
  private touched: Member[] = [];
  private nextId = 1;
  private flushScale = 1;
  private timer: Timer | undefined;

  constructor(options: {
    clock: Clock;
    source: ChainSource;
    isStale(chain: LiveChain): boolean;
    isIndex(chain: LiveChain): boolean;
  }) {
    this.clock = options.clock;
    this.isStale = options.isStale;
    this.isIndex = options.isIndex;
    const { clock, source } = options;
    this.viewDeps = {
      clock,
      source,
      refresh: (chain) => void chain.refresh(this.isStale(chain), clock.wallMs()),
    };
  }

  /** The number of a chain's stream; the client then gets its layout and a snapshot. */
  subscribe(
    chain: LiveChain,
    encoding: StreamEncoding,
    client: StreamClient,
    id?: string | number,
  ): number {
    const create = (): StreamView =>
      new ChainView(this.viewDeps, { chain, encoding, isIndex: this.isIndex(chain) });
    return this.watch(`chain ${encoding} ${chain.key}`, create, client, id);
  }

  /**
   * The same for whatever there is a view of: clients with equal keys share a stream. `create`
   * makes the view of the first.
   */
  watch(
    key: string,
    create: () => StreamView,
    client: StreamClient,
    id?: string | number,
  ): number {
    const stream = this.roster.find(key) ?? this.roster.add(this.takeId(), key, create());
    const member = this.roster.member(client);
    this.catchUpWith(stream, member);
    if (!member.seats.has(stream)) this.counters.subscriptions++;
    const seat = this.roster.sit(member, stream);
    const layout = stream.view.layout(stream.id);
    if (layout) client.send(JSON.stringify(id === undefined ? layout : { id, ...layout }));
    seat.lacksLayout = false;
    this.offerSnapshot(seat);
    this.arm();
    return stream.id;
  }

  /** False when the client does not hold that stream. */
  unsubscribe(streamId: number, client: StreamClient): boolean {
    const seat = this.roster.seatOf(streamId, client);
    if (!seat) return false;
    this.settle(seat.member);
    this.leave(seat);
    return true;
  }

  /** Sends a snapshot of a stream that the client holds; false when it does not hold it. */
  resync(streamId: number, client: StreamClient): boolean {
    const seat = this.roster.seatOf(streamId, client);
    if (!seat) return false;
    this.catchUpWith(seat.stream, seat.member);
    this.offerSnapshot(seat);
    return true;
  }

  /** Ends all subscriptions of a client. */
  drop(client: StreamClient): void {
    for (const seat of this.roster.seatsOf(client)) this.leave(seat);
  }

  /** A chain is gone with the new generation: its watchers are told and let go. */
  retire(chain: LiveChain): void {
    for (const stream of this.roster.streamsOf(chain)) {
      for (const seat of [...stream.seats]) {
        this.settle(seat.member);
        this.leave(seat);
        seat.member.client.send(JSON.stringify({ type: 'unsubscribed', stream: stream.id }));
      }
    }
    for (const { view } of this.roster.all()) view.retired?.(chain);
  }

  /** Streams that a client holds. */
  heldBy(client: StreamClient): number {
    return this.roster.heldBy(client);
  }

  /** Clients that watch something. */
  clientCount(): number {
    return this.roster.clientCount;
  }

  /** A number that no stream has, for streams that are not of this hub. */
  takeId(): number {
    return this.nextId++;
  }

  /**
   * Sheds load: 1 is as usual, 2 flushes all but index chains half as often, 4 those a quarter as
   * often and index chains half, and so on up to 40.
   * @throws RangeError below 1
   */
  setFlushScale(scale: number): void {
    if (!(scale >= 1)) throw new RangeError(`[option-chain] scale was ${scale}, needs 1 or more`);
    this.flushScale = Math.min(scale, scaleMax);
  }

  stop(): void {
    this.timer?.cancel();
    this.roster.clear();
  }

  private leave(seat: Seat): void {
    this.roster.leave(seat);
    this.counters.subscriptions--;
  }

  /** A snapshot now, or once the client's buffer has drained, however often it asks. */
  private offerSnapshot(seat: Seat): void {
    if (this.isSlow(seat.member)) this.roster.fallBehind(seat);
    else this.sendSnapshot(seat);
  }

  /**
   * Bears the version that all subscribers hold. It may show what changed since, which the next
   * delta tells again: so it is encoded once between two deltas, however many ask for it.
   */
  private sendSnapshot(seat: Seat): void {
    const { stream, member: { client } } = seat;
    if (seat.lacksLayout) client.send(JSON.stringify(stream.view.layout(stream.id)));
    this.roster.catchUp(seat);
    stream.snapshot ??= stream.view.snapshot(stream.id);
    client.send(stream.snapshot);
    this.counters.snapshots++;
  }

  private arm(): void {
    this.timer ??= this.clock.after(paceMs.index, () => {
      const startMono = this.clock.monoMs();
      this.work({ queue: this.roster.due(startMono), at: 0, startMono });
    });
  }

  /**
   * Goes on with a round for one slice: encodes what is due, then serves whom that concerns, so
   * that what a slice has for a client goes out in one write.
   */
  private work(round: Round): void {
    const startMono = this.clock.monoMs();
    const isOver = (): boolean => this.clock.monoMs() - startMono > sliceMs;
    if (this.touched.length === 0) {
      do this.advanceNext(round);
      while (round.at < round.queue.length && !isOver());
    }
    while (this.touched.length > 0) {
      for (let count = 0; count < settledAtOnce; count++) {
        const member = this.touched.pop();
        if (member) this.settle(member);
      }
      if (isOver()) break;
    }
    this.counters.flushes++;
    this.counters.flushMs += this.clock.monoMs() - startMono;
    this.timer = undefined;
    if (round.at < round.queue.length || this.touched.length > 0) {
      this.timer = this.clock.after(0, () => this.work(round));
    } else if (this.roster.isWatched) {
      this.arm();
    }
  }

  /** What comes before a snapshot: a new structure, and what the client was still to be sent. */
  private catchUpWith(stream: Stream, member: Member): void {
    if (stream.view.isAnew()) this.advance(stream);
    this.settle(member);
  }

  private advanceNext(round: Round): void {
    const stream = round.queue[round.at++];
    if (!stream || stream.seats.size === 0) return;
    stream.dueMono = round.startMono + this.intervalMs(stream.view) - slackMs;
    this.advance(stream);
    for (const seat of stream.behind) this.serveSlow(seat);
  }

  /** Encodes what a stream has to tell. */
  private advance(stream: Stream): void {
    const news = stream.view.advance(stream.id);
    if (!news) return;
    stream.news = news;
    stream.snapshot = undefined;
    for (const seat of stream.seats) {
      if (seat.isBehind) seat.lacksLayout ||= news.layout !== undefined;
      else if (seat.member.pending.push(seat) === 1) this.touched.push(seat.member);
    }
  }

  private intervalMs({ pace }: StreamView): number {
    const { flushScale } = this;
    return paceMs[pace] * (pace === 'index' ? Math.max(1, flushScale / 2) : flushScale);
  }

  /** Sends a client what is there for it. */
  private settle(member: Member): void {
    const { pending, client } = member;
    if (pending.length === 0) return;
    if (this.isSlow(member)) {
      for (const seat of pending) {
        seat.lacksLayout ||= seat.stream.news?.layout !== undefined;
        this.roster.fallBehind(seat);
      }
    } else {
      if (pending.length > 1) client.cork?.();
      for (const { stream: { news } } of pending) {
        if (news?.layout !== undefined) client.send(news.layout);
        if (news) client.send(news.data);
      }
      if (pending.length > 1) client.uncork?.();
      this.counters.frames += pending.length;
    }
    pending.length = 0;
  }

  /** Whether a client skips what comes now: it is over its buffer, or has not drained since. */
  private isSlow(member: Member): boolean {
    const buffered = member.client.bufferedBytes();
    if (buffered > this.counters.bufferedBytesHigh) this.counters.bufferedBytesHigh = buffered;
    const { bufferedBytesMax } = socketLimits;
    if (member.slowSinceMono === null) {
      if (buffered <= bufferedBytesMax) return false;
      member.slowSinceMono = this.clock.monoMs();
      this.counters.slowSkips++;
      return true;
    }
    if (buffered > bufferedBytesMax / 2) return true;
    member.slowSinceMono = null;
    return false;
  }

  /** Slow clients: a snapshot of the newest state once drained, the end once past the limit. */
  private serveSlow(seat: Seat): void {
    const { member } = seat;
    if (!this.isSlow(member)) this.sendSnapshot(seat);
    else if (this.clock.monoMs() - (member.slowSinceMono ?? 0) > socketLimits.slowMsMax) {
      this.counters.cuts++;
      this.drop(member.client);
      member.client.cut('too slow: the buffer stayed over its limit');
    }
  }
}
