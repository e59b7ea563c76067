import type { Exchange } from '@strikewire/contracts';
import type { Clock, SecureRandom } from '@strikewire/runtime';
import {
  alwaysOpenCalendar,
  tradingCalendarOf,
  type TradingCalendar,
} from '@strikewire/trading-hours';
import { TemplateStore, TradingHours } from '@strikewire/trading-hours/module';
import { tradingHoursPresets } from '@strikewire/trading-hours/presets';
import type { DataSource } from 'typeorm';
import type { Environment } from './environment';
import type { Security } from './security';

/** Trading hours, and what feeds and chains follow of them. */
export interface OpenedHours {
  hours: TradingHours;
  calendar: TradingCalendar;
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
}): Promise<OpenedHours> {
  const { environment, clock, ids, database, security } = deps;
  const hours = new TradingHours({
    clock,
    random: ids,
    store: new TemplateStore(database, security.access.activity),
    presets: tradingHoursPresets,
    applied: () => undefined,
  });
  await hours.load();
  const isAlways = environment.STRIKEWIRE_CALENDAR === 'always';
  const applied = tradingCalendarOf((exchange) =>
    hours.calendarOf(exchange, optionSegments[exchange]),
  );
  return { hours, calendar: isAlways ? alwaysOpenCalendar : applied };
}
