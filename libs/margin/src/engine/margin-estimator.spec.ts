import { silentLog } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { expect, it } from 'vitest';
import type { MarginPosition } from '../core/margin-position';
import { exampleMs, future } from '../core/testing/margin-fixture';
import { createMarginEstimator } from './margin-estimator';
import { FakeContracts } from './testing/desk-fixture';

const gas: MarginPosition = {
  ...future(-1_250, 25, '2026-07-24'),
  key: 'MCX:NATURALGAS:2026-07-24:310:CE', exchange: 'MCX', underlying: 'NATURALGAS',
  kind: 'CE', strikePaise: 31_000,
};

function estimate(kind: 'commodity' | 'index', line: MarginPosition) {
  const contracts = new FakeContracts([line], 25_000);
  contracts.change(line.key, { forwardPaise: 31_000 });
  const facts = contracts.find(line.key);
  const estimator = createMarginEstimator({
    clock: createVirtualClock(exampleMs),
    log: silentLog,
    contracts: {
      find: () => facts && { ...facts, underlyingKind: kind },
      read: (key) => contracts.read(key),
    },
    files: () => [],
  });
  return estimator.now().estimate([line]).estimate;
}

it('a commodity\'s option is estimated on its own month, and any other on the spot', () => {
  const found = estimate('commodity', gas);
  expect(found?.warnings.filter((one) => one.includes('no known price'))).toEqual([]);
  // 1 % of 310, not of the nearest future's 250.
  expect(found?.byUnderlying[0]?.exposurePaise).toBe(1_250 * 310);
  // 2 %, and 3 % for what is a quarter out of the money.
  const call: MarginPosition = {
    ...gas, key: 'NSE:NIFTY:2026-07-24:310:CE', exchange: 'NSE', underlying: 'NIFTY',
  };
  const index = estimate('index', call);
  expect(index?.byUnderlying[0]?.exposurePaise).toBe(1_250 * 250 * 5);
});
