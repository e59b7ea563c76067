import { dayNumberOf, weekdayOf } from './local-time';
import { phasesOf, type DayPhase } from './date-rules';
import { weekdays, type PhaseWindow, type TradingHoursTemplate } from './template';

/** The windows of one weekday from a date on, turned into seconds once for each kind of date. */
interface Era {
  fromDay: number;
  daylight: DayPhase[];
  standard: DayPhase[];
}

/** The hours that weekdays have, by era. */
export interface WeekHours {
  /** Of an ordinary day; empty when it is closed or before the first era. */
  phasesOn(dayNumber: number, isDaylight: () => boolean): readonly DayPhase[];
  /** The first date that has hours at all. */
  readonly firstDay: number;
}

/** Sorts the eras of each weekday; a weekday that an era does not name goes on as before. */
export function weekHours({ weeks }: Pick<TradingHoursTemplate, 'weeks'>): WeekHours {
  const sorted = [...weeks].sort((a, b) => (a.from < b.from ? -1 : 1));
  const eras = weekdays.map((weekday) =>
    sorted.flatMap(({ from, days }): Era[] => {
      const windows = days[weekday];
      return windows === undefined ? [] : [eraOf(from, windows)];
    }),
  );
  return {
    firstDay: dayNumberOf(sorted[0]?.from ?? '') ?? 0,
    phasesOn(dayNumber, isDaylight) {
      const ofWeekday = eras[weekdayOf(dayNumber)] ?? [];
      let era: Era | undefined;
      for (const one of ofWeekday) if (one.fromDay <= dayNumber) era = one;
      if (era === undefined) return [];
      if (era.daylight === era.standard) return era.standard;
      return isDaylight() ? era.daylight : era.standard;
    },
  };
}

function eraOf(from: string, windows: readonly PhaseWindow[]): Era {
  const standard = phasesOf(windows, () => false);
  const hasRule = windows.some(({ end }) => typeof end !== 'string');
  const daylight = hasRule ? phasesOf(windows, () => true) : standard;
  return { fromDay: dayNumberOf(from) ?? 0, daylight, standard };
}
