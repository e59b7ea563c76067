import { indiaDateOf, indiaInstant } from '@strikewire/contracts';
import { addDays } from '../market/dates';

const tokenEndMinute = 3 * 60 + 30;

/** Whenever it was given out, a token dies at the next 03:30 in India. */
export function tokenEndMs(wallMs: number): number {
  const date = indiaDateOf(wallMs);
  const today = indiaInstant(date, tokenEndMinute);
  return wallMs < today ? today : indiaInstant(addDays(date, 1), tokenEndMinute);
}

/** A token of the shape that Upstox gives out (a JWT with its claims), without a real signature. */
export function simulatedUpstoxToken(
  clientId: string,
  issuedAtMs: number,
  expiresAtMs: number,
  isPlus = false,
): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    sub: clientId,
    jti: Math.floor(issuedAtMs).toString(16),
    isMultiClient: false,
    isPlusPlan: isPlus,
    iat: Math.floor(issuedAtMs / 1000),
    iss: 'udapi-gateway-service',
    exp: Math.floor(expiresAtMs / 1000),
  };
  const header = { typ: 'JWT', kid: 'sk_v1.0', alg: 'HS256' };
  const signature = Buffer.from('simulated, not signed').toString('base64url');
  return `${part(header)}.${part(claims)}.${signature}`;
}
