import { describe, expect, it } from 'vitest';
import { failure, html, success } from '../fixtures/answers';
import { errorInAnswer } from './error-mapping';

function errorOf(status: number, body: string) {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    parsed = undefined;
  }
  return errorInAnswer('GET /v2/option/chain', status, parsed);
}

describe('errorInAnswer', () => {
  it.each([
    [401, 'UDAPI100050', 'unauthenticated', 'token_invalid'],
    [401, 'UDAPI100016', 'unauthenticated', 'authentication_failed'],
    [400, 'UDAPI100068', 'unauthenticated', 'authentication_failed'],
    [403, 'UDAPI100067', 'unauthenticated', 'token_not_permitted'],
    [400, 'UDAPI100073', 'fatal', 'client_inactive'],
    [403, 'UDAPI1154', 'fatal', 'address_not_allowed'],
    [403, 'UDAPI100049', 'fatal', 'account_blocked'],
    [429, 'UDAPI10005', 'throttled', 'broker_throttled'],
    [423, 'UDAPI100072', 'retryable', 'service_closed'],
    [423, 'UDAPI100074', 'retryable', 'service_closed'],
    [404, 'UDAPI100060', 'not_found', 'route_unknown'],
    [400, 'UDAPI100011', 'invalid', 'instrument_unknown'],
    [400, 'UDAPI1087', 'invalid', 'instrument_unknown'],
    [400, 'UDAPI1088', 'invalid', 'date_malformed'],
    [400, 'UDAPI100042', 'invalid', 'too_many_instruments'],
    [500, 'UDAPI100500', 'retryable', 'broker_internal'],
    [400, 'UDAPI99999', 'invalid', 'request_malformed'],
    [500, 'UDAPI99999', 'retryable', 'broker_down'],
    [401, 'UDAPI99999', 'unauthenticated', 'authentication_failed'],
  ])('HTTP %d, %s is %s (%s)', (status, code, kind, ours) => {
    const error = errorOf(status, failure(code, 'what the broker says'));
    expect(error).toMatchObject({ kind, code: ours });
    expect(error?.details).toMatchObject({ httpStatus: status, brokerCode: code });
    expect(error?.message).toContain('what the broker says');
  });

  it.each([
    ['in the older spelling', { errorCode: 'UDAPI10005', message: 'slow down' }],
    ['in the newer spelling', { error_code: 'UDAPI10005', message: 'slow down' }],
  ])('finds the code %s', (_what, first) => {
    const error = errorOf(400, JSON.stringify({ status: 'error', errors: [first] }));
    expect(error).toMatchObject({ kind: 'throttled', code: 'broker_throttled' });
  });

  it.each([
    ['an error with HTTP 200', 200, failure('UDAPI100050', 'no'), 'unauthenticated'],
    ['HTML with 200', 200, html, 'retryable'],
    ['HTML with 401', 401, html, 'unauthenticated'],
    ['HTML with 403, of the gateway', 403, html, 'retryable'],
    ['JSON with 403', 403, '{"status":"error"}', 'fatal'],
    ['HTML with 423', 423, html, 'retryable'],
    ['HTML with 429', 429, html, 'throttled'],
    ['plain text with 503', 503, 'upstream connect error', 'retryable'],
    ['nothing with 200', 200, '', 'retryable'],
    ['nothing with 502', 502, '', 'retryable'],
    ['"null"', 200, 'null', 'retryable'],
    ['a bare number', 200, '7', 'retryable'],
    ['half a body', 200, success([]).slice(0, 12), 'retryable'],
    ['a success body with 500', 500, success([]), 'retryable'],
    ['errors that are no list', 400, '{"status":"error","errors":{}}', 'invalid'],
    ['errors of odd things', 400, '{"status":"error","errors":[null]}', 'invalid'],
    ['a code of an inherited name', 400, failure('constructor', 'x'), 'invalid'],
    ['a redirect', 302, '{}', 'retryable'],
  ])('%s', (_what, status, body, kind) => {
    expect(errorOf(status, body)).toMatchObject({ kind });
  });

  it('lets success pass, in part too', () => {
    for (const body of [success([]), '{}', '{"status":"partial_success","data":[]}']) {
      expect(errorOf(200, body)).toBeUndefined();
    }
    expect(errorOf(207, success([]))).toBeUndefined();
  });

  it('keeps a long text short', () => {
    expect(errorOf(400, failure('X', 'x'.repeat(5_000)))?.message.length).toBeLessThan(300);
  });
});
