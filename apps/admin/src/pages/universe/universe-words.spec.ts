import type { PlatformStatus, SessionSchedule } from '@strikewire/contracts';
import { describe, expect, it } from 'vitest';
import { chainStateOf } from '../../testing';
import {
  aboutLabel,
  chainsOf,
  counted,
  namesLabel,
  nextBuildOf,
  refreshCostOf,
  wishLabel,
} from './universe-words';

describe('namesLabel', () => {
  it('names a dozen, and says how many more there are', () => {
    expect(namesLabel(['NSE:NIFTY', 'BSE:SENSEX'])).toBe('NIFTY, SENSEX');
    const many = Array.from({ length: 40 }, (_, index) => `NSE:S${index}`);
    expect(namesLabel(many, 2)).toBe('S0, S1 and 38 more');
  });
});

describe('what a refresh costs', () => {
  it('is a request for each chain, at the pace of the accounts', () => {
    expect(refreshCostOf(30, { perMinute: 300 })).toEqual({ requests: 30, ms: 6_000 });
    expect(refreshCostOf(30, { perMinute: 0 }).ms).toBeNull();
    expect(refreshCostOf(30, undefined).ms).toBeNull();
    expect([aboutLabel(6_000), aboutLabel(10), aboutLabel(null)]).toEqual([
      'about 6 s', 'about 1 s', '',
    ]);
  });

  it('counts the chains of the wish', () => {
    const one = { exchange: 'NSE', state: 'built', reason: null } as const;
    const chains = ['2026-11-24', '2026-12-29'].map((expiry) => chainStateOf({ expiry }));
    const underlyings: PlatformStatus['underlyings'] = [
      { ...one, symbol: 'NIFTY', chains },
      { ...one, symbol: 'INFY', chains: chains.slice(1) },
    ];
    expect(chainsOf(underlyings, {})).toBe(3);
    expect(chainsOf(underlyings, { underlying: 'NIFTY' })).toBe(2);
    expect(chainsOf(underlyings, { underlying: 'NIFTY', expiry: '2026-12-29' })).toBe(1);
    expect(chainsOf(underlyings, { underlying: 'GOLD' })).toBe(0);
  });

  it('is told of what it is', () => {
    expect(wishLabel({})).toBe('all chains');
    expect(wishLabel({ underlying: 'NIFTY' })).toBe('all chains of NIFTY');
    expect(wishLabel({ underlying: 'NIFTY', expiry: '2026-11-24' })).toBe('NIFTY 2026-11-24');
    expect([counted(1, 'chain'), counted(1_200, 'chain')]).toEqual(['1 chain', '1,200 chains']);
  });
});

describe('nextBuildOf', () => {
  it('is the first build that is planned', () => {
    const job = (name: 'build' | 'connect', at: string) => ({
      exchange: 'NSE', segment: 'fno', job: name, date: '2026-11-24', at,
    });
    const schedule: SessionSchedule = {
      now: '2026-11-23T10:00:00+05:30',
      calendar: 'always',
      segments: [],
      next: [
        job('connect', '2026-11-24T08:45:00+05:30'),
        job('build', '2026-11-24T09:00:00+05:30'),
        job('build', '2026-11-25T09:00:00+05:30'),
      ],
    };
    expect(nextBuildOf(schedule)).toBe('2026-11-24T09:00:00+05:30');
    expect(nextBuildOf(null)).toBeNull();
  });
});
