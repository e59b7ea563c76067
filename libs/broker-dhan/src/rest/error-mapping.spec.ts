import { describe, expect, it } from 'vitest';
import {
  chainBody,
  dataError,
  gatewayError,
  html,
  internalError,
  listError,
  tradingError,
} from '../fixtures/answers';
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
    [500, '800', 'retryable', 'broker_internal'],
    [400, '804', 'invalid', 'too_many_instruments'],
    [429, '805', 'throttled', 'broker_throttled'],
    [401, '806', 'fatal', 'no_data_subscription'],
    [401, '807', 'unauthenticated', 'token_expired'],
    [401, '808', 'unauthenticated', 'authentication_failed'],
    [401, '809', 'unauthenticated', 'token_invalid'],
    [401, '810', 'fatal', 'client_id_invalid'],
    [400, '811', 'not_found', 'expiry_not_listed'],
    [400, '812', 'invalid', 'date_malformed'],
    [400, '813', 'invalid', 'instrument_unknown'],
    [400, '814', 'invalid', 'request_malformed'],
  ])('data APIs: HTTP %d, %s is %s', (status, code, kind, ours) => {
    const error = errorOf(status, dataError(code, 'what the broker says'));
    expect(error).toMatchObject({ kind, code: ours });
    expect(error?.details).toEqual({ httpStatus: status, brokerCode: code });
    expect(error?.message).toContain('what the broker says');
  });

  it.each([
    [401, 'DH-901', 'unauthenticated'],
    [403, 'DH-902', 'fatal'],
    [400, 'DH-903', 'fatal'],
    [429, 'DH-904', 'throttled'],
    [400, 'DH-905', 'invalid'],
    [400, 'DH-906', 'rejected'],
    [400, 'DH-907', 'not_found'],
    [500, 'DH-908', 'retryable'],
    [500, 'DH-909', 'retryable'],
    [500, 'DH-910', 'retryable'],
    [418, 'DH-999', 'invalid'],
  ])('trading APIs: HTTP %d, %s is %s', (status, code, kind) => {
    expect(errorOf(status, tradingError(code, 'text'))).toMatchObject({ kind });
  });

  it('knows a dead token by its text, whatever its code', () => {
    expect(errorOf(400, tradingError('DH-906', 'Invalid Token'))).toMatchObject({
      kind: 'unauthenticated',
    });
    expect(errorOf(401, dataError('999', 'Access token is expired'))).toMatchObject({
      kind: 'unauthenticated',
    });
  });

  it.each([
    ['an error with HTTP 200', 200, dataError('805', 'Too many requests'), 'throttled'],
    ['a trading error with HTTP 200', 200, tradingError('DH-901', 'no'), 'unauthenticated'],
    ['a list with HTTP 200', 200, listError, 'retryable'],
    ['the gateway\'s 404', 404, gatewayError, 'not_found'],
    ['an internal error', 500, internalError, 'retryable'],
    ['HTML with 502', 502, html, 'retryable'],
    ['HTML with 200', 200, html, 'retryable'],
    ['HTML with 429', 429, html, 'throttled'],
    ['HTML with 401', 401, html, 'unauthenticated'],
    ['nothing with 200', 200, '', 'retryable'],
    ['nothing with 503', 503, '', 'retryable'],
    ['"null"', 200, 'null', 'retryable'],
    ['a bare number', 200, '7', 'retryable'],
    ['half a body', 200, chainBody({}).slice(0, 20), 'retryable'],
    ['a success body with 500', 500, chainBody({}), 'retryable'],
    ['"failed" without data', 400, '{"status":"failed"}', 'invalid'],
    ['"failed" with odd data', 400, '{"status":"failed","data":[null]}', 'invalid'],
    ['a redirect', 302, '{}', 'retryable'],
  ])('%s', (_what, status, body, kind) => {
    expect(errorOf(status, body)).toMatchObject({ kind });
  });

  it('lets success pass: an object, a list, an empty one', () => {
    for (const body of [chainBody({}), '[]', '{}', '[{"status":"PENDING"}]', '[null]']) {
      expect(errorOf(200, body)).toBeUndefined();
    }
  });

  it('keeps a long text short', () => {
    expect(errorOf(400, dataError('814', 'x'.repeat(5_000)))?.message.length).toBeLessThan(300);
  });
});
