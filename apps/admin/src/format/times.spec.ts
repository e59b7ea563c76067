import { describe, expect, it } from 'vitest';
import { ageLevelOf } from './age-level';
import { ageLabel, dayLabel, daysLeftLabel } from './times';

const nowMs = Date.parse('2026-11-23T23:50:00+05:30');

describe('dates', () => {
  it('names the year only when it is another one', () => {
    expect(dayLabel('2026-11-24', nowMs)).toBe('24 Nov');
    expect(dayLabel('2027-03-30', nowMs)).toBe('30 Mar 27');
  });

  it('counts days by the calendar of India', () => {
    const dates = ['2026-11-22', '2026-11-23', '2026-11-24', '2026-12-29'];
    const labels = dates.map((date) => daysLeftLabel(date, nowMs));
    expect(labels).toEqual(['over', 'today', '1 d', '36 d']);
  });
});

describe('ages', () => {
  it('uses the largest sensible unit', () => {
    const ages = [-5, 400, 12_900, 89_999, 180_000, 7_200_000, 86_400_000 * 3];
    expect(ages.map(ageLabel)).toEqual(['0 s', '0 s', '12 s', '89 s', '3 min', '2 h', '3 d']);
  });

  it('turns from live to late to stale, unless the market is closed', () => {
    expect(ageLevelOf(4_999)).toEqual({ level: 'live', text: 'live' });
    expect(ageLevelOf(12_000)).toEqual({ level: 'late', text: '12 s' });
    expect(ageLevelOf(30_000).level).toBe('stale');
    expect(ageLevelOf(null).level).toBe('none');
    expect(ageLevelOf(30_000, false)).toEqual({ level: 'closed', text: 'closed' });
  });
});
