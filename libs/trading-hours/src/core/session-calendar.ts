import { StrikewireError } from '@strikewire/runtime';
import { compileCalendar, type ClassTable, type CompiledCalendar } from './compile';
import { dateOf, dayNumberOf } from './local-time';
import { countBefore, countUpTo, placeOfDay } from './search';
import {
  templateSchema,
  usualClass,
  type DateEntry,
  type Phase,
  type TradingHoursInput,
} from './template';

/** How a calendar is made. */
export interface CalendarOptions {
  /** First date that may be asked about; default: the first of the template's weeks. */
  from?: string;
  /** Last one; default: the end of 2040, or two years after the last verified year or entry. */
  to?: string;
  /** What stopped trading while it was open, as it happened. */
  halts?: readonly Halt[];
}

/** Trading that stopped in the middle: an outage, a circuit breaker. Epoch ms; null: goes on. */
export interface Halt {
  fromMs: number;
  toMs: number | null;
  reason: string;
}

/** What a question is about. */
export interface CalendarQuery {
  /** Class of instrument; default: `default`. */
  instrumentClass?: string;
  /** Epoch ms: as it was known then. Default: as it is known now. */
  knownAt?: number;
}

/** A stretch of trading from open to close, its breaks included; epoch ms, half-open. */
export interface Session {
  /** The date that it belongs to. */
  date: string;
  openMs: number;
  closeMs: number;
}

/** What goes on at an instant. */
export interface PhaseNow {
  /** `closed` outside of all windows. */
  phase: Phase | 'closed';
  /** The date that it belongs to; null when closed. */
  date: string | null;
  isTradable: boolean;
  /** When something else begins; null when nothing more does within the calendar. */
  untilMs: number | null;
}

/** What holds on a date. */
export interface TradingDay {
  date: string;
  /** `hours_unknown`: announced, but not when: not open, and not a holiday to be sure of. */
  state: 'open' | 'closed' | 'hours_unknown';
  layer: 'weekday' | 'date' | 'override';
  /** Of the entry that decides; null on an ordinary day. */
  name: string | null;
  source: string | null;
  /** True when what is traded is paid in and out as usual. */
  settles: boolean;
  /** False when the year's dates are not known to be complete. */
  verified: boolean;
  phases: { phase: Phase; startMs: number; endMs: number; isTradable: boolean }[];
  sessions: Session[];
}

/**
 * When a segment trades. Instants are epoch ms, intervals half-open, "next" and "previous" strict.
 * A break is not open, and no close either. Outside of its dates: kind `invalid`, code
 * `out_of_calendar`.
 */
export interface TradingHoursCalendar {
  readonly name: string;
  readonly timeZone: string;
  /** First and last date, both included. */
  readonly from: string;
  readonly to: string;
  /** The same as instants: the first that may be asked about, and the first that may not. */
  readonly fromMs: number;
  readonly toMs: number;
  isOpen(atMs: number, query?: CalendarQuery): boolean;
  phaseAt(atMs: number, query?: CalendarQuery): PhaseNow;
  /** Undefined when there is none within the calendar. */
  nextOpen(atMs: number, query?: CalendarQuery): number | undefined;
  nextClose(atMs: number, query?: CalendarQuery): number | undefined;
  previousOpen(atMs: number, query?: CalendarQuery): number | undefined;
  previousClose(atMs: number, query?: CalendarQuery): number | undefined;
  /** Sessions that open from `fromMs` on and before `toMs`. */
  sessionsBetween(fromMs: number, toMs: number, query?: CalendarQuery): Session[];
  /** Dates with at least one session, from the first date up to and without the second. */
  tradingDaysBetween(from: string, to: string, query?: CalendarQuery): string[];
  sessionOn(date: string, query?: CalendarQuery): TradingDay;
  /** Until the present session closes; null outside of sessions. In a break it counts on. */
  minutesToClose(atMs: number, query?: CalendarQuery): number | null;
}

/** A template that names no later year can be asked up to its end nevertheless. */
const horizonYear = 2040;
/** Variants of what was known that are kept compiled. */
const variantsMax = 8;

/**
 * A calendar of a template. Throws a ZodError when the template is not as the schema has it, kind
 * `invalid` when its windows overlap on some date.
 */
