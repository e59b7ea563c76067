import { createSeededRandom, type Random } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { createCalendar, type CalendarQuery, type Session } from './session-calendar';
import {
  templateFormat,
  weekdays,
  type DateEntry,
  type PhaseWindow,
  type TradingHoursInput,
} from './template';

/**
 * The calendar against a walk over all minutes, which knows nothing of instants, searching and
 * zones: it asks Intl for the local date and time of each minute and looks that up in the template.
 */
const minuteMs = 60_000;
const dayMs = 86_400_000;
const scanDays = 9;
const templatesPerZone = 9;
const questions = 120;

/** Zones with the dates around which their clocks change. */
const zones: readonly (readonly [zone: string, dates: readonly string[]])[] = [
  ['Asia/Kolkata', ['2024-02-29', '2026-08-01', '2023-12-31']],
  ['America/New_York', ['2025-03-09', '2025-11-02', '2026-07-03']],
  ['Europe/London', ['2024-03-31', '2024-10-27', '2026-12-31']],
  ['Australia/Lord_Howe', ['2025-04-06', '2025-10-05', '2024-02-29']],
  ['Asia/Tokyo', ['2024-11-05', '2025-12-31', '2026-05-05']],
];

const two = (value: number): string => String(value).padStart(2, '0');
const timeOf = (minutes: number): string => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const dateAfter = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
const whole = (random: Random, below: number): number => Math.floor(random.next() * below);
const pick = <T>(random: Random, from: readonly T[]): T => from[whole(random, from.length)] as T;

/** From 04:00, after any change of the clock, to midnight; the last one may go on to 28:00. */
function randomWindows(random: Random): PhaseWindow[] {
  const count = whole(random, 5);
  const bounds = new Set<number>();
  while (bounds.size < 2 * count) bounds.add(240 + whole(random, 240) * 5);
  const sorted = [...bounds].sort((a, b) => a - b);
  const windows = Array.from({ length: count }, (_, index): PhaseWindow => {
    const phase = pick(random, ['continuous', 'continuous', 'pre_open', 'break'] as const);
    const start = sorted[2 * index] as number;
    const touches = index < count - 1 && random.next() < 0.5;
    const end = sorted[2 * index + (touches ? 2 : 1)] as number;
    const classes = random.next() < 0.2 ? { classes: ['other'] } : {};
    return { phase, start: timeOf(start), end: timeOf(end), ...classes };
  });
  const last = windows.at(-1);
  if (last && random.next() < 0.2) last.end = '28:00';
  return windows;
}

function randomEntry(random: Random, date: string): DateEntry {
  const about = { date, name: 'random' };
  const kind = pick(random, ['closed', 'special', 'partial', 'regular', 'unknown'] as const);
  if (kind === 'special') return { kind, ...about, windows: randomWindows(random) };
  if (kind === 'unknown') return { kind: 'special', ...about, windows: null };
  if (kind !== 'partial') return { kind, ...about };
  const [opens, closes] = [240 + whole(random, 600), 900 + whole(random, 500)];
  return { kind, ...about, opens: timeOf(opens), closes: timeOf(closes) };
}

function randomTemplate(random: Random, timeZone: string, start: string): TradingHoursInput {
  const week = (from: string) => ({
    from,
    days: Object.fromEntries(
      weekdays.filter(() => random.next() < 0.8).map((day) => [day, randomWindows(random)]),
    ),
  });
  const entries = (share: number): DateEntry[] =>
    Array.from({ length: scanDays }, (_, index) => dateAfter(start, index))
      .filter(() => random.next() < share)
      .map((date) => randomEntry(random, date));
  return {
    format: templateFormat,
    name: 'random',
    exchange: 'X',
    segment: 'x',
    timeZone,
    tradable: { default: ['continuous'], other: ['continuous', 'pre_open'] },
    weeks: [week('2020-01-01'), week(dateAfter(start, 4))],
    dates: entries(0.3),
    overrides: entries(0.1),
  };
}

/** What a date has, for a class, straight from the words of the template. */
function windowsOn(template: TradingHoursInput, date: string, name: string): PhaseWindow[] {
  const day = weekdays[new Date(`${date}T00:00:00Z`).getUTCDay()] as (typeof weekdays)[number];
  let windows: PhaseWindow[] = [];
  for (const { from, days } of template.weeks) {
    const own = days[day];
    if (from <= date && own !== undefined) windows = own === 'closed' ? [] : own;
  }
  const listed = (template.dates ?? []).filter((entry) => entry.date === date);
  const override = (template.overrides ?? []).filter((entry) => entry.date === date).at(-1);
  const entry = override ?? listed.find(({ kind }) => kind === 'special') ?? listed.at(-1);
  if (entry?.kind === 'closed') windows = [];
  if (entry?.kind === 'special') windows = entry.windows ?? [];
  const own = windows.filter(({ classes }) => classes === undefined || classes.includes(name));
  if (entry?.kind !== 'partial') return own;
  const { opens = '00:00', closes = '47:59' } = entry;
  return own
    .map((one) => ({
      ...one,
      start: one.start < opens ? opens : one.start,
      end: String(one.end) > closes ? closes : one.end,
    }))
    .filter(({ start, end }) => start < String(end));
}

interface Minute {
  atMs: number;
  /** Date and phase of the window that it is in; empty outside. */
  owner: string;
  isOpen: boolean;
}

