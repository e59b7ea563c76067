import {
  encodeFrame,
  field,
  noFigures,
  QuoteStore,
  type FrameHead,
} from '@strikewire/market-data';
import type { ChainLayout, ClientMessage } from '@strikewire/contracts';
import type { Socket } from '@strikewire/runtime';
import {
  createMemoryNetwork,
  createVirtualClock,
  type MemoryNetwork,
  type VirtualClock,
} from '@strikewire/runtime/virtual';

/** For tests: one host with a chain of three strikes, driven by hand. */
export interface ScriptedServer {
  clock: VirtualClock;
  network: MemoryNetwork;
  /** The server's truth, six legs. */
  store: QuoteStore;
  /** Messages received from clients, and sockets accepted so far. */
  received: ClientMessage[];
  opened: number;
  /** Socket handshakes are refused with this status while not null. */
  refuse: number | null;
  /** What handshakes have offered as subprotocols. */
  offered: (string | undefined)[];
  /** Answers of `GET /api/optionchain/live` while polling; null: `liveStatus` without a word. */
  live: unknown;
  liveStatus: number;
  /** Instead of a layout, subscriptions get this error code while not null. */
  refuseSubscription: string | null;
  isAnsweringResync: boolean;
  layout: ChainLayout;
  version: number;
  /** The latest client socket. */
  socket: Socket | null;
  setLtp(row: number, paise: number): void;
  snapshot(): Uint8Array;
  /** The next version with these rows. */
  delta(rows: number[]): Uint8Array;
  sendLayout(id?: string | number): void;
}

export const startMs = Date.parse('2026-11-23T10:00:00+05:30');

export function createScriptedServer(): ScriptedServer {
  const clock = createVirtualClock(startMs);
  const network = createMemoryNetwork({ clock, latencyMs: 5 });
  const store = createStore();
  const server: ScriptedServer = {
    clock,
    network,
    store,
    received: [],
    opened: 0,
    refuse: null,
    offered: [],
    live: null,
    liveStatus: 503,
    refuseSubscription: null,
    isAnsweringResync: true,
    layout: layoutOf(1),
    version: 1,
    socket: null,
    setLtp: (row, paise) => (store.ltpPaise[row] = paise),
    snapshot: () => frame(server, 'snapshot', [0, 1, 2, 3, 4, 5]),
    delta(rows) {
      server.version++;
      return frame(server, 'delta', rows);
    },
    sendLayout: (id) =>
      server.socket?.send(JSON.stringify({ ...server.layout, ...(id !== undefined && { id }) })),
  };
  host(server);
  return server;
}

function host(server: ScriptedServer): void {
  server.network.host('platform.example', {
    http: () =>
      server.live === null
        ? { status: server.liveStatus, body: '<html>' }
        : { status: 200, body: JSON.stringify(server.live) },
    socket: ({ headers }) => {
      server.offered.push(headers['sec-websocket-protocol']);
      if (server.refuse !== null) return { refuse: server.refuse };
      return {
        accept: (socket) => {
          server.socket = socket;
          server.opened++;
          return { message: (data) => answer(server, data), closed() {} };
        },
      };
    },
  });
}

function answer(server: ScriptedServer, data: Uint8Array): void {
  const message = JSON.parse(new TextDecoder().decode(data)) as ClientMessage;
  server.received.push(message);
  if (message.type === 'ping') {
    server.socket?.send(JSON.stringify({ type: 'pong', at: new Date(startMs).toISOString() }));
  }
  if (message.type === 'resync' && server.isAnsweringResync) server.socket?.send(server.snapshot());
  if (message.type !== 'subscribe') return;
  const code = server.refuseSubscription;
  if (code !== null) {
    const error = { code, message: 'NIFTY 2026-11-24 is not built', requestId: 'r-7' };
    return server.socket?.send(JSON.stringify({ type: 'error', id: message.id, error }));
  }
  server.sendLayout(message.id);
  server.socket?.send(server.snapshot());
}

function layoutOf(generation: number): ChainLayout {
  return {
    type: 'layout',
    stream: 4,
    generation,
    underlying: 'NIFTY',
    exchange: 'NSE',
    expiry: '2026-11-24',
    expiryClass: 'weekly',
    lotSize: 65,
    strikeInterval: 50,
    strikes: [25_950, 26_000, 26_050],
    tokens: ['1', '2', '3', '4', '5', '6'],
    source: { broker: 'demo', account: 'main' },
  };
}

function createStore(): QuoteStore {
  const store = new QuoteStore({ capacity: 6, groupCount: 0, tickDepth: 0, baseWallMs: startMs });
  for (let row = 0; row < 6; row++) {
    store.ltpPaise[row] = 10_000 + row;
    store.oi[row] = 1_000 * (row + 1);
    store.known[row] = field.ltp | field.oi;
    store.receivedMs[row] = startMs;
  }
  return store;
}

function frame(server: ScriptedServer, kind: FrameHead['kind'], rows: number[]): Uint8Array {
  const { layout, version, clock } = server;
  const head: FrameHead = {
    kind,
    stream: layout.stream,
    generation: layout.generation,
    previousVersion: kind === 'snapshot' ? 0 : version - 1,
    version,
    asOfMs: clock.wallMs(),
    isStale: false,
    isAtmOutsideWindow: false,
    spotPaise: 2_601_000,
    spotClosePaise: 2_590_000,
    spotMs: clock.wallMs(),
    atmPaise: 2_600_000,
    anchorIndex: 1,
    ...noFigures,
  };
  const pick = { firstSlot: 0, rows: Uint16Array.from(rows), count: rows.length };
  return encodeFrame(server.store, head, {
    ...pick,
    hasSlowChange: kind === 'snapshot',
    hasDerived: kind === 'snapshot',
  });
}
