import { instantTitle } from '../../../format/instants';

/** One thing that an entry says of its subject. */
export interface Difference {
  name: string;
  /** Null: was not there before. */
  before: string | null;
  /** Null: is not there any more. */
  after: string | null;
}

type Facts = Readonly<Record<string, unknown>> | null;

/** What differs between before and after, by name; nested names are joined by dots. */
export function differencesOf(before: Facts, after: Facts): Difference[] {
  const [was, is] = [flat(before), flat(after)];
  const names = [...new Set([...was.keys(), ...is.keys()])];
  return names
    .map((name) => ({ name, before: was.get(name) ?? null, after: is.get(name) ?? null }))
    .filter((row) => row.before !== row.after);
}

/** Shortly: `role: admin (was viewer)`, what is new as `role: admin`. */
export function differenceText({ name, before, after }: Difference): string {
  if (before === null) return `${name}: ${after}`;
  return `${name}: ${after ?? 'gone'} (was ${before})`;
}

function flat(facts: Facts): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (name: string, value: unknown): void => {
    if (isRecord(value) && Object.keys(value).length > 0) {
      for (const [key, inner] of Object.entries(value)) walk(name ? `${name}.${key}` : key, inner);
      return;
    }
    found.set(name, textOf(value));
  };
  for (const [name, value] of Object.entries(facts ?? {})) walk(name, value);
  return found;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value === '' ? '(empty)' : momentOr(value);
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return String(value);
  if (!Array.isArray(value)) return '{}';
  if (value.length === 0) return 'none';
  return value.map((entry) => (isRecord(entry) ? JSON.stringify(entry) : textOf(entry))).join(', ');
}

function momentOr(text: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*$/.test(text) ? instantTitle(text) : text;
}

/** `user.password_reset` as words: `User password reset`. */
export function actionWords(action: string): string {
  const words = action.replaceAll(/[._]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
