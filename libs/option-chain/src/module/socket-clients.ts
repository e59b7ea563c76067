import { socketLimits } from '@strikewire/contracts';
import { isLoopbackHost, isSameOrigin } from '@strikewire/platform';
import type { Clock, Log, Timer } from '@strikewire/runtime';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { TextClient } from '../engine/greeks-hub';
import type { StreamClient } from '../engine/stream-hub';

/** Sockets of one path served at once; one more is told to come again later. */
const clientsMax = 5_000;
const pingMs = 30_000;
const tryAgainLater = 1013;
/** A client that is cut may still read what was sent before, and the reason. */
const cutGraceMs = 2_000;

/** How every socket path shakes hands: this machine, pages of our own, small messages. */
export const socketOptions = {
  maxPayload: socketLimits.messageBytesMax,
  perMessageDeflate: false,
  verifyClient: ({ origin, req }: { origin?: string; req: IncomingMessage }): boolean =>
    isLoopbackHost(req.headers.host) && isSameOrigin(origin, req.headers.host),
} as const;

/** A socket as the hubs see it. */
export type SocketClient = StreamClient & TextClient;

/** The clients of one socket path: how many there may be, and whether they are still there. */
export class SocketClients {
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly alive = new Map<WebSocket, boolean>();
  private pingTimer: Timer | undefined;

  constructor(clock: Clock, log: Log) {
    this.clock = clock;
    this.log = log;
  }

  /** Takes a client in; undefined when there is no room, and it was told so. */
  admit(socket: WebSocket): SocketClient | undefined {
    // Errors (an oversized message among them) are followed by a close, which ends the session.
    socket.on('error', ({ message }) =>
      this.log.debug('client socket failed', { reason: message }),
    );
    if (this.alive.size >= clientsMax) {
      socket.close(tryAgainLater, `${clientsMax} clients are connected`);
      return undefined;
    }
    this.alive.set(socket, true);
    socket.on('pong', () => this.heard(socket));
    socket.on('message', () => this.heard(socket));
    this.pingTimer ??= this.clock.after(pingMs, () => this.pingAll());
    return this.streamClient(socket);
  }

  remove(socket: WebSocket): void {
    this.alive.delete(socket);
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

  private streamClient(socket: WebSocket): SocketClient {
    return {
      send: (data) => {
        if (socket.readyState === socket.OPEN) socket.send(data);
      },
      sendTexts: (texts) => {
        if (socket.readyState !== socket.OPEN) return;
        const { _socket: stream } = socket as unknown as { _socket: Duplex };
        stream.cork();
        for (const text of texts) socket.send(text, { binary: false });
        stream.uncork();
      },
      bufferedBytes: () => socket.bufferedAmount,
      cut: (reason) => {
        if (socket.readyState !== socket.OPEN) return;
        socket.close(tryAgainLater, reason);
        // Whoever still reads learns why; whoever does not is not waited for.
        this.clock.after(cutGraceMs, () => socket.terminate());
      },
    };
  }
}
