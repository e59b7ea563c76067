import type { InstrumentToken } from '@strikewire/broker';
import { conventions } from '@strikewire/pricing';
import { silentLog } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import { defaultUniverse } from '../core/universe';
import { ChainBoard } from './chain-board';
import { pendingChain, type DayPlan, type PlannedUnderlying } from './day-plan';
import { GenerationSwap } from './generation-swap';
import { benchSkeleton } from './testing/chain-bench';
import { resolved } from './testing/resolved';

const expiry = '2026-11-24';
const future = 'NSE:NIFTY:2026-11-24:FUT';

/** One chain at home, and what is known there by key. */
function createBench() {
  const clock = createVirtualClock(Date.parse('2026-11-24T04:00:00Z'));
  const known = new Map<string, InstrumentToken>([['NSE:NIFTY', { segment: 'F', id: '1' }]]);
  const subscribed: string[] = [];
  const board = new ChainBoard({
    clock,
    feed: {
      setTargets(targets) {
        const [spot] = targets;
        subscribed.push(`${spot?.token.id} at ${spot?.slot}`);
        return [];
      },
      expectTargets: () => {},
      socketOf: () => 1,
      isSocketLive: () => true,
      accountOf: () => undefined,
    },
    isMarketOpen: () => true,
    convention: conventions.calendar365,
    names: { home: 'test', tokenOf: (key) => known.get(key) },
  });
  const nifty: Partial<PlannedUnderlying> = {
    row: defaultUniverse[0]!,
    key: 'NSE:NIFTY',
    broker: resolved([defaultUniverse[0]!])[0]!.listed,
    place: 0,
    chains: [{
      ...pendingChain({ expiry, class: 'weekly' }),
      state: 'built',
      skeleton: benchSkeleton(expiry, 5),
    }],
  };
  const plan = { underlyings: [nifty] } as DayPlan;
  const swap = new GenerationSwap({
    clock,
    log: silentLog,
    board,
    requests: { keepFresh: () => {} },
    plan: () => plan,
    rename: () => {},
    hasAccount: () => true,
    retired: () => {},
    swapped: () => {},
  });
  swap.now();
  return { clock, known, subscribed, board, swap };
}

describe('GenerationSwap', () => {
  it('swaps nothing while nothing is another, and when a spot is', () => {
    const { known, subscribed, board, swap } = createBench();
    swap.now();
    expect([board.generation.number, subscribed]).toEqual([1, ['1 at 0']]);
    board.generation.store.ltpPaise[0] = 7_000;
    known.set('NSE:NIFTY', { segment: 'F', id: '2' });
    swap.now();
    expect([board.generation.number, subscribed]).toEqual([2, ['1 at 0', '2 at 0']]);
    // That was the price of another contract.
    expect(board.generation.store.ltpPaise[0]).toBe(0);
  });

  it('swaps when what is held turns out to be the spot', async () => {
    const { clock, known, board, swap } = createBench();
    const token = { segment: 'X', id: '9' };
    swap.hold('somebody', [{ key: future, exchange: 'NSE', token, broker: 'other' }]);
    await clock.advance(10_000);
    expect(board.generation.layout.slotByKey.get(future)).toBe(11);
    const { store } = board.generation;
    store.ltpPaise[0] = 7_000;
    store.touchedMonoMs[0] = clock.monoMs();
    known.set(future, { segment: 'F', id: '1' });
    swap.now();
    expect(board.generation.layout.slotByKey.get(future)).toBe(0);
    expect(board.generation.store.ltpPaise[0]).toBe(7_000);
  });

  it('lays nothing out anew when all that is held, and was, lies in chains', async () => {
    const { clock, subscribed, board, swap } = createBench();
    const [leg = ''] = board.generation.layout.chains[0]!.legKeys.slice(3);
    const { store } = board.generation;
    const held = {
      key: leg, exchange: 'NSE', token: { segment: 'O', id: '24003' }, broker: 'test',
    } as const;
    swap.hold('somebody', [held]);
    await clock.advance(10_000);
    expect([board.generation.number, subscribed.length]).toEqual([1, 2]);
    expect([board.generation.store, board.generation.layout.held]).toEqual([store, [held]]);
    swap.now();
    expect(subscribed).toHaveLength(2);
    swap.hold('other', [{ ...held, key: future }]);
    await clock.advance(10_000);
    expect([board.generation.number, subscribed.length]).toEqual([2, 3]);
    // The future has a slot of its own: letting it go is another layout.
    swap.hold('other', []);
    await clock.advance(10_000);
    expect(board.generation.number).toBe(3);
    swap.hold('somebody', []);
    await clock.advance(10_000);
    expect([board.generation.number, board.generation.layout.held]).toEqual([3, []]);
  });
});
