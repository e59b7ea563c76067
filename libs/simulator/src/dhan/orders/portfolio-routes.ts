import type { ServedResponse } from '@strikewire/runtime';
import { tradingError } from '../envelopes';
import type { TradingCall } from '../rest/rest-call';
import { inputError } from './order-request';
import { positionRow, rupees } from './order-rows';
import { json, type OrderRouteCall } from './order-routes';

/** GET /v2/positions */
export function positionsRoute({ deps, account: { clientId } }: OrderRouteCall): ServedResponse {
  return json(deps.desk.positions(clientId).map((position) => positionRow(clientId, position)));
}

/** GET /v2/fundlimit. Two of the names are misspelt by Dhan itself. */
export function fundLimitRoute({ deps, account: { clientId } }: TradingCall): ServedResponse {
  const { opening, available } = deps.desk.funds(clientId);
  return json({
    dhanClientId: clientId,
    availabelBalance: rupees(available),
    sodLimit: rupees(opening),
    collateralAmount: 0,
    receiveableAmount: 0,
    utilizedAmount: rupees(opening - available),
    blockedPayoutAmount: 0,
    withdrawableBalance: rupees(Math.max(0, available)),
  });
}

/** POST /v2/killswitch?killSwitchStatus=…: not while anything is open. */
export function setKillSwitchRoute({ deps, account, query }: OrderRouteCall): ServedResponse {
  const { clientId } = account;
  const wanted = query.get('killSwitchStatus');
  if (wanted !== 'ACTIVATE' && wanted !== 'DEACTIVATE') return inputError('killSwitchStatus');
  const isOn = wanted === 'ACTIVATE';
  const problem = deps.desk.kill(clientId, isOn);
  if (problem) return tradingError('DH-906', `Kill Switch: ${problem.detail}`);
  const word = isOn ? 'activated' : 'deactivated';
  return json({
    dhanClientId: clientId, killSwitchStatus: `Kill Switch has been successfully ${word}`,
  });
}

/** GET /v2/killswitch */
export function killSwitchRoute({ deps, account: { clientId } }: OrderRouteCall): ServedResponse {
  const killSwitchStatus = deps.desk.isKilled(clientId) ? 'ACTIVATE' : 'DEACTIVATE';
  return json({ dhanClientId: clientId, killSwitchStatus });
}
