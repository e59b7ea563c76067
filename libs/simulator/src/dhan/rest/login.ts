import type { ServedRequest, ServedResponse } from '@strikewire/runtime';
import { gatewayError, tradingError } from '../envelopes';
import { createOneTimeCodes } from '../one-time-codes';
import { tokenAnswer } from './account';
import type { RestDeps } from './rest-call';

/** At the host where people sign in, with no version in front. */
export const loginPath = '/app/generateAccessToken';

const sixDigits = /^\d{6}$/;

/**
 * POST /app/generateAccessToken: a token by PIN and TOTP, both in the query and no token with it;
 * the one of before is dead then. How refusals look is not documented: as those of other routes.
 */
export function createLoginRoute(
  deps: RestDeps,
): (request: ServedRequest) => Promise<ServedResponse> {
  const codes = createOneTimeCodes();
  return async ({ method, path, query }) => {
    const nowMs = deps.clock.wallMs();
    if (method !== 'POST') return gatewayError(405, path, nowMs);
    const clientId = query.get('dhanClientId') ?? '';
    const [pin, totp] = [query.get('pin') ?? '', query.get('totp') ?? ''];
    if (clientId === '' || !sixDigits.test(pin) || !sixDigits.test(totp)) {
      return tradingError('DH-905');
    }
    if (!deps.limits.take(clientId, 'nonTrading')) return tradingError('DH-904');
    const account = deps.accounts.find(clientId);
    const { pin: ownPin, totpSecret } = account ?? {};
    const isRight = ownPin === pin && totpSecret !== undefined &&
      await deps.clock.track(codes.take(clientId, totpSecret, totp, nowMs));
    if (!isRight) return tradingError('DH-901');
    if (deps.faults.isSuspended(clientId)) return tradingError('DH-903');
    const granted = deps.accounts.renew(clientId, 'APP');
    return granted ? tokenAnswer(granted) : tradingError('DH-901');
  };
}
