/** What an access token tells of itself. */
export interface TokenClaims {
  /** Epoch ms; null when it does not tell. */
  expiresMs: number | null;
  /** `SELF`: made at Dhan's site; `APP`: by an API key or a TOTP; undefined: not told. */
  consumer: string | undefined;
}

/** The middle part of a JWT, which nobody has verified: the broker does that. */
export function tokenClaims(token: string): TokenClaims {
  const claims = claimsOf(token);
  const { exp, tokenConsumerType } = claims;
  const isTime = typeof exp === 'number' && Number.isFinite(exp) && exp > 0;
  return {
    expiresMs: isTime ? exp * 1_000 : null,
    consumer: typeof tokenConsumerType === 'string' ? tokenConsumerType : undefined,
  };
}

function claimsOf(token: string): { exp?: unknown; tokenConsumerType?: unknown } {
  const part = token.split('.')[1];
  if (part === undefined) return {};
  try {
    const claims: unknown = JSON.parse(atob(part.replaceAll('-', '+').replaceAll('_', '/')));
    return typeof claims === 'object' && claims !== null ? claims : {};
  } catch {
    return {};
  }
}
