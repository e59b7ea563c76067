import type { StrikewireError } from '@strikewire/runtime';
import { StreamLink, type StreamHost } from '../stream-link';
import type { ChannelMessage, ChannelReader } from './channel-reader';

/** What a watch of a channel tells; all calls are synchronous and must not throw. */
export interface StateListener<S> {
  changed?(state: S): void;
  /** The server refuses it, or it cannot be reached; being retried. */
  failed?(error: StrikewireError): void;
}

export interface WatchedChannelHost extends StreamHost {
  /** Asks for the channel; the answer comes as `take` or `refuse`. */
  subscribe(channel: WatchedChannel<unknown>): void;
}

/** One subscription of one client, asked for again until it is served. */
export class WatchedChannel<S> {
  readonly reader: ChannelReader<S>;
  readonly listeners = new Set<StateListener<S>>();
  private readonly host: WatchedChannelHost;
  private readonly link: StreamLink;

  constructor(reader: ChannelReader<S>, host: WatchedChannelHost) {
    this.reader = reader;
    this.host = host;
    this.link = new StreamLink(host);
  }

  /** The server's number of the stream on the present socket; null while there is none. */
  get stream(): number | null {
    return this.link.number;
  }

  /** Subscribes on the socket that has just opened, or anew. */
  subscribe(): void {
    this.link.begin(() => this.host.subscribe(this as WatchedChannel<unknown>));
  }

  /** The socket is gone, and with it the stream. */
  unlink(): void {
    this.reader.lost?.();
    this.link.lost();
  }

  /** The server does not serve it (now): say so, and ask again in a while. */
  refuse(error: StrikewireError): void {
    this.link.refused(() => this.subscribe());
    this.fail(error);
  }

  fail(error: StrikewireError): void {
    for (const listener of this.listeners) listener.failed?.(error);
  }

  take(message: ChannelMessage): void {
    const { host: { counters }, link } = this;
    link.number = message.stream;
    const isStep = message.type === 'delta';
    if (isStep && link.isAwaitingSnapshot) return;
    const outcome = this.reader.take(message);
    if (outcome === 'opened') link.awaitSnapshot();
    if (outcome === 'gap') link.resync();
    if (outcome === 'joined') link.served();
    if (outcome !== 'changed') return;
    if (message.type === 'snapshot') link.joined();
    else counters.deltas++;
    this.tell();
  }

  takePolled(state: S): void {
    this.reader.takePolled(state);
    this.host.counters.polls++;
    this.tell();
  }

  private tell(): void {
    const { state } = this.reader;
    if (state === null) return;
    for (const listener of this.listeners) listener.changed?.(state);
  }
}
