import {
  denialOfOrderId,
  isWireRow,
  modifyAsItStands,
  readBookRows,
  sendOrderRequest,
  UnknownStatuses,
  urgentPriority,
  wireText,
  type BrokerDeps,
  type BrokerOrder,
  type OrderOutcome,
  type OrdersPort,
  type ReadRow,
  type WireRow,
} from '@strikewire/broker';
import { acceptedOf, outcomeOfError } from './order-outcome';
import { readOrder, readPosition, readTrade } from './order-rows';
import { modifyTicket, placeTicket } from './order-ticket';
import { dataOf, malformedAnswer, type UpstoxRequest, type UpstoxRest } from './upstox-rest';

const label = '[broker-upstox]';

type Deps = Pick<BrokerDeps, 'clock' | 'log'>;
type OrderCall = Pick<UpstoxRequest, 'method' | 'path' | 'query' | 'json'> & {
  /** The order that the answer has to be about. */
  about?: string;
  /** Good at any time, and before all others. */
  isCancel?: boolean;
};

/**
 * Orders at Upstox (API v3; its books v2). There is no key that would make a repeated request the
 * same one: what may have been taken is found again by its tag.
 */
export function createUpstoxOrders(rest: UpstoxRest, deps: Deps): OrdersPort {
  const books = new OrderBooks(rest, deps);
  const send = (call: OrderCall): Promise<OrderOutcome> => sendOrder(rest, deps, call);
  return {
    async place(order) {
      const ticket = placeTicket(order);
      if ('kind' in ticket) return ticket;
      return send({ method: 'POST', path: '/v3/order/place', json: ticket.body });
    },
    async modify(brokerOrderId, change) {
      return denialOfOrderId(brokerOrderId) ?? modifyAsItStands({
        read: () => books.details(brokerOrderId),
        ticketOf: (row) => modifyTicket(row, change),
        send: (json) =>
          send({ method: 'PUT', path: '/v3/order/modify', json, about: brokerOrderId }),
      });
    },
    async cancel(brokerOrderId) {
      const query = { order_id: brokerOrderId };
      return denialOfOrderId(brokerOrderId) ?? send({
        method: 'DELETE', path: '/v3/order/cancel', query, about: brokerOrderId, isCancel: true,
      });
    },
    orders: () => books.orders(),
    trades: () => books.read('/v2/order/trades/get-trades-for-day', readTrade),
    async positions() {
      const held = await books.read('/v2/portfolio/short-term-positions', readPosition);
      return held.filter(({ netQuantity }) => netQuantity !== 0);
    },
  };
}

function sendOrder(
  rest: UpstoxRest,
  { clock }: Pick<Deps, 'clock'>,
  { about, isCancel = false, ...call }: OrderCall,
): Promise<OrderOutcome> {
  return sendOrderRequest({
    label,
    isCancel,
    async ask({ priority, leaving }) {
      const slot = { class: 'order', priority };
      const { body } = await rest.ask({ ...call, host: 'orders', slot, leaving });
      return acceptedOf(body, about);
    },
    outcomeOf: outcomeOfError,
  }, clock);
}

/** Reads the books; rejects with typed errors. */
class OrderBooks {
  private readonly rest: UpstoxRest;
  private readonly unknown: UnknownStatuses;

  constructor(rest: UpstoxRest, { log }: Pick<Deps, 'log'>) {
    this.rest = rest;
    this.unknown = new UnknownStatuses(label, log);
  }

  async orders(): Promise<BrokerOrder[]> {
    const rows = await this.read('/v2/order/retrieve-all', readOrder);
    return rows.map(({ order, unknownStatus }) => {
      this.unknown.tell(unknownStatus);
      return order;
    });
  }

  async read<T>(path: string, readRow: (value: unknown) => ReadRow<T>): Promise<T[]> {
    const { body } = await this.rest.get({ path, slot: { class: 'book' } });
    const data = dataOf(body);
    // An account without any is answered null.
    if (data === null) return [];
    if (!Array.isArray(data)) throw malformedAnswer(path, '"data" list');
    return readBookRows(data, readRow, (needed) => malformedAnswer(path, needed));
  }

  async details(brokerOrderId: string): Promise<WireRow> {
    const path = '/v2/order/details';
    const query = { order_id: brokerOrderId };
    const slot = { class: 'book', priority: urgentPriority };
    const { body } = await this.rest.get({ path, query, slot });
    const data = dataOf(body);
    if (isWireRow(data) && wireText(data['order_id']) === brokerOrderId) return data;
    throw malformedAnswer(path, `row of order ${brokerOrderId}`);
  }
}
