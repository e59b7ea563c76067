import type { Socket } from '@strikewire/runtime';
import {
  createMemoryNetwork,
  createVirtualClock,
  type VirtualClock,
} from '@strikewire/runtime/virtual';
import protobuf from 'protobufjs';
import {
  createSimulator, defaultUpstoxAccount, type Simulator, type SimulatorOptions,
} from '../../index';
import {
  holidays, openTexts, someUnderlyings, startMs, type Answer, type TextClient,
} from '../../testing/harness';

const host = 'upstox.test';
const latencyMs = 5;

/** A message of the feed, decoded by the vendor's own description of it. */
export interface FeedMessage {
  type?: string;
  feeds?: Record<string, Record<string, unknown> & { requestMode?: string }>;
  currentTs?: number;
  marketInfo?: { segmentStatus: Record<string, string> };
}

export interface UpstoxClient {
  socket: Socket;
  frames: Uint8Array[];
  messages(): FeedMessage[];
  /** What each key was told last. */
  latest(): Map<string, Record<string, unknown>>;
  send(method: string, keys: readonly string[], mode?: string): void;
  pings: number;
  closed: number | undefined;
  refused: number | undefined;
}

export interface UpstoxHarness {
  clock: VirtualClock;
  simulator: Simulator;
  /** Headers of every call; change them to play a wrong client. */
  headers: Record<string, string>;
  call(
    path: string, method?: 'GET' | 'POST' | 'PUT' | 'DELETE', body?: string,
  ): Promise<Answer>;
  data<T>(path: string): Promise<T>;
  bytes(path: string): Promise<Uint8Array>;
  /** Asks for an address and connects there, or at the one given. */
  connect(url?: string): Promise<UpstoxClient>;
  /** A stream of texts. */
  connectTo(url: string): Promise<TextClient>;
}

const root = new URL('../../../../../', import.meta.url).pathname;
const schema = protobuf.loadSync(
  `${root}node_modules/upstox-js-sdk/dist/feeder/proto/MarketDataFeedV3.proto`,
).lookupType('com.upstox.marketdatafeederv3udapi.rpc.proto.FeedResponse');

/** As the vendor's description reads it; numbers as numbers, enums by their names. */
export function decoded(frame: Uint8Array): FeedMessage {
  return schema.toObject(schema.decode(frame), { longs: Number, enums: String }) as FeedMessage;
}

export function createUpstoxHarness(options: Partial<SimulatorOptions> = {}): UpstoxHarness {
  const clock = createVirtualClock(startMs);
  const simulator = createSimulator({
    clock, seed: 7, sessions: { kind: 'always' }, holidays, underlyings: someUnderlyings,
    rates: { ticksPerSecond: 200 }, ...options,
  });
  const network = createMemoryNetwork({ clock, latencyMs });
  network.host(host, simulator.sites.upstox);
  const headers: Record<string, string> = {
    authorization: `Bearer ${defaultUpstoxAccount.token}`, accept: 'application/json',
  };
  const send = async (
    path: string, method: 'GET' | 'POST' | 'PUT' | 'DELETE' = 'GET', body?: string,
  ) => {
    const asked = network.http.send({
      method, url: `http://${host}${path}`, headers, ...(body !== undefined && { body }),
      timeoutMs: 5_000, bytesMax: 100_000_000,
    });
    const [answered] = await Promise.all([asked, clock.advance(2 * latencyMs)]);
    return answered;
  };
  const call: UpstoxHarness['call'] = async (path, method, body) => {
    const { status, headers: told, body: bytes } = await send(path, method, body);
    const text = new TextDecoder().decode(bytes);
    return { status, headers: told, text, json: () => JSON.parse(text) as never };
  };
  const data = async <T>(path: string): Promise<T> =>
    ((await call(path)).json() as { data: T }).data;
  return {
    clock, simulator, headers, call, data,
    bytes: async (path) => (await send(path)).body,
    async connectTo(url) {
      const client = openTexts(network.openSocket, url);
      await clock.advance(100);
      return client;
    },
    async connect(url) {
      const address = url ?? (await data<{ authorized_redirect_uri: string }>(
        '/v3/feed/market-data-feed/authorize',
      )).authorized_redirect_uri;
      const client = openClient(network.openSocket, address, headers);
      await clock.advance(100);
      return client;
    },
  };
}

function openClient(
  openSocket: ReturnType<typeof createMemoryNetwork>['openSocket'],
  url: string,
  headers: Record<string, string>,
): UpstoxClient {
  const frames: Uint8Array[] = [];
  const messages = (): FeedMessage[] => frames.map(decoded);
  const options = { headers, handshakeTimeoutMs: 5_000, messageBytesMax: 1_000_000 };
  const client: UpstoxClient = {
    socket: openSocket(url, options, {
      message: (bytes, isBinary) => void (isBinary && frames.push(bytes.slice())),
      alive: () => void client.pings++,
      closed: (code) => (client.closed = code),
      refused: (status) => (client.refused = status),
    }),
    frames,
    messages,
    latest: () => new Map(messages().flatMap(({ feeds = {} }) => Object.entries(feeds))),
    send(method, instrumentKeys, mode) {
      const request = { guid: 'any', method, data: { ...(mode && { mode }), instrumentKeys } };
      client.socket.send(new TextEncoder().encode(JSON.stringify(request)));
    },
    pings: 0,
    closed: undefined,
    refused: undefined,
  };
  return client;
}
