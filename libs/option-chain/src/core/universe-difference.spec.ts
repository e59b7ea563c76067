import type { UniverseRule } from '@strikewire/contracts';
import { describe, expect, it } from 'vitest';
import { defaultUniverse, defaultUniverseRules } from './universe';
import { universeDifference } from './universe-difference';

describe('universeDifference', () => {
  it('names what changed, came and went, and nothing else', () => {
    const [nifty, bank, sensex] = defaultUniverse as [UniverseRule, UniverseRule, UniverseRule];
    const stocks = defaultUniverseRules.at(-1)!;
    const after = [nifty, { ...bank, served: false }, stocks];
    expect(universeDifference([nifty, bank, sensex], after)).toEqual({
      before: {
        'NSE:BANKNIFTY':
          'index, 50 below and 49 above the ATM; nearest 0, monthlies 2, quarterlies 3',
        'BSE:SENSEX': 'index, 50 below and 49 above the ATM; nearest 3, monthlies 2, quarterlies 3',
      },
      after: {
        'NSE:BANKNIFTY':
          'not served; index, 50 below and 49 above the ATM; nearest 0, monthlies 2, quarterlies 3',
        'NSE:every stock':
          'stock, 12 below and 12 above the ATM; nearest 0, monthlies 2, quarterlies 3',
      },
    });
  });

  it('tells another order', () => {
    const reversed = [...defaultUniverse].reverse();
    expect(universeDifference(defaultUniverse, reversed)).toEqual({
      before: { order: 'NSE:NIFTY, NSE:BANKNIFTY, BSE:SENSEX' },
      after: { order: 'BSE:SENSEX, NSE:BANKNIFTY, NSE:NIFTY' },
    });
    expect(universeDifference(defaultUniverse, defaultUniverse)).toEqual({ before: {}, after: {} });
  });

  it('names fifty of very many, and says how many more there are', () => {
    const many = Array.from({ length: 120 }, (_, index) => ({
      ...defaultUniverseRules.at(-1)!, symbol: `S${index}`,
    }));
    const { after } = universeDifference([], many);
    expect(Object.keys(after)).toHaveLength(51);
    expect(after['and others']).toBe('70 rules more');
  });
});
