import { StrikewireError } from '@strikewire/runtime';
import { layersOf, type Layers } from './class-windows';
import { rulesOf, type DayRules } from './date-rules';
import { dateOf, dayNumberOf } from './local-time';
import type { DateEntry, Phase, TradingHoursTemplate } from './template';
import { weekHours } from './week-hours';
import { zoneBetween, type Zone } from './zone';

/** Everything that a calendar is asked, as instants in order: epoch ms, half-open. */
export interface CompiledCalendar {
  /** First and last date, both included. */
  readonly fromDay: number;
  readonly toDay: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** By class of instrument. */
  readonly classes: ReadonlyMap<string, ClassTable>;
}

/** Every phase of every date, as a class of instrument has them. */
export interface PhaseTable {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly names: readonly Phase[];
  readonly days: Int32Array;
}

/** When a class of instrument trades. */
export interface ClassTable {
  readonly tradable: ReadonlySet<Phase>;
  readonly phases: PhaseTable;
  /** What holds on a date, with the reason. */
  rulesOn(dayNumber: number): DayRules;
  /** Starts of tradable time at even places, ends at odd ones. */
  readonly edges: Float64Array;
  /** Sessions: windows that touch are one, with its breaks in it. */
  readonly opens: Float64Array;
  readonly closes: Float64Array;
  readonly days: Int32Array;
}

/** Dates that a calendar may hold; more is refused. */
const daysMax = 60_000;
const newYork = 'America/New_York';
const noon = 12 * 3_600;
const newYorkStandardMs = -5 * 3_600_000;

/** What is compiled: a template, a range of dates, and which of its entries were known. */
export interface CompileInput {
  template: TradingHoursTemplate;
  from: string;
  to: string;
  isKnown(entry: DateEntry): boolean;
}

/**
 * Compiles a template. Kind `invalid`: a range that is none or too long, windows that overlap or
 * are not in order, on whatever date.
 */
export function compileCalendar({ template, from, to, isKnown }: CompileInput): CompiledCalendar {
  const fromDay = dayNumberOf(from);
  const toDay = dayNumberOf(to);
  if (fromDay === undefined || toDay === undefined || toDay < fromDay) {
    throw invalid('range_invalid', `a calendar from ${from} to ${to} is none`);
  }
  if (toDay - fromDay >= daysMax) {
    throw invalid('range_invalid', `${from} to ${to} is longer than ${daysMax} days`);
  }
  const dayMs = 86_400_000;
  const bounds = [fromDay * dayMs - dayMs, (toDay + 3) * dayMs] as const;
  const zone = zoneBetween(template.timeZone, ...bounds);
  const other = needsNewYork(template) ? zoneBetween(newYork, ...bounds) : undefined;
  const classes = Object.entries(template.tradable).map(([name, phases]) => {
    const tradable = new Set(phases);
    const rulesOn = rulesByDay({ layers: layersOf(template, name), tradable, isKnown, other });
    const table = phaseTable({ fromDay, toDay, zone, rulesOn });
    return [name, { ...classTable(table, tradable), rulesOn }] as const;
  });
  return {
    fromDay,
    toDay,
    fromMs: zone.instantOf(fromDay, 0),
    toMs: zone.instantOf(toDay + 1, 0),
    classes: new Map(classes),
  };
}

function needsNewYork(template: TradingHoursTemplate): boolean {
  return JSON.stringify([template.weeks, template.dates, template.overrides]).includes(
    '"new_york_dst"',
  );
}

function rulesByDay(from: {
  layers: Layers;
  tradable: ReadonlySet<Phase>;
  isKnown: (entry: DateEntry) => boolean;
  other: Zone | undefined;
}): (dayNumber: number) => DayRules {
  const { layers, tradable, isKnown, other } = from;
  const week = weekHours(layers);
  const dates = byDay(layers.dates.filter(isKnown));
  const overrides = byDay(layers.overrides.filter(isKnown));
  const none: readonly DateEntry[] = [];
  return (dayNumber) => {
    const isDaylight = (): boolean => isDaylightInNewYork(other, dayNumber);
    const phases = week.phasesOn(dayNumber, isDaylight);
    const listed = dates.get(dayNumber);
    const changed = overrides.get(dayNumber);
    if (!listed && !changed) {
      const isOpen = phases.some(({ phase }) => tradable.has(phase));
      const state = isOpen ? 'open' : 'closed';
      return { state, layer: 'weekday', entry: null, settles: true, phases };
    }
    const entries = { dates: listed ?? none, overrides: changed ?? none };
    return rulesOf(phases, entries, tradable, isDaylight);
  };
}

