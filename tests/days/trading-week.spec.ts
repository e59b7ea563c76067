import { defaultUniverse } from '@strikewire/option-chain';
import { createMemoryRegistry } from '@strikewire/option-chain/engine';
import {
  createCalendar,
  templateFormat,
  type DateEntry,
  type PhaseWindow,
  type TradingHoursCalendar,
  type TradingHoursInput,
} from '@strikewire/trading-hours';
import { createMemoryRuns } from '@strikewire/trading-hours/engine';
import { afterEach, describe, expect, it } from 'vitest';
import { createVirtualPlatform, type VirtualPlatform } from '../support/virtual-platform';

const preOpen = (start: string, end: string): PhaseWindow => ({ phase: 'pre_open', start, end });
const trading = (start: string, end: string): PhaseWindow => {
  return { phase: 'continuous', start, end };
};
const weekday = [preOpen('09:00', '09:15'), trading('09:15', '15:40')];
const days = { mon: weekday, tue: weekday, wed: weekday, thu: weekday, fri: weekday };

/** A week with everything that a week can have. */
const dates: DateEntry[] = [
  { kind: 'closed', date: '2026-12-01', name: 'A holiday' },
  {
    kind: 'special',
    date: '2026-12-03',
    name: 'Muhurat',
    windows: [preOpen('17:45', '18:00'), trading('18:00', '19:00')],
  },
  {
    kind: 'special',
    date: '2026-12-05',
    name: 'A Saturday with two windows',
    windows: [
      preOpen('09:00', '09:15'), trading('09:15', '10:00'),
      preOpen('11:15', '11:30'), trading('11:30', '12:30'),
    ],
  },
];
const template: TradingHoursInput = {
  format: templateFormat,
  name: 'A week',
  exchange: 'NSE',
  segment: 'fno',
  weeks: [{ from: '2026-01-01', days }],
  dates,
  verifiedYears: [2026],
};
/** Made known on Friday at noon. */
const longerFriday: DateEntry = {
  kind: 'extension', date: '2026-12-04', name: 'Longer, because of an outage', minutes: 80,
};

/** What has to be done, by hand from the hours above; once for each exchange. */
const expectedRuns = [
  '11-30 08:55 connect', '11-30 09:00 build', '11-30 09:15 subscribe',
  '11-30 15:40 end_of_day', '11-30 15:40 rollover', '11-30 15:45 clean_up',
  '12-02 08:55 connect', '12-02 09:00 build', '12-02 09:15 subscribe',
  '12-02 15:40 end_of_day', '12-02 15:40 rollover', '12-02 15:45 clean_up',
  '12-03 09:00 build', '12-03 17:40 connect', '12-03 18:00 subscribe',
  '12-03 19:00 end_of_day', '12-03 19:00 rollover', '12-03 19:05 clean_up',
  '12-04 08:55 connect', '12-04 09:00 build', '12-04 09:15 subscribe',
  '12-04 17:00 end_of_day', '12-04 17:00 rollover', '12-04 17:05 clean_up',
  '12-05 08:55 connect', '12-05 09:00 build', '12-05 09:15 subscribe', '12-05 10:05 clean_up',
  '12-05 11:10 connect', '12-05 11:30 subscribe',
  '12-05 12:30 end_of_day', '12-05 12:30 rollover', '12-05 12:35 clean_up',
];

/** The same as a broker sees it: from each minute on, how its sockets are. */
const expectedFeed: readonly (readonly [from: string, state: string])[] = [
  ['11-30 07:00', 'none'], ['11-30 08:55', 'connected'], ['11-30 09:15', 'subscribed'],
  ['11-30 15:45', 'none'], ['12-02 08:55', 'connected'], ['12-02 09:15', 'subscribed'],
  ['12-02 15:45', 'none'], ['12-03 17:40', 'connected'], ['12-03 18:00', 'subscribed'],
  ['12-03 19:05', 'none'], ['12-04 08:55', 'connected'], ['12-04 09:15', 'subscribed'],
  ['12-04 17:05', 'none'], ['12-05 08:55', 'connected'], ['12-05 09:15', 'subscribed'],
  ['12-05 10:05', 'none'], ['12-05 11:10', 'connected'], ['12-05 11:30', 'subscribed'],
  ['12-05 12:35', 'none'],
];

const at = (text: string): number => Date.parse(`2026-${text.replace(' ', 'T')}:00+05:30`);
const local = (atMs: number): string =>
  new Date(atMs + 19_800_000).toISOString().slice(5, 16).replace('T', ' ');
const stepMs = 10 * 60_000;
/** A socket needs this long to open, to be subscribed and to close. */
const settleMs = 4_000;

const running: VirtualPlatform[] = [];
afterEach(() => running.splice(0).forEach((platform) => platform.stop()));

function feedOf({ simulator }: VirtualPlatform): string {
  const { sockets, subscriptions } = simulator.status();
  if (sockets.length === 0) return 'none';
  return subscriptions === 0 ? 'connected' : 'subscribed';
}

function askedOf({ simulator }: VirtualPlatform): number {
  return Object.values(simulator.status().requests).reduce((sum, count) => sum + count, 0);
}

function expiriesOf({ engine }: VirtualPlatform, symbol: string): string[] {
  return engine.service.expiries(symbol).chains
    .filter(({ state }) => state === 'built')
    .map(({ expiry }) => expiry);
}

