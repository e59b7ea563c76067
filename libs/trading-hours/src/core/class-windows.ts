import type { DateEntry, PhaseWindow, TradingHoursTemplate, Weekday } from './template';

/** The parts of a template that hold windows. */
export type Layers = Pick<TradingHoursTemplate, 'weeks' | 'dates' | 'overrides'>;

/** What a template says for one class of instrument: without the windows that others have. */
export function layersOf(template: Layers, instrumentClass: string): Layers {
  const has = ({ classes }: PhaseWindow): boolean =>
    classes === undefined || classes.includes(instrumentClass);
  const entry = (one: DateEntry): DateEntry =>
    one.kind === 'special' ? { ...one, windows: one.windows?.filter(has) ?? null } : one;
  return {
    weeks: template.weeks.map(({ days, ...week }) => {
      const own = Object.entries(days).map(([day, windows]) => [day, windows.filter(has)] as const);
      return { ...week, days: Object.fromEntries(own) as Partial<Record<Weekday, PhaseWindow[]>> };
    }),
    dates: template.dates.map(entry),
    overrides: template.overrides.map(entry),
  };
}
