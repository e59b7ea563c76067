import { Inject, type BeforeApplicationShutdown } from '@nestjs/common';
import {
  WebSocketGateway,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
} from '@nestjs/websockets';
import { callerOfUpgrade, errorAnswer } from '@strikewire/platform';
import type { Log } from '@strikewire/runtime';
import type { IncomingMessage } from 'node:http';
import type { RawData, WebSocket } from 'ws';
import type { SeatLimits } from './client-seats';
import { ClientSession, type SessionSources } from './client-session';
import { SocketClients, socketOptions } from './socket-clients';
import { CHAIN_LOG, SEAT_LIMITS, SESSION_SOURCES } from './tokens';

/** `/ws`: handshakes and control messages; a chain's frames go straight to the socket. */
@WebSocketGateway({ path: '/ws', ...socketOptions })
export class OptionChainGateway
  implements
    OnGatewayConnection<WebSocket>,
    OnGatewayDisconnect<WebSocket>,
    BeforeApplicationShutdown
{
  private readonly sources: SessionSources;
  private readonly log: Log;
  private readonly clients: SocketClients;
  private readonly sessions = new Map<WebSocket, ClientSession>();
  private errorCount = 0;

  constructor(
    @Inject(SESSION_SOURCES) sources: SessionSources,
    @Inject(CHAIN_LOG) log: Log,
    @Inject(SEAT_LIMITS) seats: SeatLimits,
  ) {
    this.sources = sources;
    this.log = log;
    this.clients = new SocketClients({ clock: sources.clock, log, seats });
  }

  handleConnection(socket: WebSocket, request: IncomingMessage): void {
    const client = this.clients.admit(socket, request);
    if (!client) return;
    const errorBody = (thrown: unknown) =>
      errorAnswer(thrown, `ws-${++this.errorCount}`, this.log).body;
    const caller = callerOfUpgrade(request);
    const session = new ClientSession({ ...this.sources, errorBody, caller }, client);
    this.sessions.set(socket, session);
    socket.on('message', (data: RawData, isBinary: boolean) => {
      if (socket.readyState !== socket.OPEN) return;
      session.received(isBinary ? '' : (data as Buffer).toString(), isBinary);
    });
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.clients.drain();
  }

  handleDisconnect(socket: WebSocket): void {
    this.clients.remove(socket);
    this.sessions.get(socket)?.ended();
    this.sessions.delete(socket);
  }
}