export function createCalendar(
  input: TradingHoursInput,
  options: CalendarOptions = {},
): TradingHoursCalendar {
  const template = templateSchema.parse(input);
  const entries = [...template.dates, ...template.overrides];
  const from = options.from ?? [...template.weeks].map((week) => week.from).sort()[0] ?? '';
  const to = options.to ?? lastDate(template.verifiedYears, entries, from);
  const knownAts = [...new Set(entries.flatMap(({ knownAt }) => knownAt ?? []))]
    .map((text) => Date.parse(text))
    .sort((a, b) => a - b);
  const variants = new Map<number, CompiledCalendar>();
  const compile = (limitMs: number): CompiledCalendar =>
    compileCalendar({
      template,
      from,
      to,
      isKnown: ({ knownAt }) => knownAt === undefined || Date.parse(knownAt) <= limitMs,
    });
  const whole = compile(Infinity);
  const variantOf = (knownAt: number | undefined): CompiledCalendar => {
    const isKnown = (at: number): boolean => knownAt === undefined || at <= knownAt;
    const count = knownAts.filter(isKnown).length;
    if (count === knownAts.length) return whole;
    const held = variants.get(count);
    if (held) return held;
    if (variants.size >= variantsMax) variants.delete(variants.keys().next().value as number);
    const made = compile(knownAt as number);
    variants.set(count, made);
    return made;
  };
  return new CompiledHours({
    template,
    whole,
    variantOf,
    halts: options.halts ?? [],
    verified: new Set(template.verifiedYears),
  });
}

function lastDate(
  years: readonly number[],
  entries: readonly DateEntry[],
  from: string,
): string {
  const last = entries.map(({ date }) => Number(date.slice(0, 4)));
  const year = Math.max(Number(from.slice(0, 4)), ...years, ...last);
  return `${Math.max(year + 2, horizonYear)}-12-31`;
}

interface Parts {
  template: ReturnType<typeof templateSchema.parse>;
  whole: CompiledCalendar;
  variantOf(knownAt: number | undefined): CompiledCalendar;
  halts: readonly Halt[];
  verified: ReadonlySet<number>;
}

class CompiledHours implements TradingHoursCalendar {
  readonly name: string;
  readonly timeZone: string;
  readonly from: string;
  readonly to: string;
  readonly fromMs: number;
  readonly toMs: number;
  private readonly parts: Parts;
  private readonly whole: CompiledCalendar;
  private readonly usual: ClassTable;

  constructor(parts: Parts) {
    const { template, whole } = parts;
    this.parts = parts;
    this.whole = whole;
    this.name = template.name;
    this.timeZone = template.timeZone;
    this.from = dateOf(whole.fromDay);
    this.to = dateOf(whole.toDay);
    this.fromMs = whole.fromMs;
    this.toMs = whole.toMs;
    this.usual = classOf(whole, usualClass);
  }

  isOpen(atMs: number, query?: CalendarQuery): boolean {
    const { edges } = this.tableAt(atMs, query);
    // An odd number of edges up to now: inside.
    return (countUpTo(edges, atMs) & 1) === 1 && this.haltAt(atMs) === undefined;
  }

  phaseAt(atMs: number, query?: CalendarQuery): PhaseNow {
    const { tradable, phases } = this.tableAt(atMs, query);
    const index = countUpTo(phases.starts, atMs) - 1;
    const endMs = phases.ends[index];
    if (endMs === undefined || atMs >= endMs) {
      const untilMs = phases.starts[index + 1] ?? null;
      return { phase: 'closed', date: null, isTradable: false, untilMs };
    }
    const phase = phases.names[index] as Phase;
    const date = dateOf(phases.days[index] as number);
    const halt = this.haltAt(atMs);
    if (halt) {
      const untilMs = Math.min(halt.toMs ?? endMs, endMs);
      return { phase: 'halt', date, isTradable: false, untilMs };
    }
    const nextHalt = this.parts.halts
      .map(({ fromMs }) => fromMs)
      .filter((fromMs) => fromMs > atMs && fromMs < endMs);
    const untilMs = Math.min(endMs, ...nextHalt);
    return { phase, date, isTradable: tradable.has(phase), untilMs };
  }

  nextOpen(atMs: number, query?: CalendarQuery): number | undefined {
    const { opens } = this.tableAt(atMs, query);
    return opens[countUpTo(opens, atMs)];
  }

  nextClose(atMs: number, query?: CalendarQuery): number | undefined {
    const { closes } = this.tableAt(atMs, query);
    return closes[countUpTo(closes, atMs)];
  }

  previousOpen(atMs: number, query?: CalendarQuery): number | undefined {
    const { opens } = this.tableAt(atMs, query);
    return opens[countBefore(opens, atMs) - 1];
  }

  previousClose(atMs: number, query?: CalendarQuery): number | undefined {
    const { closes } = this.tableAt(atMs, query);
    return closes[countBefore(closes, atMs) - 1];
  }

