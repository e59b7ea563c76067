import { isWireRow, wireText, type OrderOutcome } from '@strikewire/broker';
import { errorCodeOf, errorMessageOf } from '@strikewire/runtime';
import { isOfAnalyzer } from './openalgo-rest';

/** Of what is behind whoever says so they prove nothing. */
const unproven: readonly unknown[] = [408, 429];
/** It passes on what went wrong on the way to the broker behind it with any status. */
const onTheWay =
  /timed?[ -]?out|connect|network|gateway|internal|unexpected|too many|rate limit|try again/i;

/** What an answer without an error says. Without an id it may have been put aside for a person. */
export function acceptedOf(body: unknown, needed?: string): OrderOutcome {
  const id = isWireRow(body) ? wireText(body['orderid']) : null;
  if (isOfAnalyzer(body)) {
    const reason = 'OpenAlgo is in analyze mode: it went to its sandbox, and to no broker';
    return { kind: 'rejected', code: 'analyze_mode', reason };
  }
  if (id === null) return { kind: 'unknown', reason: 'the answer had no order id' };
  if (needed !== undefined && id !== needed) {
    return { kind: 'unknown', reason: `the answer was about order ${id.slice(0, 40)}` };
  }
  return { kind: 'accepted', brokerOrderId: id };
}

/**
 * What an error means once the request has left. Only an error in its own envelope, that is no
 * failure of its servers, and speaks of none, proves that nothing was taken; it may come with any
 * status, a success among them.
 */
export function outcomeOfError(thrown: unknown): OrderOutcome {
  const { details } = (thrown ?? {}) as { details?: unknown };
  const { httpStatus, brokerText } = isWireRow(details) ? details : {};
  const isServers = typeof httpStatus !== 'number' || httpStatus >= 500;
  const isProof = typeof brokerText === 'string' && !onTheWay.test(brokerText);
  if (isServers || unproven.includes(httpStatus) || !isProof) {
    return { kind: 'unknown', reason: errorMessageOf(thrown) };
  }
  const code = errorCodeOf(thrown);
  const isNamed = code !== 'request_malformed' && code !== 'broker_down';
  return { kind: 'rejected', code: isNamed ? code : 'broker_refused', reason: brokerText };
}
