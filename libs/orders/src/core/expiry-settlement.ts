import type { OptionType } from '@strikewire/contracts';
import type { BrokeragePlan } from './charge-rule';
import { chargesOf, noCharges, type ChargedOrder, type Charges } from './charges';
import { fillPosition, type Position, type PositionFill } from './positions';

/** The contract that expires. */
export type ExpiringContract =
  | { kind: 'option'; type: OptionType; strikePaise: number }
  | { kind: 'future' };

/** What it expires at. */
export interface ExpiryTerms {
  contract: ExpiringContract;
  /** The exchange's final settlement price of the underlying. */
  settlementPaise: number;
  exchange: ChargedOrder['exchange'];
  symbol: string;
  expiredMs: number;
}

/** A position after its expiry, with the fill that closed it; null: there was nothing to close. */
export interface Settlement {
  position: Position;
  fill: PositionFill | null;
  charges: Charges;
}

/** What one unit is worth at expiry, in paise. */
export function settlementValue(contract: ExpiringContract, settlementPaise: number): number {
  if (contract.kind === 'future') return settlementPaise;
  const inside = settlementPaise - contract.strikePaise;
  return Math.max(0, contract.type === 'CE' ? inside : -inside);
}

/**
 * Closes a position in cash at what it is worth. The holder of an option that ends in the money
 * exercises it, and pays transaction tax on its intrinsic value; a short, a worthless option and a
 * future pay nothing. Stock options, which settle by delivery, are closed the same way: shares
 * are not held here.
 */
export function settleExpiry(
  position: Position,
  terms: ExpiryTerms,
  plan: BrokeragePlan,
): Settlement {
  const { netQuantity, key, product } = position;
  if (netQuantity === 0) return { position, fill: null, charges: noCharges };
  const { contract, settlementPaise, exchange, symbol, expiredMs } = terms;
  const pricePaise = settlementValue(contract, settlementPaise);
  const quantity = Math.abs(netQuantity);
  const isExercised = contract.kind === 'option' && netQuantity > 0 && pricePaise > 0;
  const exercise: ChargedOrder = {
    exchange,
    symbol,
    event: 'exercise',
    side: 'BUY',
    valuePaise: pricePaise * quantity,
    tradedMs: expiredMs,
  };
  const charges = isExercised ? chargesOf(exercise, plan) : noCharges;
  const fill: PositionFill = {
    key,
    product,
    side: netQuantity > 0 ? 'SELL' : 'BUY',
    quantity,
    pricePaise,
    chargesPaise: charges.totalPaise,
  };
  return { position: fillPosition(position, fill), fill, charges };
}
