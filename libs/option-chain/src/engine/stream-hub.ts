import { socketLimits } from '@strikewire/contracts';
import type { Clock, Timer } from '@strikewire/runtime';
import { binaryStep, jsonStep, layoutMessage, type StreamStep } from './chain-frames';
import type { ChainSource } from './chain-json';
import type { LiveChain } from './live-chain';

/** `binary` frames or `json` text. */
export type StreamEncoding = 'binary' | 'json';

/** A client as the hub sees it. What is sent must not be changed afterwards. */
export interface StreamClient {
  send(data: string | Uint8Array): void;
  bufferedBytes(): number;
  /** Ends the connection: code 1013, try again later. */
  cut(reason: string): void;
}

interface Subscriber {
  client: StreamClient;
  /** Set while the client's buffer is over its cap: it gets a snapshot when it drains. */
  slowSinceMono: number | null;
}

/** One (chain, view, encoding): a sequence of versions that all its subscribers share. */
interface Stream {
  id: number;
  chain: LiveChain;
  encoding: StreamEncoding;
  subscribers: Map<StreamClient, Subscriber>;
  /** The version that subscribers hold. */
  sent: { version: number; storeVersion: number; generation: number };
  /** The store's version up to which they hold volatility and Greeks, and when those are due. */
  derivedVersion: number;
  derivedDueMono: number;
  dueMono: number;
}

/** Index chains are due every 25 ms, others every 100 ms. */
const indexFlushMs = 25;
const otherFlushMs = 100;
/** The fourth round is the one: half a round of slack, because timers are never exact. */
const otherDueMs = otherFlushMs - indexFlushMs / 2;
/** Volatility and Greeks move with every forward; nobody reads them faster than this. */
const derivedMs = 1_000;
/** Work per turn of the event loop; the rest goes on in the next turn. */
const sliceMs = 2;

export interface HubCounters {
  subscriptions: number;
  frames: number;
  snapshots: number;
  slowSkips: number;
  cuts: number;
  /** Slices of flushing, and the milliseconds that they took together. */
  flushes: number;
  flushMs: number;
}

/** Takes what changed in watched chains and sends each change once encoded to all who watch. */
export class StreamHub {
  readonly counters: HubCounters = {
    subscriptions: 0,
    frames: 0,
    snapshots: 0,
    slowSkips: 0,
    cuts: 0,
    flushes: 0,
    flushMs: 0,
  };
  private readonly clock: Clock;
  private readonly source: ChainSource;
  private readonly isStale: (chain: LiveChain) => boolean;
  private readonly isIndex: (chain: LiveChain) => boolean;
  private readonly streams = new Map<number, Stream>();
  private nextId = 1;
  private timer: Timer | undefined;

  constructor(options: {
    clock: Clock;
    source: ChainSource;
    isStale(chain: LiveChain): boolean;
    isIndex(chain: LiveChain): boolean;
  }) {
    this.clock = options.clock;
    this.source = options.source;
    this.isStale = options.isStale;
    this.isIndex = options.isIndex;
  }

  /** The stream's number; the client then gets its layout and a snapshot. */
  subscribe(
    chain: LiveChain,
    encoding: StreamEncoding,
    client: StreamClient,
    id?: string | number,
  ): number {
    const stream = this.streamOf(chain, encoding);
    // First the others' step, so that the newcomer's snapshot shows what all then hold.
    this.flushStream(stream);
    const held = stream.subscribers.get(client);
    if (!held) this.counters.subscriptions++;
    const subscriber = held ?? { client, slowSinceMono: null };
    stream.subscribers.set(client, subscriber);
    const layout = layoutMessage(chain, stream.id, this.source);
    client.send(JSON.stringify(id === undefined ? layout : { id, ...layout }));
    this.offerSnapshot(stream, subscriber);
    this.arm();
    return stream.id;
  }

  /** False when the client does not hold that stream. */
  unsubscribe(streamId: number, client: StreamClient): boolean {
    const stream = this.streams.get(streamId);
    if (!stream?.subscribers.delete(client)) return false;
    this.counters.subscriptions--;
    if (stream.subscribers.size === 0) this.streams.delete(streamId);
    return true;
  }

  /** Sends a snapshot of a stream that the client holds; false when it does not hold it. */
  resync(streamId: number, client: StreamClient): boolean {
    const stream = this.streams.get(streamId);
    const subscriber = stream?.subscribers.get(client);
    if (!stream || !subscriber) return false;
    this.flushStream(stream);
    this.offerSnapshot(stream, subscriber);
    return true;
  }

  /** Ends all subscriptions of a client. */
  drop(client: StreamClient): void {
    for (const id of [...this.streams.keys()]) this.unsubscribe(id, client);
  }

  /** A chain is gone with the new generation: its watchers are told and let go. */
  retire(chain: LiveChain): void {
    for (const stream of [...this.streams.values()]) {
      if (stream.chain !== chain) continue;
      for (const { client } of stream.subscribers.values()) {
        client.send(JSON.stringify({ type: 'unsubscribed', stream: stream.id }));
        this.unsubscribe(stream.id, client);
      }
    }
  }

  /** Streams that a client holds. */
  heldBy(client: StreamClient): number {
    let count = 0;
    for (const { subscribers } of this.streams.values()) if (subscribers.has(client)) count++;
    return count;
  }

  /** Clients that watch at least one chain. */
  clientCount(): number {
    const clients = new Set<StreamClient>();
    for (const { subscribers } of this.streams.values()) {
      for (const client of subscribers.keys()) clients.add(client);
    }
    return clients.size;
  }

  stop(): void {
    this.timer?.cancel();
    this.streams.clear();
  }

