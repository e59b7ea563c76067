import { errorBodySchema } from '@strikewire/contracts';
import { describe, expect, it } from 'vitest';
import { clientErrorAnswer } from './client-error';
import { matchesEntityTag } from './entity-tag';
import { isPlainPath } from './plain-path';
import { useOriginForm } from './request-target';

describe('matchesEntityTag', () => {
  it.each([
    ['"a-1"', true],
    ['W/"a-1"', true],
    ['"b", "a-1"', true],
    ['W/"b" ,W/"a-1"', true],
    ['"b,c", "a-1"', true],
    ['*', true],
    [' * ', true],
    ['"a-2"', false],
    ['"b, \\"a-1', false],
    ['a-1', false],
    ['"xa-1"', false],
    ['', false],
    [undefined, false],
  ])('%s: %s', (header, expected) => {
    expect(matchesEntityTag(header, '"a-1"')).toBe(expected);
  });
});

describe('isPlainPath', () => {
  it.each([
    '/', '/?a=..', '/api/x', '/ws/', '/a..b', '/...', '/.git/config', '/a?b=//', '/M%26M', '/a%20b',
  ])('%s is', (url) => {
    expect(isPlainPath(url)).toBe(true);
  });

  it.each([
    '//', '///', '//api/x', '/api//x', '/../x', '/a/..', '/a/./b', '/%2e%2e/x', '/a/%2E./b',
    '/..%2f..%2fetc', '/a%2f%2fb', '/%00', '/a%0d%0ab', '/%zz', '/%', '/a//?x=1',
  ])('%s is not', (url) => {
    expect(isPlainPath(url)).toBe(false);
  });
});

describe('useOriginForm', () => {
  it.each([
    ['/health', '/health', 'given'],
    ['http://localhost/health', '/health', 'localhost'],
    ['HTTP://localhost:3000/a//b?c=d', '/a//b?c=d', 'localhost:3000'],
    ['https://desk.example', '/', 'desk.example'],
    ['http://[::1]:3000?a=b', '/?a=b', '[::1]:3000'],
    ['http://localhost@evil.example/', '/', 'localhost@evil.example'],
    ['http:///health', '/health', ''],
    ['//localhost/health', '//localhost/health', 'given'],
    ['/http://localhost/health', '/http://localhost/health', 'given'],
    ['*', '*', 'given'],
  ])('%s: %s at %s', (url, path, host) => {
    const request = { url, headers: { host: 'given' } };
    expect(useOriginForm(request)).toBe(path);
    expect(request).toEqual({ url: path, headers: { host } });
  });

  it('does not stand in for a Host header that is missing', () => {
    const request = { url: 'http://localhost/health', headers: {} };
    expect(useOriginForm(request)).toBe('/health');
    expect(request.headers).toEqual({});
  });
});

describe('clientErrorAnswer', () => {
  it.each([
    ['HPE_HEADER_OVERFLOW', '431 Request Header Fields Too Large', 'headers_too_large'],
    ['ERR_HTTP_REQUEST_TIMEOUT', '408 Request Timeout', 'request_timeout'],
    ['HPE_INVALID_METHOD', '400 Bad Request', 'request_malformed'],
    [undefined, '400 Bad Request', 'request_malformed'],
  ])('%s: %s', (code, status, expected) => {
    const [head = '', body = ''] = clientErrorAnswer(code, 'r-1').split('\r\n\r\n');
    expect(head.split('\r\n')[0]).toBe(`HTTP/1.1 ${status}`);
    expect(head).toContain(`content-length: ${body.length}\r\n`);
    expect(errorBodySchema.parse(JSON.parse(body)).error).toMatchObject({
      code: expected, requestId: 'r-1',
    });
  });
});
