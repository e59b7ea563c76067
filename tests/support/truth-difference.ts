import { paiseOf } from '@strikewire/contracts';
import type { TrueChain, TrueContract } from '@strikewire/simulator';
import type { HeldChain } from './frame-client';

/** Where what a client holds differs from what the market is: one line per figure. */
export function truthDifferences(held: HeldChain, truth: TrueChain): string[] {
  const differences: string[] = [];
  const strikeOf = new Map(truth.strikes.map((strike) => [paiseOf(strike.strike), strike]));
  held.layout.strikes.forEach((strike, index) => {
    const real = strikeOf.get(paiseOf(strike));
    if (!real) return void differences.push(`strike ${strike} is not listed`);
    for (const [side, type] of [[0, 'CE'], [1, 'PE']] as const) {
      const row = 2 * index + side;
      const token = held.layout.tokens[row];
      if (token !== String(real[type].securityId)) differences.push(`${strike} ${type} token`);
      for (const line of legDifferences(held, row, real[type])) {
        differences.push(`${strike} ${type} ${line}`);
      }
    }
  });
  if (held.spotPaise !== paiseOf(truth.spot.ltp)) {
    differences.push(`spot ${held.spotPaise} is ${truth.spot.ltp}`);
  }
  return differences;
}

function legDifferences({ store }: HeldChain, row: number, real: TrueContract): string[] {
  const pairs: [string, number, number][] = [
    ['ltp', store.ltpPaise[row] ?? NaN, paiseOf(real.ltp)],
    ['bid', store.bestBidPaise(row), paiseOf(real.bid)],
    ['ask', store.bestAskPaise(row), paiseOf(real.ask)],
    ['bidQty', store.bestBidQty(row), real.bidQty],
    ['askQty', store.bestAskQty(row), real.askQty],
    ['volume', store.volume[row] ?? NaN, real.volume],
    ['oi', store.oi[row] ?? NaN, real.oi],
  ];
  return pairs
    .filter(([, ours, theirs]) => ours !== theirs)
    .map(([name, ours, theirs]) => `${name} ${ours} is ${theirs}`);
}
