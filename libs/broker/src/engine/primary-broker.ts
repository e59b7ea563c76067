import { StrikewireError } from '@strikewire/runtime';
import type { FeedProtocol } from '../core/feed-protocol';
import type { MarketDataPort } from '../core/market-data-port';
import type { BrokerInstance } from '../core/plugin';
import type { AccountPool, LiveAccount } from './account-pool';
import type { RateBudget } from './rate-budget';

/** What is said of everything that needs an account while there is none. */
export const noAccount = 'no broker account is in use: add one, or switch the primary one on';

/**
 * Whichever account is primary at the moment of each call, as one broker. Without one every request
 * is refused (`fatal`, code `no_account`), so that nobody asks on and on.
 */
export function primaryBroker(pool: AccountPool): { instance: BrokerInstance; budget: RateBudget } {
  let last: LiveAccount | undefined;
  const needed = (): LiveAccount => {
    const { primary } = pool;
    if (primary) return (last = primary);
    throw new StrikewireError({ kind: 'fatal', code: 'no_account', message: noAccount });
  };
  const ask = async <T>(call: (port: MarketDataPort) => Promise<T>): Promise<T> =>
    call(needed().instance.marketData);
  const marketData: MarketDataPort = {
    spotToken: (underlying) => pool.primary?.instance.marketData.spotToken(underlying),
    optionSegment: (exchange) => needed().instance.marketData.optionSegment(exchange),
    expiries: (underlying) => ask((port) => port.expiries(underlying)),
    chain: (underlying, expiry, priority) =>
      ask((port) => port.chain(underlying, expiry, priority)),
    lastPrices: (tokens) => ask((port) => port.lastPrices(tokens)),
    instruments: (wanted) => ask((port) => port.instruments(wanted)),
  };
  const protocol = (): FeedProtocol => needed().instance.feed;
  /** What says nothing of an account goes on as it was: chains stay laid out without one. */
  const language = (): FeedProtocol => (pool.primary ?? last ?? needed()).instance.feed;
  const feed: FeedProtocol = {
    url: () => protocol().url(),
    headers: () => protocol().headers(),
    createDecoder: () => language().createDecoder(),
    subscribe: (items) => protocol().subscribe(items),
    unsubscribe: (items) => protocol().unsubscribe(items),
    classifyEnd: (end) => language().classifyEnd(end),
    wireId: (token) => language().wireId(token),
  };
  return {
    instance: { marketData, feed, check: async () => needed().instance.check() },
    budget: {
      run: async (slot, send) => needed().budget.run(slot, send),
      use: () => pool.primary?.budget.use() ?? [],
    },
  };
}
