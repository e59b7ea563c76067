import { activityQuerySchema, indiaIsoOf } from '@strikewire/contracts';

/** What is looked for, as a person typed it; times are of India, `2026-11-24T09:15`. */
export interface ActivityFilters {
  actor: string;
  action: string;
  subject: string;
  from: string;
  to: string;
}

/** Parts of an address; what vue-router calls a query. */
type Query = Readonly<Record<string, unknown>>;

const texts = ['actor', 'action', 'subject'] as const;
const times = ['from', 'to'] as const;

/** `2026-11-24T09:15` in India as an instant; null when it is none. */
function instantOf(local: string): string | null {
  const match = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.exec(local);
  if (!match) return null;
  return `${local}${match[1] === undefined ? ':00' : ''}+05:30`;
}

function localOf(instant: string): string {
  const ms = Date.parse(instant);
  return Number.isFinite(ms) ? indiaIsoOf(ms).slice(0, 16) : '';
}

/** The filters that an address names. */
export function filtersOf(query: Query): ActivityFilters {
  const text = (name: string): string => {
    const value = query[name];
    return typeof value === 'string' ? value : '';
  };
  return {
    actor: text('actor'),
    action: text('action'),
    subject: text('subject'),
    from: localOf(text('from')),
    to: localOf(text('to')),
  };
}

/** The filters for an address: only what is set, from the newest page on. */
export function addressOf(filters: ActivityFilters): Record<string, string> {
  const address: Record<string, string> = {};
  for (const name of texts) {
    const value = filters[name].trim();
    if (value !== '') address[name] = value;
  }
  for (const name of times) {
    const value = instantOf(filters[name]);
    if (value !== null) address[name] = value;
  }
  return address;
}

/** What the platform is asked for; parts of the address that it would refuse are left out. */
export function askedOf(query: Query): Record<string, string> {
  const asked: Record<string, string> = {};
  const { shape } = activityQuerySchema;
  for (const name of [...texts, ...times, 'before'] as const) {
    const value = query[name];
    if (typeof value === 'string' && shape[name].safeParse(value).success) asked[name] = value;
  }
  return asked;
}

/** Where the file with the same filters is, without pages. */
export function exportPath(query: Query, format: 'csv' | 'ndjson'): string {
  const asked = new URLSearchParams({ ...askedOf(query), format });
  asked.delete('before');
  return `/api/activity/export?${asked.toString()}`;
}
