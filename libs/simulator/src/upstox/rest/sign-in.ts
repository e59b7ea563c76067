import type { ServedResponse } from '@strikewire/runtime';
import { parseBody } from '../../parse-body';
import type { UpstoxAccountSeed } from '../accounts';
import { failure, jsonAnswer, success } from '../envelopes';
import type { OpenCall, UserCall } from './rest-call';

/** GET /v2/login/authorization/dialog: here everybody signs in at once. */
export function dialogRoute({ deps, request: { query } }: OpenCall): ServedResponse {
  const account = deps.accounts.ofApp(query.get('client_id') ?? '');
  const redirect = query.get('redirect_uri');
  const isRight = account && redirect === account.redirectUri &&
    query.get('response_type') === 'code';
  if (!isRight) return failure('UDAPI100016');
  const target = new URL(account.redirectUri);
  target.searchParams.set('code', deps.signIns.issue(account.clientId));
  const state = query.get('state');
  if (state !== null) target.searchParams.set('state', state);
  return { status: 302, headers: { location: target.href } };
}

/** POST /v2/login/authorization/token, as a form or as JSON; the answer has no envelope. */
export function tokenRoute({ deps, request }: OpenCall): ServedResponse {
  const fields = fieldsOf(request);
  const clientId = deps.signIns.redeem(fields('code'));
  const account = deps.accounts.ofApp(fields('client_id'));
  const isApp = account && account.apiSecret === fields('client_secret') &&
    account.redirectUri === fields('redirect_uri') &&
    fields('grant_type') === 'authorization_code';
  if (!isApp || clientId !== account.clientId) return failure('UDAPI100016');
  if (deps.faults.isSuspended(clientId)) return failure('UDAPI100049');
  const renewed = deps.accounts.renew(clientId) ?? account;
  return jsonAnswer(200, { ...userOf(renewed), access_token: renewed.token });
}

/**
 * POST /v3/login/auth/token/request/{client_id}: the user says yes on the phone and the token goes
 * to the app's notifier; here it is then the account's.
 */
export function tokenRequestRoute({ deps, request, rest }: OpenCall): ServedResponse {
  const account = deps.accounts.ofApp(rest);
  if (!account || parseBody(request.body)?.['client_secret'] !== account.apiSecret) {
    return failure('UDAPI100016');
  }
  deps.accounts.renew(account.clientId);
  return success({
    authorization_expiry: String(account.tokenExpiresAt),
    notifier_url: account.redirectUri,
  });
}

/** DELETE /v2/logout */
export function logoutRoute({ deps, account }: UserCall): ServedResponse {
  deps.accounts.revoke(account.clientId);
  return success(true);
}

/** GET /v2/user/profile */
export function profileRoute({ account }: UserCall): ServedResponse {
  return success(userOf(account));
}

function userOf({ clientId }: UpstoxAccountSeed): Record<string, unknown> {
  return {
    email: 'simulated@example.com',
    exchanges: ['NSE', 'NFO', 'BSE', 'BFO', 'MCX'],
    products: ['I', 'D', 'CO', 'MTF'],
    broker: 'UPSTOX',
    user_id: clientId,
    user_name: 'SIMULATED CLIENT',
    order_types: ['MARKET', 'LIMIT', 'SL', 'SL-M'],
    user_type: 'individual',
    poa: false,
    is_active: true,
  };
}

function fieldsOf({ headers, body }: OpenCall['request']): (name: string) => string {
  if (headers['content-type']?.includes('json')) {
    const fields = parseBody(body);
    return (name) => String(fields?.[name] ?? '');
  }
  const form = new URLSearchParams(new TextDecoder().decode(body));
  return (name) => form.get(name) ?? '';
}
