import type { DateEntry, PhaseWindow } from '@strikewire/trading-hours';
import { clockTimeOf } from './clock-time';
import type { Layer, PlacedEntry } from './date-entries';

/** An entry while it is filled in: every kind's fields side by side, as texts. */
export interface EntryForm {
  date: string;
  name: string;
  source: string;
  kind: DateEntry['kind'];
  layer: Layer;
  /** Special hours that were announced without their times. */
  isUnknown: boolean;
  windows: readonly PhaseWindow[];
  opens: string;
  closes: string;
  minutes: string;
}

/** What an evening session looks like, to begin with. */
const evening: PhaseWindow = { phase: 'continuous', start: '18:00', end: '19:00' };

export function formOf(placed: PlacedEntry | null, date: string): EntryForm {
  const entry = placed?.entry;
  const windows = entry?.kind === 'special' ? entry.windows : undefined;
  const { opens = '', closes = '' } = entry?.kind === 'partial' ? entry : {};
  return {
    date: entry?.date ?? date,
    name: entry?.name ?? '',
    source: entry?.source ?? '',
    kind: entry?.kind ?? 'closed',
    layer: placed?.layer ?? 'dates',
    isUnknown: windows === null,
    windows: windows ?? [evening],
    opens,
    closes,
    minutes: entry?.kind === 'extension' ? String(entry.minutes) : '30',
  };
}

/** The entry that a form stands for; not checked. `knownAt`: when it became known, if said. */
export function entryOf(form: EntryForm, knownAt: string | undefined): DateEntry {
  const source = form.source.trim();
  const about = {
    date: form.date.trim(),
    name: form.name.trim(),
    ...(source && { source }),
    ...(knownAt !== undefined && { knownAt }),
  };
  switch (form.kind) {
    case 'special':
      return { kind: form.kind, ...about, windows: form.isUnknown ? null : [...form.windows] };
    case 'partial': {
      const [opens, closes] = [timeOf(form.opens), timeOf(form.closes)];
      return { kind: form.kind, ...about, ...(opens && { opens }), ...(closes && { closes }) };
    }
    case 'extension':
      return { kind: form.kind, ...about, minutes: Number(form.minutes.trim() || NaN) };
    default:
      return { kind: form.kind, ...about };
  }
}

/** What is no time stays as it is typed, to be refused. */
function timeOf(text: string): string {
  return clockTimeOf(text) ?? text.trim();
}
