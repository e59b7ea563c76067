import { describe, expect, it } from 'vitest';
import { conventions, yearsToExpiry, type PricingConvention } from './convention';

const expiryMs = Date.UTC(2026, 10, 24, 10, 0);
const dayMs = 86_400_000;

describe('yearsToExpiry', () => {
  it('counts calendar time to the moment of expiry', () => {
    const years = yearsToExpiry(conventions.calendar365, expiryMs - 7 * dayMs, expiryMs);
    expect(years).toBe(7 / 365);
    expect(yearsToExpiry(conventions.spot10, expiryMs - 1_000, expiryMs)).toBe(1 / 31_536_000);
    expect(yearsToExpiry(conventions.calendar365, expiryMs + dayMs, expiryMs)).toBe(-1 / 365);
  });

  it('counts sessions where the convention does', () => {
    const fourSessions = (fromMs: number, toMs: number): number =>
      toMs - fromMs === 6 * dayMs ? 4 * 22_500_000 : NaN;
    const from = expiryMs - 6 * dayMs;
    expect(yearsToExpiry(conventions.trading252, from, expiryMs, fourSessions)).toBe(4 / 252);
    expect(yearsToExpiry(conventions.trading252, from, expiryMs)).toBeNaN();
  });

  it('takes a convention that somebody else declares', () => {
    const screen: PricingConvention = {
      ...conventions.spot10,
      name: 'screen',
      expiryShiftMs: 5.5 * 3_600_000,
    };
    const years = yearsToExpiry(screen, expiryMs - 5 * dayMs, expiryMs);
    expect(years).toBeCloseTo((5 + 5.5 / 24) / 365, 15);
  });
});
