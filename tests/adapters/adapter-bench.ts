import type {
  AnyBrokerPlugin,
  BrokerDeps,
  BrokerInstance,
  FeedAddress,
  FeedItem,
  FeedProtocol,
} from '@strikewire/broker';
import { tokenKey } from '@strikewire/broker';
import { createRateBudget } from '@strikewire/broker/engine';
import { paiseOf } from '@strikewire/contracts';
import {
  bookAt,
  bookInts,
  field,
  levelInts,
  QuoteSession,
  QuoteStore,
  SlotIndex,
} from '@strikewire/market-data';
import { createSeededRandom, silentLog, type Http, type OpenSocket } from '@strikewire/runtime';
import {
  createMemoryNetwork,
  createVirtualClock,
  type VirtualClock,
} from '@strikewire/runtime/virtual';
import {
  createSimulator,
  defaultUnderlyings,
  type FaceName,
  type Simulator,
  type TrueContract,
} from '@strikewire/simulator';

/** Tuesday 2026-11-24, 10:00 in India. */
const startMs = Date.parse('2026-11-24T04:30:00Z');
const latencyMs = 5;

/** A few of every sort, with unusual names among them. */
const symbols = [
  'NIFTY', 'SENSEX', 'MIDCPNIFTY', 'INDIA VIX', 'RELIANCE', 'M&M', 'BAJAJ-AUTO', '360ONE',
  'CRUDEOIL', 'GOLDM',
];
const underlyings = defaultUnderlyings.filter(({ symbol }) => symbols.includes(symbol));

/** An adapter before the simulated face of its broker, in virtual time. */
export interface AdapterBench {
  clock: VirtualClock;
  simulator: Simulator;
  instance: BrokerInstance;
  http: Http;
  openSocket: OpenSocket;
  /** Lets time pass until it is settled. */
  ask<T>(asked: T | Promise<T>): Promise<T>;
  /** The same account with other credentials. */
  other(credentials: Readonly<Record<string, string>>): BrokerInstance;
  /** `feed`: in the place of the adapter's own. */
  openFeed(
    items: readonly FeedItem[],
    address?: FeedAddress,
    feed?: FeedProtocol,
  ): Promise<FeedWatch>;
}

/** One connection of the adapter's feed, and what it has written. */
export interface FeedWatch {
  /** What the market is and the store is not: one line per figure. */
  differences(item: FeedItem, truth: TrueContract): string[];
  /** Whether a price has come for it. */
  knows(item: FeedItem): boolean;
  send(messages: readonly (string | Uint8Array)[]): void;
  ticks(): number;
  counters(): { packets: number; unknownInstrument: number; malformed: number };
  /** How it ended: as the adapter reads it. */
  ended(): string | undefined;
  close(): void;
}

/** What a bench is of. */
export interface BenchOptions {
  plugin: AnyBrokerPlugin;
  face: FaceName;
  /** What the face is called in the adapter's endpoints. */
  host: string;
  credentials: Readonly<Record<string, string>>;
  endpoints: Readonly<Record<string, string>>;
}

export function createAdapterBench(options: BenchOptions): AdapterBench {
  const { plugin, face, host, endpoints } = options;
  const clock = createVirtualClock(startMs);
  const simulator = createSimulator({
    clock, seed: 11, underlyings, sessions: { kind: 'always' }, holidays: [],
    rates: { ticksPerSecond: 400, contractTicksPerSecondMax: 10, sliceMs: 50 },
  });
  const network = createMemoryNetwork({ clock, latencyMs });
  network.host(host, simulator.sites[face]);
  const deps: BrokerDeps = {
    clock, random: createSeededRandom(12), http: network.http, log: silentLog,
    gate: createRateBudget(clock, plugin.limits.rest),
  };
  const other = (credentials: Readonly<Record<string, string>>): BrokerInstance =>
    plugin.create({ credentials, endpoints } as never, deps);
  const instance = other(options.credentials);
  const ask: AdapterBench['ask'] = async (asked) => {
    let isSettled = false;
    const done = Promise.resolve(asked).finally(() => (isSettled = true));
    done.catch(() => undefined);
    while (!isSettled) await clock.advance(latencyMs);
    return done;
  };
  return {
    clock, simulator, instance, http: network.http, openSocket: network.openSocket, ask, other,
    async openFeed(items, address, feed = instance.feed) {
      const to = address ?? (await ask(feed.address()));
      const watch = openWatch({ clock, network, feed }, items, to);
      await clock.advance(500);
      return watch;
    },
  };
}

