import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSpanFile } from '../core/span-file';
import { future, lot, option, piecesOf } from '../core/testing/margin-fixture';
import type { MarginPosition } from '../core/margin-position';
import { openRig } from './testing/desk-fixture';

const soldCall = option('CE', 23_700, -lot, [437.65]);
const hedge = option('CE', 24_200, lot, [246.65]);
const condor = [
  option('CE', 24_200, -lot, [246.65]),
  option('CE', 24_500, lot, [167.15]),
  option('PE', 23_000, -lot, [229.05]),
  option('PE', 22_500, lot, [118.8]),
];
const lines = [soldCall, hedge, ...condor, future(lot)];
const paper = 'paper:u1';
const of = (line: MarginPosition, quantity: number): MarginPosition => ({ ...line, quantity });

async function riggedByFile() {
  const rig = openRig(lines);
  const bytes = readFileSync(new URL('../core/fixtures/risk-parameters.xml', import.meta.url));
  rig.files.push(
    await readSpanFile(piecesOf(bytes, 4_096), { exchange: 'NSE', wanted: () => true }),
  );
  return rig;
}

describe('what is answered', () => {
  it('is the published margin by the file, with nothing asked', async () => {
    const { desk, margin } = await riggedByFile();
    const found = desk.look({ account: 'live', held: [], intended: [soldCall] });
    // ₹1,72,285 by the file; a broker says ₹1,73,159.
    expect(Math.floor(found.after!.totalPaise / 100)).toBe(172_285);
    expect(found.after).toMatchObject({ method: 'file', shape: 'naked' });
    expect(found.before).toMatchObject({ byUnderlying: [], totalPaise: 0 });
    expect(found.alone).toEqual(found.after);
    expect(found.brokerReason).toBe('the broker was not asked about this set yet');
    expect([margin.asked, margin.fundsAsked]).toEqual([[], 0]);
  });

  it('asks of a spread’s hedge that it be bought first', () => {
    const { desk } = openRig(lines);
    const found = desk.look({ account: paper, held: [], intended: condor });
    const { legs, pathPaise, peakPaise, isExact } = found.legOrder!;
    expect(isExact).toBe(true);
    expect(legs.slice(0, 2).every((leg) => leg.quantity > 0)).toBe(true);
    // The very legs of the question: whoever asked knows which order each is.
    expect(legs.every((leg) => condor.includes(leg))).toBe(true);
    expect(pathPaise.at(-1)).toBe(found.after!.marginPaise);
    expect(found.pre.requiredPaise).toBeGreaterThanOrEqual(
      Math.max(peakPaise, found.after!.totalPaise),
    );
  });

  it('compares what has to be added, not the whole, with what is free', () => {
    const { desk, paperFunds } = openRig(lines);
    // One naked call needs ₹1,73,712; a second one as much again.
    const held = [soldCall];
    paperFunds.availablePaise = 18_500_000;
    const more = desk.look({ account: paper, held, intended: [soldCall] });
    expect(more.pre).toMatchObject({ isAllowed: true, basis: 'estimate' });
    expect(more.pre.requiredPaise! / 1.05 / 100).toBeCloseTo(173_712, -1);
    paperFunds.availablePaise = 18_000_000;
    const less = desk.look({ account: paper, held, intended: [soldCall] });
    expect(less.pre).toMatchObject({ isAllowed: false, requiredPaise: more.pre.requiredPaise });
    expect(less.pre.reason).toMatch(/^needs ₹18\d+\.\d\d, ₹180000\.00 is free: margin by the/);
    // A hedge lowers the margin by more than it costs: it needs nothing, also when overdrawn.
    paperFunds.availablePaise = -1;
    const hedged = desk.look({ account: paper, held, intended: [hedge] });
    expect(hedged.pre).toMatchObject({ isAllowed: true, requiredPaise: 0 });
  });

  it('holds no exit up, whatever is free, nor for want of a price', () => {
    const { desk, paperFunds, contracts } = openRig(lines);
    paperFunds.availablePaise = -1_000;
    const exit = { account: paper, held: [soldCall, hedge], intended: [of(soldCall, lot)] };
    expect(desk.look(exit).pre.isAllowed).toBe(true);
    contracts.change(hedge.key, { ltpPaise: null });
    const blind = desk.look(exit);
    expect(blind.reason).toBe(`${hedge.key} has no price yet`);
    expect([blind.before, blind.after, blind.legOrder]).toEqual([null, null, null]);
    expect(blind.pre).toMatchObject({ isAllowed: true, basis: 'none' });
    const worse = { ...exit, intended: [of(hedge, -lot)] };
    expect(desk.look(worse).pre).toMatchObject({ isAllowed: false, basis: 'none' });
  });

  it('answers from the estimate for an account that there is not, with a reason', async () => {
    const { desk } = openRig(lines);
    const question = { account: 'gone', held: [], intended: [soldCall] };
    const found = await desk.assess(question, 'person');
    expect(found).toMatchObject({
      broker: null,
      brokerReason: 'there is no such account',
      availablePaise: null,
      pre: { basis: 'estimate' },
    });
  });

  it('keeps the margin of underlyings that no leg touches', () => {
    const key = 'NSE:BANKNIFTY:2026-06-30:FUT';
    const other = { ...future(-30, 55_000), key, underlying: 'BANKNIFTY' };
    const { desk, contracts } = openRig(lines);
    contracts.add(other, 5_490_000);
    const both = desk.look({ account: paper, held: [other], intended: condor });
    const alone = desk.look({ account: paper, held: [], intended: condor });
    const { marginPaise } = both.before!;
    expect(marginPaise).toBeGreaterThan(0);
    expect(both.legOrder!.pathPaise).toEqual(
      alone.legOrder!.pathPaise.map((paise) => paise + marginPaise),
    );
  });
});

