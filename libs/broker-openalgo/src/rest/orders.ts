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
  type BrokerTrade,
  type OrderOutcome,
  type OrdersPort,
  type ReadRow,
  type WireRow,
} from '@strikewire/broker';
import { StrikewireError } from '@strikewire/runtime';
import {
  dataOf, isOfAnalyzer, malformedAnswer, type OpenalgoRequest, type OpenalgoRest,
} from './openalgo-rest';
import { acceptedOf, outcomeOfError } from './order-outcome';
import {
  needsTrades, readOrder, readPosition, readTrade, withFills, withIds, type ReadOrder,
} from './order-rows';
import { modifyTicket, orderBody, placeTicket } from './order-ticket';

const label = '[broker-openalgo]';

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
  const books = new OrderBooks(rest, deps);
  const send = (call: OrderCall): Promise<OrderOutcome> => sendOrder(rest, deps, call);
  return {
    async place(order) {
      const ticket = placeTicket(order);
      if ('kind' in ticket) return ticket;
      return send({ path: '/placeorder', body: ticket.body });
    },
    async modify(brokerOrderId, change) {
      return denialOfOrderId(brokerOrderId) ?? modifyAsItStands({
        read: () => books.details(brokerOrderId),
        ticketOf: (row) => modifyTicket(row, change),
        send: (body) => send({ path: '/modifyorder', body, about: brokerOrderId }),
      });
    },
    async cancel(brokerOrderId) {
      const body = orderBody(brokerOrderId);
      return denialOfOrderId(brokerOrderId) ??
        send({ path: '/cancelorder', body, about: brokerOrderId, isCancel: true });
    },
    orders: () => books.orders(),
    trades: () => books.trades(),
    async positions() {
      const held = await books.read('/positionbook', readPosition);
      return held.filter(({ netQuantity }) => netQuantity !== 0);
    },
  };
}

function sendOrder(
  rest: OpenalgoRest,
  { clock }: Pick<Deps, 'clock'>,
  { about, isCancel = false, ...call }: OrderCall,
): Promise<OrderOutcome> {
  return sendOrderRequest({
    label,
    isCancel,
    async ask({ priority, leaving }) {
      const { body } = await rest.ask({ ...call, slot: { class: 'order', priority }, leaving });
      return acceptedOf(body, about);
    },
    outcomeOf: outcomeOfError,
  }, clock);
}

/** Reads the books; rejects with typed errors. */
class OrderBooks {
  private readonly rest: OpenalgoRest;
  private readonly clock: Deps['clock'];
  private readonly unknown: UnknownStatuses;

  constructor(rest: OpenalgoRest, { clock, log }: Deps) {
    this.rest = rest;
    this.clock = clock;
    this.unknown = new UnknownStatuses(label, log);
  }

  /** Its rows need not tell what is filled: then the trades do, which are read after them. */
  async orders(): Promise<BrokerOrder[]> {
    const rows = await this.read<ReadOrder>('/orderbook', readOrder, ordersOf);
    for (const { unknownStatus } of rows) this.unknown.tell(unknownStatus);
    return withFills(rows, rows.some(needsTrades) ? await this.trades() : []);
  }

  async trades(): Promise<BrokerTrade[]> {
    return withIds(await this.read('/tradebook', readTrade));
  }

  async read<T>(
    path: string,
    readRow: (value: unknown, nowMs: number) => ReadRow<T>,
    rowsOf: (data: unknown) => unknown = (data) => data,
  ): Promise<T[]> {
    const rows = rowsOf(await this.ask(path, {}));
    if (!Array.isArray(rows)) throw malformedAnswer(path, '"data" with a list');
    const nowMs = this.clock.wallMs();
    const malformed = (needed: string): StrikewireError => malformedAnswer(path, needed);
    return readBookRows(rows, (value) => readRow(value, nowMs), malformed);
  }

  async details(brokerOrderId: string): Promise<WireRow> {
    const data = await this.ask('/orderstatus', orderBody(brokerOrderId), urgentPriority);
    if (isWireRow(data) && wireText(data['orderid']) === brokerOrderId) return data;
    throw malformedAnswer('/orderstatus', `row of order ${brokerOrderId}`);
  }

  private async ask(path: string, body: object, priority = 0): Promise<unknown> {
    const slot = { class: 'book', priority };
    const answer = await this.rest.ask({ path, body: { ...body }, slot });
    if (isOfAnalyzer(answer.body)) throw ofAnalyzer(path);
    return dataOf(answer.body);
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
    message: `${label} ${path}: OpenAlgo is in analyze mode, and shows its sandbox`,
  });
}