describe('a week of trading', () => {
  it('is lived as its hours have it, to the minute, and breaks no limit', async () => {
    let calendar: TradingHoursCalendar = createCalendar(template);
    const [registry, runs] = [createMemoryRegistry(), createMemoryRuns()];
    const window = { below: 4, above: 4 };
    const universe = defaultUniverse
      .filter(({ symbol }) => symbol === 'NIFTY' || symbol === 'SENSEX')
      .map((row) => ({ ...row, window, expiries: { nearest: 2, monthlies: 1, quarterlies: 0 } }));
    const platform = createVirtualPlatform({
      seed: 5,
      startMs: at('11-30 07:00'),
      universe,
      registry,
      runs,
      hours: () => calendar,
      // It trades at any hour: that nothing is asked of it outside of sessions is our doing.
      simulator: {
        sessions: { kind: 'always' },
        holidays: ['2026-12-01'],
        rates: { ticksPerSecond: 4, contractTicksPerSecondMax: 1, sliceMs: 2_000 },
      },
    });
    running.push(platform);
    const { clock, engine, runner, simulator } = platform;
    void platform.start();

    const wrong: string[] = [];
    const look = async (atMs: number): Promise<void> => {
      await clock.advance(atMs + settleMs - clock.wallMs());
      const [, wanted] = expectedFeed.findLast(([from]) => at(from) <= atMs) ?? [];
      const state = feedOf(platform);
      if (state !== wanted) wrong.push(`${local(atMs)}: ${state}, not ${wanted}`);
    };
    /** At every change and ten minutes apart, as the broker sees it. */
    const live = async (until: string): Promise<void> => {
      const [fromMs, endMs] = [clock.wallMs(), at(until)];
      const changes = expectedFeed.map(([from]) => at(from)).filter((atMs) => atMs > fromMs);
      const instants = new Set(changes);
      for (let atMs = Math.ceil(fromMs / stepMs) * stepMs; atMs < endMs; atMs += stepMs) {
        instants.add(atMs);
      }
      for (const atMs of [...instants].sort((a, b) => a - b)) if (atMs < endMs) await look(atMs);
      await clock.advance(endMs - clock.wallMs());
    };

    // Monday. NIFTY's expiry of Tuesday comes a day early, because of the holiday.
    await live('11-30 15:39');
    expect(expiriesOf(platform, 'NIFTY')[0]).toBe('2026-11-30');
    expect(engine.service.status()).toMatchObject({ phase: 'live', market: { open: true } });
    await live('11-30 15:50');
    expect(expiriesOf(platform, 'NIFTY')).toEqual(['2026-12-08', '2026-12-15', '2026-12-29']);
    expect(engine.service.status()).toMatchObject({
      phase: 'live', market: { open: false }, feed: { state: 'closed' },
    });
    // From then over the holiday nothing is asked of the broker.
    const asked = askedOf(platform);
    await live('12-02 08:50');
    expect(askedOf(platform)).toBe(asked);

    // Thursday: SENSEX expires with Muhurat's close, not at 15:40.
    await live('12-03 18:59');
    expect(expiriesOf(platform, 'SENSEX')[0]).toBe('2026-12-03');
    await live('12-03 19:02');
    expect(expiriesOf(platform, 'SENSEX')[0]).toBe('2026-12-10');

    // Friday: the hours change while the market is open.
    await live('12-04 12:00');
    calendar = createCalendar({ ...template, overrides: [longerFriday] });
    engine.days.calendarChanged();
    runner.calendarChanged();
    await live('12-07 08:50');

    expect(wrong).toEqual([]);
    for (const exchange of ['NSE', 'BSE']) {
      const told = runs.all()
        .filter((run) => run.exchange === exchange && run.dueMs > at('11-30 07:00'))
        .map(({ dueMs, job }) => `${local(dueMs)} ${job}`);
      expect(told).toEqual(expectedRuns);
    }
    const late = runs.all().filter(({ dueMs, startedMs }) => startedMs! - dueMs > 30_000);
    expect(late.map(({ job, date }) => `${job} ${date}`)).toEqual([
      'build 2026-11-27', 'build 2026-11-27',
    ]);
    expect(runs.all().filter(({ outcome }) => outcome !== 'done')).toEqual([]);

    // Each day that traded has its last figures, of each chain of that day.
    const ends = registry.dayEnds().filter(({ symbol }) => symbol === 'NIFTY');
    expect([...new Set(ends.map(({ tradingDay }) => tradingDay))]).toEqual([
      '2026-11-30', '2026-12-02', '2026-12-03', '2026-12-04', '2026-12-05',
    ]);
    const monday = ends.filter(({ tradingDay }) => tradingDay === '2026-11-30');
    expect(monday.map(({ expiry }) => expiry)).toContain('2026-11-30');
    expect(monday.every(({ takenMs }) => local(takenMs) === '11-30 15:40')).toBe(true);
    expect(monday[0]?.chain.strikes.every(({ CE }) => CE.ltp !== null)).toBe(true);

    // Rests are no losses, and no limit of the broker was broken.
    expect(engine.feed.sockets().map(({ reconnects }) => reconnects)).toEqual([0, 0]);
    expect(simulator.violations()).toMatchObject({ total: 0 });
  });
});
