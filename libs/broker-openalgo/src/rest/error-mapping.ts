import { StrikewireError, type ErrorKind } from '@strikewire/runtime';

interface Refusal {
  kind: ErrorKind;
  code: string;
}

/**
 * The error in an answer, or undefined when it is a success. The envelope is `{status: "error",
 * message}`, with a text, or the texts of each field; some routes have those under `errors`. What
 * stands in front of it, and its own crashes, answer HTML or nothing.
 */
export function errorInAnswer(
  operation: string,
  status: number,
  body: unknown,
): StrikewireError | undefined {
  const isJson = typeof body === 'object' && body !== null;
  const answer = (isJson ? body : {}) as Record<string, unknown>;
  const isError = answer['status'] === 'error';
  if (!isError && status >= 200 && status < 300 && isJson) return undefined;
  const told = [answer['message'], answer['errors']].map(textOf).filter((one) => one !== '');
  const text = told.join(': ') || (isJson ? 'no message' : 'the answer was not JSON');
  return new StrikewireError({
    ...classify(status, text, isJson),
    message: `[broker-openalgo] ${operation}: HTTP ${status}: ${text.slice(0, 200)}`,
    details: {
      httpStatus: status,
      ...(isError && text !== 'no message' && { brokerText: text.slice(0, 200) }),
    },
  });
}

/** It has no codes: status and text decide. */
function classify(status: number, text: string, isJson: boolean): Refusal {
  if (isJson && /invalid (?:openalgo )?api ?key/i.test(text)) {
    return { kind: 'unauthenticated', code: 'api_key_invalid' };
  }
  if (isJson && isBlocked(text)) return { kind: 'fatal', code: 'account_blocked' };
  if (status === 401) return { kind: 'unauthenticated', code: 'api_key_missing' };
  if (status === 403 && isJson) return { kind: 'unauthenticated', code: 'api_key_invalid' };
  // It bans addresses, whatever their key.
  if (status === 403) return { kind: 'fatal', code: 'address_banned' };
  if (status === 404) return { kind: 'not_found', code: 'not_there' };
  if (status === 429) return { kind: 'throttled', code: 'broker_throttled' };
  if (status === 501) return { kind: 'invalid', code: 'not_supported' };
  if (status >= 400 && status < 500) return { kind: 'invalid', code: 'request_malformed' };
  return { kind: 'retryable', code: 'broker_down' };
}

/** Whether a refusal is meant for the person, whatever key is shown. */
export function isBlocked(text: string): boolean {
  return /\baccount\b.*\b(?:blocked|suspended|disabled)\b/i.test(text);
}

/** A text, or `field: text; field: text` of texts by field. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value).map(([name, texts]) => `${name}: ${String(texts)}`).join('; ');
}
