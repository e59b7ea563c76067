import type { ClientSocketHandlers, Socket } from '@strikewire/runtime';
import {
  createMemoryNetwork,
  createVirtualClock,
  type VirtualClock,
} from '@strikewire/runtime/virtual';
import { createSimulator, defaultAccount, type Simulator, type SimulatorOptions } from '../index';
import type { Contract } from '../market/contract';
import { commodities } from '../market/data/commodities';
import { indices } from '../market/data/indices';
import { stocks } from '../market/data/stocks';

const host = 'broker.test';
const latencyMs = 5;
/** Saturday 2026-11-21, 10:30 in India. */
export const startMs = Date.parse('2026-11-21T05:00:00Z');
export const holidays = ['2026-11-24', '2026-12-25'];

/** A few underlyings of every sort: enough for tests, quick to list. */
export const someUnderlyings = [
  ...indices,
  ...stocks.filter(({ symbol }) => ['RELIANCE', 'M&M', 'JINDALSTEL', 'PAGEIND'].includes(symbol)),
  ...commodities,
];

export interface Answer {
  status: number;
  headers: Record<string, string>;
  text: string;
  json: () => never;
}

/** What a feed client has seen. */
export interface FeedClient {
  socket: Socket;
  frames: Uint8Array[];
  /** Frames cut into packets by their lengths. */
  packets(): DataView[];
  /** Packets with this code. */
  ofCode(code: number): DataView[];
  pings: number;
  closed: { code: number; atMs: number } | undefined;
  refused: number | undefined;
  subscribe(code: number, ids: readonly number[], segment?: string): void;
}

export interface Harness {
  clock: VirtualClock;
  simulator: Simulator;
  call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Answer>;
  /** Headers of every call; change them to play a wrong client. */
  headers: Record<string, string>;
  connect(query?: string): FeedClient;
  /** A socket at an address below the host, with what it says as texts. */
  listen(address: string): TextClient;
}

/** What a client of a socket of texts has seen. */
export interface TextClient {
  socket: Socket;
  texts: string[];
  closed: number | undefined;
  refused: number | undefined;
}

/** The option at the money of an underlying's nearest expiry, or some strikes away from it. */
export function optionNear(
  { market }: Simulator,
  symbol: string,
  type: 'CE' | 'PE' = 'CE',
  strikesAway = 0,
): Contract {
  const underlying = market.underlying(symbol);
  const [expiry = ''] = underlying ? market.expiries(underlying) : [];
  const chain = underlying && market.chain(underlying, expiry);
  if (!chain) throw new Error(`nothing is listed on ${symbol}`);
  const spot = market.lookSpot(underlying).ltpPaise;
  const index = chain.strikesPaise.findIndex((strike) => strike >= spot) + strikesAway;
  return market.lookLeg(chain, 2 * index + (type === 'CE' ? 0 : 1));
}

export function createHarness(options: Partial<SimulatorOptions> = {}): Harness {
  const clock = createVirtualClock(startMs);
  const simulator = createSimulator({
    clock,
    seed: 7,
    sessions: { kind: 'always' },
    holidays,
    underlyings: someUnderlyings,
    rates: { ticksPerSecond: 200 },
    ...options,
  });
  const network = createMemoryNetwork({ clock, latencyMs });
  network.host(host, simulator.site);
  const headers = {
    'access-token': defaultAccount.token,
    'client-id': defaultAccount.clientId,
  };
  const call: Harness['call'] = async (method, path, body) => {
    const asked = network.http.send({
      method,
      url: `http://${host}${path}`,
      headers,
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      timeoutMs: 5_000,
      bytesMax: 100_000_000,
    });
    const [answered] = await Promise.all([asked, clock.advance(2 * latencyMs)]);
    const text = new TextDecoder().decode(answered.body);
    return {
      status: answered.status,
      headers: answered.headers,
      text,
      json: () => JSON.parse(text) as never,
    };
  };
  const { clientId, token } = defaultAccount;
  const query = `version=2&token=${token}&clientId=${clientId}&authType=2`;
  const connect = (given = query): FeedClient => openFeed(clock, network.openSocket, given);
  const listen = (address: string): TextClient =>
    openTexts(network.openSocket, `ws://${host}${address}`);
  return { clock, simulator, headers, call, connect, listen };
}

/** Opens a socket of texts at a url. */
export function openTexts(
  openSocket: ReturnType<typeof createMemoryNetwork>['openSocket'],
  url: string,
): TextClient {
  const options = { handshakeTimeoutMs: 5_000, messageBytesMax: 1_000_000 };
  const client: TextClient = {
    socket: openSocket(url, options, {
      message: (data) => void client.texts.push(new TextDecoder().decode(data)),
      closed: (code) => (client.closed = code),
      refused: (status) => (client.refused = status),
    }),
    texts: [],
    closed: undefined,
    refused: undefined,
  };
  return client;
}

function openFeed(
  clock: VirtualClock,
  openSocket: ReturnType<typeof createMemoryNetwork>['openSocket'],
  query: string,
): FeedClient {
  const frames: Uint8Array[] = [];
  const handlers: ClientSocketHandlers = {
    message: (data) => void frames.push(data.slice()),
    alive: () => void client.pings++,
    closed: (code) => (client.closed = { code, atMs: clock.monoMs() }),
    refused: (status) => (client.refused = status),
  };
  const packets = (): DataView[] => frames.flatMap(packetsOf);
  const options = { handshakeTimeoutMs: 5_000, messageBytesMax: 1_000_000 };
  const client: FeedClient = {
    socket: openSocket(`ws://${host}/?${query}`, options, handlers),
    frames,
    packets,
    ofCode: (code) => packets().filter((packet) => packet.getUint8(0) === code),
    pings: 0,
    closed: undefined,
    refused: undefined,
    subscribe(code, ids, segment = 'NSE_FNO') {
      const list = ids.map((id) => ({ ExchangeSegment: segment, SecurityId: String(id) }));
      const message = { RequestCode: code, InstrumentCount: list.length, InstrumentList: list };
      client.socket.send(JSON.stringify(message));
    },
  };
  return client;
}

function packetsOf(frame: Uint8Array): DataView[] {
  const packets: DataView[] = [];
  for (let at = 0; at + 3 <= frame.length; ) {
    const length = new DataView(frame.buffer, frame.byteOffset + at).getUint16(1, true);
    packets.push(new DataView(frame.buffer, frame.byteOffset + at, length));
    at += length;
  }
  return packets;
}
