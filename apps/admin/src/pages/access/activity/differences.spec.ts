import { describe, expect, it } from 'vitest';
import { actionWords, differencesOf, differenceText } from './differences';

const texts = (...given: Parameters<typeof differencesOf>): string[] =>
  differencesOf(...given).map(differenceText);

describe('what an entry changed', () => {
  it('is named, and what stayed is not', () => {
    expect(
      texts(
        { role: 'viewer', name: 'A', limits: { a: 1, b: 2 }, traders: ['x'] },
        { role: 'admin', name: 'A', limits: { a: 1, b: 3 }, traders: ['x', 'y'] },
      ),
    ).toEqual(['role: admin (was viewer)', 'limits.b: 3 (was 2)', 'traders: x, y (was x)']);
  });

  it('tells new and gone from changed', () => {
    expect(texts(null, { role: 'admin', enabled: true })).toEqual(['role: admin', 'enabled: yes']);
    expect(texts({ role: 'admin' }, null)).toEqual(['role: gone (was admin)']);
    expect(texts(null, { expiresAt: '2026-12-21T11:38:55.565Z' })).toEqual([
      'expiresAt: 2026-12-21 17:08:55 IST',
    ]);
    expect(texts({ expiresAt: null, note: '' }, { expiresAt: 'x', note: 'y' })).toEqual([
      'expiresAt: x (was none)',
      'note: y (was (empty))',
    ]);
  });

  it('is nothing when nothing is said', () => expect(texts(null, null)).toEqual([]));
});

it('says an action in words', () => {
  expect(actionWords('user.password_reset')).toBe('User password reset');
});
