import {
  basketMarginSchema,
  indiaInstant,
  marginPortfolioSchema,
  marginReconciliationsSchema,
  type OrderTrial,
} from '@strikewire/contracts';
import { describe, expect, it } from 'vitest';
import { future, lot, option } from '../core/testing/margin-fixture';
import type { MarginPosition } from '../core/margin-position';
import { openRig } from '../engine/testing/desk-fixture';
import { MarginService, type MarginReader } from './margin-service';

const soldCall = option('CE', 23_700, -lot, [437.65]);
const hedge = option('CE', 24_200, lot, [246.65]);
const anna: MarginReader = { userId: 'u1', role: 'trader' };
const berta: MarginReader = { userId: 'u2', role: 'trader' };
const legs = (...lines: MarginPosition[]): OrderTrial['legs'] =>
  lines.map(({ key, quantity }) => ({
    contract: key,
    side: quantity > 0 ? 'BUY' : 'SELL',
    type: 'SMART',
    product: 'carry',
    quantity: Math.abs(quantity),
  }));

function open(held: Record<string, MarginPosition[]> = {}) {
  const rig = openRig([soldCall, hedge, future(lot)]);
  const { clock, desk, estimator, contracts } = rig;
  const tokenOf = (): undefined => undefined;
  const account = { broker: 'b', label: 'l', isPaper: false, margin: null, tokenOf };
  const service = new MarginService({
    clock, desk, estimator, contracts,
    accountOf: (id) => (id === 'live' ? account : null),
    heldOf: (id) => held[id] ?? [],
    mayTrade: (userId, _role, id) => id === 'live' && userId === 'u1',
    lastMomentMs: (_exchange, expiry) => indiaInstant(expiry, 940),
  });
  return { ...rig, service };
}

describe('MarginService', () => {
  it('shows the portfolio of one’s own paper account', () => {
    const { service } = open({ 'paper:u1': [soldCall] });
    const found = marginPortfolioSchema.parse(service.portfolio(anna, 'paper'));
    expect(found).toMatchObject({
      account: 'paper',
      funds: { available: 200_000, used: 0, total: 200_000 },
      estimate: { method: 'scenarios', shape: 'naked' },
      reason: null,
      broker: null,
      brokerReason: 'a paper account has no broker: the estimate counts',
    });
    const [nifty] = found.estimate!.byUnderlying;
    expect(Math.round(nifty!.margin)).toBe(173_712);
    // One lot of a call sold: −65 × 0.5 and a bit, at a spot of ₹23,547.75.
    expect(nifty!.exposureNotional! / nifty!.greeks!.delta).toBeCloseTo(23_547.75, 2);
    expect(service.portfolio(berta, 'paper')).toMatchObject({
      funds: null, estimate: { byUnderlying: [], margin: 0 },
    });
  });

  it('shows the broker’s figure beside the estimate, with age and band', async () => {
    const { service, desk, clock } = open({ live: [soldCall] });
    desk.changed('live', [soldCall], 'fill');
    await clock.settle();
    await clock.advance(2_500);
    const found = marginPortfolioSchema.parse(service.portfolio(anna, 'live'));
    expect(found.broker).toMatchObject({
      required: 65_000,
      ageMs: 2_500,
      outside: true,
      band: { low: 0.85, high: 1.15, learnedFrom: 0 },
      components: [{ component: 'required', broker: 65_000 }],
    });
    expect(found.broker!.ratio).toBeCloseTo(173_712 / 65_000, 3);
    expect(found.funds).toEqual({ available: 500_000, used: 100_000, total: 600_000 });
    expect(found.fundsAt).toBe('2026-05-29T12:00:00.000+05:30');
  });

  it('tells what a basket would need, and in which order its legs go', () => {
    const { service, margin } = open();
    const trial = { account: 'paper', legs: legs(soldCall, hedge) };
    const found = basketMarginSchema.parse(service.estimate(anna, trial));
    expect(found.before).toBeNull();
    expect(found.alone).toEqual(found.after);
    expect(found.legOrder.map(({ leg }) => leg)).toEqual([1, 0]);
    expect(found.legOrder[0]!.margin).toBe(0);
    expect(found.required).toBeCloseTo(found.after!.total * 1.05, 1);
    expect(found.available).toBe(200_000);
    expect(found.basis).toBe('margin by the local estimate plus 5 %, no broker figure');
    expect(margin.asked).toEqual([]);
  });

  it('says why there is no estimate', () => {
    const { service, contracts } = open();
    contracts.change(hedge.key, { ltpPaise: null });
    const found = service.estimate(anna, { account: 'paper', legs: legs(soldCall, hedge) });
    expect(found).toMatchObject({ after: null, required: null, legOrder: [], peak: null });
    expect(found.basis).toMatch(/orders that reduce risk are sent \(NSE:.* has no price yet\)$/);
  });

  it.each<[string, MarginReader, object, string]>([
    ['an account of others', berta, { account: 'live' }, 'account_foreign'],
    ['an account that there is not', anna, { account: 'gone' }, 'account_unknown'],
    ['a contract that nobody serves', anna,
      { legs: legs(option('CE', 30_000, lot, [1])) }, 'contract_unknown'],
    ['half a unit', anna, { legs: legs({ ...hedge, quantity: 0.5 }) }, 'quantity_invalid'],
    ['an absurd quantity', anna, { legs: legs({ ...hedge, quantity: 1e12 }) }, 'quantity_invalid'],
  ])('refuses %s', (_name, reader, change, code) => {
    const { service } = open();
    const trial = { account: 'paper', legs: legs(hedge), ...change };
    expect(() => service.estimate(reader, trial)).toThrow(expect.objectContaining({ code }));
  });

  it('shows how estimates compared, of accounts that the reader may trade', async () => {
    const { service, desk, clock } = open();
    desk.changed('live', [soldCall], 'fill');
    await clock.settle();
    const found = marginReconciliationsSchema.parse(service.reconciliations(anna));
    expect(found.shapes).toMatchObject([{ account: 'live', shape: 'naked', band: { low: 0.85 } }]);
    expect(service.reconciliations(berta).shapes).toEqual([]);
  });
});
