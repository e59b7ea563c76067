interface Claims {
  /** The user. */
  sub?: unknown;
  /** Epoch seconds. */
  exp?: unknown;
}

/** When an access token ends, epoch ms; null when it does not tell. */
export function tokenExpiresMs(token: string | undefined): number | null {
  const { exp } = claimsOf(token);
  return typeof exp === 'number' && Number.isFinite(exp) && exp > 0 ? exp * 1_000 : null;
}

/** Whose an access token is; undefined when it does not tell. */
export function tokenUser(token: string | undefined): string | undefined {
  const { sub } = claimsOf(token);
  return typeof sub === 'string' && /^[\w.-]{1,64}$/.test(sub) ? sub : undefined;
}

/** The middle part of a JWT, which nobody has verified: the broker does that. */
function claimsOf(token: string | undefined): Claims {
  const part = token?.split('.')[1];
  if (part === undefined) return {};
  try {
    const claims: unknown = JSON.parse(atob(part.replaceAll('-', '+').replaceAll('_', '/')));
    return typeof claims === 'object' && claims !== null ? claims : {};
  } catch {
    return {};
  }
}
