import type { LiveChain } from '@strikewire/contracts';
import { describe, expect, it } from 'vitest';
import type { StoredDayEnd } from './chain-registry';
import { closesOf } from './underlying-close';

const tradingDay = '2026-11-20';

function end(
  symbol: string,
  spot: Partial<LiveChain['spot']>,
  expiry = '2026-11-24',
): StoredDayEnd {
  const updatedAt = `${tradingDay}T15:29:59+05:30`;
  const told = { ltp: 26_050.15, bid: null, ask: null, close: 25_900, updatedAt, ...spot };
  const chain = { spot: told } as LiveChain;
  return { tradingDay, exchange: 'NSE', symbol, expiry, takenMs: 0, chain };
}

describe('closes of a day\'s end', () => {
  it('are one of each underlying, in paise, with the close of before', () => {
    const ends = [end('NIFTY', {}), end('NIFTY', {}, '2026-12-01'), end('INFY', { close: null })];
    const common = { exchange: 'NSE', tradingDay, closePaise: 2_605_015 };
    expect(closesOf(ends)).toEqual([
      { ...common, symbol: 'NIFTY', previousClosePaise: 2_590_000 },
      { ...common, symbol: 'INFY', previousClosePaise: null },
    ]);
  });

  it('are not of a spot that is unknown, or was heard on another day', () => {
    const old = '2026-11-19T15:29:59+05:30';
    const ends = [{ ltp: null }, { ltp: 0 }, { updatedAt: old }, { updatedAt: null }]
      .map((spot, index) => end(`S${index}`, spot));
    expect(closesOf(ends)).toEqual([]);
  });
});
