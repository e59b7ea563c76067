import type {
  BrokerChain,
  BrokerLeg,
  FeedItem,
  ListedUnderlying,
} from '@strikewire/broker';
import { optionKey, paiseOf, type ContractKey } from '@strikewire/contracts';
import type { Simulator, TrueContract, TrueUnderlying } from '@strikewire/simulator';

/** What has options. */
export function optionable({ truth }: Simulator): TrueUnderlying[] {
  return truth.underlyings().filter(({ expiries }) => expiries.length > 0);
}

/** What lists of underlyings have in common with the market: `NSE:NIFTY index`. */
export function namesOf(
  underlyings: readonly Pick<ListedUnderlying | TrueUnderlying, 'exchange' | 'symbol' | 'kind'>[],
): string[] {
  return underlyings.map(({ exchange, symbol, kind }) => `${exchange}:${symbol} ${kind}`).sort();
}

/** An option as the adapter and as the market has it. */
export interface PairedLeg {
  key: ContractKey;
  leg: BrokerLeg;
  truth: TrueContract;
}

/** Legs of a chain by their keys, with what they really are; throws where one is not listed. */
export function pairLegs(
  { exchange, symbol }: ListedUnderlying,
  expiry: string,
  chain: BrokerChain,
  simulator: Simulator,
): PairedLeg[] {
  const truth = simulator.truth.chain(symbol, expiry);
  const real = new Map(truth?.strikes.map((strike) => [paiseOf(strike.strike), strike]));
  return chain.strikes.flatMap((strike) =>
    (['CE', 'PE'] as const).flatMap((type) => {
      const leg = strike[type];
      const contract = real.get(strike.strikePaise)?.[type];
      if (!contract) throw new Error(`${symbol} ${expiry} ${strike.strikePaise} is not listed`);
      const key = optionKey({ exchange, symbol, expiry, strikePaise: strike.strikePaise, type });
      return leg ? [{ key, leg, truth: contract }] : [];
    }),
  );
}

/** Where a chain's leg differs from the market: one line per figure. */
export function legDifferences({ key, leg, truth }: PairedLeg): string[] {
  const pairs: [string, number, number][] = [
    ['ltp', leg.ltpPaise, paiseOf(truth.ltp)],
    ['bid', leg.bidPaise, paiseOf(truth.bid)],
    ['ask', leg.askPaise, paiseOf(truth.ask)],
    ['bidQty', leg.bidQty, truth.bidQty],
    ['askQty', leg.askQty, truth.askQty],
    ['volume', leg.volume, truth.volume],
    ['oi', leg.oi, truth.oi],
    ['close', leg.closePaise ?? 0, paiseOf(truth.close)],
    ['previousOi', leg.previousOi ?? truth.previousOi, truth.previousOi],
  ];
  return pairs
    .filter(([, ours, theirs]) => ours !== theirs)
    .map(([name, ours, theirs]) => `${key} ${name} ${ours} is ${theirs}`);
}

/** Subscriptions of options with depth. */
export function fullItems(pairs: readonly PairedLeg[]): FeedItem[] {
  return pairs.map(({ leg }) => ({ token: leg.token, mode: 'full' }));
}
