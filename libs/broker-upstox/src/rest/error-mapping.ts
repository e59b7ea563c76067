import { StrikewireError, type ErrorKind } from '@strikewire/runtime';

interface Refusal {
  kind: ErrorKind;
  code: string;
}

const malformed: Refusal = { kind: 'invalid', code: 'request_malformed' };
const unknownInstrument: Refusal = { kind: 'invalid', code: 'instrument_unknown' };
const tooMany: Refusal = { kind: 'invalid', code: 'too_many_instruments' };

/** Codes of data, of orders and of signing in (Upstox API documentation, "Error codes"). */
const known: Readonly<Record<string, Refusal>> = {
  UDAPI100050: { kind: 'unauthenticated', code: 'token_invalid' },
  UDAPI100016: { kind: 'unauthenticated', code: 'authentication_failed' },
  UDAPI100067: { kind: 'unauthenticated', code: 'token_not_permitted' },
  UDAPI100068: { kind: 'unauthenticated', code: 'authentication_failed' },
  UDAPI100069: { kind: 'unauthenticated', code: 'authentication_failed' },
  UDAPI100073: { kind: 'fatal', code: 'client_inactive' },
  UDAPI100049: { kind: 'fatal', code: 'account_blocked' },
  UDAPI1154: { kind: 'fatal', code: 'address_not_allowed' },
  UDAPI10005: { kind: 'throttled', code: 'broker_throttled' },
  UDAPI100072: { kind: 'retryable', code: 'service_closed' },
  UDAPI100074: { kind: 'retryable', code: 'service_closed' },
  UDAPI100060: { kind: 'not_found', code: 'route_unknown' },
  UDAPI100500: { kind: 'retryable', code: 'broker_internal' },
  UDAPI10000: malformed,
  UDAPI100015: malformed,
  UDAPI100036: malformed,
  UDAPI100038: malformed,
  UDAPI1009: malformed,
  UDAPI1010: malformed,
  UDAPI1011: unknownInstrument,
  UDAPI1021: unknownInstrument,
  UDAPI1087: unknownInstrument,
  UDAPI100011: unknownInstrument,
  UDAPI1088: { kind: 'invalid', code: 'date_malformed' },
  UDAPI100042: tooMany,
  UDAPI100076: tooMany,
  UDAPI100057: { kind: 'invalid', code: 'market_closed' },
  UDAPI100010: { kind: 'not_found', code: 'order_unknown' },
  UDAPI100039: { kind: 'invalid', code: 'market_open' },
  UDAPI100040: { kind: 'invalid', code: 'order_ended' },
  UDAPI100041: { kind: 'invalid', code: 'order_ended' },
  UDAPI1158: { kind: 'invalid', code: 'market_order_refused' },
  UDAPI1161: { kind: 'invalid', code: 'segment_not_served' },
};

interface Found {
  /** The broker's own code, or empty. */
  code: string;
  text: string;
}

/**
 * The error in an answer, or undefined when it is a success. The envelope is `{status: "error",
 * errors: [{error_code, message}]}`, with codes in two spellings; the gateway in front of it
 * answers HTML, plain text or nothing.
 */
export function errorInAnswer(
  operation: string,
  status: number,
  body: unknown,
): StrikewireError | undefined {
  const found = findError(body);
  if (!found && status >= 200 && status < 300 && isJsonAnswer(body)) return undefined;
  const brokerCode = found?.code ? ` ${found.code}` : '';
  const text = found?.text || (isJsonAnswer(body) ? 'no message' : 'the answer was not JSON');
  return new StrikewireError({
    ...classify(status, found, isJsonAnswer(body)),
    message: `[broker-upstox] ${operation}: HTTP ${status}${brokerCode}: ${text.slice(0, 200)}`,
    details: {
      httpStatus: status,
      ...(found?.code && { brokerCode: found.code, brokerText: found.text.slice(0, 200) }),
    },
  });
}

function isJsonAnswer(body: unknown): boolean {
  return typeof body === 'object' && body !== null;
}

function findError(body: unknown): Found | undefined {
  if (!isJsonAnswer(body)) return undefined;
  const { status, errors } = body as { status?: unknown; errors?: unknown };
  if (status !== 'error') return undefined;
  const first = Array.isArray(errors) ? (errors[0] as Record<string, unknown> | null) : undefined;
  const code = first?.['error_code'] ?? first?.['errorCode'];
  return { code: textOf(code), text: textOf(first?.['message']) };
}

/** A code decides, then the status: any answer may be a 401, whichever route it is of. */
function classify(status: number, found: Found | undefined, isJson: boolean): Refusal {
  const refusal = found && Object.hasOwn(known, found.code) ? known[found.code] : undefined;
  if (refusal) return refusal;
  if (status === 401) return { kind: 'unauthenticated', code: 'authentication_failed' };
  // Pages of the gateway speak of the caller's address or client, not of the account.
  if (status === 403 && !isJson) return { kind: 'retryable', code: 'gateway_refused' };
  if (status === 403) return { kind: 'fatal', code: 'account_blocked' };
  if (status === 404) return { kind: 'not_found', code: 'route_unknown' };
  if (status === 423) return { kind: 'retryable', code: 'service_closed' };
  if (status === 429) return { kind: 'throttled', code: 'broker_throttled' };
  if (status >= 400 && status < 500) return malformed;
  return { kind: 'retryable', code: 'broker_down' };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
