import {
  orderedMessageSchema,
  stateMessageSchema,
  type ClientMessage,
} from '@strikewire/contracts';
import type { Clock, StrikewireError } from '@strikewire/runtime';
import { createPoller, type Poller } from '../poller';
import type { RestClient } from '../rest/rest-client';
import type { ClientCounters } from '../stream-link';
import { AlertsReader } from './alerts-reader';
import type { ChannelMessage, ChannelReader } from './channel-reader';
import { OrdersReader } from './orders-reader';
import { WatchedChannel, type StateListener } from './watched-channel';

/** One listener's hold on a channel. */
export interface StateWatch<S> {
  /** What is held now; null until something is known. */
  readonly state: S | null;
  /** Has it read over HTTP, where there is such a route. */
  refresh(): void;
  close(): void;
}

/** What the desk needs of the client that it belongs to. */
export interface DeskHost {
  clock: Clock;
  rest: RestClient;
  counters: ClientCounters;
  send(message: ClientMessage): void;
  restart(reason: string): void;
  /** A number for a request. */
  takeId(): number;
  isOpen(): boolean;
  isPolling(): boolean;
  /** Somebody watches: opens the socket. @throws StrikewireError when there is no place */
  added(): void;
  dropped(): void;
  answered(): void;
  /** An error of REST as the client tells it. */
  failed(thrown: unknown): StrikewireError;
}

interface Entry {
  channel: WatchedChannel<unknown>;
  poller: Poller | null;
}

/** All watches but those of chains. */
export class ChannelDesk {
  private readonly host: DeskHost;
  private readonly entries = new Map<string, Entry>();
  private readonly asked = new Map<number, WatchedChannel<unknown>>();

  constructor(host: DeskHost) {
    this.host = host;
  }

  get size(): number {
    return this.entries.size;
  }

  /** Watches with the same key share a subscription; `create` makes the reader of the first. */
  watch<S>(
    key: string,
    create: () => ChannelReader<S>,
    listener: StateListener<S>,
  ): StateWatch<S> {
    const entry = this.entries.get(key) ?? this.add(key, create() as ChannelReader<unknown>);
    const channel = entry.channel as WatchedChannel<S>;
    channel.listeners.add(listener);
    if (channel.reader.state !== null) listener.changed?.(channel.reader.state);
    return {
      get state() {
        return channel.reader.state;
      },
      refresh: () => void this.read(entry),
      close: () => {
        if (!channel.listeners.delete(listener) || channel.listeners.size > 0) return;
        this.drop(key);
      },
    };
  }

  watchAlerts<S>(listener: StateListener<S>): StateWatch<S> {
    const reader = new AlertsReader(() => this.readAgain('alerts'));
    return this.watch('alerts', () => reader as unknown as ChannelReader<S>, listener);
  }

  watchOrders<S>(listener: StateListener<S>): StateWatch<S> {
    const reader = new OrdersReader(() => this.readAgain('orders'));
    return this.watch('orders', () => reader as unknown as ChannelReader<S>, listener);
  }

  opened(): void {
    for (const { channel } of this.entries.values()) channel.subscribe();
  }

  lost(): void {
    this.asked.clear();
    for (const { channel, poller } of this.entries.values()) {
      channel.unlink();
      if (this.host.isPolling()) poller?.start();
    }
  }

  /** A message that names a channel. */
  take(json: object): void {
    const message = parse(json);
    if (message === null) return void this.host.counters.malformed++;
    const id = 'id' in message ? message.id : undefined;
    const asking = this.answered(id);
    const taking = (asking ? [asking] : this.ofStream(message.stream)).filter(
      ({ listeners }) => listeners.size > 0,
    );
    for (const channel of taking) {
      this.pollerOf(channel)?.stop();
      channel.take(message);
    }
    if (taking.length > 0) return;
    if (message.type === 'layout' || message.type === 'subscribed') {
      // It was let go before its answer came.
      this.host.send({ type: 'unsubscribe', stream: message.stream });
    }
  }

  /** False when it was not this desk that asked. */
  refuse(id: unknown, error: StrikewireError): boolean {
    const channel = this.answered(id);
    if (!channel) return false;
    this.pollerOf(channel)?.stop();
    channel.refuse(error);
    return true;
  }

  /** The server let a stream go; false when it was not of this desk. */
  retired(stream: number): boolean {
    const channels = this.ofStream(stream);
    for (const channel of channels) channel.subscribe();
    return channels.length > 0;
  }

  close(): void {
    for (const key of [...this.entries.keys()]) this.drop(key);
  }

  private add(key: string, reader: ChannelReader<unknown>): Entry {
    const { host } = this;
    host.added();
    const channel = new WatchedChannel(reader, {
      clock: host.clock,
      counters: host.counters,
      send: (message) => host.send(message),
      restart: (reason) => host.restart(reason),
      subscribe: (asking) => this.ask(asking),
    });
    const entry: Entry = { channel, poller: null };
    if (reader.poll) entry.poller = this.pollerFor(entry, reader.poll);
    this.entries.set(key, entry);
    if (host.isOpen()) channel.subscribe();
    else if (host.isPolling()) entry.poller?.start();
    return entry;
  }

  private pollerFor(
    { channel }: Entry,
    poll: NonNullable<ChannelReader<unknown>['poll']>,
  ): Poller {
    const { host } = this;
    return createPoller({
      clock: host.clock,
      read: () => poll(host.rest),
      answered: (state) => {
        host.answered();
        channel.takePolled(state);
      },
      failed: (thrown) => channel.fail(host.failed(thrown)),
    });
  }

  private readAgain(key: string): void {
    const entry = this.entries.get(key);
    if (entry) void this.read(entry);
  }

  /** Reads once over HTTP, whether or not it is polled. */
  private async read({ channel }: Entry): Promise<void> {
    const { poll } = channel.reader;
    if (!poll) return;
    try {
      const state = await poll(this.host.rest);
      if (channel.listeners.size > 0) channel.takePolled(state);
    } catch (thrown) {
      channel.fail(this.host.failed(thrown));
    }
  }

  private drop(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.entries.delete(key);
    entry.poller?.stop();
    const { stream } = entry.channel;
    // What was asked for in two ways may be one stream.
    if (stream !== null && this.ofStream(stream).length === 0) {
      this.host.send({ type: 'unsubscribe', stream });
    }
    entry.channel.listeners.clear();
    entry.channel.unlink();
    this.host.dropped();
  }

  private ask(channel: WatchedChannel<unknown>): void {
    const id = this.host.takeId();
    this.asked.set(id, channel);
    this.host.send({ type: 'subscribe', id, ...channel.reader.request });
  }

  private answered(id: unknown): WatchedChannel<unknown> | undefined {
    if (typeof id !== 'number') return undefined;
    const channel = this.asked.get(id);
    this.asked.delete(id);
    return channel;
  }

  private ofStream(stream: number): WatchedChannel<unknown>[] {
    const channels = [...this.entries.values()].map(({ channel }) => channel);
    return channels.filter((channel) => channel.stream === stream);
  }

  private pollerOf(channel: WatchedChannel<unknown>): Poller | null {
    for (const entry of this.entries.values()) if (entry.channel === channel) return entry.poller;
    return null;
  }
}

function parse(json: object): ChannelMessage | null {
  const { type } = json as { type?: unknown };
  const isOrdered = type === 'subscribed' || type === 'event' || type === 'overflow';
  const parsed = (isOrdered ? orderedMessageSchema : stateMessageSchema).safeParse(json);
  return parsed.success ? parsed.data : null;
}
