import type { DateEntry, Phase, PhaseWindow } from './template';
import { secondsOf } from './local-time';

/** A phase of one date, in seconds after its midnight. */
export interface DayPhase {
  phase: Phase;
  start: number;
  end: number;
}

/** What holds on a date, and why. */
export interface DayRules {
  state: 'open' | 'closed' | 'hours_unknown';
  /** Where it comes from: the weekday's hours, the year's list, or an operator. */
  layer: 'weekday' | 'date' | 'override';
  /** Of the entry that decides; null on an ordinary day. */
  entry: DateEntry | null;
  /** False on a day on which nothing is paid in or out though there is trading. */
  settles: boolean;
  phases: readonly DayPhase[];
}

/** Whether New York is on daylight time on the date that is meant. */
export type IsDaylight = () => boolean;

/** A weekday's windows in seconds. */
export function phasesOf(windows: readonly PhaseWindow[], isDaylight: IsDaylight): DayPhase[] {
  return windows.map(({ phase, start, end }) => ({
    phase,
    start: seconds(start),
    end: seconds(typeof end === 'string' ? end : isDaylight() ? end.daylight : end.standard),
  }));
}

/**
 * What a date's entries make of its weekday's hours. Of the operators' entries the last one counts,
 * of the year's list a special session before a closure; an extension comes on top of either, and
 * a settlement holiday changes no hours.
 */
export function rulesOf(
  weekday: readonly DayPhase[],
  entries: { dates: readonly DateEntry[]; overrides: readonly DateEntry[] },
  tradable: ReadonlySet<Phase>,
  isDaylight: IsDaylight,
): DayRules {
  const decides = ({ kind }: DateEntry): boolean =>
    kind !== 'extension' && kind !== 'settlement_holiday';
  const override = entries.overrides.filter(decides).at(-1);
  const listed = entries.dates.filter(decides);
  const special = listed.filter(({ kind }) => kind === 'special').at(-1);
  const entry = override ?? special ?? listed.at(-1);
  const layer = override ? 'override' : entry ? 'date' : 'weekday';
  const phases = entry === undefined ? [...weekday] : hoursOf(entry, weekday, isDaylight);
  const all = [...entries.dates, ...entries.overrides];
  const settles = all.every(({ kind }) => kind !== 'settlement_holiday');
  if (phases === null) {
    return { state: 'hours_unknown', layer, entry: entry ?? null, settles, phases: [] };
  }
  const extension = all.filter(({ kind }) => kind === 'extension').at(-1);
  const isOpen = phases.some(({ phase }) => tradable.has(phase));
  return {
    state: isOpen ? 'open' : 'closed',
    layer: extension && layer === 'weekday' ? layerOf(extension, entries) : layer,
    entry: entry ?? extension ?? null,
    settles,
    phases: extension ? extended(phases, extension, tradable) : phases,
  };
}

function layerOf(
  entry: DateEntry,
  { overrides }: { overrides: readonly DateEntry[] },
): DayRules['layer'] {
  return overrides.includes(entry) ? 'override' : 'date';
}

/** Null: announced, but not when. */
function hoursOf(
  entry: DateEntry,
  weekday: readonly DayPhase[],
  isDaylight: IsDaylight,
): DayPhase[] | null {
  switch (entry.kind) {
    case 'closed':
      return [];
    case 'special':
      return entry.windows && phasesOf(entry.windows, isDaylight);
    case 'partial':
      return clipped(weekday, entry);
    default:
      return [...weekday];
  }
}

function clipped(
  phases: readonly DayPhase[],
  { opens, closes }: { opens?: string | undefined; closes?: string | undefined },
): DayPhase[] {
  const from = opens === undefined ? -Infinity : seconds(opens);
  const to = closes === undefined ? Infinity : seconds(closes);
  return phases
    .map((one) => ({ ...one, start: Math.max(one.start, from), end: Math.min(one.end, to) }))
    .filter(({ start, end }) => start < end);
}

/** What comes after the last tradable phase is moved by as much. */
function extended(
  phases: readonly DayPhase[],
  extension: DateEntry,
  tradable: ReadonlySet<Phase>,
): DayPhase[] {
  if (extension.kind !== 'extension') return [...phases];
  const bySeconds = extension.minutes * 60;
  const last = phases.findLastIndex(({ phase }) => tradable.has(phase));
  return phases.map((one, index) => {
    if (last < 0 || index < last) return one;
    const start = index === last ? one.start : one.start + bySeconds;
    return { ...one, start, end: one.end + bySeconds };
  });
}

/** Checked by the schema. */
function seconds(time: string): number {
  return secondsOf(time) ?? NaN;
}
