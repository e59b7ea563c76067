import { StrikewireError, type ErrorKind } from '@strikewire/runtime';

interface Refusal {
  kind: ErrorKind;
  code: string;
}

/** Codes of the data APIs, which also name the feed's disconnections (DhanHQ v2, annexure). */
const dataCodes: Readonly<Record<string, Refusal>> = {
  '800': { kind: 'retryable', code: 'broker_internal' },
  '804': { kind: 'invalid', code: 'too_many_instruments' },
  '805': { kind: 'throttled', code: 'broker_throttled' },
  '806': { kind: 'fatal', code: 'no_data_subscription' },
  '807': { kind: 'unauthenticated', code: 'token_expired' },
  '808': { kind: 'unauthenticated', code: 'authentication_failed' },
  '809': { kind: 'unauthenticated', code: 'token_invalid' },
  // No other token helps.
  '810': { kind: 'fatal', code: 'client_id_invalid' },
  '811': { kind: 'not_found', code: 'expiry_not_listed' },
  '812': { kind: 'invalid', code: 'date_malformed' },
  '813': { kind: 'invalid', code: 'instrument_unknown' },
  '814': { kind: 'invalid', code: 'request_malformed' },
};

/** Codes of the trading APIs. */
const tradingCodes: Readonly<Record<string, Refusal>> = {
  'DH-901': { kind: 'unauthenticated', code: 'authentication_failed' },
  'DH-902': { kind: 'fatal', code: 'no_data_subscription' },
  'DH-903': { kind: 'fatal', code: 'account_blocked' },
  'DH-904': { kind: 'throttled', code: 'broker_throttled' },
  'DH-905': { kind: 'invalid', code: 'request_malformed' },
  'DH-906': { kind: 'rejected', code: 'order_refused' },
  'DH-907': { kind: 'not_found', code: 'no_data' },
  'DH-908': { kind: 'retryable', code: 'broker_internal' },
  'DH-909': { kind: 'retryable', code: 'broker_network' },
  'DH-910': { kind: 'retryable', code: 'broker_other' },
};

/** What an answer says of its error. */
export interface Found {
  /** The broker's own code, or empty. */
  code: string;
  text: string;
}

/**
 * The error in an answer, or undefined when it is a success. Dhan has five shapes: `{errorType,
 * errorCode, errorMessage}`, `{data: {"805": text}, status: "failed"}`, an array with `status:
 * "ERROR"` sent with HTTP 200, the gateway's `{status, error, path}`, and `{errorCode,
 * internalErrorMessage}`; and its gateway answers HTML or nothing at all when it is down.
 */
export function errorInAnswer(
  operation: string,
  status: number,
  body: unknown,
): StrikewireError | undefined {
  const found = findError(body);
  if (!found && status >= 200 && status < 300 && isJsonAnswer(body)) return undefined;
  const refusal = classify(status, found);
  const brokerCode = found?.code ? ` ${found.code}` : '';
  const text = found?.text || (isJsonAnswer(body) ? 'no message' : 'the answer was not JSON');
  return new StrikewireError({
    ...refusal,
    message: `[broker-dhan] ${operation}: HTTP ${status}${brokerCode}: ${text.slice(0, 200)}`,
    details: { httpStatus: status, ...(found?.code ? { brokerCode: found.code } : {}) },
  });
}

function isJsonAnswer(body: unknown): boolean {
  return typeof body === 'object' && body !== null;
}

/** The error that a body tells of; undefined for one that does not, whatever its status. */
export function findError(body: unknown): Found | undefined {
  if (Array.isArray(body)) {
    const first = body[0] as Record<string, unknown> | undefined;
    return first?.['status'] === 'ERROR' ? { code: '', text: textOf(first['message']) } : undefined;
  }
  if (!isJsonAnswer(body)) return undefined;
  const answer = body as Record<string, unknown>;
  if (typeof answer['errorCode'] === 'string') {
    const text = textOf(answer['errorMessage'] ?? answer['internalErrorMessage']);
    return { code: answer['errorCode'], text };
  }
  if (answer['status'] === 'failed') {
    const [code, text] = Object.entries((answer['data'] ?? {}) as object)[0] ?? ['', ''];
    return { code, text: textOf(text) };
  }
  if (typeof answer['error'] === 'string' && typeof answer['status'] === 'number') {
    return { code: '', text: answer['error'] };
  }
  return undefined;
}

/** Dhan has one code for data that are not paid for and for trading that is not permitted. */
export function tradingCodeOf(code: string): string {
  return code === 'no_data_subscription' ? 'trading_not_permitted' : code;
}

/** The same cause has different codes on different routes: the text and the status decide too. */
function classify(status: number, found: Found | undefined): Refusal {
  if (found && /invalid token|token (is )?expired/i.test(found.text)) {
    return { kind: 'unauthenticated', code: 'token_invalid' };
  }
  const known = found && (dataCodes[found.code] ?? tradingCodes[found.code]);
  if (known) return known;
  if (status === 401) return { kind: 'unauthenticated', code: 'authentication_failed' };
  if (status === 403) return { kind: 'fatal', code: 'account_blocked' };
  if (status === 404) return { kind: 'not_found', code: 'route_unknown' };
  if (status === 429) return { kind: 'throttled', code: 'broker_throttled' };
  if (status >= 400 && status < 500) return { kind: 'invalid', code: 'request_malformed' };
  return { kind: 'retryable', code: 'broker_down' };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
