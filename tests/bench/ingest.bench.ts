/**
 * Full packets decoded and merged: 162 bytes, all fields and 5 levels, random over 5,000 slots.
 * Baselines in the same run: (a) a bare loop that only reads the same fields; (b) an idiomatic
 * decoder into objects and a Map.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { dhanBroker } from '@strikewire/broker-dhan';
import { QuoteSession, QuoteStore, SlotIndex } from '@strikewire/market-data';
import { createSeededRandom, silentLog } from '@strikewire/runtime';
import { createMemoryNetwork, createVirtualClock } from '@strikewire/runtime/virtual';
import { reportBench } from '../../tools/bench/report';
import { decodeToMap, readAndStore, readOnly, recordNumbers } from './ingest-baselines';

const slotCount = 5_000;
const packetsPerFrame = 8;
const frameCount = 2_500;
const packetBytes = 162;
/** A socket reads into buffers of 64 KiB and hands out slices of them. */
const slabBytes = 65_536;
const rounds = 9;
const heapPackets = 10_000_000;

const virtualClock = createVirtualClock(0);
const { feed } = dhanBroker.create(
  {
    credentials: { clientId: '1000000001', accessToken: 'not-used-by-the-decoder' },
    endpoints: dhanBroker.endpoints,
  },
  {
    clock: virtualClock,
    random: createSeededRandom(1),
    http: createMemoryNetwork({ clock: virtualClock, latencyMs: 0 }).http,
    log: silentLog,
    gate: { run: (_slot, send) => send() },
  },
);
const { segment } = feed.wireId({ segment: 'NSE_FNO', id: '1' });

function makeFrames(): Uint8Array[] {
  const random = createSeededRandom(7);
  const clock = new Float64Array(slotCount);
  const frameBytes = packetsPerFrame * packetBytes;
  const perSlab = Math.floor(slabBytes / frameBytes);
  let slab = new ArrayBuffer(0);
  return Array.from({ length: frameCount }, (_, index) => {
    if (index % perSlab === 0) slab = new ArrayBuffer(slabBytes);
    const view = new DataView(slab, (index % perSlab) * frameBytes, frameBytes);
    for (let packet = 0; packet < packetsPerFrame; packet++) {
      const slot = Math.floor(random.next() * slotCount);
      clock[slot] = (clock[slot] ?? 0) + 1;
      writePacket(view, packet * packetBytes, slot, clock[slot] ?? 0);
    }
    return new Uint8Array(slab, view.byteOffset, frameBytes);
  });
}

function writePacket(view: DataView, at: number, slot: number, step: number): void {
  view.setUint8(at, 8);
  view.setUint16(at + 1, packetBytes, true);
  view.setUint8(at + 3, segment);
  view.setUint32(at + 4, 40_000 + slot, true);
  view.setFloat32(at + 8, 100 + (slot % 300) + step * 0.05, true);
  view.setUint16(at + 12, 65, true);
  view.setUint32(at + 14, 1_781_084_997, true);
  view.setFloat32(at + 18, 110.5, true);
  view.setUint32(at + 22, 1_000_000, true);
  for (let offset = 26; offset < 46; offset += 4) view.setUint32(at + offset, 5_000 + slot, true);
  for (let offset = 46; offset < 62; offset += 4) view.setFloat32(at + offset, 99.5, true);
  for (let level = 0; level < 5; level++) {
    const base = at + 62 + level * 20;
    view.setUint32(base, 65 * (level + 1), true);
    view.setUint32(base + 4, 130 * (level + 1), true);
    view.setUint16(base + 8, level + 1, true);
    view.setUint16(base + 10, level + 2, true);
    view.setFloat32(base + 12, 99 - level * 0.05, true);
    view.setFloat32(base + 16, 101 + level * 0.05, true);
  }
}

/** Packets per CPU-second of one pass over all frames, by the process's own CPU time. */
function measure(frames: readonly Uint8Array[], take: (frame: Uint8Array) => void): number {
  const passes = 24;
  const start = process.cpuUsage();
  for (let pass = 0; pass < passes; pass++) for (const frame of frames) take(frame);
  const used = process.cpuUsage(start);
  return (passes * frames.length * packetsPerFrame) / ((used.user + used.system) / 1e6);
}

/** A full collection, so that what is counted afterwards was made afterwards. */
function collectGarbage(): void {
  setFlagsFromString('--expose_gc');
  (runInNewContext('gc') as () => void)();
}

function best(samples: number[]): number {
  return Math.max(...samples);
}

const store = new QuoteStore({
  capacity: slotCount,
  groupCount: 25,
  tickDepth: 100,
  baseWallMs: 1_781_065_197_000,
});
const lookup = new SlotIndex(slotCount);
for (let slot = 0; slot < slotCount; slot++) {
  lookup.set(segment, 40_000 + slot, slot);
  store.groupOf[slot] = Math.floor(slot / 200);
}
const session = new QuoteSession(store, { source: 1, epoch: 1 });
const decoder = feed.createDecoder();
decoder.bind(lookup, session);
const frames = makeFrames();
let now = 0;
const ours = (frame: Uint8Array): void => {
  session.beginFrame(1_781_065_197_000 + now, now++ & 0xfffff);
  decoder.decode(frame, true);
};
const table = new Map<number, Record<string, unknown>>();
const records = new Float64Array(slotCount * recordNumbers);
const samples = {
  ours: [] as number[],
  bare: [] as number[],
  moves: [] as number[],
  map: [] as number[],
};
for (let round = 0; round < rounds; round++) {
  samples.ours.push(measure(frames, ours));
  samples.bare.push(measure(frames, readOnly));
  samples.moves.push(measure(frames, (frame) => readAndStore(frame, records)));
  samples.map.push(measure(frames.slice(0, 250), (frame) => decodeToMap(frame, table)));
}
const value = best(samples.ours);
const unit = 'packets/CPU-s';
reportBench({ name: 'ingest vs bare reads', unit, value, baseline: best(samples.bare) });
reportBench({ name: 'ingest vs reads and stores', unit, value, baseline: best(samples.moves) });
reportBench({ name: 'ingest vs objects', unit, value, baseline: best(samples.map) });

collectGarbage();
const before = process.memoryUsage().heapUsed;
for (let done = 0; done < heapPackets; ) {
  for (const frame of frames) {
    ours(frame);
    done += packetsPerFrame;
  }
}
const grown = process.memoryUsage().heapUsed - before;
reportBench({
  name: 'heap growth over 10 M packets',
  unit: 'bytes/packet',
  value: Math.max(0, grown) / heapPackets,
});
if (session.counters.applied === 0 || session.counters.behind > 0) {
  throw new Error('the bench measured packets that were not merged');
}
