import type { Universe, UniverseRule } from '@strikewire/contracts';
import { describe, expect, it } from 'vitest';
import {
  aroundOf,
  candidatesOf,
  isSameRules,
  ruleKeyOf,
  ruleName,
  ruleNeeds,
  underlyingsOf,
} from './rule-edit';
import { ruleOf } from './testing';

const nifty = ruleOf('NSE', 'NIFTY', 'index');
const stocks = ruleOf('NSE', '*', 'stock');
const infy = ruleOf('NSE', 'INFY', 'stock');
const listed: Universe['listed'] = [
  { exchange: 'NSE', symbol: 'NIFTY', kind: 'index' },
  { exchange: 'NSE', symbol: 'INFY', kind: 'stock' },
  { exchange: 'NSE', symbol: 'TCS', kind: 'stock' },
  { exchange: 'MCX', symbol: 'GOLD', kind: 'commodity' },
];

describe('a rule', () => {
  it('is called by its symbol, or by what it is for', () => {
    expect(ruleName(nifty, [nifty])).toBe('NIFTY');
    expect(ruleName(stocks, [nifty, stocks])).toBe('All stocks');
    expect(ruleName(stocks, [infy, stocks])).toBe('All other stocks');
  });

  it('is for what is listed and has no rule of its own', () => {
    expect(underlyingsOf(stocks, [stocks], listed)).toBe(2);
    expect(underlyingsOf(stocks, [infy, stocks], listed)).toBe(1);
    expect(underlyingsOf(infy, [infy], listed)).toBe(1);
    expect(underlyingsOf(ruleOf('NSE', 'NOSUCH', 'stock'), [], listed)).toBe(0);
  });

  it('changes its middle without a trace of the other', () => {
    const ltp = aroundOf(nifty, true);
    expect(ltp.window).toEqual({ ...nifty.window, around: 'ltp' });
    expect(isSameRules([aroundOf(ltp, false)], [nifty])).toBe(true);
    expect(isSameRules([ltp], [nifty])).toBe(false);
  });
});

describe('candidatesOf', () => {
  it('offers all of a kind, then each underlying, that have no rule yet', () => {
    expect(candidatesOf([nifty, stocks], listed).map(({ label }) => label)).toEqual([
      'All indices of NSE', 'All commodities of MCX', 'INFY', 'TCS', 'GOLD',
    ]);
    expect(candidatesOf([], [])).toEqual([]);
  });

  it('makes rules that can be saved as they are', () => {
    const rules = candidatesOf([], listed).map(({ rule }) => rule);
    expect(ruleNeeds(rules)).toEqual({});
    expect(new Set(rules.map(ruleKeyOf)).size).toBe(rules.length);
  });
});

describe('ruleNeeds', () => {
  const wide = (below: number, above = 1): UniverseRule => ({ ...nifty, window: { below, above } });

  it('names the field: none typed, too many, nothing at all', () => {
    expect(ruleNeeds([infy, wide(Number.NaN)])).toEqual({
      '1.window.below': 'needs a whole number from 0 to 500',
    });
    expect(ruleNeeds([wide(501)])).toEqual({ '0.window.below': 'needs 500 or less' });
    expect(ruleNeeds([wide(0, 0)])).toEqual({ '0.window.below': 'needs a strike' });
    const never = { ...infy, expiries: { nearest: 0, monthlies: 0, quarterlies: 0 } };
    expect(ruleNeeds([never])).toEqual({ '0.expiries.nearest': 'needs an expiry' });
  });

  it('takes one rule for each underlying', () => {
    expect(ruleNeeds([infy, infy])).toEqual({
      '1.symbol': 'needs one rule for NSE:INFY, there are two',
    });
  });
});