describe('prices of an estimate', () => {
  const priceIn = (change: object): number => {
    const { desk, contracts } = openRig(lines);
    contracts.change(hedge.key, change);
    const found = desk.look({ account: paper, held: [], intended: [hedge] });
    return found.after!.totalPaise / lot;
  };
  const level = (pricePaise: number) => [{ pricePaise, quantity: 65, orders: 1 }];

  it.each([
    ['the last trade inside the book', { bids: level(24_000), asks: level(25_000) }, 24_665],
    ['the bid, when the last trade lies under it', { bids: level(24_900), asks: level(25_000) },
      24_900],
    ['the ask, when it lies over it', { bids: level(20_000), asks: level(20_100) }, 20_100],
    ['the middle without a trade', { ltpPaise: null, bids: level(200), asks: level(301) }, 251],
    ['the last trade without two sides', { bids: level(30_000) }, 24_665],
    ['the day before without any', { ltpPaise: null, previousClosePaise: 111 }, 111],
  ])('take %s', (_name, change, paise) => {
    expect(priceIn(change)).toBe(paise);
  });

  it('are said to be old, or missing', () => {
    const { desk, contracts, estimator } = openRig(lines);
    const look = () => desk.look({ account: paper, held: [], intended: [hedge] });
    contracts.change(hedge.key, { isStale: true, iv: 40 });
    expect(look().after!.warnings).toContain(`${hedge.key}: its price is stale`);
    contracts.change(hedge.key, { spotPaise: null });
    expect(look().reason).toBe('NSE:NIFTY has no spot price yet');
    const unknown = option('CE', 30_000, lot, [1]);
    expect(estimator.now().estimate([unknown]).reason).toMatch(/is not served/);
    expect(estimator.blockedFor([unknown])).toBeNull();
    expect(estimator.blockedFor([soldCall])! / 100).toBeCloseTo(173_712, -1);
    expect(estimator.blockedFor([])).toBe(0);
  });
});
