/**
 * From the receipt of a tick to a client of `/ws`, over real sockets at 20,000 ticks a second: the
 * built platform and the market simulator, and one client that watches what one socket may. Every
 * leg that moved since its chain's last frame counts, by the time at which it was received.
 */
import type { ChainLayout, PlatformStatus, Underlyings } from '@strikewire/contracts';
import { decodeFrame, QuoteStore, readFrameHeader } from '@strikewire/market-data';
import { WebSocket } from 'ws';
import { reportBench } from '../../tools/bench/report';
import { setup } from '../../tools/services/postgres-setup';
import { eventually, startRealPlatform } from '../support/real-platform';

const ticksPerSecond = 20_000;
const seconds = 15;
/** Of index chains; of the rest one flush and a little. */
const indexMsMax = 50;
const otherMsMax = 120;
const chainsOfAKind = 30;
const beatMs = 5;
/** Not all are waited for: that takes as long as the broker's limits make it. */
const othersBuilt = 3;

interface Held {
  isIndex: boolean;
  store: QuoteStore;
  /** When its last frame was made, epoch ms. */
  asOfMs: number;
}

const delays = { index: [] as number[], other: [] as number[] };
/** How late timers of this process are: what a busy machine adds by itself. */
const late: number[] = [];
let beatAtMs = Date.now();
setInterval(() => {
  const nowMs = Date.now();
  if (isMeasuring) late.push(Math.max(0, nowMs - beatAtMs - beatMs));
  beatAtMs = nowMs;
}, beatMs);
const held = new Map<number, Held>();
let isMeasuring = false;

function takeLayout(layout: ChainLayout, kinds: ReadonlyMap<string, string>): void {
  if (layout.type !== 'layout') return;
  const capacity = layout.tokens.length;
  held.set(layout.stream, {
    isIndex: kinds.get(layout.underlying) === 'index',
    store: new QuoteStore({ capacity, groupCount: 0, tickDepth: 0, baseWallMs: 0 }),
    asOfMs: Infinity,
  });
}

function takeFrame(bytes: Buffer): void {
  const nowMs = Date.now();
  const header = readFrameHeader(bytes);
  const chain = typeof header === 'string' ? undefined : held.get(header.stream);
  if (!chain || typeof header === 'string') return;
  const { store, asOfMs } = chain;
  const before = store.version;
  decodeFrame(store, bytes);
  chain.asOfMs = header.asOfMs;
  if (!isMeasuring || header.kind !== 'delta') return;
  const list = chain.isIndex ? delays.index : delays.other;
  for (let row = 0; row < store.capacity; row++) {
    const receivedMs = store.receivedMs[row] ?? 0;
    const isNew = (store.changedAt[row] ?? 0) > before && receivedMs > asOfMs;
    if (isNew) list.push(nowMs - receivedMs);
  }
}

function partOf(list: number[], part: number): number {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length * part)] ?? NaN;
}

function report(name: string, list: number[], limitMs: number): void {
  if (list.length === 0) return;
  const [p50, p99] = [partOf(list, 0.5), partOf(list, 0.99)];
  const note = `p99 of ${list.length} moves, median ${p50}; own timers ${partOf(late, 0.99)} late`;
  reportBench({ name, unit: 'ms', value: p99, baseline: limitMs, note });
}

const stopDatabase = await setup();
const platform = await startRealPlatform({ ticksPerSecond, stocks: 10, universe: 'full' });
try {
  const read = async <T>(path: string): Promise<T> =>
    (await (await platform.fetch(`/api/optionchain/${path}`)).json()) as T;
  const { underlyings } = await eventually(
    () => read<Underlyings>('underlyings'),
    ({ underlyings: some }) =>
      some.filter(({ kind, state }) => kind !== 'index' && state === 'built').length >= othersBuilt,
    120_000,
  );
  const kinds = new Map(underlyings.map(({ symbol, kind }) => [symbol, kind]));
  const socket = new WebSocket(platform.socketUrl(), { headers: platform.headers });
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) takeFrame(data);
    else takeLayout(JSON.parse(data.toString()) as ChainLayout, kinds);
  });
  await new Promise((resolve) => socket.once('open', resolve));
  const status = await read<PlatformStatus>('status');
  const built = status.underlyings.flatMap(({ symbol: underlying, chains }) => {
    const isIndex = kinds.get(underlying) === 'index';
    const ready = chains.filter(({ state }) => state === 'built');
    return ready.map(({ expiry }) => ({ underlying, expiry, isIndex }));
  });
  const some = [true, false].flatMap((isIndex) =>
    built.filter((chain) => chain.isIndex === isIndex).slice(0, chainsOfAKind),
  );
  for (const { underlying, expiry } of some) {
    const request = { channel: 'chain', underlying, expiry, encoding: 'binary' };
    socket.send(JSON.stringify({ type: 'subscribe', ...request }));
    // No more than 50 messages a second are taken.
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  isMeasuring = true;
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  isMeasuring = false;
  report('tick to client, index chains', delays.index, indexMsMax);
  report('tick to client, other chains', delays.other, otherMsMax);
  socket.terminate();
} finally {
  await platform.stop();
  await stopDatabase?.();
}
process.exit(0);
