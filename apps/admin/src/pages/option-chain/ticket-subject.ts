import { optionKey, type ChainLayout, type Exchange } from '@strikewire/contracts';
import type { TicketSubject } from '../orders/use-ticket';
import type { LegType } from './table/leg-aim';

/** The leg of a chain that is to be traded; prices in rupees. */
export interface TicketLeg {
  strike: number;
  type: LegType;
  /** What it could be had for; null: not known. */
  price: number | null;
}

export function ticketSubject(
  { exchange, underlying, expiry, lotSize }: ChainLayout,
  side: 'BUY' | 'SELL',
  { strike, type, price }: TicketLeg,
): TicketSubject {
  const contract = optionKey({
    exchange: exchange as Exchange,
    symbol: underlying,
    expiry,
    strikePaise: Math.round(strike * 100),
    type,
  });
  return { contract, side, lotSize, price };
}
