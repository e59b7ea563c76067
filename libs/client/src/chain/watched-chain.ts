import type { ChainLayout, ClientMessage, LiveChain } from '@strikewire/contracts';
import { decodeFrame, type FrameHeader } from '@strikewire/market-data';
import type { Clock, StrikewireError, Timer } from '@strikewire/runtime';
import { clientLimits } from '../limits';
import type { ChainTarget } from '../rest/rest-client';
import {
  createView,
  isSameStructure,
  type ChainListener,
  type ChainView,
  type OwnChainView,
} from './chain-view';
import { applyLive, layoutOfLive } from './live-chain-store';

/** What happened since the client was made; plain counts. */
export interface ClientCounters {
  snapshots: number;
  deltas: number;
  /** Snapshots asked for because versions did not join up or a frame could not be read. */
  resyncs: number;
  /** Frames and messages that could not be read. */
  malformed: number;
  polls: number;
}

export interface WatchedChainHost {
  clock: Clock;
  counters: ClientCounters;
  send(message: ClientMessage): void;
  /** Asks for the chain's stream; the answer comes as `accept` or `refuse`. */
  subscribe(chain: WatchedChain): void;
  restart(reason: string): void;
}

/**
 * One chain of one client: holds its view, joins frames by version, asks again when they do not
 * join up. Figures on display stay through a loss: they age, which their times tell.
 */
export class WatchedChain {
  readonly target: ChainTarget;
  readonly listeners = new Set<ChainListener>();
  /** The server's number of the stream on the present socket; null while there is none. */
  stream: number | null = null;

  private readonly host: WatchedChainHost;
  private own: OwnChainView | null = null;
  private isAwaitingSnapshot = false;
  private resyncsInRow = 0;
  private timer: Timer | null = null;

  constructor(target: ChainTarget, host: WatchedChainHost) {
    this.target = target;
    this.host = host;
  }

  get view(): ChainView | null {
    return this.own;
  }

  /** Subscribes on the socket that has just opened, or anew. */
  subscribe(): void {
    this.stream = null;
    this.resyncsInRow = 0;
    this.rearm(clientLimits.answerWaitMs, () => this.host.restart('no answer to subscribe'));
    this.host.subscribe(this);
  }

  /** The socket is gone, and with it the stream. */
  unlink(): void {
    this.stream = null;
    this.timer?.cancel();
  }

  /** The structure, on subscribing or of a new generation; its snapshot follows. */
  accept(layout: ChainLayout): void {
    this.stream = layout.stream;
    this.adopt(layout);
    this.awaitSnapshot();
  }

  /** The server does not serve the chain (now): say so, and ask again in a while. */
  refuse(error: StrikewireError): void {
    this.stream = null;
    this.rearm(clientLimits.refusedRetryMs, () => this.subscribe());
    this.fail(error);
  }

  fail(error: StrikewireError): void {
    for (const listener of this.listeners) listener.failed?.(error);
  }

  /** A frame of this chain's stream. */
  take(bytes: Uint8Array, header: FrameHeader): void {
    const { own, host } = this;
    if (own === null || this.stream === null) return;
    if (header.generation !== own.layout.generation) return this.takeStranger(header);
    const isSnapshot = header.kind === 'snapshot';
    if (!isSnapshot && this.isAwaitingSnapshot) return;
    if (!isSnapshot && header.previousVersion !== own.head?.version) return this.resync();
    if (typeof decodeFrame(own.store, bytes) === 'string') {
      host.counters.malformed++;
      return this.resync();
    }
    if (isSnapshot) this.joined();
    else host.counters.deltas++;
    own.head = header;
    own.headAtMonoMs = host.clock.monoMs();
    for (const listener of this.listeners) listener.changed?.(own);
  }

  /** An answer of the HTTP route, while there is no stream. */
  takePolled(live: LiveChain): void {
    const { clock, counters } = this.host;
    if (this.stream !== null || live.strikes.length === 0) return;
    counters.polls++;
    const own = this.adopt(layoutOfLive(live));
    own.head = applyLive(own.store, live, clock.wallMs());
    own.headAtMonoMs = clock.monoMs();
    for (const listener of this.listeners) listener.changed?.(own);
  }

  /** Asks for a snapshot, unless one is already under way. */
  resync(): void {
    if (this.isAwaitingSnapshot || this.stream === null) return;
    this.host.counters.resyncs++;
    this.host.send({ type: 'resync', stream: this.stream });
    this.awaitSnapshot();
  }

  private awaitSnapshot(): void {
    this.isAwaitingSnapshot = true;
    this.rearm(clientLimits.answerWaitMs, () => {
      this.isAwaitingSnapshot = false;
      if (++this.resyncsInRow > clientLimits.resyncsMax) this.host.restart('no snapshot came');
      else this.resync();
    });
  }

  private joined(): void {
    this.host.counters.snapshots++;
    this.isAwaitingSnapshot = false;
    this.resyncsInRow = 0;
    this.timer?.cancel();
  }

  /** A frame of another generation: an older one is late, a newer one means a lost layout. */
  private takeStranger(header: FrameHeader): void {
    const { own, stream, host } = this;
    if (own === null || stream === null || header.generation < own.layout.generation) return;
    host.counters.resyncs++;
    host.send({ type: 'unsubscribe', stream });
    this.subscribe();
  }

  private adopt(layout: ChainLayout): OwnChainView {
    const held = this.own;
    if (held !== null && isSameStructure(held.layout, layout)) return held;
    const own = createView(layout, this.host.clock.wallMs());
    this.own = own;
    for (const listener of this.listeners) listener.layout?.(own);
    return own;
  }

  private rearm(delayMs: number, fn: () => void): void {
    this.timer?.cancel();
    this.timer = this.host.clock.after(delayMs, fn);
  }
}