/** At noon there: clocks change at night. */
function isDaylightInNewYork(zone: Zone | undefined, dayNumber: number): boolean {
  if (!zone) return false;
  return zone.offsetAt(zone.instantOf(dayNumber, noon)) !== newYorkStandardMs;
}

function byDay(entries: readonly DateEntry[]): Map<number, DateEntry[]> {
  const days = new Map<number, DateEntry[]>();
  for (const entry of entries) {
    const day = dayNumberOf(entry.date) as number;
    const held = days.get(day);
    if (held) held.push(entry);
    else days.set(day, [entry]);
  }
  return days;
}

function phaseTable(range: {
  fromDay: number;
  toDay: number;
  zone: Zone;
  rulesOn(dayNumber: number): DayRules;
}): PhaseTable {
  const { fromDay, toDay, zone, rulesOn } = range;
  const starts: number[] = [];
  const ends: number[] = [];
  const names: Phase[] = [];
  const days: number[] = [];
  let before = -Infinity;
  for (let day = fromDay; day <= toDay; day++) {
    let lastEnd = -Infinity;
    for (const { phase, start, end } of rulesOn(day).phases) {
      if (end <= start) throw disorder(day, `${phase} ends before it starts`);
      if (start < lastEnd) throw overlap(day, phase);
      const localMs = zone.instantOf(day, start);
      if (localMs < before && lastEnd === -Infinity) throw overlap(day, phase);
      lastEnd = end;
      // In order by the clock on the wall: a change of that clock leaves what it does not swallow.
      const startMs = Math.max(localMs, before);
      const endMs = zone.instantOf(day, end);
      if (endMs <= startMs) continue;
      before = endMs;
      starts.push(startMs);
      ends.push(endMs);
      names.push(phase);
      days.push(day);
    }
  }
  return {
    starts: Float64Array.from(starts),
    ends: Float64Array.from(ends),
    names,
    days: Int32Array.from(days),
  };
}

function classTable(
  phases: PhaseTable,
  tradable: ReadonlySet<Phase>,
): Omit<ClassTable, 'rulesOn'> {
  const edges: number[] = [];
  const opens: number[] = [];
  const closes: number[] = [];
  const days: number[] = [];
  let chainEnd = -Infinity;
  let chainHasOpen = false;
  for (let index = 0; index < phases.names.length; index++) {
    const start = phases.starts[index] as number;
    const end = phases.ends[index] as number;
    const day = phases.days[index] as number;
    // Windows that touch are one, as long as they are of one date.
    if (start !== chainEnd || day !== phases.days[index - 1]) chainHasOpen = false;
    chainEnd = end;
    if (!tradable.has(phases.names[index] as Phase)) continue;
    if (edges.at(-1) === start) edges[edges.length - 1] = end;
    else edges.push(start, end);
    if (chainHasOpen) closes[closes.length - 1] = end;
    else {
      opens.push(start);
      closes.push(end);
      days.push(day);
    }
    chainHasOpen = true;
  }
  return {
    tradable,
    phases,
    edges: Float64Array.from(edges),
    opens: Float64Array.from(opens),
    closes: Float64Array.from(closes),
    days: Int32Array.from(days),
  };
}

function overlap(dayNumber: number, phase: Phase): StrikewireError {
  return disorder(dayNumber, `${phase} starts before the last phase has ended`);
}

function disorder(dayNumber: number, what: string): StrikewireError {
  return invalid('windows_overlap', `${dateOf(dayNumber)}: ${what}`);
}

function invalid(code: string, message: string): StrikewireError {
  return new StrikewireError({ kind: 'invalid', code, message });
}
