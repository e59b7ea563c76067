import type { UniverseRule } from '@strikewire/contracts';
import { defaultUnderlyings } from '@strikewire/simulator';
import { expect, it } from 'vitest';
import { createTwoBrokers, staleChains } from '../support/two-brokers';

/** Its nearest future ends on Thursday 2026-11-19; its options have ended before. */
const crude: UniverseRule = {
  exchange: 'MCX', symbol: 'CRUDEOIL', kind: 'commodity', served: true,
  window: { below: 3, above: 3, around: 'ltp' },
  expiries: { nearest: 2, monthlies: 0, quarterlies: 0 },
};

it('a commodity goes on by its next future at every broker', async () => {
  const platform = createTwoBrokers({
    startMs: Date.parse('2026-11-19T23:50:00+05:30'),
    ticksPerSecond: 40,
    universe: [crude],
    simulator: { underlyings: defaultUnderlyings.filter(({ symbol }) => symbol === 'CRUDEOIL') },
    boundsMs: { index: 60_000, commodity: 60_000, stock: 60_000 },
  });
  const { clock, simulator, engine } = platform;
  const truth = () => simulator.truth.underlyings().find(({ symbol }) => symbol === 'CRUDEOIL')!;
  const spotIs = (): unknown => engine.board.feedLtp('MCX:CRUDEOIL', 60_000);
  const truthIs = (): unknown => Math.round(truth().ltp * 100);
  const abroad = (): string | undefined =>
    engine.supervision.names.tokenOf('upstox', 'MCX:CRUDEOIL')?.id;
  void platform.start();
  await clock.advance(120_000);
  const [before, calledBefore] = [truth().securityId, abroad()];
  expect(staleChains(platform)).toEqual([]);
  expect(calledBefore).toContain(`${before}`);
  await clock.advance(900_000);
  expect(truth().securityId).not.toBe(before);
  simulator.pause(true);
  await clock.advance(1_000);
  expect(spotIs()).toBe(truthIs());
  expect([...platform.subscribed.get('dhan')!].join()).toContain(`${truth().securityId}`);
  expect(abroad()).toContain(`${truth().securityId}`);
  // And when the other one has to carry.
  simulator.pause(false);
  simulator.faults.add({ kind: 'outage', broker: 'dhan', forMs: 300_000 });
  await clock.advance(60_000);
  simulator.pause(true);
  await clock.advance(1_000);
  expect([spotIs(), staleChains(platform)]).toEqual([truthIs(), []]);
  platform.stop();
  expect(simulator.violations()).toMatchObject({ total: 0 });
});
