import type { InstrumentToken } from '@strikewire/broker';
import { describe, expect, it } from 'vitest';
import { layOutGeneration, type HeldContract } from '../core/generation-layout';
import { atHome, boardTargets } from './board-targets';
import { benchSkeleton } from './testing/chain-bench';

const spot = {
  exchange: 'NSE', symbol: 'NIFTY', token: { segment: 'I', id: '13' }, broker: 'test',
} as const;
const near = benchSkeleton('2026-11-24', 1);
const future: HeldContract = {
  key: 'NSE:NIFTY:2026-11-24:FUT', exchange: 'NSE', token: { segment: 'F', id: '1' },
  broker: 'test',
};
const layout = layOutGeneration([spot], [near], [future]);

/** At home is whoever is named; it knows these names. */
function targetsAt(home: string, known: Readonly<Record<string, string>> = {}) {
  const tokenOf = (key: string): InstrumentToken | undefined => {
    const id = known[key];
    return id === undefined ? undefined : { segment: home, id };
  };
  const { targets, nameless } = boardTargets(layout, { home, tokenOf });
  return [
    targets.map(({ key, token, slot, mode }) => `${key} ${token.id} ${slot} ${mode}`),
    nameless.map(({ key, token }) => `${key} ${token.id}`),
  ];
}

describe('boardTargets', () => {
  it('takes the names of the broker at home as they are: spot, held, legs', () => {
    expect(targetsAt('test', { 'NSE:NIFTY': '13' })).toEqual([[
      'NSE:NIFTY 13 0 quote',
      'NSE:NIFTY:2026-11-24:FUT 1 3 full',
      'NSE:NIFTY:2026-11-24:100:CE 24000 1 full',
      'NSE:NIFTY:2026-11-24:100:PE 24001 2 full',
    ], []]);
  });

  it('subscribes what another broker has named only by the name at home', () => {
    const known = { 'NSE:NIFTY': 'Nifty 50', 'NSE:NIFTY:2026-11-24:100:PE': '77' };
    expect(targetsAt('other', known)).toEqual([
      ['NSE:NIFTY Nifty 50 0 quote', 'NSE:NIFTY:2026-11-24:100:PE 77 2 full'],
      ['NSE:NIFTY:2026-11-24:FUT 1', 'NSE:NIFTY:2026-11-24:100:CE 24000'],
    ]);
  });

  it('takes everything for named at home when nothing is said', () => {
    expect(boardTargets(layout).targets).toHaveLength(4);
    expect(boardTargets(layout).nameless).toEqual([]);
  });

  it('gives a held future that is the spot itself the slot of the spot', () => {
    const held = { ...future, token: spot.token };
    const { slotByKey, slotCount } = layOutGeneration([spot], [near], [held]);
    expect([slotByKey.get(held.key), slotCount]).toEqual([0, 3]);
  });

  it('does not take another broker\'s token for the spot because it is the same', () => {
    const held = { ...future, token: spot.token, broker: 'other' };
    const { slotByKey } = layOutGeneration([spot], [near], [held]);
    expect(slotByKey.get(held.key)).toBe(3);
    const ofNobody = { exchange: spot.exchange, symbol: spot.symbol, token: spot.token };
    expect(layOutGeneration([ofNobody], [near], [held]).slotByKey.get(held.key)).toBe(3);
  });
});

describe('atHome', () => {
  const held = { ...future, broker: 'other' };
  const home = { segment: 'H', id: '7' };
  const known = new Map([['NSE:NIFTY', home], [future.key, home]]);

  it('names spots and what is held as the broker at home does: they may be the same', () => {
    const names = { home: 'home', tokenOf: (key: string) => known.get(key) };
    const parts = atHome({ spots: [spot], held: [held] }, names);
    const { slotByKey, slotCount } = layOutGeneration(parts.spots, [near], parts.held);
    expect([slotByKey.get(held.key), slotCount]).toEqual([0, 3]);
    expect(parts.held).toEqual([{ ...held, broker: 'home', token: home }]);
  });

  it('leaves what is not known there as it is', () => {
    const names = { home: 'home', tokenOf: () => undefined };
    const own = { ...future, broker: 'home' };
    expect(atHome({ spots: [spot], held: [held, own] }, names)).toEqual({
      spots: [spot], held: [held, own],
    });
  });
});
