/**
 * Frames per CPU-second from the hub to socket clients, encoding and pricing included, against a
 * bare `ws` server that broadcasts the same bytes to as many clients; rounds take turns, so that
 * both meet the same machine, and the best count. Then the delay from tick to client of those who
 * read, while 50 others do not.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { socketLimits } from '@strikewire/contracts';
import { StreamHub, type LiveChain, type StreamClient } from '@strikewire/option-chain/engine';
import { usualSeats } from '@strikewire/option-chain/module';
import { silentLog, type Clock } from '@strikewire/runtime';
import { createNodeClock } from '@strikewire/runtime/node';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { WebSocketServer } from 'ws';
import { reportBench } from '../../tools/bench/report';
/* eslint-disable @nx/enforce-module-boundaries -- what sockets are served with is measured */
import {
  SocketClients,
  socketOptions,
} from '../../libs/option-chain/src/module/socket-clients';
/* eslint-enable @nx/enforce-module-boundaries */
import { SocketCrowd } from '../support/socket-crowd';
import { createVirtualPlatform } from '../support/virtual-platform';

const clientCount = 300;
const slowCount = 50;
const flushes = 100;
const rounds = 5;
const flushMs = 25;
const rowsPerFlush = 20;
const delaySeconds = 8;

const platform = createVirtualPlatform({ seed: 3 });
void platform.start();
await platform.clock.advance(60_000);
platform.simulator.pause(true);
await platform.clock.advance(1_000);
const chains = platform.engine.service
  .status()
  .underlyings.flatMap(({ symbol, chains: some }) =>
    some.map(({ expiry }) => platform.engine.service.chain(symbol, expiry)),
  )
  .slice(0, 3);
const source = { broker: 'bench', account: 'bench' };
let step = 0;

/** The spot and some rows of a chain move, as by ticks. */
function tick({ store, slots, atmPointer }: LiveChain): void {
  const nowMs = Date.now();
  step++;
  const first = slots.firstSlot + 2 * atmPointer.anchorIndex - rowsPerFlush / 2;
  const moved = Array.from({ length: rowsPerFlush }, (_, row) => first + row);
  for (const slot of [slots.spotSlot, ...moved]) {
    store.ltpPaise[slot] = (store.ltpPaise[slot] ?? 0) + (step % 2 === 0 ? 5 : -5);
    store.receivedMs[slot] = nowMs;
    store.touch(slot);
  }
  store.groupDirty[slots.group] = 1;
}

function hubOn(clock: Clock): StreamHub {
  return new StreamHub({ clock, source, isStale: () => false, isIndex: () => true });
}

