import type { Clock, Random, Socket, Timer } from '@strikewire/runtime';
import { corrupted, torn, type Frame } from '../faults/corrupt';
import type { FrameFaults } from '../faults/fault-book';

/** How a connection falls silent. */
export interface MuteOptions {
  stopPings?: boolean;
  /** Until unmuted when not given. */
  forMs?: number;
  /** Nothing that comes is heard either; when it is over, the connection breaks. */
  isHalfOpen?: boolean;
}

/** Signs of life of a connection, in milliseconds. */
export interface LifeSettings {
  /** The server's ping, and how long it waits for any sign of the client. */
  pingMs: number;
  silenceMs: number;
}

export interface OutletDeps {
  clock: Clock;
  random: Random;
  life: LifeSettings;
  faults: FrameFaults;
}

/** A client that lets this much pile up is cut off. */
const bufferedBytesMax = 64 * 1024 * 1024;
/** So is one with this many frames held back by a delay. */
const heldFramesMax = 200_000;
/** A frame that waits to be overtaken goes out after this at the latest. */
const overtakenMsMax = 1_000;

interface Held {
  frame: Frame;
  timer: Timer;
}

/** The sending side of one connection, with what faults do to it, and its signs of life. */
export class Outlet {
  framesSent = 0;
  private readonly socket: Socket;
  private readonly deps: OutletDeps;
  /** Delayed, in their order; and those that others may overtake. */
  private readonly held: Held[] = [];
  private readonly late = new Set<Held>();
  private overtaken: Held | undefined;
  private aliveAtMs: number;
  private pinger: Timer | undefined;
  private unmuter: Timer | undefined;
  private isMuted = false;
  private pingsStopped = false;
  private isHalfOpen = false;

  constructor(socket: Socket, deps: OutletDeps) {
    this.socket = socket;
    this.deps = deps;
    this.aliveAtMs = deps.clock.monoMs();
    this.schedulePing();
  }

  /** Any message or pong shows that the client lives. */
  alive(): void {
    this.aliveAtMs = this.deps.clock.monoMs();
  }

  /** Connected and silent, until unmuted or `forMs` have passed. What is not sent is lost. */
  mute({ stopPings = false, forMs, isHalfOpen = false }: MuteOptions): void {
    this.isMuted = true;
    this.pingsStopped = stopPings;
    if (isHalfOpen) {
      this.isHalfOpen = true;
      this.socket.stall?.();
    }
    this.unmuter?.cancel();
    if (forMs !== undefined) this.unmuter = this.deps.clock.after(forMs, () => this.unmute());
  }

  /** A connection that was open on one side only breaks: nobody knows the other side any more. */
  unmute(): void {
    this.isMuted = this.pingsStopped = false;
    this.unmuter?.cancel();
    if (this.isHalfOpen) this.socket.terminate();
  }

  get muted(): boolean {
    return this.isMuted;
  }

  /** Whether nothing that comes is heard. */
  get isDeaf(): boolean {
    return this.isHalfOpen;
  }

  /** Sends a frame with whatever the faults in force make of it. */
  send(frame: Frame): void {
    const { faults, random } = this.deps;
    const spoilt = faults.corruption();
    if (spoilt) this.delayAndSend(corrupted(frame, spoilt.shape, random));
    if (spoilt?.replace) return;
    if (faults.isTorn()) {
      for (const piece of torn(frame, random)) this.delayAndSend(piece);
      return;
    }
    const lateMs = faults.lateMs();
    if (lateMs > 0) {
      this.sendLate(frame, lateMs);
      return;
    }
    if (!this.overtaken && faults.isOutOfOrder()) {
      this.overtaken = this.sendLate(frame, overtakenMsMax);
      return;
    }
    this.delayAndSend(frame);
    if (faults.isTwice()) this.delayAndSend(frame);
    if (this.overtaken) this.release(this.overtaken);
  }

  /** Sends what is held back: what others were to overtake first. */
  flush(): void {
    for (const one of this.late) this.release(one);
    for (const { timer } of this.held) timer.cancel();
    for (const { frame } of this.held.splice(0)) this.write(frame);
  }

  /** Past the faults of frames: what the broker says of the connection itself. */
  write(frame: Frame): void {
    if (this.isMuted) return;
    if (this.socket.bufferedAmount > bufferedBytesMax) return this.socket.terminate();
    this.framesSent++;
    this.socket.send(frame);
  }

  close(code: number, reason?: string): void {
    this.socket.close(code, reason);
  }

  terminate(): void {
    this.socket.terminate();
  }

  ended(): void {
    this.pinger?.cancel();
    this.unmuter?.cancel();
    for (const { timer } of this.held.splice(0)) timer.cancel();
    for (const { timer } of this.late) timer.cancel();
    this.late.clear();
  }

  private schedulePing(): void {
    const { clock, life } = this.deps;
    this.pinger = clock.after(life.pingMs, () => {
      const isSilent = clock.monoMs() - this.aliveAtMs > life.silenceMs;
      if (isSilent && !this.isHalfOpen) return this.socket.terminate();
      if (!this.pingsStopped) this.socket.ping();
      this.schedulePing();
    });
  }

  private sendLate(frame: Frame, lateMs: number): Held | undefined {
    if (this.late.size >= heldFramesMax) {
      this.socket.terminate();
      return undefined;
    }
    const one: Held = { frame, timer: this.deps.clock.after(lateMs, () => this.release(one)) };
    this.late.add(one);
    return one;
  }

  private release(one: Held): void {
    one.timer.cancel();
    if (this.overtaken === one) this.overtaken = undefined;
    if (this.late.delete(one)) this.delayAndSend(one.frame);
  }

  private delayAndSend(frame: Frame): void {
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
}
