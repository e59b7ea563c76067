import {
  acceptedAs,
  isUnprovenStatus,
  isWireRow,
  wireText,
  type OrderOutcome,
} from '@strikewire/broker';
import { errorCodeOf, errorMessageOf } from '@strikewire/runtime';
import { isOfAnalyzer } from './openalgo-rest';

/** It passes on what went wrong on the way to the broker behind it with any status. */
const onTheWay =
  /timed?[ -]?out|connect|network|gateway|internal|unexpected|too many|rate limit|try again/i;

/** What an answer without an error says. Without an id it may have been put aside for a person. */
export function acceptedOf(body: unknown, about?: string): OrderOutcome {
  const id = isWireRow(body) ? wireText(body['orderid']) : null;
  if (isOfAnalyzer(body)) {
    const reason = 'OpenAlgo is in analyze mode: it went to its sandbox, and to no broker';
    return { kind: 'rejected', code: 'analyze_mode', reason };
  }
  return acceptedAs(id, about);
}

/**
 * What an error means once the request has left. Only an error in its own envelope, that is no
 * failure of its servers, and speaks of none, proves that nothing was taken; it may come with any
 * status, a success among them.
 */
export function outcomeOfError(thrown: unknown): OrderOutcome {
  const { details } = (thrown ?? {}) as { details?: unknown };
  const { httpStatus, brokerText } = isWireRow(details) ? details : {};
  const isProof = typeof brokerText === 'string' && !onTheWay.test(brokerText);
  if (isUnprovenStatus(httpStatus) || !isProof) {
    return { kind: 'unknown', reason: errorMessageOf(thrown) };
  }
  const code = errorCodeOf(thrown);
  const isNamed = code !== 'request_malformed' && code !== 'broker_down';
  return { kind: 'rejected', code: isNamed ? code : 'broker_refused', reason: brokerText };
}
