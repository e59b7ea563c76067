/**
 * A delta of 30 rows as a binary frame and as JSON: how long each takes to make, and how large it
 * is. Rounds take turns, so that both meet the same machine; the fastest count.
 */
import type { LiveChain } from '@strikewire/option-chain/engine';
import { reportBench } from '../../tools/bench/report';
/* eslint-disable @nx/enforce-module-boundaries -- the encoders themselves are measured */
import { binaryStep, jsonStep } from '../../libs/option-chain/src/engine/chain-frames';
/* eslint-enable @nx/enforce-module-boundaries */
import { createVirtualPlatform } from '../support/virtual-platform';

const rowCount = 30;
const stepsPerRound = 5_000;
const rounds = 9;

const platform = createVirtualPlatform({ seed: 3 });
void platform.start();
await platform.clock.advance(60_000);
platform.simulator.pause(true);
await platform.clock.advance(1_000);
const chain = platform.engine.service.chain('NIFTY');
const from = deltaOf(chain);
const step = { stream: 1, from, version: chain.version, asOfMs: platform.clock.wallMs() };

/** Makes 30 rows around the money the latest change of the chain. */
function deltaOf({ store, slots, atmPointer, version }: LiveChain) {
  const storeVersion = store.version;
  const first = slots.firstSlot + 2 * atmPointer.anchorIndex - rowCount / 2;
  for (let row = 0; row < rowCount; row++) store.touch(first + row);
  return { version, storeVersion, derivedVersion: null };
}

/** Microseconds of CPU per message. */
function microsOf(encode: () => unknown): number {
  const start = process.cpuUsage();
  for (let count = 0; count < stepsPerRound; count++) encode();
  const used = process.cpuUsage(start);
  return (used.user + used.system) / stepsPerRound;
}

const frame = binaryStep(chain, step);
const text = jsonStep(chain, step);
const told = (JSON.parse(text) as { rows: unknown[] }).rows.length;
if (told !== rowCount) throw new Error(`the delta had ${told} rows, needs ${rowCount}`);
let [binary, json] = [Infinity, Infinity];
for (let round = 0; round < rounds; round++) {
  binary = Math.min(binary, microsOf(() => binaryStep(chain, step)));
  json = Math.min(json, microsOf(() => Buffer.from(jsonStep(chain, step))));
}
reportBench({
  name: `delta of ${rowCount} rows, JSON over binary`,
  unit: 'µs',
  value: json,
  baseline: binary,
  note: 'ratio: how many times faster; at least 4 is asked for',
});
reportBench({
  name: 'its size, JSON over binary',
  unit: 'bytes',
  value: Buffer.byteLength(text),
  baseline: frame.byteLength,
  note: 'ratio: how many times smaller; at least 3 is asked for',
});
platform.stop();
