import {
  indiaIsoOf,
  rupeesOf,
  type Order,
  type OrderAccount,
  type PositionView,
  type Trades,
} from '@strikewire/contracts';
import type { ContractFacts, ContractReading } from '@strikewire/option-chain/engine';
import { isComplete } from '../core/order-look-up';
import type { OrderState, SubRequest } from '../core/order-life';
import { averagesOf, profitOf, type Position, type ProfitAndLoss } from '../core/positions';
import { shownAccount } from './asker';
import type { FillRecord, OrderRecord } from './order-journal';
import type { OrderVenue } from './order-venue';

/** An account as orders show it; one that is gone has its id left. */
export function accountView(account: string, venue: OrderVenue | undefined): OrderAccount {
  const isPaper = account.startsWith('paper:');
  return {
    id: shownAccount(account),
    label: venue?.label ?? shownAccount(account),
    broker: venue?.broker ?? (isPaper ? 'paper' : 'unknown'),
    mode: isPaper ? 'paper' : 'live',
  };
}

/** An order, in rupees. */
export function orderView(
  { state, facts, asked, placedBy }: OrderRecord,
  account: OrderAccount,
): Order {
  const { order } = state;
  return {
    id: order.clientOrderId,
    account,
    contract: facts.key,
    side: order.side,
    // At the market as it was asked for: what was sent is a limit that protects it.
    type: asked === 'MARKET' ? 'MARKET' : order.type,
    product: order.product,
    validity: order.validity,
    quantity: state.quantity,
    filledQuantity: state.filledQuantity,
    price: rupees(state.limitPaise),
    triggerPrice: rupees(state.triggerPaise),
    averagePrice: rupees(averageOf(state)),
    status: state.status,
    reason: state.reason === null ? null : { code: state.code, message: state.reason },
    ended: isComplete(state),
    brokerOrderId: state.brokerOrderId,
    modify: subView(state.modify),
    cancel: subView(state.cancel),
    needsPerson: state.needsPerson,
    placedBy: placedBy.name,
    createdAt: indiaIsoOf(state.createdMs),
    updatedAt: indiaIsoOf(state.updatedMs),
    version: state.version,
  };
}

/** A fill, in rupees. */
export function tradeView(fill: FillRecord, account: OrderAccount): Trades['trades'][number] {
  const { tradeId, orderId, key, side, product, quantity } = fill;
  return {
    id: tradeId, orderId, account, contract: key, side, product, quantity,
    price: rupeesOf(fill.pricePaise),
    charges: rupeesOf(fill.chargesPaise),
    tradedAt: indiaIsoOf(fill.tradedMs),
  };
}

/** What is held of one contract at its last price, in rupees. */
export function positionView(
  position: Position,
  account: OrderAccount,
  { facts, reading }: {
    facts: ContractFacts | undefined;
    reading: ContractReading | undefined;
  },
): PositionView {
  const { key, product, netQuantity } = position;
  const profit = profitOf(position, reading?.ltpPaise ?? null);
  const isOption = facts !== undefined && facts.kind !== 'FUT';
  const each = isOption ? (reading?.delta ?? null) : 1;
  return {
    account,
    contract: key,
    product,
    netQuantity,
    averagePrice: rupees(averagesOf(position).openPaise),
    ltp: rupees(reading?.ltpPaise ?? null),
    stale: reading?.isStale ?? true,
    ...profitView(profit),
    delta: netQuantity === 0 ? 0 : each === null ? null : each * netQuantity,
  };
}

/** Profit and loss in rupees. */
export function profitView(
  profit: ProfitAndLoss,
): Pick<PositionView, 'realised' | 'unrealised' | 'charges' | 'net'> {
  return {
    realised: rupeesOf(profit.realisedPaise),
    unrealised: rupees(profit.unrealisedPaise),
    charges: rupeesOf(profit.chargesPaise),
    net: rupees(profit.netPaise),
  };
}

/** The sum of several; what is not known of one is not known of all. */
export function sumOf(all: readonly ProfitAndLoss[]): ProfitAndLoss {
  const add = (one: number | null, other: number | null): number | null =>
    one === null || other === null ? null : one + other;
  return all.reduce<ProfitAndLoss>((sum, one) => ({
    realisedPaise: sum.realisedPaise + one.realisedPaise,
    unrealisedPaise: add(sum.unrealisedPaise, one.unrealisedPaise),
    chargesPaise: sum.chargesPaise + one.chargesPaise,
    netPaise: add(sum.netPaise, one.netPaise),
  }), { realisedPaise: 0, unrealisedPaise: 0, chargesPaise: 0, netPaise: 0 });
}

/** Rupees of paise that may not be known. */
export function rupees(paise: number | null): number | null {
  return paise === null ? null : rupeesOf(paise);
}

function averageOf({ trades }: OrderState): number | null {
  const quantity = trades.reduce((sum, one) => sum + one.quantity, 0);
  if (quantity === 0) return null;
  return trades.reduce((sum, one) => sum + one.quantity * one.pricePaise, 0) / quantity;
}

function subView(request: SubRequest | null): Order['cancel'] {
  return request === null ? null : { status: request.status, reason: request.reason };
}
