import type { DateEntry, TradingHoursTemplate } from '@strikewire/trading-hours';
import { needsUnder, templateNeeds } from './template-edit';
import type { FieldNeeds } from '../../ui/problem-words';
import { phaseLabel } from '../../format/market-phase';

/** The year's list, or what was decided since and counts before it. */
export type Layer = 'dates' | 'overrides';

/** An entry and where it stands in its template. */
export interface PlacedEntry {
  entry: DateEntry;
  layer: Layer;
  place: number;
}

export const kindLabels: Readonly<Record<DateEntry['kind'], string>> = {
  closed: 'Closed',
  special: 'Special hours',
  partial: 'Part of the day',
  extension: 'Longer',
  regular: 'As the weekday',
  settlement_holiday: 'Settlement holiday',
};

/** All entries of a year by date; of one date, what counts before the year's list comes last. */
export function entriesOf(template: TradingHoursTemplate, year: number): PlacedEntry[] {
  const layers: readonly Layer[] = ['dates', 'overrides'];
  const all = layers.flatMap((layer) =>
    template[layer].map((entry, place): PlacedEntry => ({ entry, layer, place })),
  );
  return all
    .filter(({ entry }) => entry.date.startsWith(`${year}-`))
    .sort((a, b) => a.entry.date.localeCompare(b.entry.date));
}

/** Years that have entries or are verified, with those around `present`; ascending. */
export function yearsOf(template: TradingHoursTemplate, present: number): number[] {
  const { dates, overrides, verifiedYears } = template;
  const named = [...dates, ...overrides].map(({ date }) => Number(date.slice(0, 4)));
  const all = new Set([...named, ...verifiedYears, present, present + 1]);
  return [...all].filter(Number.isInteger).sort((a, b) => a - b);
}

/** Adds an entry, or puts it in the place of another; the year's list stays in order of dates. */
export function withEntry(
  template: TradingHoursTemplate,
  { entry, layer }: { entry: DateEntry; layer: Layer },
  former?: PlacedEntry,
): TradingHoursTemplate {
  if (layer === 'overrides' && former?.layer === layer) {
    // Of those the later one counts, so each keeps its place.
    const overrides = template.overrides.with(former.place, entry);
    return { ...template, overrides };
  }
  const base = former ? withoutEntry(template, former) : template;
  if (layer === 'overrides') return { ...base, overrides: [...base.overrides, entry] };
  const later = base.dates.findIndex(({ date }) => date > entry.date);
  const at = later < 0 ? base.dates.length : later;
  return { ...base, dates: base.dates.toSpliced(at, 0, entry) };
}

export function withoutEntry(
  template: TradingHoursTemplate,
  { layer, place }: PlacedEntry,
): TradingHoursTemplate {
  return { ...template, [layer]: template[layer].toSpliced(place, 1) };
}

export function withVerified(
  template: TradingHoursTemplate,
  year: number,
  isVerified: boolean,
): TradingHoursTemplate {
  const others = template.verifiedYears.filter((one) => one !== year);
  const years = isVerified ? [...others, year].sort((a, b) => a - b) : others;
  return { ...template, verifiedYears: years };
}

/** What one entry needs, by its fields. */
export function entryNeeds(template: TradingHoursTemplate, entry: DateEntry): FieldNeeds {
  const alone = { ...template, dates: [entry], overrides: [] };
  const needs = templateNeeds(alone);
  const whole = needs['dates.0'];
  // Of a part of the day neither end was given: said at the first of both.
  return { ...needsUnder(needs, 'dates.0'), ...(whole !== undefined && { opens: whole }) };
}

/** What an entry makes of its date. */
export function entryEffect(entry: DateEntry): string {
  switch (entry.kind) {
    case 'closed':
      return 'closed all day';
    case 'special':
      if (entry.windows === null) return 'hours not known yet';
      if (entry.windows.length === 0) return 'closed all day';
      return entry.windows.map(windowLabel).join(', ');
    case 'partial':
      return [
        entry.opens === undefined ? '' : `from ${entry.opens}`,
        entry.closes === undefined ? '' : `up to ${entry.closes}`,
      ].join(' ').trim();
    case 'extension':
      return `${entry.minutes} min longer`;
    case 'regular':
      return "the weekday's hours";
    case 'settlement_holiday':
      return 'trading as usual, nothing is paid in or out';
  }
}

type Window = NonNullable<Extract<DateEntry, { kind: 'special' }>['windows']>[number];

/** `09:15–15:30`, with the phase unless it is continuous. */
export function windowLabel({ phase, start, end }: Window): string {
  const ends = typeof end === 'string' ? end : `${end.daylight} or ${end.standard} by New York`;
  const hours = `${start}–${ends}`;
  return phase === 'continuous' ? hours : `${hours} ${phaseLabel(phase)}`;
}
