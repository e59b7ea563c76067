import type { ChainClient, ChainView } from '@strikewire/client';
import type {
  ChainLayout,
  ChainState,
  Me,
  PlatformStatus,
  Role,
  SegmentStatus,
} from '@strikewire/contracts';
import { bookAt, bookInts, field, noFigures, QuoteStore } from '@strikewire/market-data';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import type { ConsoleApi } from './api/console-api';
import { createStepUpGate } from './api/step-up-gate';
import { shallowRef } from 'vue';
import { createMemoryHistory, type Router } from 'vue-router';
import type { Memory } from './memory';
import { createBasket } from './pages/orders/basket';
import type { FeedSocket } from './pages/status/socket-words';
import { createConsoleRouter } from './router';
import type { Services } from './services';
import { createSession, type Session } from './session/session';

/** For tests: a chain of five strikes around 26,000 as a client would hold it. */
export function viewOf(options: { spotPaise?: number; anchorIndex?: number } = {}): ChainView {
  const strikes = [25_900, 25_950, 26_000, 26_050, 26_100];
  const store = new QuoteStore({ capacity: 10, groupCount: 0, tickDepth: 0, baseWallMs: 0 });
  for (let row = 0; row < 10; row++) setLeg(store, row, { ltpPaise: 10_000 + row, oi: 1_000 });
  const layout: ChainLayout = {
    type: 'layout',
    stream: 1,
    generation: 1,
    underlying: 'NIFTY',
    exchange: 'NSE',
    expiry: '2026-11-24',
    expiryClass: 'weekly',
    lotSize: 65,
    strikeInterval: 50,
    strikes,
    tokens: Array.from({ length: 10 }, (_, row) => String(row)),
    source: { broker: 'demo', account: 'main' },
  };
  const head = {
    version: 1,
    asOfMs: 1_000_000,
    isStale: false,
    isAtmOutsideWindow: false,
    spotPaise: options.spotPaise ?? 2_601_000,
    spotClosePaise: 2_590_000,
    spotMs: 1_000_000,
    atmPaise: 2_600_000,
    anchorIndex: options.anchorIndex ?? 2,
    ...noFigures,
  };
  return { layout, store, head, headAtMonoMs: 0 };
}

/** Tells a leg's LTP, close, OI and best bid. */
export function setLeg(
  store: QuoteStore,
  row: number,
  { ltpPaise, oi }: { ltpPaise: number; oi: number },
): void {
  store.ltpPaise[row] = ltpPaise;
  store.closePaise[row] = 10_000;
  store.oi[row] = oi;
  store.book[row * bookInts + bookAt.bidPaise] = 0;
  store.known[row] = field.ltp | field.close | field.oi | field.top;
  store.receivedMs[row] = 1_000_000;
  store.touch(row);
}

export function chainStateOf(changes: Partial<ChainState> = {}): ChainState {
  return {
    expiry: '2026-11-24',
    class: 'weekly',
    state: 'built',
    reason: null,
    strikeCount: 100,
    shortfall: 0,
    liveCount: 200,
    atmOutsideWindow: false,
    stale: false,
    tickAgeMs: 20,
    restOnlyCount: 0,
    restAgeMs: 20_000,
    restBoundMs: 60_000,
    ...changes,
  };
}

/** A socket that carries 500 contracts and ticks. */
export function feedSocketOf(socket: number, changes: Partial<FeedSocket> = {}): FeedSocket {
  return {
    socket, account: 'main', state: 'live', reason: null, role: 'carrier', instruments: 500,
    instrumentsMax: 5_000, confirmed: 498, ticksPerSecond: 1_200, lastError: null, reconnects: 2,
    byteAgeMs: 100, tickAgeMs: 100, ...changes,
  };
}

