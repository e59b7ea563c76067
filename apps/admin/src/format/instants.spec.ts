import { describe, expect, it } from 'vitest';
import { instantLabel, instantTitle, spanLabel } from './instants';

const now = Date.parse('2026-11-24T11:42:07+05:30');

describe('moments', () => {
  it('are told in India, as shortly as they are clear', () => {
    expect(instantLabel('2026-11-23T20:00:00Z', now)).toBe('01:30:00');
    expect(instantLabel('2026-11-23T18:00:00Z', now)).toBe('23 Nov 23:30');
    expect(instantLabel('2025-11-23T18:00:00Z', now)).toBe('23 Nov 25 23:30');
    expect(instantTitle('2026-11-23T20:00:00Z')).toBe('2026-11-24 01:30:00 IST');
  });

  it('that cannot be read are shown as they are', () => {
    expect(instantLabel('soon', now)).toBe('soon');
    expect(instantTitle('soon')).toBe('soon');
  });
});

describe('spans', () => {
  it.each([
    [-5, '0 s'],
    [89_999, '89 s'],
    [90_000, '1 min'],
    [5 * 3_600_000 + 12 * 60_000 + 59_000, '5 h 12 m'],
    [49 * 3_600_000, '2 d 1 h'],
    [90.5 * 86_400_000, '90 d'],
  ])('%d ms are %s', (ms, text) => expect(spanLabel(ms)).toBe(text));
});
