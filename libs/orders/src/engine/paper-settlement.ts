import type { BrokerTrade } from '@strikewire/broker';
import type { ContractFacts } from '@strikewire/option-chain/engine';
import type { BrokeragePlan } from '../core/charge-rule';
import { chargesOf, chargesSince, noCharges, type ChargedOrder } from '../core/charges';
import type { AccountLedger } from './account-ledger';
import type { FillRecord } from './order-journal';
import type { OrderVenue } from './order-venue';

/**
 * A paper venue closes what expires, and what is intraday at the end of the day, by trades without
 * an order of ours: their ids begin so, and name the product.
 */
export const settlementPrefix = 'settlement-';
/** In the ids of those that are trades in the market. */
const squareOff = 'squareoff';

/**
 * The fill of a settlement, and of which contract; undefined: nothing that is held is closed by
 * it. The product is the one that its id names, else one of which so much is held.
 */
export function settlementOf(
  ledger: AccountLedger,
  venue: Pick<OrderVenue, 'keyOf'>,
  trade: BrokerTrade,
): { fill: FillRecord; facts: ContractFacts } | undefined {
  const { side, quantity, pricePaise, tradedMs, tradeId, brokerOrderId } = trade;
  const key = venue.keyOf(trade.token) ?? trade.token.id;
  const facts = ledger.factsOf(key);
  const sign = side === 'SELL' ? 1 : -1;
  const held = ledger.positions.filter((one) => one.key === key && sign * one.netQuantity > 0);
  const named = held.find(({ product }) => brokerOrderId.includes(product));
  const same = held.find(({ netQuantity }) => Math.abs(netQuantity) === quantity);
  const position = named ?? same ?? held[0];
  if (!facts || !position) return undefined;
  const before = ledger.fills.filter(({ orderId }) => orderId === brokerOrderId);
  const { product } = position;
  const fill: FillRecord = {
    account: ledger.account,
    orderId: brokerOrderId,
    tradeId, key, side, product, quantity, pricePaise, tradedMs,
    chargesPaise: chargesPaise(facts, trade, before, ledger.plan),
  };
  return { fill, facts };
}

/** Whoever is long exercises what is worth something; a square-off is charged like any order. */
function chargesPaise(
  { exchange, underlying: symbol, kind }: ContractFacts,
  { brokerOrderId, side, quantity, pricePaise, tradedMs }: BrokerTrade,
  before: readonly FillRecord[],
  plan: BrokeragePlan,
): number {
  const isTraded = brokerOrderId.includes(squareOff);
  const valuePaise = quantity * pricePaise;
  if (valuePaise === 0) return 0;
  const base = { exchange, symbol, tradedMs };
  if (!isTraded) {
    const isExercised = kind !== 'FUT' && side === 'SELL';
    if (!isExercised) return 0;
    return chargesOf({ ...base, event: 'exercise', side: 'BUY', valuePaise }, plan).totalPaise;
  }
  const event: ChargedOrder['event'] = kind === 'FUT' ? 'future' : 'option';
  const earlier = before.reduce((sum, one) => sum + one.quantity * one.pricePaise, 0);
  const charged = (value: number): typeof noCharges =>
    value === 0 ? noCharges : chargesOf({ ...base, event, side, valuePaise: value }, plan);
  return chargesSince(charged(earlier + valuePaise), charged(earlier)).totalPaise;
}
