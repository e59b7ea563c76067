import {
  denialOfClientId,
  denialOfSegment,
  figuresOfChange,
  figuresOfOrder,
  orderUntold,
  wireText,
  wireUnits,
  type OrderChange,
  type OrderRequest,
  type OrderTicket,
  type WireRow,
} from '@strikewire/broker';
import { instrumentKeyOf } from '../map/instrument-key';
import { productWord } from '../map/order-words';

/** Quantities of commodities are in lots here, and lots are not known where orders are sent. */
const servedSegments: readonly string[] = ['NSE_FO', 'BSE_FO'];
/** Of its tag. */
const tagCharsMax = 40;

/** An order as it is placed; prices in rupees. */
export function placeTicket(order: OrderRequest): OrderTicket {
  const { token, clientOrderId } = order;
  const against = denialOfSegment(token.segment, servedSegments) ??
    denialOfClientId(clientOrderId, tagCharsMax);
  if (against) return against;
  const figures = figuresOfOrder(order);
  if ('kind' in figures) return figures;
  return {
    body: {
      quantity: figures.quantity,
      product: productWord(order.product),
      validity: order.validity,
      price: figures.price,
      tag: clientOrderId,
      instrument_token: instrumentKeyOf(token),
      order_type: order.type,
      transaction_type: order.side,
      disclosed_quantity: 0,
      trigger_price: figures.trigger,
      is_amo: false,
      // One order for one id: cut in slices it would be several under the same tag.
      slice: false,
    },
  };
}

/**
 * A modification replaces all of an order, so that what stays comes from its row, as it stands.
 */
export function modifyTicket(row: WireRow, change: OrderChange): OrderTicket {
  const figures = figuresOfChange({
    type: row['order_type'],
    price: row['price'],
    trigger: row['trigger_price'],
    quantity: row['quantity'],
  }, change);
  if ('kind' in figures) return figures;
  const id = wireText(row['order_id']);
  const validity = wireText(row['validity']);
  if (id === null || validity === null) return orderUntold();
  return {
    body: {
      order_id: id,
      quantity: figures.quantity,
      validity,
      price: figures.price,
      order_type: row['order_type'],
      disclosed_quantity: wireUnits(row['disclosed_quantity']) ?? 0,
      trigger_price: figures.trigger,
    },
  };
}
