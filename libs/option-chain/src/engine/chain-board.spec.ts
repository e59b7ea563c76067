import { conventions } from '@strikewire/pricing';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import { defaultUniverse } from '../core/universe';
import { ChainBoard, type BoardFeed } from './chain-board';
import { pendingChain, type DayPlan, type PlannedUnderlying } from './day-plan';
import { benchSkeleton } from './testing/chain-bench';
import { resolved } from './testing/resolved';

const expiry = '2026-11-24';

/** A board with one chain; `hours` says what trades, `touch` is a tick of a slot. */
function setUp(given: { isSpotKnown: boolean } = { isSpotKnown: true }) {
  const clock = createVirtualClock(Date.parse('2026-11-24T15:29:00+05:30'));
  const hours = { derivatives: true, spot: true };
  const socket = { isLive: true };
  const asked: string[] = [];
  const feed: BoardFeed = {
    setTargets: () => [],
    expectTargets: () => {},
    socketOf: () => 1,
    isSocketLive: () => socket.isLive,
    accountOf: () => undefined,
  };
  const board = new ChainBoard({
    clock,
    feed,
    isMarketOpen: () => hours.derivatives,
    ...(given.isSpotKnown && {
      isSpotTrading: ({ exchange, symbol }) => {
        asked.push(`${exchange}:${symbol}`);
        return hours.spot;
      },
    }),
    convention: conventions.calendar365,
  });
  const skeleton = benchSkeleton(expiry, 5);
  const nifty: Partial<PlannedUnderlying> = {
    row: defaultUniverse[0]!,
    broker: resolved([defaultUniverse[0]!])[0]!.listed,
    place: 0,
    chains: [{ ...pendingChain({ expiry, class: 'weekly' }), state: 'built', skeleton }],
  };
  board.swap({ underlyings: [nifty] } as DayPlan, { retired: () => {} });
  const chain = board.find(`NSE:NIFTY:${expiry}`)!;
  const touch = (slot: number): void => {
    board.generation.store.touchedMonoMs[slot] = clock.monoMs();
  };
  const isStale = (): boolean => board.isStale(chain);
  const { spotSlot, firstSlot } = chain.slots;
  return { clock, hours, socket, asked, touch, isStale, spotSlot, legSlot: firstSlot + 3 };
}

describe('a chain is stale', () => {
  it('when its spot is silent for 15 s while that trades, however its legs tick', async () => {
    const { clock, asked, touch, isStale, spotSlot, legSlot } = setUp();
    expect(isStale()).toBe(true);
    touch(spotSlot);
    expect(isStale()).toBe(false);
    await clock.advance(15_000);
    touch(legSlot);
    expect(isStale()).toBe(false);
    await clock.advance(1);
    expect(isStale()).toBe(true);
    expect(new Set(asked)).toEqual(new Set(['NSE:NIFTY']));
  });

  it('while its spot does not trade, only when all its legs are silent for 60 s', async () => {
    const { clock, hours, touch, isStale, spotSlot, legSlot } = setUp();
    touch(spotSlot);
    touch(legSlot);
    hours.spot = false;
    await clock.advance(60_000);
    expect(isStale()).toBe(false);
    await clock.advance(1);
    expect(isStale()).toBe(true);
    // The spot alone proves nothing now.
    touch(spotSlot);
    expect(isStale()).toBe(true);
    touch(legSlot);
    expect(isStale()).toBe(false);
  });

  it('when its legs have never ticked and its spot does not trade', () => {
    const { hours, touch, isStale, spotSlot } = setUp();
    touch(spotSlot);
    hours.spot = false;
    expect(isStale()).toBe(true);
  });

  it.each(['market', 'socket'])('whatever ticks, without its %s', (which) => {
    const { hours, socket, touch, isStale, spotSlot, legSlot } = setUp();
    for (const isSpotTrading of [true, false]) {
      hours.spot = isSpotTrading;
      touch(spotSlot);
      touch(legSlot);
      expect(isStale()).toBe(false);
      if (which === 'market') hours.derivatives = false;
      else socket.isLive = false;
      expect(isStale()).toBe(true);
      hours.derivatives = true;
      socket.isLive = true;
    }
  });

  it('by its spot as long as the market is open where nothing else is said', async () => {
    const { clock, hours, touch, isStale, spotSlot, legSlot } = setUp({ isSpotKnown: false });
    hours.spot = false;
    touch(spotSlot);
    await clock.advance(15_001);
    touch(legSlot);
    expect(isStale()).toBe(true);
  });
});
