import type { InstrumentToken, ListedUnderlying } from '@strikewire/broker';
import type { DataAccount } from '@strikewire/broker/engine';
import type { UnderlyingRef } from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { currentMarketData } from './current-market-data';

const nifty = { exchange: 'NSE', symbol: 'NIFTY' } as const;
const gold = { exchange: 'MCX', symbol: 'GOLD' } as const;
const nameAt = (broker: string, of: UnderlyingRef = nifty): ListedUnderlying | undefined => {
  const token = { segment: broker, id: of.symbol === 'GOLD' ? '7' : '13' };
  return broker === 'z' ? undefined : { ...of, kind: 'index', spot: token, chain: token };
};

/** Accounts are called after their brokers; what each says instead of an answer, by its id. */
function createBench(
  ids: readonly string[],
  faults: Readonly<Record<string, 'retryable' | 'throttled'>> = {},
  askedFirst: readonly string[] = [],
) {
  const asked: string[] = [];
  const answer = async <T>(id: string, value: T): Promise<T> => {
    asked.push(id);
    const kind = faults[id];
    if (kind) throw new StrikewireError({ kind, code: 'x', message: `${id} is ${kind}` });
    return value;
  };
  const accounts = ids.map((id) => {
    const broker = id.slice(0, 1);
    const marketData = {
      underlyings: () => answer(id, [nameAt(broker)]),
      // Broker v has commodities alone, and no other has them.
      lastPrices: (tokens: readonly InstrumentToken[]) => {
        const has = tokens.filter((one) => one.id === (broker === 'v' ? '7' : '13'));
        return answer(id, new Map(has.map((one) => [`${broker}:${one.id}`, 100])));
      },
    };
    return { id, broker, instance: { marketData } } as unknown as DataAccount;
  });
  const marketData = currentMarketData({
    accounts: () => accounts, askedFirst: () => askedFirst, nameAt,
  });
  return { marketData, asked };
}

describe('what is asked of one account for all', () => {
  it('is asked of the next account of the same broker when one refuses', async () => {
    const { marketData, asked } = createBench(['x1', 'y1', 'x2'], { x1: 'throttled' });
    expect(await marketData.underlyings('x')).toEqual([nameAt('x')]);
    expect(asked).toEqual(['x1', 'x2']);
    await expect(createBench(['y1']).marketData.underlyings('x')).rejects.toThrow(/no broker/);
  });

  it('is a price of whichever broker answers, by its own names, each account once', async () => {
    const faults = { x1: 'throttled', x2: 'retryable' } as const;
    const { marketData, asked } = createBench(['z1', 'x1', 'x2', 'y1'], faults, ['x1']);
    expect(await marketData.spotPrices([nifty])).toEqual(new Map([['NSE:NIFTY', 100]]));
    expect(asked).toEqual(['x1', 'x2', 'y1']);
  });

  it('is asked of the next broker as far as a price is still missing', async () => {
    const both = createBench(['x1', 'y1', 'v1', 'w1']);
    const prices = await both.marketData.spotPrices([nifty, gold]);
    expect(prices).toEqual(new Map([['NSE:NIFTY', 100], ['MCX:GOLD', 100]]));
    expect(both.asked).toEqual(['x1', 'y1', 'v1']);
    // What there is counts, whatever the next one says of the rest.
    const { marketData } = createBench(['x1', 'v1'], { v1: 'retryable' });
    expect(await marketData.spotPrices([nifty, gold])).toEqual(new Map([['NSE:NIFTY', 100]]));
  });

  it('is a price of who is asked first; with no answer it is what that one says', async () => {
    const first = createBench(['x1', 'y1'], {}, ['y1']);
    await first.marketData.spotPrices([nifty]);
    expect(first.asked).toEqual(['y1']);
    const none = createBench(['x1', 'y1'], { x1: 'retryable', y1: 'throttled' });
    await expect(none.marketData.spotPrices([nifty])).rejects.toThrow('x1 is retryable');
  });
});
