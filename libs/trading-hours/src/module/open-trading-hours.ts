import type { ActivityRecorder } from '@strikewire/platform';
import type { Clock, SecureRandom } from '@strikewire/runtime';
import type { DataSource } from 'typeorm';
import type { TradingHoursInput } from '../core/template';
import { TemplateStore } from './template-store';
import { HaltDesk } from './trading-halts';
import { TradingHours } from './trading-hours';

/** Reads templates and halts; the first start stores the presets. */
export async function openTradingHours(deps: {
  clock: Pick<Clock, 'wallMs'>;
  ids: SecureRandom;
  database: DataSource;
  activity: ActivityRecorder;
  presets: readonly TradingHoursInput[];
  /** Whatever counts for a segment has changed. */
  changed(exchange: string, segment: string): void;
}): Promise<{ hours: TradingHours; halts: HaltDesk }> {
  const { clock, ids, database, activity, presets, changed } = deps;
  const halts: HaltDesk = new HaltDesk({
    clock,
    ids,
    database,
    activity,
    isTraded: (exchange, segment) => hours.calendarOf(exchange, segment) !== undefined,
    changed: (exchange, segment) => hours.haltsChanged(exchange, segment),
  });
  const hours: TradingHours = new TradingHours({
    clock,
    random: ids,
    store: new TemplateStore(database, activity),
    presets,
    haltsOf: (exchange, segment) => halts.of(exchange, segment),
    applied: changed,
  });
  await halts.load();
  await hours.load();
  return { hours, halts };
}
