/**
 * The flush under a full load of ticks: all chains of the three indices watched, 20,000 ticks a
 * second over their legs, half of them near the money, so that nearly every forward moves and with
 * it every option. Measured is what a flush adds to the ticks: Greeks and figures of what changed.
 */
import { bookAt, bookInts } from '@strikewire/market-data';
import type { LiveChain } from '@strikewire/option-chain/engine';
import { createSeededRandom } from '@strikewire/runtime';
import { reportBench } from '../../tools/bench/report';
import { createVirtualPlatform } from '../support/virtual-platform';

const ticksPerSecond = 20_000;
const flushMs = 25;
const flushes = 400;
const rounds = 5;
/** Of one core. */
const targetPercent = 10;

const platform = createVirtualPlatform({ seed: 3 });
void platform.start();
await platform.clock.advance(60_000);
const chains: LiveChain[] = platform.engine.service
  .status()
  .underlyings.flatMap(({ symbol, chains: some }) =>
    some.map(({ expiry }) => platform.engine.service.chain(symbol, expiry)),
  );
platform.simulator.pause(true);
await platform.clock.advance(1_000);
const legs = chains.flatMap(({ store, slots }) =>
  Array.from({ length: slots.legCount }, (_, row) => ({ store, slot: slots.firstSlot + row })),
).filter(({ store, slot }) => store.isTwoSided(slot));
/** Those that a forward is taken from. */
const near = chains.flatMap(({ store, slots, atmPointer }) =>
  Array.from({ length: 10 }, (_, row) => ({
    store,
    slot: slots.firstSlot + 2 * (atmPointer.anchorIndex - 2) + row,
  })),
);
const random = createSeededRandom(11);
let wallMs = platform.clock.wallMs();

/** Moves the quotes of some legs by a tick, as packets would. */
function tick(count: number): void {
  for (let index = 0; index < count; index++) {
    const some = random.next() < 0.5 ? near : legs;
    const { store, slot } = some[Math.floor(random.next() * some.length)] as (typeof legs)[number];
    const step = random.next() < 0.5 ? -5 : 5;
    const best = slot * bookInts;
    const bid = store.book[best + bookAt.bidPaise] ?? 0;
    const ask = store.book[best + bookAt.askPaise] ?? 0;
    if (bid + step <= 0) continue;
    store.book[best + bookAt.bidPaise] = bid + step;
    store.book[best + bookAt.askPaise] = ask + step;
    store.receivedMs[slot] = wallMs;
    store.touch(slot);
  }
}

/** CPU microseconds of the flushes of one round, the ticks apart; and the legs worked out. */
function round(): { micros: number; priced: number } {
  let micros = 0;
  let priced = 0;
  for (let flush = 0; flush < flushes; flush++) {
    wallMs += flushMs;
    tick((ticksPerSecond * flushMs) / 1_000);
    const start = process.cpuUsage();
    for (const chain of chains) chain.refresh(false, wallMs);
    const used = process.cpuUsage(start);
    micros += used.user + used.system;
    for (const chain of chains) priced += pricedLast(chain);
  }
  return { micros, priced };
}

/** Legs that the last flush of a chain worked out. */
function pricedLast({ store, slots, pricer }: LiveChain): number {
  const { firstSlot, legCount } = slots;
  const at = store.derivedAt.subarray(firstSlot, firstSlot + legCount);
  return at.reduce((count, version) => count + (version === pricer.changedVersion ? 1 : 0), 0);
}

const samples = Array.from({ length: rounds }, round);
const best = samples.reduce((a, b) => (b.micros < a.micros ? b : a));
if (best.priced < flushes * legs.length * 0.5) {
  throw new Error('the bench measured flushes in which little was priced');
}
const percent = best.micros / (flushes * flushMs * 1_000) / 0.01;
reportBench({
  name: `flush of ${chains.length} chains, ${ticksPerSecond} ticks/s`,
  unit: '% of a core',
  value: percent,
  baseline: targetPercent,
});
reportBench({
  name: 'legs priced by it',
  unit: '1/s',
  value: (best.priced / flushes) * (1_000 / flushMs),
});
platform.engine.stop();
platform.simulator.stop();
