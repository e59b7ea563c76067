import {
  denied,
  urgentPriority,
  type BrokerDeps,
  type OrderOutcome,
  type OrdersPort,
} from '@strikewire/broker';
import { errorCodeOf, errorMessageOf } from '@strikewire/runtime';
import type { DhanConfig } from '../config';
import { wordOf } from '../map/figures';
import { masked, type DhanCall, type DhanRest } from './dhan-rest';
import { outcomeOf, unknown } from './order-outcome';
import { orderPath, writeChange, writeOrder } from './order-request';
import { readOrders, readPositions, readTrades } from './order-rows';

/**
 * What places or modifies an order and has not had its turn by then is not sent: its price is old.
 * A cancellation is good at any time.
 */
const turnMsMax = 3_000;
/** 7,000 orders a day of 800 bytes each, doubled. */
const bookBytesMax = 12 * 1024 * 1024;

/** Dhan's orders: the books, and requests that are sent once or not at all. */
export function createDhanOrders(
  config: DhanConfig,
  rest: DhanRest,
  deps: BrokerDeps,
): OrdersPort {
  const { clientId } = config.credentials;
  const calls = new OrderCalls(config, rest, deps);
  const book = async (path: string): Promise<unknown> => {
    const call = { method: 'GET', path, slot: { class: 'books' }, bytesMax: bookBytesMax } as const;
    return (await rest.callOfTrading(call)).body;
  };
  return {
    async place(order) {
      const ticket = writeOrder(clientId, order);
      if ('kind' in ticket) return ticket;
      return calls.send({ method: 'POST', path: '/orders', body: ticket.body });
    },
    async modify(brokerOrderId, change) {
      const path = orderPath(brokerOrderId);
      if (path === undefined) return unfitId;
      const ticket = await book(path).then(
        (body) => writeChange(clientId, rowOf(body, brokerOrderId), change),
        (error: unknown) => denied('order_not_read', saidBy(error)),
      );
      if ('kind' in ticket) return ticket;
      return calls.send({ method: 'PUT', path, body: ticket.body }, brokerOrderId);
    },
    async cancel(brokerOrderId) {
      const path = orderPath(brokerOrderId);
      return path === undefined ? unfitId : calls.send({ method: 'DELETE', path }, brokerOrderId);
    },
    orders: async () => readOrders(await book('/orders'), clientId),
    trades: async () => readTrades(await book('/trades'), deps.clock.wallMs()),
    positions: async () => readPositions(await book('/positions')),
  };
}

const unfitId = denied(
  'order_id_unfit',
  'the broker\'s order id needs letters, digits, "_" or "-"',
);

/** One order is answered as a list of one; the documentation has it bare. */
function rowOf(body: unknown, brokerOrderId: string): unknown {
  const rows: unknown[] = Array.isArray(body) ? body : [body];
  return rows.find((row) =>
    wordOf((row as { orderId?: unknown } | null | undefined)?.orderId) === brokerOrderId);
}

function saidBy(error: unknown): string {
  return errorMessageOf(error).replace('[broker-dhan] ', '').slice(0, 300);
}

/** Requests about orders within the budget: each is sent once at the most, and ends somehow. */
class OrderCalls {
  private readonly config: DhanConfig;
  private readonly rest: DhanRest;
  private readonly deps: BrokerDeps;

  constructor(config: DhanConfig, rest: DhanRest, deps: BrokerDeps) {
    this.config = config;
    this.rest = rest;
    this.deps = deps;
  }

  /** Never rejects. What failed before its turn came is denied: nobody at Dhan has heard of it. */
  send(call: Omit<DhanCall, 'slot'>, brokerOrderId?: string): Promise<OrderOutcome> {
    const { gate, clock } = this.deps;
    const isCancel = call.method === 'DELETE';
    const turn = { state: 'awaited' as 'awaited' | 'had' | 'given up' };
    const slot = {
      class: 'orders',
      // What ends an order lowers a risk, and does not wait behind what begins one.
      priority: isCancel ? urgentPriority : 0,
      isWanted: () => turn.state !== 'given up',
    };
    const begin = (): Promise<OrderOutcome> => {
      if (turn.state === 'given up') return Promise.resolve(tooLate);
      turn.state = 'had';
      return this.exchange(call, brokerOrderId);
    };
    return new Promise((resolve) => {
      const giveUp = (): void => {
        if (turn.state !== 'awaited') return;
        turn.state = 'given up';
        resolve(tooLate);
      };
      const timer = isCancel ? undefined : clock.after(turnMsMax, giveUp);
      const over = (outcome: OrderOutcome): void => {
        timer?.cancel();
        resolve(this.withoutSecrets(outcome));
      };
      Promise.resolve().then(() => gate.run(slot, begin)).then(over, (error: unknown) =>
        over(turn.state === 'had' ? unknown(saidBy(error)) : notSent(error)));
    });
  }

  private async exchange(
    call: Omit<DhanCall, 'slot'>,
    brokerOrderId: string | undefined,
  ): Promise<OrderOutcome> {
    const operation = `${call.method} ${call.path}`;
    const about = brokerOrderId === undefined ? {} : { brokerOrderId };
    return outcomeOf({ operation, ...(await this.rest.exchange(call)), ...about });
  }

  private withoutSecrets(outcome: OrderOutcome): OrderOutcome {
    if (outcome.kind === 'accepted') return outcome;
    const { accessToken, pin, totpSecret } = this.config.credentials;
    const secrets = [accessToken, pin, totpSecret].filter((one) => one !== undefined);
    return { ...outcome, reason: masked(outcome.reason, secrets) };
  }
}

const tooLate = denied(
  'budget_full',
  `the broker's limits left no place for it within ${turnMsMax} ms, so it was not sent`,
);

function notSent(error: unknown): OrderOutcome {
  const code = errorCodeOf(error) === 'internal' ? 'not_sent' : errorCodeOf(error);
  return denied(code, saidBy(error));
}
