import type { OrderOutcome } from '@strikewire/broker';
import { wordOf } from '../map/figures';
import { errorInAnswer, findError, tradingCodeOf } from './error-mapping';

/** What an answer means for the request about an order that it is the answer to. */
export interface OrderAnswer {
  operation: string;
  status: number;
  /** Undefined: it was not JSON. */
  body: unknown;
  /** Of the order that a change was about. */
  brokerOrderId?: string;
}

/** Codes by which Dhan says that it has not done what was asked (DhanHQ v2, annexure). */
const refusals = new Set(['DH-901', 'DH-902', 'DH-903', 'DH-905', 'DH-906', 'DH-907']);

/**
 * One of the four ends. Only a refusal with a code that says so, and without an order id beside it,
 * proves that nothing was done. A server's error, a gateway's page, too many requests, an answer
 * without an id: the order may be in the market.
 */
export function outcomeOf({ operation, status, body, brokerOrderId }: OrderAnswer): OrderOutcome {
  const error = errorInAnswer(operation, status, body);
  const { orderId, orderStatus } = fieldsOf(body);
  const id = wordOf(orderId);
  if (!error) {
    if (id === null) return unknown(`${operation}: HTTP ${status} without an order id`);
    if (brokerOrderId === undefined) return { kind: 'accepted', brokerOrderId: id };
    if (id !== brokerOrderId) return unknown(`${operation}: the answer was about order ${id}`);
    const isRefused = wordOf(orderStatus)?.toUpperCase() === 'REJECTED';
    if (isRefused) return unknown(`${operation}: answered as rejected, without a reason`);
    return { kind: 'accepted', brokerOrderId: id };
  }
  const found = findError(body);
  const isProof = found !== undefined && refusals.has(found.code) && id === null;
  if (!isProof || status >= 500 || status === 429) return unknown(error.message);
  const isAddress = /invalid ip/i.test(found.text);
  const code = isAddress ? 'address_not_listed' : tradingCodeOf(error.code);
  const hint = isAddress ? '; orders need the static address that is registered at Dhan' : '';
  const text = found.text.slice(0, 200) || 'no reason given';
  return { kind: 'rejected', code, reason: `${text} (${found.code})${hint}` };
}

/** It may have been done. */
export function unknown(reason: string): OrderOutcome {
  return { kind: 'unknown', reason: reason.replace('[broker-dhan] ', '').slice(0, 300) };
}

function fieldsOf(body: unknown): { orderId?: unknown; orderStatus?: unknown } {
  return typeof body === 'object' && body !== null ? body : {};
}
