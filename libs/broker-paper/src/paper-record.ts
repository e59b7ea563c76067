import type {
  BrokerOrder,
  BrokerOrderStatus,
  BrokerTrade,
  InstrumentToken,
  OrderProduct,
} from '@strikewire/broker';
import type { ContractKey } from '@strikewire/contracts';
import { hasPaperEnded, type Charges, type PaperOrder } from '@strikewire/orders';
import type { PaperFacts } from './paper-facts';

/** A paper order as it is stored: plain data. */
export interface PaperOrderRecord {
  /** Unique in its account. */
  orderId: string;
  /** Null: nobody placed it, the account itself did. */
  clientOrderId: string | null;
  facts: PaperFacts;
  order: PaperOrder;
  /** Price × quantity of its fills, paise. */
  valuePaise: number;
  charges: Charges;
  firstTradeMs: number | null;
  placedMs: number;
  updatedMs: number;
  /** What is open of it then ends. */
  dayEndMs: number;
  hasExpired: boolean;
}

/** One fill as it is stored. */
export interface PaperTradeRecord extends BrokerTrade {
  key: ContractKey;
  product: OrderProduct;
  chargesPaise: number;
}

/** What the paper market calls a contract: its key. */
export function paperToken(key: ContractKey): InstrumentToken {
  return { segment: key.split(':')[0] ?? '', id: key };
}

export function isLive({ order }: PaperOrderRecord): boolean {
  return !hasPaperEnded(order);
}

/** Units that may still be traded. */
export function restOf({ order }: PaperOrderRecord): number {
  return order.request.quantity - order.filledQuantity;
}

/** The order as a broker's book has it. */
export function rowOf(record: PaperOrderRecord): BrokerOrder {
  const { order, orderId, clientOrderId, valuePaise, updatedMs } = record;
  const { request, filledQuantity, reason } = order;
  return {
    brokerOrderId: orderId,
    clientOrderId,
    token: request.token,
    side: request.side,
    status: statusOf(record),
    quantity: request.quantity,
    filledQuantity,
    averagePaise: filledQuantity > 0 ? valuePaise / filledQuantity : null,
    limitPaise: request.limitPaise,
    triggerPaise: request.triggerPaise,
    reason,
    updatedMs,
  };
}

/** The fill as a broker's book has it. */
export function tradeOf(record: PaperTradeRecord): BrokerTrade {
  const { tradeId, brokerOrderId, token, side, quantity, pricePaise, tradedMs } = record;
  return { tradeId, brokerOrderId, token, side, quantity, pricePaise, tradedMs };
}

/** Whether anybody has to be told, or anything is lost with the process. */
export function isOther(before: PaperOrder, now: PaperOrder): boolean {
  return (
    before.stage !== now.stage ||
    before.filledQuantity !== now.filledQuantity ||
    before.workingPaise !== now.workingPaise ||
    before.request !== now.request
  );
}

function statusOf({ order, hasExpired }: PaperOrderRecord): BrokerOrderStatus {
  const { stage, request } = order;
  if (stage === 'filled' || stage === 'rejected') return stage;
  if (stage === 'cancelled') return hasExpired ? 'expired' : 'cancelled';
  if (stage === 'travelling') return 'pending';
  const isStop = request.type === 'SL' || request.type === 'SL-M';
  return isStop && stage !== 'stopped' ? 'triggered' : 'open';
}
