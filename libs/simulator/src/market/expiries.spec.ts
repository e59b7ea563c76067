import { describe, expect, it } from 'vitest';
import {
  listCommodityExpiries, listDeliveries, listExpiries, type ExpiryRule,
} from './expiries';
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

describe('listCommodityExpiries', () => {
  const crude = {
    day: 19, months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], leadDays: 2, count: 3,
  };

  it('ends options business days before the future that they are on', () => {
    // Saturday the 19th moves to the 18th, and two business days back from there is the 16th.
    expect(listDeliveries(crude, '2026-12-01', 2, isBusinessDay)).toEqual([
      '2026-12-18', '2027-01-19',
    ]);
    expect(listCommodityExpiries(crude, '2026-12-01', isBusinessDay)).toEqual([
      '2026-12-16', '2027-01-15', '2027-02-17',
    ]);
  });

  it('goes on to the next future once options have ended, before their future has', () => {
    expect(listCommodityExpiries(crude, '2026-12-16', isBusinessDay)[0]).toBe('2026-12-16');
    expect(listCommodityExpiries(crude, '2026-12-17', isBusinessDay)).toEqual([
      '2027-01-15', '2027-02-17', '2027-03-17',
    ]);
    expect(listDeliveries(crude, '2026-12-17', 1, isBusinessDay)).toEqual(['2026-12-18']);
  });

  it('takes the last day of months that have no such day, and only months with a future', () => {
    const silver = { day: 31, months: [2, 4, 11], leadDays: 1, count: 2 };
    expect(listDeliveries(silver, '2026-11-01', 3, isBusinessDay)).toEqual([
      '2026-11-30', '2027-02-26', '2027-04-30',
    ]);
    expect(listCommodityExpiries(silver, '2026-11-01', isBusinessDay)).toEqual([
      '2026-11-27', '2027-02-25',
    ]);
  });
});
