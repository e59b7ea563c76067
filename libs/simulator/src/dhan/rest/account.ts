import type { ServedResponse } from '@strikewire/runtime';
import type { AccountSeed } from '../accounts';
import { addressError, chartsError, jsonAnswer, tradingError } from '../envelopes';
import { parseBody } from '../../parse-body';
import type { TradingCall } from './rest-call';
import { tradeTimeText } from './market-quote';

/** GET /v2/profile */
export function profileRoute({ deps, account }: TradingCall): ServedResponse {
  const planEnds = new Date(deps.clock.wallMs() + 30 * 86_400_000).toISOString();
  return jsonAnswer(200, JSON.stringify({
    dhanClientId: account.clientId,
    tokenValidity: tradeTimeText(account.tokenExpiresAt).slice(0, 16),
    activeSegment: 'E, D, C, M, ',
    ddpi: 'Active',
    mtf: 'Active',
    dataPlan: account.dataPlan ? 'Active' : 'Deactive',
    dataValidity: `${planEnds.slice(0, 10)} ${planEnds.slice(11, 19)}.0`,
  }));
}

/** GET /v2/RenewToken: the token that asked is dead afterwards. Only of tokens of the site. */
export function renewTokenRoute({ deps, account }: TradingCall): ServedResponse {
  if (account.consumer === 'APP') return tradingError('DH-905');
  return tokenAnswer(deps.accounts.renew(account.clientId) ?? account);
}

/** A token that is handed out; its end is the time in India, without a zone. */
export function tokenAnswer(account: Readonly<AccountSeed>): ServedResponse {
  const expiry = new Date(account.tokenExpiresAt + 19_800_000).toISOString();
  return jsonAnswer(200, JSON.stringify({
    dhanClientId: account.clientId,
    dhanClientName: 'SIMULATED CLIENT',
    dhanClientUcc: 'SIM0000001',
    givenPowerOfAttorney: false,
    accessToken: account.token,
    expiryTime: expiry.slice(0, -1),
  }));
}

/** GET /v2/ip/getIP: none is ever set here. */
export function addressRoute(): ServedResponse {
  return addressError('No static IP is set for this client');
}

const columns = ['open', 'high', 'low', 'close', 'volume', 'timestamp', 'open_interest'];

/** POST /v2/charts/…: this market keeps no bars, which Dhan answers with empty columns. */
export function chartsRoute({ body }: TradingCall): ServedResponse {
  const { securityId } = parseBody(body) ?? {};
  if (typeof securityId !== 'string' || !/^\d+$/.test(securityId)) return chartsError();
  return jsonAnswer(200, JSON.stringify(Object.fromEntries(columns.map((name) => [name, []]))));
}
