import { defaultUniverse } from '@strikewire/option-chain';
import { createMemoryRegistry } from '@strikewire/option-chain/engine';
import {
  createCalendar,
  templateFormat,
  type DateEntry,
  type TradingHoursCalendar,
  type TradingHoursInput,
} from '@strikewire/trading-hours';
import { createMemoryRuns } from '@strikewire/trading-hours/engine';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createVirtualPlatform,
  type VirtualOptions,
  type VirtualPlatform,
} from '../support/virtual-platform';

// Tuesday 1 December is an expiry day of NIFTY.
const at = (text: string): number => Date.parse(`2026-12-${text.replace(' ', 'T')}:00+05:30`);
const hour = 3_600_000;
const week = [{ phase: 'continuous' as const, start: '09:15', end: '15:40' }];
const template: TradingHoursInput = {
  format: templateFormat,
  name: 'Hours',
  exchange: 'NSE',
  segment: 'fno',
  weeks: [{
    from: '2026-01-01',
    days: { mon: week, tue: week, wed: week, thu: week, fri: week, sat: 'closed' as never },
  }],
};
const ordinary = createCalendar(template);
const hoursWith = (...overrides: DateEntry[]): TradingHoursCalendar =>
  createCalendar({ ...template, overrides });
const universe = defaultUniverse
  .filter(({ symbol }) => symbol === 'NIFTY')
  .map((row) => ({
    ...row,
    window: { below: 3, above: 3 },
    expiries: { nearest: 2, monthlies: 0, quarterlies: 0 },
  }));

const running: VirtualPlatform[] = [];
afterEach(() => {
  for (const platform of running.splice(0)) {
    platform.stop();
    expect(platform.simulator.violations()).toMatchObject({ total: 0 });
  }
});

/** Its hours can be changed as an operator would. */
async function started(start: string, options: VirtualOptions = {}) {
  let calendar = ordinary;
  const registry = createMemoryRegistry();
  const runs = createMemoryRuns();
  const platform = createVirtualPlatform({
    universe,
    registry,
    runs,
    hours: () => calendar,
    startMs: at(start),
    ticksPerSecond: 20,
    simulator: { sessions: { kind: 'always' }, holidays: [] },
    ...options,
  });
  running.push(platform);
  void platform.start();
  const { clock, engine, runner } = platform;
  return {
    ...platform,
    registry,
    runs,
    until: (text: string) => clock.advance(at(text) - clock.wallMs()),
    change(hours: TradingHoursCalendar) {
      calendar = hours;
      engine.days.calendarChanged();
      runner.calendarChanged();
    },
    expiries: () =>
      engine.service.expiries('NIFTY').chains
        .filter(({ state }) => state === 'built')
        .map(({ expiry }) => expiry.slice(5)),
    told: (job: string) =>
      runs.all().filter((run) => run.job === job).map(({ date, outcome }) =>
        `${date.slice(5)} ${outcome}`,
      ),
  };
}

describe('odd days', () => {
  it('brings back what was let go of because a day was shortened by mistake', async () => {
    const day = await started('01 08:00');
    await day.until('01 12:00');
    expect(day.expiries()).toEqual(['12-01', '12-08']);
    day.change(hoursWith({ kind: 'partial', date: '2026-12-01', name: 'Short', closes: '11:30' }));
    await day.clock.advance(60_000);
    expect(day.expiries()).toEqual(['12-08', '12-15']);
    day.change(ordinary);
    await day.clock.advance(60_000);
    expect(day.expiries()).toEqual(['12-01', '12-08']);
    await day.until('01 15:42');
    expect(day.expiries()).toEqual(['12-08', '12-15']);
    const ends = day.registry.dayEnds().filter(({ expiry }) => expiry === '2026-12-01');
    expect(ends.map(({ takenMs }) => takenMs)).toEqual([at('01 15:40')]);
  });

  it('goes on with a day that was closed by mistake while the account changed', async () => {
    const day = await started('02 08:00');
    await day.until('02 10:00');
    day.change(hoursWith({ kind: 'closed', date: '2026-12-02', name: 'Closed' }));
    await day.clock.advance(120_000);
    day.accounts.splice(0);
    await day.engine.accountsChanged();
    day.change(ordinary);
    await day.until('02 15:41');
    // Once when it was closed, and at its close.
    expect(day.told('end_of_day')).toEqual(['12-02 done', '12-02 done']);
    const ends = day.registry.dayEnds().map(({ takenMs, tradingDay }) => [takenMs, tradingDay]);
    expect(ends).toEqual([[at('02 15:40'), '2026-12-02'], [at('02 15:40'), '2026-12-02']]);
  });

  it('finds the day again when a clock that was wrong is set right', async () => {
    const day = await started('01 08:00');
    await day.until('01 10:00');
    day.clock.jumpWall(54 * hour);
    await day.clock.advance(120_000);
    day.clock.jumpWall(-54 * hour);
    await day.clock.advance(120_000);
    expect(day.expiries()).toEqual(['12-01', '12-08']);
    expect(day.engine.service.status()).toMatchObject({ phase: 'live', market: { open: true } });
    await day.until('01 15:45');
    expect(day.expiries()).toEqual(['12-08', '12-15']);
  });

  it('lists anew after a restart behind the close of an expiry day', async () => {
    const registry = createMemoryRegistry();
    const first = await started('01 08:00', { registry });
    await first.until('01 15:00');
    first.stop();
    const second = await started('01 16:30', { registry });
    await second.clock.advance(60_000);
    expect(second.expiries()).toEqual(['12-08', '12-15']);
  });

  it('never says done, nor replaces what is stored, when there is nothing', async () => {
    const registry = createMemoryRegistry();
    const first = await started('02 08:00', { registry });
    await first.until('02 15:41');
    const stored = registry.dayEnds();
    expect(stored).toHaveLength(2);
    first.stop();
    // The records are lost, and the token has expired meanwhile.
    const second = await started('02 18:00', {
      registry,
      simulator: {
        sessions: { kind: 'always' },
        holidays: [],
        accounts: [{ clientId: '9', token: 'another' }] as never,
      },
    });
    await second.clock.advance(180_000);
    expect(second.told('end_of_day')).toEqual([]);
    await second.engine.days.endOfDay('NSE', '2026-12-02').then(
      () => expect.fail('it was stored'),
      (error) => expect(error).toMatchObject({ kind: 'retryable', code: 'no_figures' }),
    );
    expect(registry.dayEnds()).toEqual(stored);
    await second.until('03 09:05');
    expect(second.told('build').at(-1)).toBe('12-03 failed');
  });
});