/** A server whose clients are as `joined` makes them. */
async function listen(
  joined: (wss: WebSocketServer) => void,
): Promise<{ url: string; stop(): void }> {
  const http = createServer();
  const wss = new WebSocketServer({ server: http, ...socketOptions });
  joined(wss);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const stop = (): void => {
    for (const socket of wss.clients) socket.terminate();
    http.close();
  };
  return { url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}`, stop };
}

/** A server whose clients the hub serves all chains. */
async function serve(clock: Clock, hub: StreamHub) {
  const known: StreamClient[] = [];
  const clients = new SocketClients({ clock, log: silentLog, seats: usualSeats });
  const server = await listen((wss) =>
    wss.on('connection', (socket, request) => {
      const client = clients.admit(socket, request);
      if (!client) throw new Error('there was no place for a client');
      known.push(client);
      for (const chain of chains) hub.subscribe(chain, 'binary', client);
      socket.on('close', () => {
        clients.remove(socket);
        hub.drop(client);
      });
    }),
  );
  return { ...server, known };
}

async function crowdOf(url: string, count: number, more = 0): Promise<SocketCrowd> {
  const crowd = new SocketCrowd();
  const all = { url, headers: {}, encoding: 'binary', chains: [] } as const;
  await crowd.open({ ...all, count: count + more });
  await crowd.tally();
  return crowd;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** CPU seconds of what is done at each flush; clients read in between, uncounted. */
async function secondsOf(crowd: SocketCrowd, flush: (index: number) => unknown): Promise<number> {
  let micros = 0;
  for (let index = 0; index < flushes; index++) {
    const start = process.cpuUsage();
    await flush(index);
    await nextTurn();
    const used = process.cpuUsage(start);
    micros += used.user + used.system;
    if (index % 5 === 4) await crowd.tally();
  }
  return micros / 1e6;
}

async function throughput(): Promise<void> {
  const clock = createVirtualClock(Date.now());
  const hub = hubOn(clock);
  const frames: Uint8Array[][] = [];
  const spy: StreamClient = {
    send: (data) => void (typeof data !== 'string' && frames.at(-1)?.push(data)),
    bufferedBytes: () => 0,
    cut: () => undefined,
  };
  for (const chain of chains) hub.subscribe(chain, 'binary', spy);
  const ours = await serve(createNodeClock(), hub);
  const ourCrowd = await crowdOf(ours.url, clientCount);
  let broadcast: (bytes: Uint8Array) => void = () => undefined;
  const bare = await listen((wss) => {
    broadcast = (bytes) => {
      for (const socket of wss.clients) socket.send(bytes);
    };
  });
  const bareCrowd = await crowdOf(bare.url, clientCount);
  let [best, baseline] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    frames.length = 0;
    const before = hub.counters.frames;
    const seconds = await secondsOf(ourCrowd, async () => {
      frames.push([]);
      chains.forEach(tick);
      await clock.advance(flushMs);
    });
    // The spy is no socket: what it was told is not counted.
    const sent = hub.counters.frames - before - frames.flat().length;
    if (sent !== clientCount * chains.length * flushes) throw new Error(`${sent} frames were sent`);
    best = Math.max(best, sent / seconds);
    const bareSeconds = await secondsOf(bareCrowd, (index) => frames[index]?.forEach(broadcast));
    baseline = Math.max(baseline, sent / bareSeconds);
  }
  const bytes = frames.flat().reduce((sum, frame) => sum + frame.byteLength, 0);
  reportBench({
    name: `fan-out to ${clientCount} clients, 3 chains`,
    unit: 'frames/CPU-s',
    value: best,
    baseline,
    note: `${Math.round(bytes / frames.flat().length)} bytes each; at least 0.8 is asked for`,
  });
  for (const crowd of [ourCrowd, bareCrowd]) await crowd.stop();
  for (const server of [ours, bare]) server.stop();
  hub.stop();
}

async function delays(): Promise<void> {
  const clock = createNodeClock();
  const hub = hubOn(clock);
  const server = await serve(clock, hub);
  const crowd = await crowdOf(server.url, clientCount, slowCount);
  await crowd.pause({ from: clientCount, to: clientCount + slowCount });
  const filler = Buffer.alloc(65_536);
  for (const client of server.known.slice(clientCount)) {
    while (client.bufferedBytes() <= socketLimits.bufferedBytesMax) {
      client.send(filler);
      await nextTurn();
    }
  }
  await crowd.delays({ from: 0, to: clientCount });
  const end = Date.now() + delaySeconds * 1_000;
  while (Date.now() < end) {
    for (const chain of chains) {
      // Less often than flushes, so that each tick is told by a frame of its own.
      tick(chain);
      await new Promise((resolve) => setTimeout(resolve, 14));
    }
  }
  const { count, p50, p99 } = await crowd.delays({ from: 0, to: clientCount });
  reportBench({
    name: `tick to client, ${slowCount} others stopped`,
    unit: 'ms',
    value: p99,
    baseline: flushMs + 50,
    note: `p99 of ${count}, median ${p50}; ${hub.counters.slowSkips} were slow`,
  });
  await crowd.stop();
  server.stop();
  hub.stop();
}

await throughput();
await delays();
platform.stop();
process.exit(0);
