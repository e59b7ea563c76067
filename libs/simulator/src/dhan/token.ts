/** Every Dhan token lives for a day. */
export const tokenLifeMs = 86_400_000;

/** `SELF`: made at Dhan's site, or renewed from such a one; `APP`: by PIN and TOTP. */
export type TokenConsumer = 'SELF' | 'APP';

/** A token of the shape that Dhan gives out (a JWT with its claims), without a real signature. */
export function simulatedToken(
  clientId: string,
  issuedAtMs: number,
  expiresAtMs: number,
  tokenConsumerType: TokenConsumer = 'SELF',
): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: 'dhan',
    partnerId: '',
    exp: Math.floor(expiresAtMs / 1000),
    iat: Math.floor(issuedAtMs / 1000),
    tokenConsumerType,
    webhookUrl: '',
    dhanClientId: clientId,
  };
  const signature = Buffer.from('simulated, not signed').toString('base64url');
  return `${part({ typ: 'JWT', alg: 'HS512' })}.${part(claims)}.${signature}`;
}
