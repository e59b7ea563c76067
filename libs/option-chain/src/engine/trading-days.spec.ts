import { Keeper, silentLog } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import { defaultUniverse } from '../core/universe';
import { createMemoryRegistry } from './chain-registry';
import { emptyPlan, pendingChain } from './day-plan';
import { resolved } from './testing/resolved';
import { TradingDays } from './trading-days';

const today = '2026-12-01';
const noon = Date.parse(`${today}T12:00:00+05:30`);

/** NIFTY and SENSEX, which both expire today; every list that is asked for is counted. */
function createBench() {
  const clock = createVirtualClock(noon);
  const universe = defaultUniverse.filter(({ symbol }) => symbol !== 'BANKNIFTY');
  const plan = emptyPlan(resolved(universe), { tradingDayOf: () => today });
  for (const underlying of plan.underlyings) {
    underlying.listed = [{ expiry: today, class: 'weekly' }];
    underlying.chains = [pendingChain({ expiry: today, class: 'weekly' })];
  }
  let closeMs = noon;
  const listedAnew: string[][] = [];
  const work = {
    calendarChanged: () => undefined,
    runAnew: async () => {
      const open = plan.underlyings.filter(({ listed }) => listed.length === 0);
      listedAnew.push(open.map(({ row }) => row.symbol));
      for (const one of open) one.listed = [{ expiry: '2026-12-08', class: 'weekly' }];
    },
  };
  const days = new TradingDays({
    clock,
    log: silentLog,
    calendar: {
      name: 'test',
      isOpen: () => true,
      isSpotOpen: () => true,
      nextOpenMs: () => undefined,
      tradingDay: () => today,
      closeMs: () => closeMs,
    },
    registry: createMemoryRegistry(),
    keeper: new Keeper({ clock, log: silentLog }),
    plan: () => plan,
    work: () => work as never,
    setActivity: () => undefined,
    buildNext: () => Promise.resolve(),
    swap: () => undefined,
    filled: () => Promise.resolve(),
    dayEnds: () => [],
  });
  days.started(Promise.resolve());
  return { days, clock, plan, listedAnew, closeAt: (ms: number) => void (closeMs = ms) };
}

describe('TradingDays', () => {
  it('lists anew what every exchange let go of, when it has not expired after all', async () => {
    const { days, clock, listedAnew, closeAt } = createBench();
    await days.rollOver('NSE', today);
    await days.rollOver('BSE', today);
    expect(listedAnew).toEqual([['NIFTY'], ['SENSEX']]);
    days.calendarChanged();
    await clock.settle();
    expect(listedAnew).toHaveLength(2);
    closeAt(noon + 3_600_000);
    days.calendarChanged();
    await clock.settle();
    expect(listedAnew[2]).toEqual(['NIFTY', 'SENSEX']);
    days.calendarChanged();
    await clock.settle();
    expect(listedAnew).toHaveLength(3);
  });

  it('lets go of nothing twice, and says so', async () => {
    const { days, plan } = createBench();
    expect(await days.rollOver('NSE', today)).toBe('1 chains expired, 0 were added');
    expect(await days.rollOver('NSE', today)).toBe('nothing expired');
    expect(plan.underlyings.map(({ chains }) => chains.length)).toEqual([0, 1]);
  });

  it('has nothing to do for an exchange of which nothing is served', async () => {
    const { days } = createBench();
    const nothing = 'nothing of this exchange is served';
    await expect(days.build('MCX')).resolves.toBe(nothing);
    await expect(days.endOfDay('MCX', today)).resolves.toBe(nothing);
    await expect(days.rollOver('MCX', today)).resolves.toBe('nothing expired');
  });

  it('lets go of what expires on a day that has no end, soon after its close', async () => {
    const { days, clock, plan, listedAnew, closeAt } = createBench();
    const served = (): number[] => plan.underlyings.map(({ chains }) => chains.length);
    closeAt(noon + 3_600_000);
    days.watchExpiries();
    await clock.advance(3_689_000);
    expect(served()).toEqual([1, 1]);
    await clock.advance(1_000);
    expect([served(), listedAnew]).toEqual([[0, 0], [['NIFTY', 'SENSEX']]]);
    // It comes back when the hours say that it has not expired after all, and expires once more.
    closeAt(noon + 7_200_000);
    days.calendarChanged();
    await clock.settle();
    expect(listedAnew).toHaveLength(2);
    for (const one of plan.underlyings) {
      one.chains = [pendingChain({ expiry: today, class: 'weekly' })];
    }
    days.watchExpiries();
    await clock.advance(3_690_000);
    expect([served(), listedAnew.length]).toEqual([[0, 0], 3]);
  });

  it('leaves the close to the end of the day, and what expires to the rollover', async () => {
    const { days, clock, plan, listedAnew, closeAt } = createBench();
    closeAt(noon + 60_000);
    days.watchExpiries();
    await clock.advance(61_000);
    await days.rollOver('NSE', today);
    expect(plan.underlyings.map(({ chains }) => chains.length)).toEqual([0, 1]);
    await clock.advance(90_000);
    expect(plan.underlyings.map(({ chains }) => chains.length)).toEqual([0, 0]);
    expect(listedAnew).toEqual([['NIFTY'], ['SENSEX']]);
  });

  it('lets go of what expired in a sleep, and of nothing once stopped', async () => {
    const { days, clock, plan, closeAt } = createBench();
    closeAt(noon + 3_600_000);
    days.watchExpiries();
    clock.jumpWall(20 * 3_600_000);
    await clock.advance(90_000);
    expect(plan.underlyings.map(({ chains }) => chains.length)).toEqual([0, 0]);
    const other = createBench();
    other.closeAt(noon + 1_000);
    other.days.watchExpiries();
    other.days.stop();
    await other.clock.advance(600_000);
    expect(other.plan.underlyings.map(({ chains }) => chains.length)).toEqual([1, 1]);
  });
});
