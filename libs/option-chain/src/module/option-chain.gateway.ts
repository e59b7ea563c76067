import { Inject, type BeforeApplicationShutdown } from '@nestjs/common';
import {
  WebSocketGateway,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
} from '@nestjs/websockets';
import { callerOfUpgrade, errorAnswer } from '@strikewire/platform';
import type { Clock, Log } from '@strikewire/runtime';
import type { IncomingMessage } from 'node:http';
import type { RawData, WebSocket } from 'ws';
import type { ChainService } from '../engine/chain-service';
import type { StreamHub } from '../engine/stream-hub';
import { ClientSession } from './client-session';
import { SocketClients, socketOptions } from './socket-clients';
import { CHAIN_CLOCK, CHAIN_LOG, CHAIN_SERVICE, STREAM_HUB } from './tokens';

/** `/ws`: handshakes and control messages; a chain's frames go straight to the socket. */
@WebSocketGateway({ path: '/ws', ...socketOptions })
export class OptionChainGateway
  implements
    OnGatewayConnection<WebSocket>,
    OnGatewayDisconnect<WebSocket>,
    BeforeApplicationShutdown
{
  private readonly service: ChainService;
  private readonly hub: StreamHub;
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly clients: SocketClients;
  private readonly sessions = new Map<WebSocket, ClientSession>();
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
    this.clients = new SocketClients(clock, log);
  }

  handleConnection(socket: WebSocket, request: IncomingMessage): void {
    const client = this.clients.admit(socket, request);
    if (!client) return;
    const { clock, service, hub } = this;
    const errorBody = (thrown: unknown) =>
      errorAnswer(thrown, `ws-${++this.errorCount}`, this.log).body;
    const caller = callerOfUpgrade(request);
    const session = new ClientSession({ clock, service, hub, errorBody, caller }, client);
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