  sessionsBetween(fromMs: number, toMs: number, query?: CalendarQuery): Session[] {
    const table = this.tableAt(fromMs, query);
    this.check(toMs, true);
    const sessions: Session[] = [];
    for (let index = countBefore(table.opens, fromMs); ; index++) {
      const openMs = table.opens[index];
      if (openMs === undefined || openMs >= toMs) return sessions;
      sessions.push(sessionAt(table, index));
    }
  }

  tradingDaysBetween(from: string, to: string, query?: CalendarQuery): string[] {
    const variant = this.parts.variantOf(query?.knownAt);
    const { days } = this.table(variant, query);
    const [fromDay, toDay] = [this.dayOf(from), this.dayOf(to, true)];
    const wanted = days.subarray(placeOfDay(days, fromDay), placeOfDay(days, toDay));
    return [...new Set(wanted)].map(dateOf);
  }

  sessionOn(date: string, query?: CalendarQuery): TradingDay {
    const day = this.dayOf(date);
    const variant = this.parts.variantOf(query?.knownAt);
    const table = this.table(variant, query);
    const { state, layer, entry, settles } = table.rulesOn(day);
    const sessions: Session[] = [];
    for (let index = placeOfDay(table.days, day); table.days[index] === day; index++) {
      sessions.push(sessionAt(table, index));
    }
    return {
      date,
      state: state === 'open' && sessions.length === 0 ? 'closed' : state,
      layer,
      settles: settles && sessions.length > 0,
      name: entry?.name ?? null,
      source: entry?.source ?? null,
      verified: this.parts.verified.has(Number(date.slice(0, 4))),
      phases: phasesOn(table, day),
      sessions,
    };
  }

  minutesToClose(atMs: number, query?: CalendarQuery): number | null {
    const { opens, closes } = this.tableAt(atMs, query);
    const closeMs = closes[countUpTo(opens, atMs) - 1];
    return closeMs === undefined || atMs >= closeMs ? null : (closeMs - atMs) / 60_000;
  }

  private tableAt(atMs: number, query: CalendarQuery | undefined): ClassTable {
    this.check(atMs);
    if (query === undefined) return this.usual;
    return this.table(this.parts.variantOf(query.knownAt), query);
  }

  private table(variant: CompiledCalendar, query: CalendarQuery | undefined): ClassTable {
    return classOf(variant, query?.instrumentClass ?? usualClass);
  }

  private haltAt(atMs: number): Halt | undefined {
    const { halts } = this.parts;
    if (halts.length === 0) return undefined;
    return halts.find(({ fromMs, toMs }) => atMs >= fromMs && (toMs === null || atMs < toMs));
  }

  private check(atMs: number, isEnd = false): void {
    const { fromMs, toMs } = this.whole;
    if (atMs >= fromMs && (isEnd ? atMs <= toMs : atMs < toMs)) return;
    const when = Number.isFinite(atMs) ? new Date(atMs).toISOString() : String(atMs);
    throw this.outside(when);
  }

  private dayOf(date: string, isEnd = false): number {
    const day = dayNumberOf(date);
    const last = isEnd ? this.whole.toDay + 1 : this.whole.toDay;
    if (day !== undefined && day >= this.whole.fromDay && day <= last) return day;
    throw this.outside(date);
  }

  private outside(when: string): StrikewireError {
    return new StrikewireError({
      kind: 'invalid',
      code: 'out_of_calendar',
      message: `${this.name} knows ${this.from} to ${this.to}; ${when} is outside`,
    });
  }
}

function classOf(calendar: CompiledCalendar, name: string): ClassTable {
  const table = calendar.classes.get(name) ?? calendar.classes.get(usualClass);
  if (table) return table;
  const known = [...calendar.classes.keys()].join(', ');
  throw new StrikewireError({
    kind: 'invalid',
    code: 'class_unknown',
    message: `instrumentClass was ${name}, needs one of ${known}`,
  });
}

function phasesOn({ phases, tradable }: ClassTable, day: number): TradingDay['phases'] {
  const { days, names, starts, ends } = phases;
  const found: TradingDay['phases'] = [];
  for (let index = placeOfDay(days, day); days[index] === day; index++) {
    const phase = names[index] as Phase;
    const [startMs, endMs] = [starts[index] as number, ends[index] as number];
    found.push({ phase, startMs, endMs, isTradable: tradable.has(phase) });
  }
  return found;
}

function sessionAt(table: ClassTable, index: number): Session {
  return {
    date: dateOf(table.days[index] as number),
    openMs: table.opens[index] as number,
    closeMs: table.closes[index] as number,
  };
}
