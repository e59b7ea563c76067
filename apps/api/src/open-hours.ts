import type { Exchange } from '@strikewire/contracts';
import type { UniverseRules } from '@strikewire/option-chain/module';
import type { Clock, Log, SecureRandom } from '@strikewire/runtime';
import {
  alwaysOpenCalendar,
  createCalendar,
  segmentCloseMs,
  tradingCalendarOf,
  type ScheduledSegment,
  type TradingCalendar,
  type TradingHoursCalendar,
} from '@strikewire/trading-hours';
import { SessionRunner, type SessionDuties } from '@strikewire/trading-hours/engine';
import {
  BeatenWakeUp,
  openTradingHours,
  SessionDesk,
  SessionRunLog,
  type HaltDesk,
  type ServedHours,
  type TradingHours,
} from '@strikewire/trading-hours/module';
import { alwaysHours, tradingHoursPresets } from '@strikewire/trading-hours/presets';
import type { DataSource } from 'typeorm';
import type { Environment } from './environment';
import type { Security } from './security';

/** Who is told that hours have changed. */
interface HoursFollower {
  calendarChanged(): void;
}

/** Trading hours, and what feeds and chains follow of them. */
export interface OpenedHours {
  hours: TradingHours;
  halts: HaltDesk;
  calendar: TradingCalendar;
  /** The hours of an exchange's derivatives; undefined: it has none. */
  derivativesOf(exchange: Exchange): TradingHoursCalendar | undefined;
  segments: ScheduledSegment[];
  followers: HoursFollower[];
}

/** The segment whose hours an exchange's options have. */
const optionSegments: Readonly<Record<Exchange, string>> = {
  NSE: 'fno',
  BSE: 'fno',
  MCX: 'commodity',
};

/** Reads the templates; the first start stores the presets. */
export async function openHours(deps: {
  environment: Environment;
  clock: Clock;
  ids: SecureRandom;
  database: DataSource;
  security: Security;
  universe: UniverseRules;
}): Promise<OpenedHours> {
  const { environment, clock, ids, database, security, universe } = deps;
  const followers: HoursFollower[] = [];
  const { hours, halts } = await openTradingHours({
    clock,
    ids,
    database,
    activity: security.access.activity,
    presets: tradingHoursPresets,
    changed: () => followers.forEach((follower) => follower.calendarChanged()),
  });
  const served = universe.rules().filter((rule) => rule.served);
  const exchanges = [...new Set(served.map(({ exchange }) => exchange))];
  const isAlways = environment.STRIKEWIRE_CALENDAR === 'always';
  const segments = isAlways
    ? exchanges.map(alwaysOpenSegment)
    : exchanges.map((exchange): ScheduledSegment => {
        const segment = optionSegments[exchange];
        return { exchange, segment, calendar: () => hours.calendarOf(exchange, segment) };
      });
  const calendar = isAlways ? alwaysOpenCalendar : appliedCalendar(hours);
  const always = isAlways ? createCalendar(alwaysHours) : undefined;
  const derivativesOf: OpenedHours['derivativesOf'] = (exchange) =>
    always ?? hours.calendarOf(exchange, optionSegments[exchange]);
  return { hours, halts, calendar, derivativesOf, segments, followers };
}

/** Indices and stocks trade in the cash market; what NSE has there, BSE has as well. */
function appliedCalendar(hours: TradingHours): TradingCalendar {
  return tradingCalendarOf(
    (exchange) => hours.calendarOf(exchange, optionSegments[exchange]),
    (exchange) => {
      if (exchange === 'MCX') return undefined;
      return hours.calendarOf(exchange, 'equity') ?? hours.calendarOf('NSE', 'equity');
    },
  );
}

/** Open at any hour; its days end when the exchange's derivatives would close. */
function alwaysOpenSegment(exchange: Exchange): ScheduledSegment {
  const calendar = createCalendar(alwaysHours);
  return {
    exchange,
    segment: optionSegments[exchange],
    calendar: () => calendar,
    endOfDayMs: (date) => segmentCloseMs(exchange, date),
  };
}

/** The scheduler over the hours; it starts when it is told to. */
export function openSessions(deps: {
  environment: Environment;
  clock: Clock;
  log: Log;
  ids: SecureRandom;
  database: DataSource;
  opened: OpenedHours;
  duties: SessionDuties & HoursFollower;
}): { runner: SessionRunner; served: ServedHours } {
  const { environment, clock, log, ids, database, opened, duties } = deps;
  const { hours, halts, segments, followers } = opened;
  const store = new SessionRunLog(database);
  const wakeUp = new BeatenWakeUp(clock);
  const runner = new SessionRunner({ clock, log, ids, wakeUp, segments, duties, store });
  followers.push(duties, runner);
  const calendar = environment.STRIKEWIRE_CALENDAR;
  const sessions = new SessionDesk({ clock, calendar, runner, log: store });
  return { runner, served: { hours, halts, sessions, wakeUp } };
}
