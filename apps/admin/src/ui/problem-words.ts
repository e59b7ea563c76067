import type { ErrorKind, StrikewireError } from '@strikewire/runtime';

/** What a refusal needs of each field, by name. */
export type FieldNeeds = Readonly<Record<string, string>>;

const nextByKind: Partial<Record<ErrorKind, string>> = {
  invalid: 'Nothing was changed. Correct what is named and try again.',
  unauthenticated: 'Sign in again.',
  forbidden: 'Nothing was changed. Ask an admin for the role that it needs.',
  not_found: 'It may have been removed meanwhile: reload the page.',
  throttled: 'Nothing was changed. Wait a moment, then try again.',
  denied: 'Nothing was changed.',
  rejected: 'The broker refused it; nothing was changed.',
  retryable: 'It may not have been done: look before you try again.',
  assertion: 'Reload the page; if it happens again, report it.',
};

/** What happened and what to do, as sentences. */
export function problemWords(error: StrikewireError): { what: string; next: string } {
  const message = error.message.trim();
  const what = message.charAt(0).toUpperCase() + message.slice(1);
  return {
    what: /[.!?]$/.test(what) ? what : `${what}.`,
    next: nextByKind[error.kind] ?? 'Try again in a moment.',
  };
}

/** The fields that a refusal names; nested names are joined by dots. */
export function fieldNeedsOf(error: StrikewireError | null): FieldNeeds {
  const fields = error?.details?.['fields'];
  if (!Array.isArray(fields)) return {};
  return Object.fromEntries(
    fields.flatMap((entry: unknown): [string, string][] => {
      const { field, needed } = (entry ?? {}) as { field?: unknown; needed?: unknown };
      return typeof field === 'string' && typeof needed === 'string' ? [[field, needed]] : [];
    }),
  );
}

interface Checked {
  success: boolean;
  error?: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } | undefined;
}

/** What a schema of the contracts misses, by field: the first need of each. */
export function needsOf(checked: Checked): FieldNeeds {
  const needs: Record<string, string> = {};
  for (const { path, message } of checked.error?.issues ?? []) {
    needs[path.map(String).join('.')] ??= message;
  }
  return needs;
}
