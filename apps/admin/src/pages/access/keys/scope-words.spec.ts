import { describe, expect, it } from 'vitest';
import { expiryOf, scopeChoices } from './scope-words';

describe('scopes of a key', () => {
  it('are barred above one\'s own role, which is said', () => {
    const barred = scopeChoices('viewer').filter(({ isBarred }) => isBarred);
    expect(barred.map(({ value }) => value)).toEqual(['orders:read', 'trade', 'admin']);
    expect(barred[0]?.help).toMatch(/Needs the role trader\.$/);
    expect(scopeChoices('admin').some(({ isBarred }) => isBarred)).toBe(false);
  });
});

describe('the expiry of a key', () => {
  it('is counted from now, or never', () => {
    const now = Date.parse('2026-11-24T10:00:00Z');
    expect(expiryOf('30', now)).toBe('2026-12-24T10:00:00.000Z');
    expect(expiryOf('never', now)).toBeNull();
  });
});