export function statusOf(changes: Partial<PlatformStatus> = {}): PlatformStatus {
  return {
    phase: 'live',
    market: { open: true, calendar: 'always-open', now: '2026-11-23T10:00:00+05:30' },
    source: { broker: 'Demo', account: 'main' },
    generation: 1,
    feed: {
      state: 'live',
      sockets: [],
      ticksPerSecond: 1234.6,
      tickAgeMs: 20,
      packets: { applied: 1, behind: 0, unknownInstrument: 0, malformed: 0 },
    },
    budget: [],
    requests: {
      chains: 1,
      built: 1,
      percent: 100,
      leftMs: 0,
      waiting: { admin: 0, build: 0, gap: 0 },
      stretch: 1,
    },
    restOnly: 0,
    load: { step: 'normal', reasons: [], memoryMb: 200, cpuPercent: 10, loopDelayMs: 1 },
    underlyings: [],
    clients: { sockets: 1, subscriptions: 1 },
    ...changes,
  };
}

/** NSE's derivatives, open on a Tuesday until 15:40. */
export function segmentStatusOf(changes: Partial<SegmentStatus> = {}): SegmentStatus {
  const id = '018f0000-0000-7000-8000-000000000009';
  return {
    exchange: 'NSE',
    segment: 'fno',
    template: { id, name: 'NSE F&O', version: 1 },
    timeZone: 'Asia/Kolkata',
    phase: 'continuous',
    isOpen: true,
    phaseUntil: '2026-11-24T15:40:00+05:30',
    nextOpen: '2026-11-25T09:15:00+05:30',
    nextClose: '2026-11-24T15:40:00+05:30',
    minutesToClose: 134,
    today: { date: '2026-11-24', state: 'open', name: null, verified: true },
    warnings: [],
    ...changes,
  };
}

/** Somebody who is signed in. */
export function meOf(role: Role = 'admin', user: Partial<Me['user']> = {}): Me {
  const id = '018f0000-0000-7000-8000-000000000001';
  return {
    user: {
      id,
      username: 'asha',
      name: 'Asha Rao',
      role,
      enabled: true,
      mustChangePassword: false,
      createdAt: '2026-11-01T10:00:00+05:30',
      lastSignInAt: null,
      ...user,
    },
    session: {
      id: '018f0000-0000-7000-8000-000000000002',
      userId: id,
      username: 'asha',
      signedInAt: '2026-11-23T09:00:00+05:30',
      lastSeenAt: '2026-11-23T10:00:00+05:30',
      idleEndsAt: '2026-11-23T18:00:00+05:30',
      endsAt: '2026-11-24T09:00:00+05:30',
      address: '127.0.0.1',
      agent: 'Mozilla/5.0',
      isCurrent: true,
    },
    steppedUpUntil: null,
  };
}

/** The session of somebody, or of nobody. */
export function sessionOf(me: Me | null = meOf()): Session {
  const session = createSession(async () => me ?? meOf());
  if (me === null) session.end();
  else session.set(me);
  return session;
}

/** A client that is told nothing. */
const idle: Partial<ChainClient> = {
  connection: { state: 'live', failures: 0, reason: null },
  onConnection: () => () => undefined,
  watchOrders: () => ({ state: null, close: () => undefined, refresh: () => undefined }),
};

/** Services over a virtual clock; `client` and `api` as far as the test needs them. */
export function servicesOf(
  client: Partial<ChainClient> = {},
  own: { api?: { [Part in keyof ConsoleApi]?: Partial<ConsoleApi[Part]> }; me?: Me | null } = {},
): Services {
  const remembered = new Map<string, string>();
  const memory: Memory = {
    get: (key) => remembered.get(key) ?? null,
    set: (key, value) => void remembered.set(key, value),
  };
  let ids = 0;
  return {
    client: { ...idle, ...client } as ChainClient,
    api: (own.api ?? {}) as ConsoleApi,
    session: sessionOf(own.me),
    gate: createStepUpGate(),
    clock: createVirtualClock(Date.parse('2026-11-23T10:00:00+05:30')),
    loads: { unloaded: shallowRef(null), again: () => undefined },
    memory,
    basket: createBasket(memory),
    newId: () => `018f0000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
  };
}

/** The console's router for somebody, without a browser's address. */
export function routerOf(session: Session = sessionOf()): Router {
  return createConsoleRouter({ session, history: createMemoryHistory() });
}
