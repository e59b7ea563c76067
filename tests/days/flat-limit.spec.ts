import { dhanBroker } from '@strikewire/broker-dhan';
import { defaultUniverse, refreshBoundsMs } from '@strikewire/option-chain';
import { afterEach, describe, expect, it } from 'vitest';
import { createVirtualPlatform, type VirtualPlatform } from '../support/virtual-platform';

const universe = defaultUniverse
  .filter(({ symbol }) => symbol === 'NIFTY' || symbol === 'SENSEX')
  .map((row) => ({
    ...row,
    window: { below: 3, above: 3 },
    // More than one request in three seconds keeps within a minute.
    expiries: { nearest: 5, monthlies: 3, quarterlies: 4 },
  }));

const running: VirtualPlatform[] = [];
afterEach(() => running.splice(0).forEach((platform) => platform.stop()));

/** A broker that allows one chain in three seconds, whatever its key, asked in one reading. */
function askedBy(reading: 'flat' | 'per_key'): VirtualPlatform {
  const platform = createVirtualPlatform({
    universe,
    ticksPerSecond: 5,
    boundsMs: refreshBoundsMs,
    restLimits: dhanBroker.limitReadings?.[reading]?.rest ?? [],
    simulator: {
      chainRule: 'flat',
      rates: { ticksPerSecond: 5, contractTicksPerSecondMax: 1, sliceMs: 1_000 },
    },
  });
  running.push(platform);
  void platform.start();
  return platform;
}

const chainsOf = ({ engine }: VirtualPlatform) =>
  engine.service.status().underlyings.flatMap(({ chains }) => chains);

describe('one option-chain request in three seconds over all', () => {
  it('is kept, and every bound says by how much it is stretched', async () => {
    const platform = askedBy('flat');
    const { clock, engine, simulator } = platform;
    await clock.advance(150_000);
    expect(chainsOf(platform).map(({ state }) => state)).not.toContain('not_built');
    const wrong: string[] = [];
    for (let minute = 0; minute < 30; minute++) {
      await clock.advance(60_000);
      for (const { expiry, state, restAgeMs, restBoundMs } of chainsOf(platform)) {
        const isFresh = restAgeMs !== null && restAgeMs <= restBoundMs;
        if (state !== 'built' || !isFresh) wrong.push(`${expiry} ${state} ${restAgeMs}`);
      }
    }
    expect(wrong).toEqual([]);
    const stretch = engine.service.status().requests.stretch ?? NaN;
    expect(stretch).toBeGreaterThan(1);
    expect(chainsOf(platform)[0]?.restBoundMs).toBe(Math.round(refreshBoundsMs.index * stretch));
    expect(simulator.violations()).toMatchObject({ total: 0 });
  });

  it('is broken by the other reading', async () => {
    const platform = askedBy('per_key');
    // Lists come first, and whoever is refused asks for no chain for a while.
    await platform.clock.advance(1_800_000);
    const { byKind } = platform.simulator.violations();
    expect(byKind['expiry_list_rate'] ?? 0).toBeGreaterThan(0);
    expect(byKind['chain_rate'] ?? 0).toBeGreaterThan(0);
  });
});
