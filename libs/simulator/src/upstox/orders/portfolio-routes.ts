import type { ServedResponse } from '@strikewire/runtime';
import { parseBody } from '../../parse-body';
import type { Asked } from '../../orders/order-funds';
import type { MarginParts } from '../../orders/margin-model';
import { failure, success } from '../envelopes';
import type { UserCall } from '../rest/rest-call';
import { isAnswer, legFrom } from './order-request';
import { positionRow, rupees } from './order-rows';

const legsMost = 20;
const indiaOffsetMs = 19_800_000;
const dayMs = 86_400_000;
/** Funds are not told in the first hours of the day. */
const fundsFromMs = 5.5 * 3_600_000;
/** What a margin of which nothing is known comes as: the least number of 32 bits. */
const sentinel = -3.4028234663852886e38;

/** GET /v2/portfolio/short-term-positions */
export function positionsRoute({ deps, account }: UserCall): ServedResponse {
  const positions = deps.desk.positions(account.clientId);
  return success(positions.map((position) => positionRow(deps, position)));
}

/** GET /v2/user/get-funds-and-margin: equity's are of both. */
export function fundsRoute({ deps, account }: UserCall): ServedResponse {
  if (isClosed(deps)) return failure('UDAPI100072');
  const { cash, available, span, exposure } = deps.desk.funds(account.clientId);
  const nothing = {
    used_margin: 0, payin_amount: 0, span_margin: 0, adhoc_margin: 0, notional_cash: 0,
    available_margin: 0, exposure_margin: 0,
  };
  const equity = {
    ...nothing, used_margin: rupees(cash - available), span_margin: rupees(span),
    available_margin: rupees(available), exposure_margin: rupees(exposure),
  };
  return success({ equity, commodity: nothing });
}

/** GET /v3/user/get-funds-and-margin: nothing is pledged here. */
export function newFundsRoute({ deps, account }: UserCall): ServedResponse {
  if (isClosed(deps)) return failure('UDAPI100072');
  const { opening, cash, available, margin, premium } = deps.desk.funds(account.clientId);
  const used = {
    total: rupees(opening - available), mtf: 0,
    loss: { total: 0, realised: 0, unrealised: 0 },
    span_exposure: rupees(margin), cash_margin_var_elm: 0,
    premium_present: rupees(premium + opening - cash),
    delivery_margin: { total: 0, equity: 0, fo_settlement: 0 },
  };
  const held = { opening_balance: rupees(opening), added_today: 0, withdrawn_today: 0,
    amount_from_stock_sale: 0, unpaid_charges: 0 };
  const pledge = { margin_from_pledge: { total: 0, equity: 0, mutual_funds: 0 },
    margin_used: { total: 0, mtf: 0, span_exposure: 0, cash_margin_var_elm: 0,
      premium_present: 0, delivery_margin: 0 } };
  return success({
    available_to_trade: {
      total: rupees(available),
      cash_available_to_trade: { total: rupees(available), cash: held, margin_used: used },
      pledge_available_to_trade: pledge,
    },
    unavailable_to_trade: {
      cash_unavailable_to_trade: { unsettled_profit: 0 },
      pledge_unavailable_to_trade: { equity: 0, mutual_funds: 0 },
    },
  });
}

/** POST /v2/charges/margin: of each, before and after what they save each other. */
export function marginRoute({ deps, account, request }: UserCall): ServedResponse {
  const instruments = parseBody(request.body)?.['instruments'];
  if (!Array.isArray(instruments) || instruments.length === 0 || instruments.length > legsMost) {
    return failure('UDAPI100036', 'instruments');
  }
  const asked: Asked[] = [];
  for (const item of instruments as Record<string, unknown>[]) {
    const leg = legFrom(item ?? {}, deps.keys);
    if (isAnswer(leg)) return leg;
    const { quantity, price = 0 } = item;
    if (!Number.isInteger(quantity) || Number(quantity) <= 0) {
      return failure('UDAPI1052', 'quantity');
    }
    const pricePaise = Math.round(Number(price) * 100);
    asked.push({ ...leg, quantity: Number(quantity), pricePaise });
  }
  if (new Set(asked.map(({ contract }) => contract)).size < asked.length) {
    return failure('UDAPI100036', 'instrument_key');
  }
  const shape = deps.faults.orders.marginShape(account.clientId);
  if (shape === 'error200') return { ...failure('UDAPI100500'), status: 200 };
  const of = (legs: readonly Asked[]): MarginParts =>
    deps.desk.margin(account.clientId, legs, { positions: false, orders: false });
  const told = (paise: number): number => shape === 'sentinel' ? sentinel : rupees(paise);
  const alone = asked.map((leg) => of([leg]));
  return success({
    margins: alone.map(({ span, exposure, premium, total }) => ({
      span_margin: told(span), exposure_margin: told(exposure), equity_margin: 0,
      net_buy_premium: told(premium), additional_margin: 0, total_margin: told(total),
      tender_margin: 0,
    })),
    required_margin: told(alone.reduce((sum, { total }) => sum + total, 0)),
    final_margin: told(of(asked).total),
  });
}

/** A market that is always open has no such hours either. */
function isClosed({ clock, market }: UserCall['deps']): boolean {
  const ofDayMs = (clock.wallMs() + indiaOffsetMs) % dayMs;
  return market.nextChangeMs() !== undefined && ofDayMs < fundsFromMs;
}
