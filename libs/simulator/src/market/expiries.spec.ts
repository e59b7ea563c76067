import { describe, expect, it } from 'vitest';
import { listExpiries, type ExpiryRule } from './expiries';
import { createTradingTime } from './trading-time';

const nifty: ExpiryRule = {
  weekday: 2, weeklies: 5, monthlies: 3, quarterlies: 4, halfYearlies: 10,
};
const monthly: ExpiryRule = {
  weekday: 2, weeklies: 0, monthlies: 3, quarterlies: 0, halfYearlies: 0,
};
const { isBusinessDay } = createTradingTime({ kind: 'always' }, ['2026-11-24', '2026-12-29']);

describe('listExpiries', () => {
  it('lists weeklies, monthlies, quarterlies and far half-yearlies once each, ascending', () => {
    const expiries = listExpiries(nifty, '2026-11-16', isBusinessDay);
    expect(expiries.slice(0, 5)).toEqual([
      '2026-11-17', '2026-11-23', '2026-12-01', '2026-12-08', '2026-12-15',
    ]);
    expect(expiries).toContain('2026-12-28');
    expect(expiries.slice(-2)).toEqual(['2030-12-31', '2031-06-24']);
    expect(expiries).toEqual([...new Set(expiries)].sort());
    expect(expiries.length).toBeGreaterThanOrEqual(16);
  });

  it('moves an expiry on a closing day to the business day before', () => {
    expect(listExpiries(monthly, '2026-11-21', isBusinessDay)[0]).toBe('2026-11-23');
  });

  it('lists an expiry through its own day and not after it', () => {
    expect(listExpiries(monthly, '2026-11-23', isBusinessDay)[0]).toBe('2026-11-23');
    expect(listExpiries(monthly, '2026-11-24', isBusinessDay)).toEqual([
      '2026-12-28', '2027-01-26', '2027-02-23',
    ]);
  });
});
