import type { AccountSeed } from './accounts';

/** Every Dhan token lives for a day. */
export const tokenLifeMs = 86_400_000;

/** A token of the shape that Dhan gives out (a JWT with its claims), without a real signature. */
export function simulatedToken(
  clientId: string,
  issuedAtMs: number,
  expiresAtMs: number,
): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: 'dhan',
    partnerId: '',
    exp: Math.floor(expiresAtMs / 1000),
    iat: Math.floor(issuedAtMs / 1000),
    tokenConsumerType: 'SELF',
    webhookUrl: '',
    dhanClientId: clientId,
  };
  const signature = Buffer.from('simulated, not signed').toString('base64url');
  return `${part({ typ: 'JWT', alg: 'HS512' })}.${part(claims)}.${signature}`;
}

const defaultClientId = '1000000001';
const defaultIssuedAt = Date.UTC(2026, 0, 1);
const defaultExpiresAt = Date.UTC(2099, 11, 31);

/** The account that is there when none is given; its token is the same on every machine. */
export const defaultAccount: Readonly<AccountSeed> = {
  clientId: defaultClientId,
  token: simulatedToken(defaultClientId, defaultIssuedAt, defaultExpiresAt),
  tokenExpiresAt: defaultExpiresAt,
  dataPlan: true,
};
