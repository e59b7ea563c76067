import { isWireRow, wireText, type OrderOutcome } from '@strikewire/broker';
import { errorCodeOf, errorMessageOf } from '@strikewire/runtime';
import { dataOf } from './upstox-rest';

/** Said by what stands before the order system: of what is behind it they prove nothing. */
const unproven: readonly unknown[] = [408, 429];
const vague: readonly string[] = ['broker_internal', 'broker_throttled'];

/** What an answer without an error says. Anything but one id is no answer to rely on. */
export function acceptedOf(body: unknown, needed?: string): OrderOutcome {
  const data = dataOf(body);
  const { order_ids: many, order_id: one } = isWireRow(data) ? data : {};
  const ids = Array.isArray(many) ? many.map(wireText) : [wireText(one)];
  const [id = null] = ids;
  if (ids.length !== 1 || id === null) {
    const found = ids.length > 1 ? `${ids.length} order ids` : 'no order id';
    return { kind: 'unknown', reason: `the answer had ${found}` };
  }
  if (needed !== undefined && id !== needed) {
    return { kind: 'unknown', reason: `the answer was about order ${id.slice(0, 40)}` };
  }
  return { kind: 'accepted', brokerOrderId: id };
}

/**
 * What an error means once the request has left. Only the broker's own code, in an answer that is
 * no failure of its servers, proves that it took nothing.
 */
export function outcomeOfError(thrown: unknown): OrderOutcome {
  const { details } = (thrown ?? {}) as { details?: unknown };
  const { httpStatus, brokerCode, brokerText } = isWireRow(details) ? details : {};
  const code = errorCodeOf(thrown);
  const isServers = typeof httpStatus !== 'number' || httpStatus >= 500;
  const isVague = unproven.includes(httpStatus) || vague.includes(code);
  if (isServers || isVague || typeof brokerCode !== 'string') {
    return { kind: 'unknown', reason: errorMessageOf(thrown) };
  }
  // The broker's own code for what has no name here.
  const isNamed = code !== 'request_malformed' && code !== 'broker_down';
  const name = isNamed ? code : brokerCode.toLowerCase().slice(0, 40);
  const reason = `${brokerCode}: ${wireText(brokerText) ?? 'no text'}`;
  return { kind: 'rejected', code: name, reason };
}
