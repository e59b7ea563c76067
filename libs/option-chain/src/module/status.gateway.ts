import { Inject, type BeforeApplicationShutdown } from '@nestjs/common';
import {
  WebSocketGateway,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
} from '@nestjs/websockets';
import type { Log } from '@strikewire/runtime';
import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { SeatLimits } from './client-seats';
import type { SessionSources } from './client-session';
import { SocketClients, socketOptions, type SocketClient } from './socket-clients';
import { CHAIN_LOG, SEAT_LIMITS, SESSION_SOURCES } from './tokens';

/** `/ws/status`: how platform and chains stand, then what changes; nothing is to be sent. */
@WebSocketGateway({ path: '/ws/status', ...socketOptions })
export class StatusGateway
  implements
    OnGatewayConnection<WebSocket>,
    OnGatewayDisconnect<WebSocket>,
    BeforeApplicationShutdown
{
  private readonly sources: SessionSources;
  private readonly clients: SocketClients;
  private readonly joined = new Map<WebSocket, SocketClient>();

  constructor(
    @Inject(SESSION_SOURCES) sources: SessionSources,
    @Inject(CHAIN_LOG) log: Log,
    @Inject(SEAT_LIMITS) seats: SeatLimits,
  ) {
    this.sources = sources;
    this.clients = new SocketClients({ clock: sources.clock, log, seats });
  }

  handleConnection(socket: WebSocket, request: IncomingMessage): void {
    const client = this.clients.admit(socket, request);
    if (!client) return;
    this.joined.set(socket, client);
    this.sources.state.watchStatus(client);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.clients.drain();
  }

  handleDisconnect(socket: WebSocket): void {
    this.clients.remove(socket);
    const client = this.joined.get(socket);
    this.joined.delete(socket);
    if (client) this.sources.hub.drop(client);
  }
}
