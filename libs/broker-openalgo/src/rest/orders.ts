import {
  isWireRow,
  wireText,
  type BrokerDeps,
  type BrokerOrder,
  type BrokerTrade,
  type OrderChange,
  type OrderOutcome,
  type OrdersPort,
  type WireRow,
} from '@strikewire/broker';
import { errorCodeOf, errorMessageOf, StrikewireError } from '@strikewire/runtime';
import {
  dataOf, isOfAnalyzer, malformedAnswer, type OpenalgoRequest, type OpenalgoRest,
} from './openalgo-rest';
import { acceptedOf, outcomeOfError } from './order-outcome';
import {
  needsTrades, readOrder, readPosition, readTrade, withFills, withIds, type Read, type ReadOrder,
} from './order-rows';
import { denialOfId, denied, modifyTicket, orderBody, placeTicket } from './order-ticket';

/** An order that waited for longer than this was meant for another market: it is not sent. */
const waitMostMs = 3_000;
/** Words that are not known, each told once. */
const wordsMax = 50;
const urgent = -1;

type Deps = Pick<BrokerDeps, 'clock' | 'log'>;
type OrderCall = Pick<OpenalgoRequest, 'path' | 'body'> & {
  /** The order that the answer has to be about. */
  about?: string;
  /** Good at any time, and before all others. */
  isCancel?: boolean;
};

/**
 * Orders by way of OpenAlgo. Nothing of a client's stays with an order there, so that one whose
 * answer was lost cannot be told from others: its rows have no client order id.
 */
export function createOpenalgoOrders(rest: OpenalgoRest, deps: Deps): OrdersPort {
  const sender = new OrderSender(rest, deps);
  const books = new OrderBooks(rest, deps);
  return {
    async place(order) {
      const ticket = placeTicket(order);
      if ('kind' in ticket) return ticket;
      return sender.send({ path: '/placeorder', body: ticket.body });
    },
    modify: (brokerOrderId, change) => modify({ sender, books }, brokerOrderId, change),
    async cancel(brokerOrderId) {
      const body = orderBody(brokerOrderId);
      return denialOfId(brokerOrderId) ??
        sender.send({ path: '/cancelorder', body, about: brokerOrderId, isCancel: true });
    },
    orders: () => books.orders(),
    trades: () => books.trades(),
    async positions() {
      const held = await books.read('/positionbook', readPosition);
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
  return sender.send({ path: '/modifyorder', body: ticket.body, about: brokerOrderId });
}

/** Sends requests about orders; never rejects. */
class OrderSender {
  private readonly rest: OpenalgoRest;
  private readonly deps: Deps;

  constructor(rest: OpenalgoRest, deps: Deps) {
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
      const { body } = await this.rest.ask({ ...call, slot, leaving });
      return acceptedOf(body, about);
    } catch (thrown) {
      if (hasLeft) return outcomeOfError(thrown);
      return denied(errorCodeOf(thrown), errorMessageOf(thrown));
    }
  }
}

/** Reads the books; rejects with typed errors. */
class OrderBooks {
  private readonly rest: OpenalgoRest;
  private readonly deps: Deps;
  private readonly words = new Set<string>();

  constructor(rest: OpenalgoRest, deps: Deps) {
    this.rest = rest;
    this.deps = deps;
  }

  /** Its rows need not tell what is filled: then the trades do, which are read after them. */
  async orders(): Promise<BrokerOrder[]> {
    const rows = await this.read<ReadOrder>('/orderbook', readOrder, ordersOf);
    for (const { unknownStatus } of rows) if (unknownStatus !== null) this.tell(unknownStatus);
    return withFills(rows, rows.some(needsTrades) ? await this.trades() : []);
  }

  async trades(): Promise<BrokerTrade[]> {
    return withIds(await this.read('/tradebook', readTrade));
  }

  /** A row that cannot be read spoils the book: without it something would seem not to be there. */
  async read<T>(
    path: string,
    readRow: (value: unknown, nowMs: number) => Read<T>,
    rowsOf: (data: unknown) => unknown = (data) => data,
  ): Promise<T[]> {
    const rows = rowsOf(await this.ask(path, {}));
    if (!Array.isArray(rows)) throw malformedAnswer(path, '"data" with a list');
    const nowMs = this.deps.clock.wallMs();
    return rows.map((value: unknown, index) => {
      const read = readRow(value, nowMs);
      if ('row' in read) return read.row;
      throw malformedAnswer(path, `readable "${read.lacks}" in row ${index + 1} of ${rows.length}`);
    });
  }

  async details(brokerOrderId: string): Promise<WireRow> {
    const data = await this.ask('/orderstatus', orderBody(brokerOrderId), urgent);
    if (isWireRow(data) && wireText(data['orderid']) === brokerOrderId) return data;
    throw malformedAnswer('/orderstatus', `row of order ${brokerOrderId}`);
  }

  private async ask(path: string, body: object, priority = 0): Promise<unknown> {
    const slot = { class: 'book', priority };
    const answer = await this.rest.ask({ path, body: { ...body }, slot });
    if (isOfAnalyzer(answer.body)) throw ofAnalyzer(path);
    return dataOf(answer.body);
  }

  /** Nothing ends by a word that is not known, and it hides no other order. */
  private tell(word: string): void {
    if (this.words.has(word) || this.words.size >= wordsMax) return;
    this.words.add(word);
    const message = '[broker-openalgo] the status of an order is not known: it counts as pending';
    this.deps.log.warn(message, { status: word });
  }
}

function ordersOf(data: unknown): unknown {
  return isWireRow(data) ? data['orders'] : data;
}

/** Its sandbox has other orders: by its books those at the broker would be gone. */
function ofAnalyzer(path: string): StrikewireError {
  return new StrikewireError({
    kind: 'retryable',
    code: 'analyze_mode',
    message: `[broker-openalgo] ${path}: OpenAlgo is in analyze mode, and shows its sandbox`,
  });
}

function tooLate(): StrikewireError {
  return new StrikewireError({
    kind: 'throttled',
    code: 'waited_too_long',
    message: `[broker-openalgo] its turn came after more than ${waitMostMs} ms: it was not sent`,
  });
}
