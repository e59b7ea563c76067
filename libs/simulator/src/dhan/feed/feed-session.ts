import type { Clock, Random, Socket, Timer } from '@strikewire/runtime';
import type { Contract } from '../../market/contract';
import { corrupted, type Corruption } from '../../faults/corrupt';
import { FrameBatch, type Packing } from './frame-batch';
import { encodeDisconnect } from './packets-encoder';
import type { FeedMode } from './subscribe-request';

/** How the feed behaves towards its clients. */
export interface FeedSettings {
  /** The server's ping, and how long it waits for any sign of the client. Milliseconds. */
  pingMs: number;
  silenceMs: number;
  /** Whether a subscription is answered with the present figures. */
  snapshotOnSubscribe: boolean;
  packing: Packing;
}

/** As Dhan does it. */
export const defaultFeedSettings: FeedSettings = {
  pingMs: 10_000,
  silenceMs: 40_000,
  snapshotOnSubscribe: true,
  packing: { share: 0.2, busyFrom: 50, fullFrame: 16 },
};

/** What the faults ask of a frame at the moment it is sent. */
export interface FrameFaults {
  delayMs(): number;
  /** A corruption to apply, or undefined. With `replace` the good frame is lost. */
  corruption(): { shape: Corruption; replace: boolean } | undefined;
}

export interface SessionDeps {
  clock: Clock;
  random: Random;
  settings: FeedSettings;
  faults: FrameFaults;
}

/** A client that lets this much pile up is cut off. */
const bufferedBytesMax = 64 * 1024 * 1024;
/** So is one with this many frames held back by a delay. */
const heldFramesMax = 200_000;

/** One feed connection: its subscriptions, its outgoing frames and its signs of life. */
export class FeedSession {
  readonly clientId: string;
  readonly modes = new Map<Contract, FeedMode>();
  readonly batch: FrameBatch;
  framesSent = 0;
  private readonly socket: Socket;
  private readonly deps: SessionDeps;
  private readonly held: { frame: Uint8Array; timer: Timer }[] = [];
  private aliveAtMs: number;
  private pinger: Timer | undefined;
  private unmuter: Timer | undefined;
  private isMuted = false;
  private pingsStopped = false;

  constructor(clientId: string, socket: Socket, deps: SessionDeps) {
    this.clientId = clientId;
    this.socket = socket;
    this.deps = deps;
    this.aliveAtMs = deps.clock.monoMs();
    const unit = (): number => deps.random.next();
    this.batch = new FrameBatch(deps.settings.packing, unit, (frame) => this.spoilAndSend(frame));
    this.schedulePing();
  }

  /** Any message or pong shows that the client lives. */
  alive(): void {
    this.aliveAtMs = this.deps.clock.monoMs();
  }

  /** Connected and silent, until unmuted or `forMs` have passed. What is not sent is lost. */
  mute(stopPings: boolean, forMs: number | undefined): void {
    this.isMuted = true;
    this.pingsStopped = stopPings;
    if (forMs !== undefined) this.unmuter = this.deps.clock.after(forMs, () => this.unmute());
  }

  unmute(): void {
    this.isMuted = this.pingsStopped = false;
    this.unmuter?.cancel();
  }

  get muted(): boolean {
    return this.isMuted;
  }

  /** Sends what is batched or held back by a delay. */
  flush(): void {
    this.batch.flush();
    for (const { timer } of this.held) timer.cancel();
    for (const { frame } of this.held.splice(0)) this.write(frame);
  }

  /** With a code: the disconnect packet, then an orderly close. Without: the connection breaks. */
  drop(disconnectCode: number | undefined): void {
    if (disconnectCode === undefined) return this.socket.terminate();
    this.flush();
    this.write(encodeDisconnect(disconnectCode));
    this.socket.close(1000);
  }

  /** The client asked to leave. */
  leave(): void {
    this.socket.close(1000);
  }

  ended(): void {
    this.pinger?.cancel();
    this.unmuter?.cancel();
    for (const { timer } of this.held.splice(0)) timer.cancel();
  }

  private schedulePing(): void {
    const { clock, settings } = this.deps;
    this.pinger = clock.after(settings.pingMs, () => {
      if (clock.monoMs() - this.aliveAtMs > settings.silenceMs) return this.socket.terminate();
      if (!this.pingsStopped) this.socket.ping();
      this.schedulePing();
    });
  }

  private spoilAndSend(frame: Uint8Array): void {
    const spoilt = this.deps.faults.corruption();
    if (spoilt) this.delayAndSend(corrupted(frame, spoilt.shape, this.deps.random));
    if (!spoilt?.replace) this.delayAndSend(frame);
  }

  private delayAndSend(frame: Uint8Array): void {
    const delayMs = this.deps.faults.delayMs();
    if (delayMs === 0 && this.held.length === 0) return this.write(frame);
    if (this.held.length >= heldFramesMax) return this.socket.terminate();
    // Frames never overtake: without a delay of its own, a frame waits for those before it.
    const timer = this.deps.clock.after(delayMs, () => {
      while (this.held.length > 0) {
        const first = this.held.shift();
        if (first) this.write(first.frame);
        if (first?.timer === timer) break;
      }
    });
    this.held.push({ frame, timer });
  }

  private write(frame: Uint8Array): void {
    if (this.isMuted) return;
    if (this.socket.bufferedAmount > bufferedBytesMax) return this.socket.terminate();
    this.framesSent++;
    this.socket.send(frame);
  }
}
