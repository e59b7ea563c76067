import { describe, expect, it } from 'vitest';
import { inUnits, unitsOfOne } from './commodity-lots';

const crude = { exchange: 'MCX', symbol: 'CRUDEOIL' } as const;

describe('lots of commodities', () => {
  it('are units of the price: a rupee more of it is so many rupees a lot', () => {
    const of = (symbol: string): number | undefined => unitsOfOne('MCX', symbol);
    expect(['CRUDEOIL', 'GOLD', 'SILVERM', 'COPPER'].map(of)).toEqual([100, 100, 5, 2_500]);
  });

  it('are made of what brokers tell: lots of 1, and freezes in lots', () => {
    expect(inUnits(crude, { lotSize: 1, freezeQuantity: 99 }))
      .toEqual({ lotSize: 100, freezeQuantity: 9_900 });
    expect(inUnits(crude, { lotSize: 1, freezeQuantity: null }))
      .toEqual({ lotSize: 100, freezeQuantity: null });
    const told = { lotSize: 100, freezeQuantity: 9_900 };
    expect(inUnits(crude, told)).toEqual(told);
  });

  it('are not guessed, and other exchanges count in units', () => {
    expect(unitsOfOne('MCX', 'toString')).toBeUndefined();
    const kapas = { ...crude, symbol: 'KAPAS' };
    expect(inUnits(kapas, { lotSize: 1, freezeQuantity: 9 })).toBeUndefined();
    const told = { lotSize: 65, freezeQuantity: 1_755 };
    expect(inUnits({ exchange: 'NSE', symbol: 'CRUDEOIL' }, told)).toBe(told);
    expect(unitsOfOne('BSE', 'SENSEX')).toBe(1);
  });
});
