import { Inject, type BeforeApplicationShutdown } from '@nestjs/common';
import {
  WebSocketGateway,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
} from '@nestjs/websockets';
import { greeksQuerySchema } from '@strikewire/contracts';
import { errorAnswer } from '@strikewire/platform';
import type { Clock, Log } from '@strikewire/runtime';
import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { ChainService } from '../engine/chain-service';
import type { GreeksHub } from '../engine/greeks-hub';
import type { SeatLimits } from './client-seats';
import { SocketClients, socketOptions, type SocketClient } from './socket-clients';
import { CHAIN_CLOCK, CHAIN_LOG, CHAIN_SERVICE, GREEKS_HUB, SEAT_LIMITS } from './tokens';

/** What was asked for cannot be given: the error has been sent before the close. */
const policyViolation = 1008;

/** `/ws/greeks?underlying=&expiry=`: contracts as their Greeks change; nothing is to be sent. */
@WebSocketGateway({ path: '/ws/greeks', ...socketOptions })
export class GreeksGateway
  implements
    OnGatewayConnection<WebSocket>,
    OnGatewayDisconnect<WebSocket>,
    BeforeApplicationShutdown
{
  private readonly service: ChainService;
  private readonly hub: GreeksHub;
  private readonly log: Log;
  private readonly clients: SocketClients;
  private readonly joined = new Map<WebSocket, SocketClient>();
  private errorCount = 0;

  constructor(
    @Inject(CHAIN_SERVICE) service: ChainService,
    @Inject(GREEKS_HUB) hub: GreeksHub,
    @Inject(CHAIN_CLOCK) clock: Clock,
    @Inject(CHAIN_LOG) log: Log,
    @Inject(SEAT_LIMITS) seats: SeatLimits,
  ) {
    this.service = service;
    this.hub = hub;
    this.log = log;
    this.clients = new SocketClients({ clock, log, seats });
  }

  handleConnection(socket: WebSocket, request: IncomingMessage): void {
    const client = this.clients.admit(socket, request);
    if (!client) return;
    try {
      const { searchParams } = new URL(request.url ?? '', 'http://localhost');
      const query = greeksQuerySchema.parse(Object.fromEntries(searchParams));
      const chain = this.service.chain(query.underlying, query.expiry);
      this.joined.set(socket, client);
      this.hub.join(chain, client);
    } catch (thrown) {
      const { error } = errorAnswer(thrown, `wsg-${++this.errorCount}`, this.log).body;
      socket.send(JSON.stringify({ type: 'error', error }));
      socket.close(policyViolation, error.code);
    }
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.clients.drain();
  }

  handleDisconnect(socket: WebSocket): void {
    this.clients.remove(socket);
    const client = this.joined.get(socket);
    this.joined.delete(socket);
    if (client) this.hub.leave(client);
  }
}
