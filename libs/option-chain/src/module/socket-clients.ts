import { socketLimits } from '@strikewire/contracts';
import { callerOfUpgrade } from '@strikewire/platform';
import { sleep, type Clock, type Log, type Timer } from '@strikewire/runtime';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { TextClient } from '../engine/greeks-hub';
import type { StreamClient } from '../engine/stream-client';
import { ClientSeats, type SeatLimits } from './client-seats';
import { FrameCache } from './socket-frame-encoder';

const pingMs = 30_000;
const protocol = 'strikewire';
const tryAgainLater = 1013;
/** The session or key that a socket was opened with is over. */
const policyViolation = 1008;
/** The server stops or moves: a client that is told so comes again at once. */
const goingAway = 1001;
/** Clients have so long to leave when the server stops. */
const drainMs = 1_000;
const drainStepMs = 20;
/** A client that is cut may still read what was sent before, and the reason. */
const cutGraceMs = 2_000;

/** How every socket path shakes hands; who may is decided before it comes here. */
export const socketOptions = {
  maxPayload: socketLimits.messageBytesMax,
  perMessageDeflate: false,
  // A browser offers its key as a protocol beside this one, and is answered with this one.
  handleProtocols: (offered: Set<string>): string | false =>
    offered.has(protocol) && protocol,
} as const;

/** A socket as the hubs see it. */
export type SocketClient = StreamClient & TextClient;

/** The clients of one socket path: how many there may be, and whether they are still there. */
export class SocketClients {
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly alive = new Map<WebSocket, boolean>();
  private readonly seats: ClientSeats;
  private readonly frames = new FrameCache();
  private readonly leave = new Map<WebSocket, () => void>();
  private pingTimer: Timer | undefined;

  constructor({ clock, log, seats }: { clock: Clock; log: Log; seats: SeatLimits }) {
    this.clock = clock;
    this.log = log;
    this.seats = new ClientSeats('sockets', seats);
  }

  /** Takes a client in; undefined when there is no room, and it was told so. */
  admit(socket: WebSocket, request: IncomingMessage): SocketClient | undefined {
    // Errors (an oversized message among them) are followed by a close, which ends the session.
    socket.on('error', ({ message }) =>
      this.log.debug('client socket failed', { reason: message }),
    );
    if (!this.join(socket, request)) return undefined;
    this.alive.set(socket, true);
    socket.on('pong', () => this.heard(socket));
    socket.on('message', () => this.heard(socket));
    this.pingTimer ??= this.clock.after(pingMs, () => this.pingAll());
    return this.streamClient(socket);
  }

  remove(socket: WebSocket): void {
    this.alive.delete(socket);
    this.leave.get(socket)?.();
    this.leave.delete(socket);
  }

  /** The server stops: clients are told to come again, and those that do not leave are cut. */
  async drain(): Promise<void> {
    const sockets = [...this.alive.keys()];
    for (const socket of sockets) this.end(socket, goingAway, 'the server is stopping');
    for (let waitedMs = 0; waitedMs < drainMs && this.alive.size > 0; waitedMs += drainStepMs) {
      await sleep(this.clock, drainStepMs);
    }
    for (const socket of this.alive.keys()) socket.terminate();
  }

  /** Takes a place for the socket, which ends with the session or key. */
  private join(socket: WebSocket, request: IncomingMessage): boolean {
    const caller = callerOfUpgrade(request);
    const end = (): void => this.end(socket, policyViolation, 'the session or key has ended');
    const leave = this.seats.take(caller, request.socket.remoteAddress ?? '', end);
    if (typeof leave === 'string') socket.close(tryAgainLater, leave);
    else this.leave.set(socket, leave);
    return typeof leave !== 'string';
  }

  /** Whoever still reads learns why; whoever does not is not waited for. */
  private end(socket: WebSocket, code: number, reason: string): void {
    if (socket.readyState !== socket.OPEN) return;
    socket.close(code, reason);
    this.clock.after(cutGraceMs, () => socket.terminate());
  }

  private heard(socket: WebSocket): void {
    if (this.alive.has(socket)) this.alive.set(socket, true);
  }

  /** A client that answered nothing since the last round is gone. */
  private pingAll(): void {
    for (const [socket, isAlive] of this.alive) {
      if (!isAlive) socket.terminate();
      this.alive.set(socket, false);
      socket.ping();
    }
    this.pingTimer = undefined;
    if (this.alive.size > 0) this.pingTimer = this.clock.after(pingMs, () => this.pingAll());
  }

  /**
   * Writes frames that are made once for all to the stream under the socket. That is what the
   * socket itself does where nothing is compressed, but for a frame's head per client.
   */
  private streamClient(socket: WebSocket): SocketClient {
    const { _socket: stream } = socket as unknown as { _socket: Duplex };
    const isOpen = (): boolean => socket.readyState === socket.OPEN;
    return {
      send: (data) => {
        if (isOpen()) stream.write(this.frames.frameOf(data));
      },
      cork: () => stream.cork(),
      uncork: () => stream.uncork(),
      sendTexts: (texts) => {
        if (!isOpen()) return;
        stream.cork();
        for (const text of texts) socket.send(text, { binary: false });
        stream.uncork();
      },
      bufferedBytes: () => socket.bufferedAmount,
      cut: (reason) => this.end(socket, tryAgainLater, reason),
    };
  }
}
