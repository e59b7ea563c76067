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
  return errorInAnswer('POST /optionchain', status, parsed);
}

describe('errorInAnswer', () => {
  it.each([
    ['a bad key', 403, failure('Invalid openalgo apikey'), 'unauthenticated api_key_invalid'],
    ['a bad key with 200', 200, failure('Invalid API key'), 'unauthenticated api_key_invalid'],
    ['a refusal of another word', 403, failure('blocked'), 'unauthenticated api_key_invalid'],
    ['a blocked person', 403, failure('User account is blocked'), 'fatal account_blocked'],
    ['no key', 401, failure('API key is required'), 'unauthenticated api_key_missing'],
    ['a banned address', 403, html, 'fatal address_banned'],
    ['an unknown symbol', 404, failure('Symbol not found'), 'not_found not_there'],
    ['a missing field', 400, failure({ symbol: ['Missing data'] }), 'invalid request_malformed'],
    ['the limiter', 429, failure('50 per 1 second'), 'throttled broker_throttled'],
    ['the limiter in HTML', 429, html, 'throttled broker_throttled'],
    ['what its broker cannot do', 501, failure('no'), 'invalid not_supported'],
    ['a crash', 500, failure('An unexpected error occurred'), 'retryable broker_down'],
    ['an error with 200', 200, failure('Failed to fetch'), 'retryable broker_down'],
    ['HTML with 200', 200, html, 'retryable broker_down'],
    ['HTML with 502', 502, html, 'retryable broker_down'],
    ['nothing with 200', 200, '', 'retryable broker_down'],
    ['"null"', 200, 'null', 'retryable broker_down'],
    ['a success body with 500', 500, success([]), 'retryable broker_down'],
    ['a redirect', 302, '{}', 'retryable broker_down'],
  ])('%s', (_what, status, body, told) => {
    const error = errorOf(status, body);
    expect(`${error?.kind} ${error?.code}`).toBe(told);
    expect(error?.details).toMatchObject({ httpStatus: status });
  });

  it.each([
    [failure('one text'), 'one text'],
    [failure({ symbol: ['Missing data', 'Not a text'], exchange: ['Unknown'] }),
      'symbol: Missing data,Not a text; exchange: Unknown'],
    ['{"status":"error","message":"Validation error","errors":{"expiry_date":["Missing"]}}',
      'Validation error: expiry_date: Missing'],
    ['{"status":"error"}', 'no message'],
    ['{"status":"error","message":null,"errors":7}', 'no message'],
  ])('tells what %s says', (body, text) => {
    const start = '[broker-openalgo] POST /optionchain: HTTP 400: ';
    expect(errorOf(400, body)?.message).toBe(`${start}${text}`);
  });

  it('lets success pass, and keeps a long text short', () => {
    for (const body of [success([]), '{"status":"success","results":[]}', '{}']) {
      expect(errorOf(200, body)).toBeUndefined();
    }
    expect(errorOf(400, failure('x'.repeat(5_000)))?.message.length).toBeLessThan(300);
  });
});
