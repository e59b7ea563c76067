import {
  isWireRow,
  wireText,
  type BrokerDeps,
  type BrokerOrder,
  type OrderChange,
  type OrderOutcome,
  type OrdersPort,
  type WireRow,
} from '@strikewire/broker';
import { errorCodeOf, errorMessageOf, StrikewireError } from '@strikewire/runtime';
import { acceptedOf, outcomeOfError } from './order-outcome';
import { readOrder, readPosition, readTrade, type Read } from './order-rows';
import { denialOfId, denied, modifyTicket, placeTicket } from './order-ticket';
import { dataOf, malformedAnswer, type UpstoxRequest, type UpstoxRest } from './upstox-rest';

/** An order that waited for longer than this was meant for another market: it is not sent. */
const waitMostMs = 3_000;
/** Words that are not known, each told once. */
const wordsMax = 50;
const urgent = -1;

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
  const sender = new OrderSender(rest, deps);
  const books = new OrderBooks(rest, deps);
  return {
    async place(order) {
      const ticket = placeTicket(order);
      if ('kind' in ticket) return ticket;
      return sender.send({ method: 'POST', path: '/v3/order/place', json: ticket.body });
    },
    modify: (brokerOrderId, change) => modify({ sender, books }, brokerOrderId, change),
    async cancel(brokerOrderId) {
      const query = { order_id: brokerOrderId };
      return denialOfId(brokerOrderId) ?? sender.send({
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

/** Until its row is read nothing is sent, so that any failure before is a denial. */
async function modify(
  { sender, books }: { sender: OrderSender; books: OrderBooks },
  brokerOrderId: string,
  change: OrderChange,
): Promise<OrderOutcome> {
  const against = denialOfId(brokerOrderId);
  if (against) return against;
  let row: WireRow;
  try {
    row = await books.details(brokerOrderId);
  } catch (thrown) {
    return denied('order_not_read', errorMessageOf(thrown));
  }
  const ticket = modifyTicket(row, change);
  if ('kind' in ticket) return ticket;
  const json = ticket.body;
  return sender.send({ method: 'PUT', path: '/v3/order/modify', json, about: brokerOrderId });
}

/** Sends requests about orders; never rejects. */
class OrderSender {
  private readonly rest: UpstoxRest;
  private readonly deps: Deps;

  constructor(rest: UpstoxRest, deps: Deps) {
    this.rest = rest;
    this.deps = deps;
  }

  async send({ about, isCancel = false, ...call }: OrderCall): Promise<OrderOutcome> {
    const { clock } = this.deps;
    const askedMs = clock.monoMs();
    let hasLeft = false;
    const leaving = (): void => {
      if (!isCancel && clock.monoMs() - askedMs > waitMostMs) throw tooLate();
      hasLeft = true;
    };
    const slot = { class: 'order', priority: isCancel ? urgent : 0 };
    try {
      const { body } = await this.rest.ask({ ...call, host: 'orders', slot, leaving });
      return acceptedOf(body, about);
    } catch (thrown) {
      if (hasLeft) return outcomeOfError(thrown);
      return denied(errorCodeOf(thrown), errorMessageOf(thrown));
    }
  }
}

/** Reads the books; rejects with typed errors. */
class OrderBooks {
  private readonly rest: UpstoxRest;
  private readonly deps: Deps;
  private readonly words = new Set<string>();

  constructor(rest: UpstoxRest, deps: Deps) {
    this.rest = rest;
    this.deps = deps;
  }

  async orders(): Promise<BrokerOrder[]> {
    const rows = await this.read('/v2/order/retrieve-all', readOrder);
    return rows.map(({ order, unknownStatus }) => {
      if (unknownStatus !== null) this.tell(unknownStatus);
      return order;
    });
  }

  /** A row that cannot be read spoils the book: without it something would seem not to be there. */
  async read<T>(path: string, readRow: (value: unknown) => Read<T>): Promise<T[]> {
    const { body } = await this.rest.get({ path, slot: { class: 'book' } });
    const data = dataOf(body);
    // An account without any is answered null.
    if (data === null) return [];
    if (!Array.isArray(data)) throw malformedAnswer(path, '"data" list');
    return data.map((value: unknown, index) => {
      const read = readRow(value);
      if ('row' in read) return read.row;
      throw malformedAnswer(path, `readable "${read.lacks}" in row ${index + 1} of ${data.length}`);
    });
  }

  async details(brokerOrderId: string): Promise<WireRow> {
    const path = '/v2/order/details';
    const query = { order_id: brokerOrderId };
    const slot = { class: 'book', priority: urgent };
    const { body } = await this.rest.get({ path, query, slot });
    const data = dataOf(body);
    if (isWireRow(data) && wireText(data['order_id']) === brokerOrderId) return data;
    throw malformedAnswer(path, `row of order ${brokerOrderId}`);
  }

  /** Nothing ends by a word that is not known, and it hides no other order. */
  private tell(word: string): void {
    if (this.words.has(word) || this.words.size >= wordsMax) return;
    this.words.add(word);
    const message = '[broker-upstox] the status of an order is not known: it counts as pending';
    this.deps.log.warn(message, { status: word });
  }
}

function tooLate(): StrikewireError {
  return new StrikewireError({
    kind: 'throttled',
    code: 'waited_too_long',
    message: `[broker-upstox] its turn came after more than ${waitMostMs} ms: it was not sent`,
  });
}
