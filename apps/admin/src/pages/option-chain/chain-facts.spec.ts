import { sumChain } from '@strikewire/client';
import type { ChainHead } from '@strikewire/client';
import { describe, expect, it } from 'vitest';
import { viewOf } from '../../testing';
import { chainFacts, conventionText, factNames } from './chain-facts';

const pricing = {
  convention: 'calendar365',
  model: 'black76',
  rate: 0,
  dayCount: 'calendar365',
  yearsToExpiry: 0.003,
} as const;

function factsOf(figures: Partial<ChainHead> = {}) {
  const { layout, head, store } = viewOf();
  if (!head) throw new Error('the view has no head');
  const facts = chainFacts({
    layout,
    head: { ...head, ...figures },
    sums: sumChain(store),
    pricing,
  });
  return (name: (typeof factNames)[number]) => facts[factNames.indexOf(name)];
}

const known: Partial<ChainHead> = {
  forward: 26_021.5,
  forwardSource: 'parity',
  atmIv: 12.345,
  skew: 1.5,
  straddle: 312.4,
  expectedMove: 260.21,
  maxPainPaise: 2_600_000,
};

describe('figures above the table', () => {
  it('are written with their units and shares', () => {
    const fact = factsOf(known);
    expect(factNames.map((name) => fact(name)?.text)).toEqual([
      '26,021.50',
      '12.35%',
      '1.00',
      '26,000',
      '312.40',
      '±260.21',
      '+1.50',
      '65',
    ]);
    expect(fact('Forward')?.source).toBe('parity');
    expect(fact('Straddle')?.note).toBe('1.20%');
    expect(fact('Exp. move')?.note).toBe('1.00%');
  });

  it('name the convention where it matters', () => {
    expect(factsOf(known)('ATM IV')?.about).toBe(
      'Implied volatility at the forward, percent a year: ' +
        'Black-76 on the forward, a year of 365 calendar days, rate 0.0 %',
    );
    expect(conventionText({ ...pricing, model: 'spot', rate: 10, dayCount: 'trading252' })).toBe(
      ': Black-Scholes on spot, a year of 252 sessions, rate 10.0 %',
    );
    expect(conventionText(null)).toBe('');
  });

  it('say why there is none, never zero', () => {
    const fact = factsOf();
    for (const name of factNames.filter((it) => it !== 'PCR' && it !== 'Lot')) {
      expect(fact(name)?.text).toBe('–');
      expect(fact(name)?.about).toMatch(/^None: /);
      expect(fact(name)?.note).toBeUndefined();
    }
    expect(fact('ATM IV')?.about).toContain('there is no forward');
    const without = factsOf({ ...known, atmIv: NaN });
    expect(without('ATM IV')?.about).toContain('no option at the forward');
  });

  it('leave a share out while the forward is unknown', () => {
    const fact = factsOf({ straddle: 312.4 });
    expect([fact('Straddle')?.text, fact('Straddle')?.note]).toEqual(['312.40', '']);
  });
});
