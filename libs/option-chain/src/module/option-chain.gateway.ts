import { Inject } from '@nestjs/common';
import {
  WebSocketGateway,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
} from '@nestjs/websockets';
import { socketLimits } from '@strikewire/contracts';
import { errorAnswer, isLoopbackHost, isSameOrigin } from '@strikewire/platform';
import type { Clock, Log, Timer } from '@strikewire/runtime';
import type { IncomingMessage } from 'node:http';
import type { RawData, WebSocket } from 'ws';
import type { ChainService } from '../engine/chain-service';
import type { StreamClient, StreamHub } from '../engine/stream-hub';
import { ClientSession } from './client-session';
import { CHAIN_CLOCK, CHAIN_LOG, CHAIN_SERVICE, STREAM_HUB } from './tokens';

/** Sockets served at once; one more is told to come again later. */
const clientsMax = 5_000;
const pingMs = 30_000;
const tryAgainLater = 1013;
/** A client that is cut may still read what was sent before, and the reason. */
const cutGraceMs = 2_000;

interface Connected {
  session: ClientSession;
  isAlive: boolean;
}

/** `/ws`: handshakes and control messages; a chain's frames go straight to the socket. */
@WebSocketGateway({
  path: '/ws',
  maxPayload: socketLimits.messageBytesMax,
  perMessageDeflate: false,
  verifyClient: ({ origin, req }: { origin?: string; req: IncomingMessage }) =>
    isLoopbackHost(req.headers.host) && isSameOrigin(origin, req.headers.host),
})
export class OptionChainGateway
  implements OnGatewayConnection<WebSocket>, OnGatewayDisconnect<WebSocket>
{
  private readonly service: ChainService;
  private readonly hub: StreamHub;
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly clients = new Map<WebSocket, Connected>();
  private pingTimer: Timer | undefined;
  private errorCount = 0;

  constructor(
    @Inject(CHAIN_SERVICE) service: ChainService,
    @Inject(STREAM_HUB) hub: StreamHub,
    @Inject(CHAIN_CLOCK) clock: Clock,
    @Inject(CHAIN_LOG) log: Log,
  ) {
    this.service = service;
    this.hub = hub;
    this.clock = clock;
    this.log = log;
  }

  handleConnection(socket: WebSocket): void {
    // Errors (an oversized message among them) are followed by a close, which ends the session.
    socket.on('error', ({ message }) =>
      this.log.debug('client socket failed', { reason: message }),
    );
    if (this.clients.size >= clientsMax) {
      socket.close(tryAgainLater, `${clientsMax} clients are connected`);
      return;
    }
    const session = new ClientSession(
      {
        clock: this.clock,
        service: this.service,
        hub: this.hub,
        errorBody: (thrown) => errorAnswer(thrown, `ws-${++this.errorCount}`, this.log).body,
      },
      this.streamClient(socket),
    );
    const connected = { session, isAlive: true };
    this.clients.set(socket, connected);
    socket.on('pong', () => (connected.isAlive = true));
    socket.on('message', (data: RawData, isBinary: boolean) => {
      connected.isAlive = true;
      if (socket.readyState !== socket.OPEN) return;
      session.received(isBinary ? '' : (data as Buffer).toString(), isBinary);
    });
    this.pingTimer ??= this.clock.after(pingMs, () => this.pingAll());
  }

  handleDisconnect(socket: WebSocket): void {
    this.clients.get(socket)?.session.ended();
    this.clients.delete(socket);
  }

  /** A client that answered nothing since the last round is gone. */
  private pingAll(): void {
    for (const [socket, connected] of this.clients) {
      if (!connected.isAlive) socket.terminate();
      connected.isAlive = false;
      socket.ping();
    }
    this.pingTimer = undefined;
    if (this.clients.size > 0) this.pingTimer = this.clock.after(pingMs, () => this.pingAll());
  }

  private streamClient(socket: WebSocket): StreamClient {
    return {
      send: (data) => {
        if (socket.readyState === socket.OPEN) socket.send(data);
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
