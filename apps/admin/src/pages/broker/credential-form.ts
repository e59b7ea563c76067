import { secretMark, type Account, type CredentialField } from '@strikewire/contracts';

/** What is in the form: texts as typed, and what is switched on. */
export type Typed = Record<string, string | boolean>;
/** As an account keeps them. */
export type Credentials = Account['credentials'];

/** What a form begins with. A secret that is set stays empty: that means "as it was". */
export function typedOf(fields: readonly CredentialField[], saved: Credentials = {}): Typed {
  return Object.fromEntries(
    fields.map(({ name, kind, secret }): [string, string | boolean] => {
      const value = saved[name];
      if (kind === 'boolean') return [name, value === true];
      return [name, secret || value === undefined ? '' : String(value)];
    }),
  );
}

/** Whether a secret is set already, so that its field may stay empty. */
export function isKept({ name, secret }: CredentialField, saved: Credentials): boolean {
  return secret && saved[name] === secretMark;
}

/** What is missing, by field. The platform decides in the end; this spares the way. */
export function missingOf(
  fields: readonly CredentialField[],
  typed: Typed,
  saved: Credentials = {},
): Record<string, string> {
  const missing: Record<string, string> = {};
  for (const field of fields) {
    const need = needOf(field, typed[field.name] ?? '', isKept(field, saved));
    if (need !== null) missing[field.name] = need;
  }
  return missing;
}

function needOf(field: CredentialField, value: string | boolean, kept: boolean): string | null {
  if (typeof value === 'boolean') return null;
  const text = value.trim();
  if (text === '') return field.required && !kept ? `needs the ${field.label.toLowerCase()}` : null;
  if (field.kind === 'choice') {
    return field.choices?.includes(text) === false ? 'needs one of the choices' : null;
  }
  if (field.kind === 'number') return Number.isFinite(Number(text)) ? null : 'needs a number';
  const { charsMin, charsMax } = field;
  if (charsMin !== null && text.length < charsMin) {
    return `needs at least ${charsMin} characters; these are ${text.length}`;
  }
  if (charsMax !== null && text.length > charsMax) {
    return `needs at most ${charsMax} characters; these are ${text.length}`;
  }
  const isMatch = field.pattern === null || matches(field.pattern, text);
  return isMatch ? null : (field.patternHelp ?? 'has not the form that the broker gives');
}

/** A pattern that this browser cannot read refuses nothing: the platform checks as well. */
function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(text);
  } catch {
    return true;
  }
}

/**
 * What is sent. A secret that was left empty stays as it was, or is left out when there is none;
 * so is any other field that is empty and was before.
 */
export function credentialsOf(
  fields: readonly CredentialField[],
  typed: Typed,
  saved: Credentials = {},
): Credentials {
  const sent: Credentials = {};
  for (const field of fields) {
    const value = typed[field.name] ?? '';
    const text = typeof value === 'boolean' ? value : value.trim();
    if (text === '') {
      if (isKept(field, saved)) sent[field.name] = secretMark;
      else if (saved[field.name] !== undefined) sent[field.name] = '';
    } else {
      sent[field.name] = field.kind === 'number' ? Number(text) : text;
    }
  }
  return sent;
}
