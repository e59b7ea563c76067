import { describe, expect, it } from 'vitest';
import { nettedLegs, type LegRules } from './margin-legs';
import type { MarginLeg } from './margin-port';

const legOf = (id: string, change: Partial<MarginLeg> = {}): MarginLeg => ({
  token: { segment: 'NFO', id }, side: 'SELL', quantity: 65, product: 'carry', pricePaise: 13_405,
  ...change,
});
const rules: LegRules = {
  label: '[broker-north]', legsMax: 4,
  keyOf: ({ token, product }) => `${token.id}:${product}`,
  nameOf: ({ token }) => token.id,
};

describe('legs', () => {
  it('stay as they are while there is one of a key', () => {
    const legs = [legOf('1'), legOf('1', { product: 'intraday' }), legOf('2', { side: 'BUY' })];
    expect(nettedLegs(legs, rules)).toEqual(legs);
  });

  it('of one key are added up, at a price that is the same in all', () => {
    const back = legOf('1', { side: 'BUY', quantity: 195 });
    expect(nettedLegs([legOf('1'), legOf('2'), back], rules))
      .toEqual([legOf('1', { side: 'BUY', quantity: 130 }), legOf('2')]);
    expect(nettedLegs([legOf('1'), legOf('1', { pricePaise: 5 }), legOf('1')], rules))
      .toEqual([legOf('1', { quantity: 195, pricePaise: null })]);
  });

  it('that come to nothing are left out', () => {
    expect(nettedLegs([legOf('1'), legOf('1', { side: 'BUY' })], rules)).toEqual([]);
  });

  it.each([
    ['legs_unfit', 'of 0 legs, needs 1 to 4', []],
    ['legs_unfit', 'of 5 legs, needs 1 to 4', Array.from({ length: 5 }, () => legOf('1'))],
    ['quantity_unfit', 'of 2 needs whole units above 0', [legOf('1'), legOf('2', { quantity: 0 })]],
    ['quantity_unfit', 'of 1 needs whole units above 0', [legOf('1', { quantity: 6.5 })]],
  ])('are refused: %s, %s', (code, text, legs) => {
    expect(() => nettedLegs(legs, rules)).toThrow(expect.objectContaining({
      kind: 'invalid', code, message: `[broker-north] margin ${text}`,
    }));
  });

  it('of one key in two products are refused', () => {
    const legs = [legOf('1'), legOf('1', { product: 'intraday' })];
    expect(() => nettedLegs(legs, { ...rules, keyOf: rules.nameOf }))
      .toThrow(expect.objectContaining({
        code: 'legs_mixed',
        message: '[broker-north] margin of 1 cannot be asked in two products at once',
      }));
  });
});
