import type { PhaseWindow, TradingHoursInput } from '../core/template';

type Week = TradingHoursInput['weeks'][number];

/** The same hours from Monday to Friday. */
export function workdays(from: string, windows: PhaseWindow[], source: string): Week {
  const days = { mon: windows, tue: windows, wed: windows, thu: windows, fri: windows };
  return { from, days, source };
}

/** Several windows of continuous trading. */
export function continuous(
  windows: readonly (readonly [start: string, end: string])[],
): PhaseWindow[] {
  return windows.map(([start, end]) => ({ phase: 'continuous', start, end }));
}

/** The last of the sorted eras that has begun on a date. */
export function eraOn<Era extends { from: string }>(eras: readonly Era[], date: string): Era {
  const [first] = eras;
  if (first === undefined) throw new RangeError('eras: needs at least one');
  return eras.findLast(({ from }) => from <= date) ?? first;
}
