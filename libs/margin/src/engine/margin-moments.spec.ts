import { createMemoryStateStore } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { lot, option } from '../core/testing/margin-fixture';
import type { MarginPosition } from '../core/margin-position';
import { figuresOf, openRig, type DeskRig } from './testing/desk-fixture';

const soldCall = option('CE', 23_700, -lot, [437.65]);
const hedge = option('CE', 24_200, lot, [246.65]);
const lines = [soldCall, hedge];
const of = (line: MarginPosition, quantity: number): MarginPosition => ({ ...line, quantity });
const opening = { account: 'live', held: [], intended: [soldCall] };
const minuteMs = 60_000;

/** The broker's price of a unit, whichever it is. */
function ask({ margin }: DeskRig, paise: number): void {
  margin.answer = async (legs) =>
    figuresOf(legs.reduce((sum, { quantity }) => sum + quantity, 0) * paise);
}

describe('figures of different hours', () => {
  const held = [of(hedge, 20 * lot)];
  const question = { account: 'live', held, intended: [of(hedge, lot)] };

  it('are not subtracted: what is held is asked anew before an order', async () => {
    const rig = openRig(lines);
    const { desk, margin, clock } = rig;
    ask(rig, 20_000);
    desk.changed('live', held, 'fill');
    await clock.advance(4 * 60 * minuteMs);
    ask(rig, 30_000);
    const found = await desk.assess(question, 'order');
    expect(margin.asked).toHaveLength(3);
    expect(found.pre).toMatchObject({ basis: 'broker', requiredPaise: lot * 30_000 * 1.05 });
    // Both are of one moment now, and go on being so.
    await clock.advance(60 * minuteMs);
    expect((await desk.assess(question, 'order')).pre).toEqual(found.pre);
    expect(margin.asked).toHaveLength(3);
  });

  it('are left out when the broker does not tell the older one anew', async () => {
    const rig = openRig(lines);
    const { desk, margin, clock } = rig;
    ask(rig, 20_000);
    desk.changed('live', held, 'fill');
    await clock.advance(4 * 60 * minuteMs);
    const size = 21 * lot;
    margin.answer = async ([leg]) => {
      if (leg?.quantity === size) return figuresOf(size * 30_000);
      throw new Error('busy');
    };
    const found = await desk.assess(question, 'order');
    expect(found.broker?.figures.requiredPaise).toBe(size * 30_000);
    expect(found.pre).toMatchObject({ basis: 'estimate', isAllowed: true });
    expect(found.pre.reason).toMatch(/no broker figure$/);
  });
});

describe('funds', () => {
  it('are asked again before an order once one was accepted, though the same is held', async () => {
    const { desk, margin } = openRig(lines);
    let availablePaise = 2e7;
    margin.money = async () => ({ availablePaise, usedPaise: 0 });
    margin.answer = async () => figuresOf(18_000_000);
    expect((await desk.assess(opening, 'order')).pre.isAllowed).toBe(true);
    // The broker blocks it while it rests.
    availablePaise -= 18_000_000;
    desk.moved('live');
    expect(margin.fundsAsked).toBe(1);
    const second = await desk.assess(opening, 'order');
    expect([second.pre.isAllowed, second.availablePaise]).toEqual([false, 2_000_000]);
    expect([margin.asked.length, margin.fundsAsked]).toEqual([1, 2]);
  });

  it('that were under way when an order was accepted are asked once more', async () => {
    const { desk, margin, clock } = openRig(lines);
    const told: ((paise: number) => void)[] = [];
    margin.money = () => new Promise((resolve) =>
      void told.push((availablePaise) => resolve({ availablePaise, usedPaise: 0 })));
    const first = desk.assess(opening, 'order');
    await clock.settle();
    desk.moved('live');
    const second = desk.assess(opening, 'order');
    told[0]?.(5e7);
    await clock.settle();
    told[1]?.(1e7);
    expect((await second).availablePaise).toBe(1e7);
    await first;
    expect(margin.fundsAsked).toBe(2);
  });

  it('are not known any more after half an hour in which nobody told them', async () => {
    const { desk, margin, clock } = openRig(lines);
    margin.money = async () => ({ availablePaise: 1_000, usedPaise: 0 });
    expect((await desk.assess(opening, 'order')).pre.isAllowed).toBe(false);
    margin.money = () => Promise.reject(new Error('busy'));
    await clock.advance(30 * minuteMs);
    expect((await desk.assess(opening, 'order')).availablePaise).toBe(1_000);
    await clock.advance(1);
    expect(desk.look(opening)).toMatchObject({ availablePaise: null, pre: { isAllowed: true } });
  });

  it('of before an order do not come back with a restart', async () => {
    const rig = openRig(lines);
    const { clock, margin } = rig;
    const state = createMemoryStateStore(clock, { entriesMax: 100 });
    const before = openRig(lines, { state, clock, margin });
    await before.desk.assess(opening, 'order');
    before.desk.moved('live');
    await clock.settle();
    const after = openRig(lines, { state, clock, margin });
    await after.desk.load(['live']);
    expect(after.desk.fundsOf('live')).toBeNull();
    await after.desk.assess(opening, 'order');
    expect([margin.asked.length, margin.fundsAsked]).toEqual([1, 2]);
  });
});

describe('a broker that says 0', () => {
  it('lets nothing through by itself but what lowers a risk', async () => {
    const { desk, margin, contracts } = openRig(lines);
    margin.answer = async () => figuresOf(0);
    contracts.change(soldCall.key, { ltpPaise: null });
    const found = await desk.assess(opening, 'order');
    expect(found.pre).toMatchObject({ isAllowed: false, requiredPaise: null, basis: 'none' });
    expect(found.pre.reason).toMatch(/^the broker's margin is 0, and there is no estimate/);
    const exit = { account: 'live', held: [soldCall], intended: [of(soldCall, lot)] };
    expect((await desk.assess(exit, 'order')).pre.isAllowed).toBe(true);
  });
});

describe('prices of legs', () => {
  it('are handed over where they are known: no market data are asked for them', async () => {
    const { desk, margin, contracts, clock } = openRig(lines);
    const prices: (number | null)[][] = [];
    margin.answer = async (legs) => {
      prices.push(legs.map(({ pricePaise }) => pricePaise));
      return figuresOf(1_000_000);
    };
    desk.changed('live', lines, 'fill');
    await clock.settle();
    contracts.change(hedge.key, { ltpPaise: null });
    desk.changed('live', [hedge], 'fill');
    await clock.settle();
    expect(prices).toEqual([[43_765, 24_665], [null]]);
  });
});
