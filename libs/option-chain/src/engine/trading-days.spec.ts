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
});
