import { errorCodeOf, errorMessageOf, StrikewireError, type Clock } from '@strikewire/runtime';
import type { OrderOutcome } from './orders-port';

/*
 * What every adapter owes to a request about an order: it is sent once at the most, it never
 * rejects, and what failed before it has left is a denial.
 */

/** What is never sent, and why. */
export type OrderDenial = Extract<OrderOutcome, { kind: 'denied' }>;

/** The body of a request, or why there is none. */
export type OrderTicket<Body extends object = Record<string, unknown>> =
  | { body: Body }
  | OrderDenial;

/** The turn of a request about an order within the gate. */
export interface OrderTurn {
  /** Of its slot: what ends an order goes before all others. */
  priority: number;
  /** To be called within the gate, right before the request is sent. Throws when it is too late. */
  leaving(): void;
}

/** One request about an order. */
export interface OrderExchange {
  /** Such as `[broker-north]`: whose order it is, in what is said of it. */
  label: string;
  /** Good at any time, and before all others. */
  isCancel: boolean;
  /** Sends it through the gate, and says what its answer means. */
  ask(turn: OrderTurn): Promise<OrderOutcome>;
  /** What an error means once the request has left. */
  outcomeOf(error: unknown): OrderOutcome;
}

/** The priority, in its class of the budget, of what does not wait behind other requests. */
export const urgentPriority = -1;
/** An order that waited for longer than this was meant for another market: it is not sent. */
const waitMostMs = 3_000;
/** Of what is behind whoever says so they prove nothing. */
const unproven: readonly unknown[] = [408, 429];

/** A denial. */
export function denied(code: string, reason: string): OrderDenial {
  return { kind: 'denied', code, reason };
}

/**
 * Sends a request about an order; never rejects. A failure before it has left is a denial with the
 * error's code. So is a turn that comes after more than 3 s (`waited_too_long`), unless it is a
 * cancellation.
 */
export async function sendOrderRequest(
  { label, isCancel, ask, outcomeOf }: OrderExchange,
  clock: Pick<Clock, 'monoMs'>,
): Promise<OrderOutcome> {
  const askedMs = clock.monoMs();
  let hasLeft = false;
  const leaving = (): void => {
    if (!isCancel && clock.monoMs() - askedMs > waitMostMs) throw tooLate(label);
    hasLeft = true;
  };
  try {
    return await ask({ priority: isCancel ? urgentPriority : 0, leaving });
  } catch (thrown) {
    return hasLeft ? outcomeOf(thrown) : denied(errorCodeOf(thrown), errorMessageOf(thrown));
  }
}

/**
 * A modification at a broker that wants the whole order again: what stays comes from its row. Until
 * that is read nothing is sent, so that any failure before is a denial, `order_not_read`.
 */
export async function modifyAsItStands<Row, Body extends object>(steps: {
  read(): Promise<Row>;
  ticketOf(row: Row): OrderTicket<Body>;
  send(body: Body): Promise<OrderOutcome>;
}): Promise<OrderOutcome> {
  let row: Row;
  try {
    row = await steps.read();
  } catch (thrown) {
    return denied('order_not_read', errorMessageOf(thrown));
  }
  const ticket = steps.ticketOf(row);
  return 'kind' in ticket ? ticket : steps.send(ticket.body);
}

/**
 * What a success means that came with this id of an order, null: with none. `about`: the order that
 * the answer has to be about.
 */
export function acceptedAs(id: string | null, about?: string): OrderOutcome {
  if (id === null) return { kind: 'unknown', reason: 'the answer had no order id' };
  if (about !== undefined && id !== about) {
    return { kind: 'unknown', reason: `the answer was about order ${id.slice(0, 40)}` };
  }
  return { kind: 'accepted', brokerOrderId: id };
}

/** Whether an error with this HTTP status may have come although the order was taken. */
export function isUnprovenStatus(httpStatus: unknown): boolean {
  return typeof httpStatus !== 'number' || httpStatus >= 500 || unproven.includes(httpStatus);
}

function tooLate(label: string): StrikewireError {
  return new StrikewireError({
    kind: 'throttled',
    code: 'waited_too_long',
    message: `${label} its turn came after more than ${waitMostMs} ms: it was not sent`,
  });
}
