import { describe, expect, it } from 'vitest';
import { addressOf, askedOf, exportPath, filtersOf } from './activity-filters';

const none = { actor: '', action: '', subject: '', from: '', to: '' };

describe('filters of the activity log', () => {
  it('go into the address and come back', () => {
    const filters = { ...none, actor: 'asha', action: 'user', from: '2026-11-24T09:15' };
    const address = addressOf(filters);
    expect(address).toEqual({
      actor: 'asha',
      action: 'user',
      from: '2026-11-24T09:15:00+05:30',
    });
    expect(filtersOf(address)).toEqual(filters);
    expect(askedOf(address)).toEqual(address);
  });

  it('leave out what is empty or no time', () => {
    expect(addressOf({ ...none, actor: '  ', to: 'tomorrow' })).toEqual({});
    expect(filtersOf({ actor: ['a', 'b'], from: 'x' })).toEqual(none);
  });

  it('ask for nothing that would be refused', () => {
    expect(askedOf({ before: '41', actor: 'x'.repeat(65), from: 'x', other: '1' })).toEqual({
      before: '41',
    });
    expect(askedOf({ before: '-1' })).toEqual({});
  });

  it('export without pages', () => {
    expect(exportPath({ actor: 'a&b', before: '41' }, 'csv')).toBe(
      '/api/activity/export?actor=a%26b&format=csv',
    );
  });
});
