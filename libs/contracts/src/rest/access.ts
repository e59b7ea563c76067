import { z } from 'zod';

/** What a person may do; each role includes those before it. */
export const roles = ['viewer', 'trader', 'admin'] as const;
/** One of the roles. */
export type Role = (typeof roles)[number];

/** What an API key may do. Scopes do not include one another: a key has exactly what it names. */
export const keyScopes = ['chains:read', 'metrics:read', 'orders:read', 'trade', 'admin'] as const;
/** One of the scopes of API keys. */
export type KeyScope = (typeof keyScopes)[number];

/** The role that the owner of a key needs for each scope. */
export const roleOfScope: Readonly<Record<KeyScope, Role>> = {
  'chains:read': 'viewer',
  'metrics:read': 'viewer',
  'orders:read': 'trader',
  trade: 'trader',
  admin: 'admin',
};

/** Whether a role includes another. */
export function roleIncludes(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}

/** An id that the platform gives: a UUID. */
export const idSchema = z.uuid({ error: 'needs to be an id (a UUID)' });

/** Parameters of a route about one thing. */
export const idParamsSchema = z.strictObject({ id: idSchema });
/** `{id}` of a path. */
export type IdParams = z.infer<typeof idParamsSchema>;

/** One line of text from people: what surrounds it is cut, control characters are refused. */
export function lineSchema(charsMax: number): z.ZodString {
  return z
    .string()
    .trim()
    .min(1, { error: 'needs at least one character' })
    .max(charsMax, { error: `needs at most ${charsMax} characters` })
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, { error: 'needs to be one line of printable text' });
}

/** ISO-8601 with an offset, in answers and questions. */
export const instantSchema = z.iso.datetime({
  offset: true,
  error: 'needs to be a time such as 2026-11-24T09:15:00+05:30',
});
