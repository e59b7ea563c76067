import type { BrokerOrderStatus, OrderSide } from '../core/orders-port';

/** An order as the broker really has it, whatever it has told. Prices in paise. */
export interface TrueOrder {
  brokerOrderId: string;
  /** Null: the broker keeps no id of the platform's, or the order has none. */
  clientOrderId: string | null;
  side: OrderSide;
  /** `pending`: on its way to the exchange. */
  status: BrokerOrderStatus;
  quantity: number;
  filledQuantity: number;
  limitPaise: number | null;
  triggerPaise: number | null;
}

/** A fill as the broker really has it. */
export interface TrueFill {
  brokerOrderId: string;
  quantity: number;
  pricePaise: number;
}

/** The order side of the account that the harness's credentials are of. */
export interface ConformanceOrders {
  /** Every order of the account, oldest first. */
  book(): readonly TrueOrder[];
  fills(): readonly TrueFill[];
  /** Money that is free. */
  availablePaise(): number;
}