interface WatchDeps {
  clock: VirtualClock;
  network: ReturnType<typeof createMemoryNetwork>;
  feed: FeedProtocol;
}

function openWatch(
  { clock, network, feed }: WatchDeps,
  items: readonly FeedItem[],
  { url, headers = {} }: FeedAddress,
): FeedWatch {
  const capacity = Math.max(1, items.length);
  const store = new QuoteStore({ capacity, groupCount: 0, tickDepth: 0, baseWallMs: startMs });
  const index = new SlotIndex(capacity);
  const slots = new Map(items.map(({ token }, slot) => [tokenKey(token), slot]));
  items.forEach(({ token }, slot) => {
    const { segment, id } = feed.wireId(token);
    index.set(segment, id, slot);
  });
  const session = new QuoteSession(store, { source: 1, epoch: 1 });
  const decoder = feed.createDecoder();
  decoder.bind(index, session);
  let ended: string | undefined;
  const send = (messages: readonly (string | Uint8Array)[]): void => {
    for (const message of messages) socket.send(message);
  };
  const options = { headers, handshakeTimeoutMs: 5_000, messageBytesMax: 1 << 20 };
  const socket = network.openSocket(url, options, {
    opened() {
      send(feed.hello?.() ?? []);
      if (feed.awaitsReady !== true) send(feed.subscribe(items));
    },
    message(bytes, isBinary) {
      session.beginFrame(clock.wallMs(), clock.monoMs());
      const news = decoder.decode(bytes, isBinary);
      if (news?.kind === 'ready') send(feed.subscribe(items));
      else if (news) ended ??= news.kind;
    },
    closed: (closeCode) => (ended ??= feed.classifyEnd({ closeCode })),
    refused: (httpStatus) => (ended ??= feed.classifyEnd({ httpStatus })),
  });
  return {
    send,
    ticks: () => session.counters.applied,
    counters: () => decoder.counters,
    ended: () => ended,
    close: () => socket.close(),
    knows: ({ token }) => store.knows(slots.get(tokenKey(token)) ?? -1, field.ltp),
    differences: ({ token, mode }, truth) =>
      differencesOf(store, slots.get(tokenKey(token)) ?? -1, truth)
        .filter(([name]) => mode === 'full' || quoteNames.includes(name))
        .filter(([, ours, theirs]) => ours !== theirs)
        .map(([name, ours, theirs]) => `${tokenKey(token)} ${name} ${ours} is ${theirs}`),
  };
}

type Difference = readonly [name: string, ours: number | undefined, theirs: number];

/** What an index has. */
const quoteNames = ['ltp', 'close', 'open', 'high', 'low'];

function differencesOf(store: QuoteStore, slot: number, truth: TrueContract): Difference[] {
  const figure = (level: number, name: keyof typeof bookAt): number | undefined =>
    store.book[slot * bookInts + level * levelInts + bookAt[name]];
  return [
    ['ltp', store.ltpPaise[slot], paiseOf(truth.ltp)],
    ['close', store.closePaise[slot], paiseOf(truth.close)],
    ['open', store.openPaise[slot], paiseOf(truth.open)],
    ['high', store.highPaise[slot], paiseOf(truth.high)],
    ['low', store.lowPaise[slot], paiseOf(truth.low)],
    ['volume', store.volume[slot], truth.volume],
    ['oi', store.oi[slot], truth.oi],
    ...truth.depth.flatMap(({ bid, bidQty, ask, askQty }, level): Difference[] => [
      [`bid ${level}`, figure(level, 'bidPaise'), paiseOf(bid)],
      [`bidQty ${level}`, figure(level, 'bidQty'), bidQty],
      [`ask ${level}`, figure(level, 'askPaise'), paiseOf(ask)],
      [`askQty ${level}`, figure(level, 'askQty'), askQty],
    ]),
  ];
}
