import type { ClientMessage, SubscribeMessage } from '@strikewire/contracts';
import { createSeededRandom, type Socket } from '@strikewire/runtime';
import {
  createMemoryNetwork,
  createVirtualClock,
  type VirtualClock,
} from '@strikewire/runtime/virtual';
import { createChainClient } from '../chain-client';
import type { ChainClient } from '../client-types';

/** For tests: a client, and a host whose every word is the test's. */
export interface ScriptedChannels {
  clock: VirtualClock;
  client: ChainClient;
  received: ClientMessage[];
  /** What each subscription is answered with, beside its id. */
  answers: (message: SubscribeMessage) => object[];
  /** Answers of REST by path; what is not here is a 503. */
  rest: Record<string, unknown>;
  /** Paths that were asked for. */
  asked: string[];
  /** Socket handshakes are refused while true. */
  isRefusing: boolean;
  say(message: object): void;
  cut(): void;
  /** Messages of a type that were received. */
  count(type: ClientMessage['type']): number;
}

export function scriptChannels(): ScriptedChannels {
  const clock = createVirtualClock(Date.parse('2026-11-23T10:00:00+05:30'));
  const network = createMemoryNetwork({ clock, latencyMs: 5 });
  let socket: Socket | null = null;
  const server: ScriptedChannels = {
    clock,
    received: [],
    answers: () => [],
    rest: {},
    asked: [],
    isRefusing: false,
    client: createChainClient({
      socketUrl: 'ws://platform.example/ws',
      httpBase: 'http://platform.example',
      clock,
      random: createSeededRandom(7),
      openSocket: network.openSocket,
      http: network.http,
    }),
    say: (message) => socket?.send(JSON.stringify(message)),
    cut: () => socket?.terminate(),
    count: (type) => server.received.filter((one) => one.type === type).length,
  };
  network.host('platform.example', {
    http: ({ path }) => {
      server.asked.push(path);
      const body = server.rest[path];
      return body === undefined ? { status: 503 } : { status: 200, body: JSON.stringify(body) };
    },
    socket: () => {
      if (server.isRefusing) return { refuse: 502 };
      return {
        accept: (accepted) => {
          socket = accepted;
          return { message: (data) => take(server, data), closed() {} };
        },
      };
    },
  });
  return server;
}

function take(server: ScriptedChannels, data: Uint8Array): void {
  const message = JSON.parse(new TextDecoder().decode(data)) as ClientMessage;
  server.received.push(message);
  if (message.type !== 'subscribe') return;
  for (const [index, answer] of server.answers(message).entries()) {
    server.say(index === 0 ? { id: message.id, ...answer } : answer);
  }
}
