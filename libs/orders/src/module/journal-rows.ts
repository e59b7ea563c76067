import type { FillRecord, OrderRecord, SentCall } from '../engine/order-journal';

/** An order as a row has it. */
export interface RecordRow {
  record: OrderRecord;
}

/** A fill as a row has it; the driver gives large integers as text. */
export interface FillRow {
  order_id: string;
  trade_id: string;
  account: string;
  contract: string;
  side: FillRecord['side'];
  product: FillRecord['product'];
  quantity: string;
  price_paise: string;
  charges_paise: string;
  traded_at: Date;
}

/** Something that was sent, as a row has it. */
export interface CallRow {
  account: string;
  call_id: string;
  order_id: string;
  call: SentCall['call'];
  segment: string;
  sent_ms: number;
  answered_ms: number | null;
}

/** A fill of its row. */
export function fillOf(row: FillRow): FillRecord {
  return {
    account: row.account,
    orderId: row.order_id,
    tradeId: row.trade_id,
    key: row.contract,
    side: row.side,
    product: row.product,
    quantity: Number(row.quantity),
    pricePaise: Number(row.price_paise),
    chargesPaise: Number(row.charges_paise),
    tradedMs: row.traded_at.getTime(),
  };
}

/** What was sent, of its row. */
export function callOf(row: CallRow): SentCall {
  const { account, call_id: callId, order_id: orderId, call, segment } = row;
  return {
    account, callId, orderId, call, segment, sentMs: row.sent_ms, answeredMs: row.answered_ms,
  };
}

/** JSON that the database takes whatever a broker's texts have in them. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_name, one: unknown) =>
    typeof one === 'string' ? Buffer.from(one.replaceAll('\0', ' ')).toString() : one);
}
