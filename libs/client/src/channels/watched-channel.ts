import type { ClientMessage } from '@strikewire/contracts';
import type { Clock, StrikewireError, Timer } from '@strikewire/runtime';
import type { ClientCounters } from '../chain/watched-chain';
import { clientLimits } from '../limits';
import type { ChannelMessage, ChannelReader } from './channel-reader';

/** What a watch of a channel tells; all calls are synchronous and must not throw. */
export interface StateListener<S> {
  changed?(state: S): void;
  /** The server refuses it, or it cannot be reached; being retried. */
  failed?(error: StrikewireError): void;
}

export interface WatchedChannelHost {
  clock: Clock;
  counters: ClientCounters;
  send(message: ClientMessage): void;
  /** Asks for the channel; the answer comes as `take` or `refuse`. */
  subscribe(channel: WatchedChannel<unknown>): void;
  restart(reason: string): void;
}

/** One subscription of one client, asked for again until it is served. */
export class WatchedChannel<S> {
  readonly reader: ChannelReader<S>;
  readonly listeners = new Set<StateListener<S>>();
  /** The server's number of the stream on the present socket; null while there is none. */
  stream: number | null = null;
  private readonly host: WatchedChannelHost;
  private isAwaitingSnapshot = false;
  private resyncsInRow = 0;
  private timer: Timer | null = null;

  constructor(reader: ChannelReader<S>, host: WatchedChannelHost) {
    this.reader = reader;
    this.host = host;
  }

  /** Subscribes on the socket that has just opened, or anew. */
  subscribe(): void {
    this.stream = null;
    this.resyncsInRow = 0;
    this.isAwaitingSnapshot = false;
    this.rearm(clientLimits.answerWaitMs, () => this.host.restart('no answer to subscribe'));
    this.host.subscribe(this as WatchedChannel<unknown>);
  }

  /** The socket is gone, and with it the stream. */
  unlink(): void {
    this.stream = null;
    this.reader.lost?.();
    this.timer?.cancel();
  }

  /** The server does not serve it (now): say so, and ask again in a while. */
  refuse(error: StrikewireError): void {
    this.stream = null;
    this.rearm(clientLimits.refusedRetryMs, () => this.subscribe());
    this.fail(error);
  }

  fail(error: StrikewireError): void {
    for (const listener of this.listeners) listener.failed?.(error);
  }

  take(message: ChannelMessage): void {
    const { counters } = this.host;
    this.stream = message.stream;
    const isStep = message.type === 'delta';
    if (isStep && this.isAwaitingSnapshot) return;
    const outcome = this.reader.take(message);
    if (outcome === 'opened') this.awaitSnapshot();
    if (outcome === 'gap') this.resync();
    if (outcome === 'joined') this.timer?.cancel();
    if (outcome !== 'changed') return;
    if (message.type === 'snapshot') this.joined();
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

  /** Asks for a snapshot, unless one is already under way. */
  private resync(): void {
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

  private rearm(delayMs: number, fn: () => void): void {
    this.timer?.cancel();
    this.timer = this.host.clock.after(delayMs, fn);
  }
}