function scan(template: TradingHoursInput, start: string, name: string): Minute[] {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: template.timeZone ?? '', hourCycle: 'h23',
    year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit',
  });
  const tradable = template.tradable?.[name] ?? [];
  const byDate = new Map<string, PhaseWindow[]>();
  const windowsOf = (date: string): PhaseWindow[] => {
    const held = byDate.get(date) ?? windowsOn(template, date, name);
    byDate.set(date, held);
    return held;
  };
  const within = (date: string, minutes: number): PhaseWindow | undefined =>
    windowsOf(date).find(
      (one) => minutes >= minutesOf(one.start) && minutes < minutesOf(String(one.end)),
    );
  const firstMs = Date.parse(`${start}T00:00:00Z`);
  return Array.from({ length: scanDays * 1_440 }, (_, index) => {
    const atMs = firstMs + index * minuteMs;
    const [date = '', time = ''] = format.format(atMs).split(', ');
    const before = dateAfter(date, -1);
    const today = within(date, minutesOf(time));
    const window = today ?? within(before, minutesOf(time) + 1_440);
    const owner = window === undefined ? '' : today ? date : before;
    return { atMs, owner, isOpen: window !== undefined && tradable.includes(window.phase) };
  });
}

/** Runs of minutes of one date, from the first open one to the last. */
function sessionsOf(minutes: readonly Minute[]): Session[] {
  const sessions: Session[] = [];
  let open: Session | undefined;
  let owner = '';
  for (const minute of minutes) {
    if (minute.owner !== owner) open = undefined;
    owner = minute.owner;
    if (!minute.isOpen) continue;
    if (open === undefined) {
      open = { date: owner, openMs: minute.atMs, closeMs: 0 };
      sessions.push(open);
    }
    open.closeMs = minute.atMs + minuteMs;
  }
  return sessions;
}

describe.each(zones)('a calendar of %s', (zone, dates) => {
  it.each(Array.from({ length: templatesPerZone }, (_, seed) => seed))(
    'answers as a walk over all minutes does: seed %d',
    (seed) => {
      const random = createSeededRandom(1_000 + seed);
      const start = dateAfter(pick(random, dates), -4);
      const template = randomTemplate(random, zone, start);
      const instrumentClass = pick(random, ['default', 'other']);
      const query: CalendarQuery = { instrumentClass };
      const range = { from: dateAfter(start, -30), to: dateAfter(start, 30) };
      const calendar = createCalendar(template, range);
      const minutes = scan(template, start, instrumentClass);
      const [firstMs, lastMs] = [minutes[0]!.atMs, minutes.at(-1)!.atMs + minuteMs];

      const wrong = minutes.filter(({ atMs, isOpen }) => calendar.isOpen(atMs, query) !== isOpen);
      expect(wrong.map(({ atMs }) => new Date(atMs).toISOString())).toEqual([]);

      // The first and the last day are seen in part only.
      const [innerMs, outerMs] = [firstMs + 2 * dayMs, lastMs - 2 * dayMs];
      const seen = sessionsOf(minutes);
      const inner = seen.filter(({ openMs }) => openMs >= innerMs && openMs < outerMs);
      expect(calendar.sessionsBetween(innerMs, outerMs, query)).toEqual(inner);
      const middleMs = innerMs + whole(random, outerMs - innerMs);
      expect([
        ...calendar.sessionsBetween(innerMs, middleMs, query),
        ...calendar.sessionsBetween(middleMs, outerMs, query),
      ]).toEqual(inner);
      const [fromDate, toDate] = [dateAfter(start, 2), dateAfter(start, scanDays - 2)];
      const days = seen.map(({ date }) => date).filter((day) => day >= fromDate && day < toDate);
      expect(calendar.tradingDaysBetween(fromDate, toDate, query)).toEqual([...new Set(days)]);

      const edges = seen.flatMap(({ openMs, closeMs }) => [openMs, closeMs]);
      for (let question = 0; question < questions; question++) {
        const near = edges.length > 0 && question % 2 === 0;
        const about = near ? pick(random, edges) + pick(random, [-1, 0, 1, minuteMs]) : undefined;
        const atMs = about ?? innerMs + whole(random, outerMs - innerMs);
        if (atMs < innerMs || atMs >= outerMs) continue;
        const opens = seen.map(({ openMs }) => openMs);
        const closes = seen.map(({ closeMs }) => closeMs);
        const next = (from: number[]) => from.find((one) => one > atMs);
        const previous = (from: number[]) => from.findLast((one) => one < atMs);
        const answers = [
          [calendar.nextOpen(atMs, query), next(opens)],
          [calendar.nextClose(atMs, query), next(closes)],
          [calendar.previousOpen(atMs, query), previous(opens)],
          [calendar.previousClose(atMs, query), previous(closes)],
        ];
        for (const [answer, expected = 0] of answers) {
          // What the ends of the walk cut off it cannot tell.
          if (expected < innerMs || expected > lastMs - dayMs) continue;
          expect(answer).toBe(expected);
        }
        const session = seen.find(({ openMs, closeMs }) => openMs <= atMs && atMs < closeMs);
        const left = session ? (session.closeMs - atMs) / minuteMs : null;
        expect(calendar.minutesToClose(atMs, query)).toBe(left);
        const phase = calendar.phaseAt(atMs, query);
        expect(phase.isTradable).toBe(calendar.isOpen(atMs, query));
        expect(phase.untilMs ?? Infinity).toBeGreaterThan(atMs);
        const close = calendar.nextClose(atMs, query);
        if (close === undefined) continue;
        expect(calendar.previousClose(close, query) ?? -Infinity).toBeLessThanOrEqual(atMs);
      }
    },
  );
});