  private streamOf(chain: LiveChain, encoding: StreamEncoding): Stream {
    for (const stream of this.streams.values()) {
      if (stream.chain === chain && stream.encoding === encoding) return stream;
    }
    chain.refresh(this.isStale(chain), this.clock.wallMs());
    const stream: Stream = {
      id: this.nextId++,
      chain,
      encoding,
      subscribers: new Map(),
      sent: heldOf(chain),
      derivedVersion: chain.storeVersion,
      derivedDueMono: this.clock.monoMs() + derivedMs,
      dueMono: 0,
    };
    this.streams.set(stream.id, stream);
    return stream;
  }

  /** A snapshot now, or once the client's buffer has drained, however often it asks. */
  private offerSnapshot(stream: Stream, subscriber: Subscriber): void {
    if (!this.isSlow(subscriber)) this.sendSnapshot(stream, subscriber.client);
  }

  /** Shows the version that the stream's subscribers hold: `sent` is the chain's newest. */
  private sendSnapshot(stream: Stream, client: StreamClient): void {
    client.send(this.encode(stream, null));
    this.counters.snapshots++;
  }

  /** Volatility and Greeks have changed since they were told, and are due. */
  private owesDerived({ chain, derivedVersion, derivedDueMono }: Stream): boolean {
    return chain.pricer.changedVersion > derivedVersion && this.clock.monoMs() >= derivedDueMono;
  }

  private encodeAll(stream: Stream): string | Uint8Array {
    stream.derivedVersion = stream.chain.storeVersion;
    return this.encode(stream, null);
  }

  /** What subscribers do not hold; volatility and Greeks once they are due. */
  private encodeDelta(stream: Stream): string | Uint8Array {
    const now = this.clock.monoMs();
    const isDue = this.owesDerived(stream);
    const frame = this.encode(stream, {
      ...stream.sent,
      derivedVersion: isDue ? stream.derivedVersion : null,
    });
    if (isDue) {
      stream.derivedVersion = stream.chain.storeVersion;
      stream.derivedDueMono = now + derivedMs;
    }
    return frame;
  }

  private encode(stream: Stream, from: StreamStep['from']): string | Uint8Array {
    const step = { stream: stream.id, from, asOfMs: this.clock.wallMs() };
    const encode = stream.encoding === 'binary' ? binaryStep : jsonStep;
    return encode(stream.chain, step);
  }

  private arm(): void {
    this.timer ??= this.clock.after(indexFlushMs, () => this.flush([...this.streams.values()]));
  }

  /** Works the due streams off in slices, so that no flush holds the event loop for long. */
  private flush(queue: Stream[]): void {
    const startMono = this.clock.monoMs();
    while (queue.length > 0) {
      const stream = queue.shift() as Stream;
      if (startMono >= stream.dueMono && this.streams.has(stream.id)) {
        stream.dueMono = startMono + (this.isIndex(stream.chain) ? 0 : otherDueMs);
        this.flushStream(stream);
      }
      if (queue.length > 0 && this.clock.monoMs() - startMono > sliceMs) {
        this.countFlush(startMono);
        this.timer = this.clock.after(0, () => this.flush(queue));
        return;
      }
    }
    this.countFlush(startMono);
    this.timer = undefined;
    if (this.streams.size > 0) this.arm();
  }

  private countFlush(startMono: number): void {
    this.counters.flushes++;
    this.counters.flushMs += this.clock.monoMs() - startMono;
  }

  private flushStream(stream: Stream): void {
    const { chain, sent } = stream;
    chain.refresh(this.isStale(chain), this.clock.wallMs());
    if (chain.version !== sent.version || this.owesDerived(stream)) {
      const isNewGeneration = chain.generation.number !== sent.generation;
      const frame = isNewGeneration ? this.encodeAll(stream) : this.encodeDelta(stream);
      const layout = isNewGeneration
        ? JSON.stringify(layoutMessage(chain, stream.id, this.source))
        : undefined;
      stream.sent = heldOf(chain);
      for (const subscriber of stream.subscribers.values()) {
        if (layout) subscriber.client.send(layout);
        this.deliver(subscriber, frame);
      }
    }
    this.serveSlow(stream);
  }

  private deliver(subscriber: Subscriber, frame: string | Uint8Array): void {
    if (this.isSlow(subscriber)) return;
    subscriber.client.send(frame);
    this.counters.frames++;
  }

  /** Whether a client skips what comes now: it is over its buffer, or has not drained since. */
  private isSlow(subscriber: Subscriber): boolean {
    if (subscriber.slowSinceMono !== null) return true;
    if (subscriber.client.bufferedBytes() <= socketLimits.bufferedBytesMax) return false;
    subscriber.slowSinceMono = this.clock.monoMs();
    this.counters.slowSkips++;
    return true;
  }

  /** Slow clients: a snapshot of the newest state once drained, the end once past the limit. */
  private serveSlow(stream: Stream): void {
    const now = this.clock.monoMs();
    for (const subscriber of stream.subscribers.values()) {
      const { client, slowSinceMono } = subscriber;
      if (slowSinceMono === null) continue;
      if (client.bufferedBytes() <= socketLimits.bufferedBytesMax / 2) {
        subscriber.slowSinceMono = null;
        this.sendSnapshot(stream, client);
      } else if (now - slowSinceMono > socketLimits.slowMsMax) {
        this.counters.cuts++;
        this.drop(client);
        client.cut('too slow: the buffer stayed over its limit');
      }
    }
  }
}

function heldOf(chain: LiveChain): Stream['sent'] {
  const { version, storeVersion, generation } = chain;
  return { version, storeVersion, generation: generation.number };
}
