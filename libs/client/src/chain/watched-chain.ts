import type { ChainLayout, LiveChain } from '@strikewire/contracts';
import { decodeFrame, type FrameHeader } from '@strikewire/market-data';
import type { StrikewireError } from '@strikewire/runtime';
import type { ChainTarget } from '../rest/rest-client';
import { StreamLink, type StreamHost } from '../stream-link';
import {
  createView,
  isSameStructure,
  type ChainListener,
  type ChainView,
  type OwnChainView,
} from './chain-view';
import { applyLive, layoutOfLive } from './live-chain-store';

export interface WatchedChainHost extends StreamHost {
  /** Asks for the chain's stream; the answer comes as `accept` or `refuse`. */
  subscribe(chain: WatchedChain): void;
}

/**
 * One chain of one client: holds its view, joins frames by version, asks again when they do not
 * join up. Figures on display stay through a loss: they age, which their times tell.
 */
export class WatchedChain {
  readonly target: ChainTarget;
  readonly listeners = new Set<ChainListener>();

  private readonly host: WatchedChainHost;
  private readonly link: StreamLink;
  private own: OwnChainView | null = null;

  constructor(target: ChainTarget, host: WatchedChainHost) {
    this.target = target;
    this.host = host;
    this.link = new StreamLink(host);
  }

  /** The server's number of the stream on the present socket; null while there is none. */
  get stream(): number | null {
    return this.link.number;
  }

  get view(): ChainView | null {
    return this.own;
  }

  /** Subscribes on the socket that has just opened, or anew. */
  subscribe(): void {
    this.link.begin(() => this.host.subscribe(this));
  }

  /** The socket is gone, and with it the stream. */
  unlink(): void {
    this.link.lost();
  }

  /** The structure, on subscribing or of a new generation; its snapshot follows. */
  accept(layout: ChainLayout): void {
    this.link.number = layout.stream;
    this.adopt(layout);
    this.link.awaitSnapshot();
  }

  /** The server does not serve the chain (now): say so, and ask again in a while. */
  refuse(error: StrikewireError): void {
    this.link.refused(() => this.subscribe());
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
    if (!isSnapshot && this.link.isAwaitingSnapshot) return;
    if (!isSnapshot && header.previousVersion !== own.head?.version) return this.resync();
    if (typeof decodeFrame(own.store, bytes) === 'string') {
      host.counters.malformed++;
      return this.resync();
    }
    if (isSnapshot) this.link.joined();
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
    this.link.resync();
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
}
