import { QuoteStore } from '@strikewire/market-data';
import { describe, expect, it } from 'vitest';
import { observationsOf, peerTicks, type Carried, type Observer } from './feed-peers';
import type { FeedTarget } from './feed-types';

const store = new QuoteStore({ capacity: 4, groupCount: 0, tickDepth: 0, baseWallMs: 0 });
const observed = ['NSE:A', 'NSE:B'].map((key, slot): FeedTarget => ({
  key, slot, token: { segment: 'NSE_FNO', id: String(slot) }, exchange: 'NSE', mode: 'full',
}));
const [carrier, observer] = [1, 17];

/** When the observer and the carrier ticked last, and whether that was after first snapshots. */
function told({ ownMono = 9_000, goesOn = true, carried = ['NSE:A', 'NSE:B'] } = {}) {
  const feed: Observer['feed'] = {
    socketAt: () => observer,
    lastTickMono: () => ownMono,
    goesOnMono: () => (goesOn ? ownMono : -Infinity),
  };
  const theirs = { lastTickMono: () => 5_000, goesOnMono: () => 5_000 };
  const found: Carried = {
    socketOf: (key) => (carried.includes(key) ? carrier : undefined),
    feedOf: () => theirs,
  };
  return peerTicks(observationsOf([{ feed, observed }], found), store).get(carrier);
}

describe('an observer that ticks', () => {
  it('says when what a silent socket carries ticked last', () => {
    expect(told()).toBe(9_000);
    expect(told({ ownMono: 4_000 })).toBeUndefined();
  });

  it('says nothing by the snapshots that follow its subscription', () => {
    expect(told({ goesOn: false })).toBeUndefined();
  });

  it('says nothing while it hears what nobody carries', () => {
    expect(told({ carried: ['NSE:A'] })).toBeUndefined();
  });
});
