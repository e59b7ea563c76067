import { describe, expect, it } from 'vitest';
import { safePath } from './safe-path';

describe('the path after signing in', () => {
  it.each(['/chain/NIFTY/2026-11-24', '/activity?actor=asha&before=12', '/status#sockets'])(
    'is kept when it is ours: %s',
    (path) => expect(safePath(path)).toBe(path),
  );

  it.each([
    'https://evil.example/',
    '//evil.example/x',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    'javascript:alert(1)',
    '/..//evil.example',
    '/.//evil.example',
    'chain',
    '',
    '/sign-in?next=/sign-in',
    '/new-password',
    `/${'x'.repeat(3_000)}`,
    ['/chain'],
    undefined,
    null,
  ])('is home when it is %j', (path) => expect(safePath(path)).toBe('/'));
});
