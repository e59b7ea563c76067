import { indiaDateOf, indiaInstant, isIsoDate, paiseOf } from '@strikewire/contracts';

/*
 * Readers of what brokers' answers have in them, as whoever writes a plugin needs them: each takes
 * anything, never throws, and answers null for what is not what it reads.
 */

/** A row of an answer. */
export type WireRow = Readonly<Record<string, unknown>>;

/** Ten lakh rupees a unit: no option or future costs so much. */
const rupeesMax = 1_000_000;
/** No order has so many units. */
const unitsMax = 10_000_000;
const months = [
  'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec',
];

/** Whether it is an object, and no list. */
export function isWireRow(value: unknown): value is WireRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A finite number, also one that comes as text, -0 as 0; else null. */
export function wireNumber(value: unknown): number | null {
  const isText = typeof value === 'string' && value.trim() !== '';
  const number = isText ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number + 0 : null;
}

/** Whole units from zero up; null for what is none. */
export function wireUnits(value: unknown): number | null {
  const number = wireNumber(value);
  const isWhole = number !== null && Number.isInteger(number);
  return isWhole && number >= 0 && number <= unitsMax ? number : null;
}

/** Paise of a price in rupees; null where there is none, which is 0 on the wire, or absurd. */
export function wirePaise(value: unknown): number | null {
  const rupees = wireNumber(value);
  if (rupees === null || rupees <= 0 || rupees > rupeesMax) return null;
  return paiseOf(rupees) || null;
}

/** A text with something in it; numbers become one. Null for anything else. */
export function wireText(value: unknown): string | null {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/**
 * Epoch ms of a time: `2026-11-24 09:15:05` or `24-Nov-2026 09:15:05` in India, or with a zone of
 * its own; with `nowMs` also `09:15:05` of that day in India. Null for what is none, and for what
 * stands for none (years before 2000).
 */
export function wireTime(value: unknown, nowMs?: number): number | null {
  if (typeof value !== 'string') return null;
  const isOfToday = nowMs !== undefined && /^\d{2}:\d{2}:\d{2}$/.test(value.trim());
  const text = isOfToday ? `${indiaDateOf(nowMs)} ${value.trim()}` : value.trim();
  if (/^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:?\d{2})$/.test(text)) {
    const instant = Date.parse(text);
    return instant > 0 ? Math.floor(instant) : null;
  }
  const match = /^(\S+)[T ](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?$/.exec(text);
  const date = isoDateOf(match?.[1] ?? '');
  if (!match || date === undefined) return null;
  const [hours, minutes, seconds] = [Number(match[2]), Number(match[3]), Number(match[4])];
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  return indiaInstant(date, hours * 60 + minutes) + seconds * 1_000;
}

function isoDateOf(text: string): string | undefined {
  const match = /^(\d{2})-([A-Za-z]{3})-(\d{4})$/.exec(text);
  const month = months.indexOf((match?.[2] ?? '').toLowerCase()) + 1;
  const date = match && month > 0
    ? `${match[3]}-${String(month).padStart(2, '0')}-${match[1]}`
    : text;
  return isIsoDate(date) && date >= '2000' ? date : undefined;
}
