import type { MarketDataPort } from '@strikewire/broker';
import { noAccount, type DataAccount } from '@strikewire/broker/engine';
import { errorKindOf, StrikewireError } from '@strikewire/runtime';

/** What is asked of one account for all: not lists and chains, which are shared out by plan. */
export type CommonMarketData = Pick<MarketDataPort, 'underlyings' | 'lastPrices' | 'instruments'>;

/** Refusals that another account may not share. */
const ownRefusals = new Set(['unauthenticated', 'fatal', 'throttled']);

/**
 * The first account in order that does not refuse; `fatal`, code `no_account`, while there is
 * none, so that nobody asks on and on.
 */
export function currentMarketData(accounts: () => readonly DataAccount[]): CommonMarketData {
  const ask = async <T>(call: (port: MarketDataPort) => Promise<T>): Promise<T> => {
    let refusal: unknown = new StrikewireError({
      kind: 'fatal', code: 'no_account', message: noAccount,
    });
    for (const { instance } of accounts()) {
      try {
        return await call(instance.marketData);
      } catch (error) {
        refusal = error;
        if (!ownRefusals.has(errorKindOf(error) ?? '')) break;
      }
    }
    throw refusal;
  };
  return {
    underlyings: () => ask((port) => port.underlyings()),
    lastPrices: (tokens) => ask((port) => port.lastPrices(tokens)),
    instruments: (wanted) => ask((port) => port.instruments(wanted)),
  };
}
