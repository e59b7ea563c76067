import type { ClientMessage } from '@strikewire/contracts';
import type { Clock, Timer } from '@strikewire/runtime';
import { clientLimits } from './limits';

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

/** What a stream needs of its client. */
export interface StreamHost {
  clock: Clock;
  counters: ClientCounters;
  send(message: ClientMessage): void;
  /** The socket is of no use any more. */
  restart(reason: string): void;
}

/**
 * One stream of the present socket: asked for, joined by a snapshot, and by another one where its
 * versions do not join up.
 */
export class StreamLink {
  /** The server's number of it; null while there is none. */
  number: number | null = null;
  /** What comes before the snapshot is of no use. */
  isAwaitingSnapshot = false;
  private readonly host: StreamHost;
  private resyncsInRow = 0;
  private timer: Timer | null = null;

  constructor(host: StreamHost) {
    this.host = host;
  }

  /** Asks for it by `ask`, on the socket that has just opened, or anew. */
  begin(ask: () => void): void {
    this.number = null;
    this.resyncsInRow = 0;
    this.isAwaitingSnapshot = false;
    this.rearm(clientLimits.answerWaitMs, () => this.host.restart('no answer to subscribe'));
    ask();
  }

  /** The socket is gone, and the stream with it. */
  lost(): void {
    this.number = null;
    this.timer?.cancel();
  }

  /** The server does not serve it (now): it is asked again in a while. */
  refused(again: () => void): void {
    this.number = null;
    this.rearm(clientLimits.refusedRetryMs, again);
  }

  /** It is served, and nothing is waited for. */
  served(): void {
    this.timer?.cancel();
  }

  /** Asks for a snapshot, unless one is already under way. */
  resync(): void {
    if (this.isAwaitingSnapshot || this.number === null) return;
    this.host.counters.resyncs++;
    this.host.send({ type: 'resync', stream: this.number });
    this.awaitSnapshot();
  }

  awaitSnapshot(): void {
    this.isAwaitingSnapshot = true;
    this.rearm(clientLimits.answerWaitMs, () => {
      this.isAwaitingSnapshot = false;
      if (++this.resyncsInRow > clientLimits.resyncsMax) this.host.restart('no snapshot came');
      else this.resync();
    });
  }

  /** The snapshot is there. */
  joined(): void {
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
