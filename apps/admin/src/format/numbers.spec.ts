import { describe, expect, it } from 'vitest';
import { changePercent, grouped, price, short, signed, strikeLabel } from './numbers';

describe('grouped', () => {
  it.each([
    [0, 0, '0'],
    [999, 0, '999'],
    [1_000, 0, '1,000'],
    [99_999, 0, '99,999'],
    [100_000, 0, '1,00,000'],
    [1_234_567, 0, '12,34,567'],
    [123_456_789.456, 2, '12,34,56,789.46'],
    [-1_234.5, 2, '−1,234.50'],
    [-0.001, 2, '0.00'],
    [NaN, 2, '–'],
  ])('writes %d with %i decimals as %s', (value, decimals, text) => {
    expect(grouped(value, decimals)).toBe(text);
  });
});

describe('short', () => {
  it.each([
    [0, '0'],
    [99_999, '99,999'],
    [100_000, '1.0 L'],
    [1_234_567, '12.3 L'],
    [9_994_999, '99.9 L'],
    [9_999_999, '1.0 Cr'],
    [12_345_678, '1.2 Cr'],
    [12_345_678_901, '1,234.6 Cr'],
    [-250_000, '−2.5 L'],
    [NaN, '–'],
  ])('writes %d as %s', (value, text) => expect(short(value)).toBe(text));
});

describe('prices, changes and strikes', () => {
  it('keeps two decimals of a price', () => {
    expect([price(0), price(5), price(2_601_235)]).toEqual(['0.00', '0.05', '26,012.35']);
  });

  it('gives a change its sign, and none to what rounds to nothing', () => {
    const texts = [12.34, -0.44, 0.04, -0.04, 0, 1_234.5, NaN].map(changePercent);
    expect(texts).toEqual(['+12.3%', '−0.4%', '0.0%', '0.0%', '0.0%', '+1,235%', '–']);
    expect([signed(5, '5'), signed(-5, '−5'), signed(NaN, '–')]).toEqual(['+5', '−5', '–']);
  });

  it('writes strikes without needless decimals', () => {
    expect([26_000, 1_012.5, 7.25].map(strikeLabel)).toEqual(['26,000', '1,012.5', '7.25']);
  });
});
