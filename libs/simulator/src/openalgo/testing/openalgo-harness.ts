import type { Socket } from '@strikewire/runtime';
import {
  createMemoryNetwork,
  createVirtualClock,
  type VirtualClock,
} from '@strikewire/runtime/virtual';
import {
  createSimulator, defaultOpenalgoAccount, type Simulator, type SimulatorOptions,
} from '../../index';
import { holidays, someUnderlyings, startMs } from '../../testing/harness';

const host = 'openalgo.test';
const latencyMs = 5;

/** Any answer or message. */
export type Json = Record<string, unknown>;

export interface OpenalgoClient {
  socket: Socket;
  messages: Json[];
  send(message: Json): void;
  /** Messages of ticks. */
  ticks(): (Json & { data: Json })[];
  pings: number;
  closed: number | undefined;
  refused: number | undefined;
}

export interface OpenalgoHarness {
  clock: VirtualClock;
  simulator: Simulator;
  /** With the key, unless the body has one. */
  post(path: string, body?: Json): Promise<Json & { http: number }>;
  get(path: string): Promise<{ http: number; text: string }>;
  connect(): Promise<OpenalgoClient>;
  /** Connected, and with its key shown. */
  signIn(): Promise<OpenalgoClient>;
}

export function createOpenalgoHarness(options: Partial<SimulatorOptions> = {}): OpenalgoHarness {
  const clock = createVirtualClock(startMs);
  const simulator = createSimulator({
    clock, seed: 7, sessions: { kind: 'always' }, holidays, underlyings: someUnderlyings,
    rates: { ticksPerSecond: 200 }, ...options,
  });
  const network = createMemoryNetwork({ clock, latencyMs });
  network.host(host, simulator.sites.openalgo);
  const { token } = defaultOpenalgoAccount;
  const send = async (method: 'GET' | 'POST', path: string, body?: string) => {
    const asked = network.http.send({
      method, url: `http://${host}/api/v1/${path}`, ...(body !== undefined && { body }),
      timeoutMs: 5_000, bytesMax: 100_000_000,
    });
    const [answered] = await Promise.all([asked, clock.advance(2 * latencyMs)]);
    return { http: answered.status, text: new TextDecoder().decode(answered.body) };
  };
  const connect = async (): Promise<OpenalgoClient> => {
    const client = openClient(network.openSocket);
    await clock.advance(50);
    return client;
  };
  return {
    clock, simulator, connect,
    async post(path, body = {}) {
      const { http, text } = await send('POST', path, JSON.stringify({ apikey: token, ...body }));
      return { http, ...(JSON.parse(text) as Json) };
    },
    get: (path) => send('GET', path),
    async signIn() {
      const client = await connect();
      client.send({ action: 'authenticate', api_key: token });
      await clock.advance(50);
      return client;
    },
  };
}

function openClient(
  openSocket: ReturnType<typeof createMemoryNetwork>['openSocket'],
): OpenalgoClient {
  const messages: Json[] = [];
  const options = { handshakeTimeoutMs: 5_000, messageBytesMax: 1_000_000 };
  const client: OpenalgoClient = {
    socket: openSocket(`ws://${host}/`, options, {
      message: (bytes) => void messages.push(JSON.parse(new TextDecoder().decode(bytes)) as Json),
      alive: () => void client.pings++,
      closed: (code) => (client.closed = code),
      refused: (status) => (client.refused = status),
    }),
    messages,
    send: (message) => client.socket.send(JSON.stringify(message)),
    ticks: () => messages.filter(({ type }) => type === 'market_data') as never,
    pings: 0,
    closed: undefined,
    refused: undefined,
  };
  return client;
}
