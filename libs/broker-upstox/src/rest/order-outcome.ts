import {
  acceptedAs,
  isUnprovenStatus,
  isWireRow,
  wireText,
  type OrderOutcome,
} from '@strikewire/broker';
import { errorCodeOf, errorMessageOf } from '@strikewire/runtime';
import { dataOf } from './upstox-rest';

/** Said by what stands before the order system: of what is behind it they prove nothing. */
const vague: readonly string[] = ['broker_internal', 'broker_throttled'];

/** What an answer without an error says. Anything but one id is no answer to rely on. */
export function acceptedOf(body: unknown, about?: string): OrderOutcome {
  const data = dataOf(body);
  const { order_ids: many, order_id: one } = isWireRow(data) ? data : {};
  const ids = Array.isArray(many) ? many.map(wireText) : [wireText(one)];
  if (ids.length > 1) return { kind: 'unknown', reason: `the answer had ${ids.length} order ids` };
  return acceptedAs(ids[0] ?? null, about);
}

/**
 * What an error means once the request has left. Only the broker's own code, in an answer that is
 * no failure of its servers, proves that it took nothing.
 */
export function outcomeOfError(thrown: unknown): OrderOutcome {
  const { details } = (thrown ?? {}) as { details?: unknown };
  const { httpStatus, brokerCode, brokerText } = isWireRow(details) ? details : {};
  const code = errorCodeOf(thrown);
  const isVague = isUnprovenStatus(httpStatus) || vague.includes(code);
  if (isVague || typeof brokerCode !== 'string') {
    return { kind: 'unknown', reason: errorMessageOf(thrown) };
  }
  // The broker's own code for what has no name here.
  const isNamed = code !== 'request_malformed' && code !== 'broker_down';
  const name = isNamed ? code : brokerCode.toLowerCase().slice(0, 40);
  const reason = `${brokerCode}: ${wireText(brokerText) ?? 'no text'}`;
  return { kind: 'rejected', code: name, reason };
}
