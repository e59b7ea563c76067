import { describe, expect, it } from 'vitest';
import { tokenLife } from './token-life';

const now = Date.parse('2026-11-24T10:00:00+05:30');

describe('the life of a token', () => {
  it.each([
    ['2026-11-24T15:12:30+05:30', 'token expires in 5 h 12 m', 'good'],
    ['2026-11-24T11:00:00+05:30', 'token expires in 1 h 0 m', 'late'],
    ['2026-11-24T09:30:00+05:30', 'token expired 30 min ago', 'bad'],
    [null, 'token life unknown', 'none'],
  ])('that ends %s reads %j', (expiresAt, text, tone) => {
    expect(tokenLife(expiresAt, now)).toEqual({ text, tone });
  });
});
