import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copySlot } from './copy-slot-store';
import { bookAt, bookInts, field } from './quote-fields';
import { noVolume } from './quote-sink';
import { QuoteStore } from './quote-store';
import { QuoteSession } from './session-store';
import { writeSnapshot } from './snapshot-writer-store';

const wall = Date.parse('2026-11-24T05:00:00Z');

function makeStore(tickDepth = 100): QuoteStore {
  return new QuoteStore({ capacity: 4, groupCount: 2, tickDepth, baseWallMs: wall });
}

interface Packet {
  ltp: number;
  tradeMs?: number;
  volume?: number;
}

function put(session: QuoteSession, slot: number, packet: Packet): boolean {
  const { ltp, tradeMs = 0, volume = noVolume } = packet;
  if (!session.admit(slot, tradeMs, volume)) return false;
  session.store.ltpPaise[slot] = ltp;
  if (volume !== noVolume) session.store.volume[slot] = volume;
  session.commit(slot, field.ltp | (volume === noVolume ? 0 : field.volume));
  return true;
}

describe('QuoteSession', () => {
  it('drops a packet with an earlier trade time, or the same with a lower volume', () => {
    const store = makeStore();
    const session = new QuoteSession(store, { source: 1, epoch: 1 });
    session.beginFrame(wall, 0);
    expect(put(session, 0, { ltp: 100, tradeMs: wall - 1_000, volume: 50 })).toBe(true);
    expect(put(session, 0, { ltp: 99, tradeMs: wall - 2_000, volume: 60 })).toBe(false);
    expect(put(session, 0, { ltp: 98, tradeMs: wall - 1_000, volume: 49 })).toBe(false);
    expect(put(session, 0, { ltp: 101, tradeMs: wall - 1_000, volume: 50 })).toBe(true);
    expect(store.ltpPaise[0]).toBe(101);
    expect(session.counters).toMatchObject({ applied: 2, behind: 2 });
  });

  it('lets volume start anew with a later trade time', () => {
    const store = makeStore();
    const session = new QuoteSession(store, { source: 1, epoch: 1 });
    session.beginFrame(wall, 0);
    put(session, 0, { ltp: 100, tradeMs: wall - 86_400_000, volume: 900_000 });
    expect(put(session, 0, { ltp: 90, tradeMs: wall, volume: 10 })).toBe(true);
    expect(store.volume[0]).toBe(10);
  });

  it('takes a new day\'s volume of a contract that has not traded since', () => {
    const store = makeStore();
    const session = new QuoteSession(store, { source: 1, epoch: 1 });
    session.beginFrame(wall, 0);
    put(session, 0, { ltp: 100, tradeMs: wall - 1_000, volume: 900 });
    session.beginFrame(wall + 86_400_000, 86_400_000);
    expect(put(session, 0, { ltp: 100, tradeMs: wall - 1_000, volume: 0 })).toBe(true);
    expect(store.volume[0]).toBe(0);
    const tradeMs = wall + 86_400_000 - 1_000;
    put(session, 0, { ltp: 100, tradeMs, volume: 5 });
    expect(put(session, 0, { ltp: 100, tradeMs, volume: 4 })).toBe(false);
  });

  it.each([wall - 86_400_000, 0])(
    'takes the open\'s volume after that of yesterday was told again before it: trade %d',
    (tradeMs) => {
      const store = makeStore();
      const early = new QuoteSession(store, { source: 1, epoch: 1 });
      early.beginFrame(wall, 0);
      put(early, 0, { ltp: 100, tradeMs: wall - 86_400_000, volume: 900 });
      for (const session of [early, new QuoteSession(store, { source: 1, epoch: 2 })]) {
        session.beginFrame(wall + 900_000, 900_000);
        expect(put(session, 0, { ltp: 101, tradeMs, volume: 0 })).toBe(true);
      }
    },
  );

  it('does not let one absurd trade time silence a contract', () => {
    const store = makeStore();
    const session = new QuoteSession(store, { source: 1, epoch: 1 });
    session.beginFrame(wall, 0);
    put(session, 0, { ltp: 100, tradeMs: wall + 3_600_000, volume: 5 });
    expect(put(session, 0, { ltp: 101, tradeMs: wall, volume: 6 })).toBe(true);
  });

  it.each([1, 2])('hears a source a minute after its clock was put back (epoch %i)', (epoch) => {
    const store = makeStore();
    const ahead = new QuoteSession(store, { source: 1, epoch: 1 });
    ahead.beginFrame(wall, 1_000);
    put(ahead, 0, { ltp: 100, tradeMs: wall + 50_000, volume: 5 });
    const session = epoch === 1 ? ahead : new QuoteSession(store, { source: 1, epoch });
    session.beginFrame(wall + 60_000, 61_000);
    expect(put(session, 0, { ltp: 101, tradeMs: wall + 9_000, volume: 5 })).toBe(false);
    session.beginFrame(wall + 60_001, 61_001);
    expect(put(session, 0, { ltp: 102, tradeMs: wall + 9_000, volume: 4 })).toBe(false);
    expect(put(session, 0, { ltp: 102, tradeMs: wall + 9_000, volume: 5 })).toBe(true);
    expect(put(session, 0, { ltp: 103, tradeMs: wall + 10_000, volume: 7 })).toBe(true);
    expect(put(session, 0, { ltp: 99, tradeMs: wall + 9_000, volume: 7 })).toBe(false);
  });

  it.each([false, true])(
    'does not take what another source tells late, however long the owner is silent (moved: %s)',
    (isMoved) => {
      const store = makeStore();
      const owner = new QuoteSession(store, { source: 1, epoch: 1 });
      const peer = new QuoteSession(store, { source: 2, epoch: 1 });
      owner.beginFrame(wall, 0);
      put(owner, 0, { ltp: 100, tradeMs: wall - 1_000, volume: 5 });
      if (isMoved) store.assignOwner(0, 2, 89_000);
      peer.beginFrame(wall + 90_000, 90_000);
      expect(put(peer, 0, { ltp: 99, tradeMs: wall - 10_000, volume: 4 })).toBe(false);
    },
  );

  // [the clock of the one that is lost, of the next one, whether volume is told]
  const clocks: [number, number, boolean][] = [
    [50_000, 0, true], [0, -50_000, true], [0, -300_000, true], [50_000, 0, false],
    [0, -300_000, false],
  ];
  it.each(clocks)(
    'hears the next broker at once, whose clock is another: %i ms, %i ms, volume: %s',
    (lostMs, nextMs, isTold) => {
      const store = makeStore();
      const lost = new QuoteSession(store, { source: 1, epoch: 1 });
      const next = new QuoteSession(store, { source: 17, epoch: 1 });
      lost.beginFrame(wall, 0);
      const volumeOf = (units: number): number => (isTold ? units : noVolume);
      put(lost, 0, { ltp: 100, tradeMs: wall + lostMs, volume: volumeOf(5) });
      lost.revoke();
      store.assignOwner(0, 17, 500);
      next.beginFrame(wall + 1_000, 1_000);
      const tradeMs = wall + nextMs;
      expect(put(next, 0, { ltp: 101, tradeMs, volume: volumeOf(5) })).toBe(true);
      const later = { tradeMs: tradeMs + 1_000, volume: volumeOf(6) };
      expect(put(next, 0, { ltp: 102, ...later })).toBe(true);
    },
  );

  it('does not take an earlier trade of one that is only heard, unless more was traded', () => {
    const store = makeStore();
    const owner = new QuoteSession(store, { source: 1, epoch: 1 });
    const peer = new QuoteSession(store, { source: 2, epoch: 1 });
    owner.beginFrame(wall, 0);
    put(owner, 0, { ltp: 100, tradeMs: wall - 1_000, volume: 5 });
    peer.beginFrame(wall + 6_000, 6_000);
    expect(put(peer, 0, { ltp: 99, tradeMs: wall - 10_000, volume: 5 })).toBe(false);
    expect(put(peer, 0, { ltp: 101, tradeMs: wall - 10_000, volume: 6 })).toBe(true);
  });

  it('drops every write of a revoked session', () => {
    const store = makeStore();
    const session = new QuoteSession(store, { source: 1, epoch: 1 });
    session.revoke();
    expect(put(session, 0, { ltp: 100 })).toBe(false);
    expect(store.version).toBe(0);
    expect(session.counters.revoked).toBe(1);
  });

  it('lets the next epoch of a source take its slots at once, and never an earlier one', () => {
    const store = makeStore();
    const first = new QuoteSession(store, { source: 1, epoch: 1 });
    const second = new QuoteSession(store, { source: 1, epoch: 2 });
    first.beginFrame(wall, 0);
    second.beginFrame(wall, 1);
    put(first, 0, { ltp: 100 });
    expect(put(second, 0, { ltp: 101 })).toBe(true);
    expect(put(first, 0, { ltp: 99 })).toBe(false);
  });

  it('gives a slot to a peer only after 2 s of silence, and then keeps it there for 5 s', () => {
    const store = makeStore();
    const owner = new QuoteSession(store, { source: 1, epoch: 1 });
    const peer = new QuoteSession(store, { source: 2, epoch: 1 });
    owner.beginFrame(wall, 0);
    put(owner, 0, { ltp: 100, volume: 10 });
    owner.beginFrame(wall, 6_000);
    put(owner, 0, { ltp: 100, volume: 10 });
    peer.beginFrame(wall, 8_000);
    expect(put(peer, 0, { ltp: 101, volume: 11 })).toBe(false);
    peer.beginFrame(wall, 8_001);
    expect(put(peer, 0, { ltp: 101, volume: 9 })).toBe(false);
    expect(put(peer, 0, { ltp: 101, volume: 11 })).toBe(true);
    owner.beginFrame(wall, 11_000);
    expect(put(owner, 0, { ltp: 102, volume: 12 })).toBe(false);
    owner.beginFrame(wall, 13_002);
    expect(put(owner, 0, { ltp: 102, volume: 12 })).toBe(true);
  });

  it('remembers the last 100 ticks, oldest first', () => {
    const store = makeStore();
    const session = new QuoteSession(store, { source: 1, epoch: 1 });
    for (let index = 0; index < 130; index++) {
      session.beginFrame(wall + index, index);
      put(session, 1, { ltp: 1_000 + index });
    }
    const ticks = store.ticksOf(1);
    expect(ticks).toHaveLength(100);
    expect(ticks[0]).toMatchObject({ ltpPaise: 1_030, atMs: wall + 30 });
    expect(ticks[99]).toMatchObject({ ltpPaise: 1_129, atMs: wall + 129 });
  });

  it('holds the newest packet of any order of arrival (seeded sequences)', () => {
    const packets = fc.array(
      fc.record({ second: fc.integer({ min: 0, max: 5 }), volume: fc.integer({ min: 0, max: 5 }) }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(packets, (sequence) => {
        const store = makeStore(0);
        const session = new QuoteSession(store, { source: 1, epoch: 1 });
        session.beginFrame(wall + 10_000, 0);
        sequence.forEach(({ second, volume }, index) =>
          put(session, 0, { ltp: index + 1, tradeMs: wall + second * 1_000, volume }),
        );
        const rank = (p: { second: number; volume: number }): number => p.second * 10 + p.volume;
        const newest = Math.max(...sequence.map(rank));
        const last = sequence.map(rank).lastIndexOf(newest);
        expect(store.ltpPaise[0]).toBe(last + 1);
      }),
      { seed: 20261124, numRuns: 300 },
    );
  });
});

describe('writeSnapshot', () => {
  const figures = {
    ltpPaise: 77,
    bidPaise: 76,
    askPaise: 78,
    bidQty: 65,
    askQty: 130,
    volume: 10,
    oi: 20,
    previousOi: 5_000,
    closePaise: 70,
    greeks: [12.5, 0.5, 0.01, -3, 4, null],
  };

  it('leaves a slot alone that ticked since the request, but takes what only REST has', () => {
    const store = makeStore();
    const session = new QuoteSession(store, { source: 1, epoch: 1 });
    session.beginFrame(wall, 1_000);
    put(session, 0, { ltp: 100 });
    writeSnapshot(store, 0, figures, { wallMs: wall + 500, sentMonoMs: 900 });
    expect(store.ltpPaise[0]).toBe(100);
    expect(store.knows(0, field.oi)).toBe(false);
    expect(store.previousOi[0]).toBe(5_000);
    expect(store.closePaise[0]).toBe(70);
    expect(store.brokerGreeks[0]).toBe(12.5);
    expect(store.brokerGreeks[5]).toBeNaN();
    writeSnapshot(store, 0, figures, { wallMs: wall + 500, sentMonoMs: 1_001 });
    expect(store.ltpPaise[0]).toBe(77);
    expect([store.bestBidPaise(0), store.bestAskQty(0)]).toEqual([76, 130]);
  });

  it('leaves what the answer does not have as it was', () => {
    const store = makeStore();
    const partial = { ...figures, previousOi: null, closePaise: null, greeks: null };
    writeSnapshot(store, 2, partial, { wallMs: wall, sentMonoMs: 0 });
    expect(store.knows(2, field.previousOi | field.close | field.brokerGreeks)).toBe(false);
    expect(store.knows(2, field.ltp)).toBe(true);
  });
});

describe('copySlot', () => {
  it('carries figures, ownership and ticks to another slot of the next store', () => {
    const [from, to] = [makeStore(), makeStore()];
    const session = new QuoteSession(from, { source: 3, epoch: 7 });
    session.beginFrame(wall + 5, 5);
    session.admit(1, 0, noVolume);
    from.book[bookInts + bookAt.bidPaise] = 9_990;
    from.ltpPaise[1] = 10_000;
    session.commit(1, field.ltp | field.depth);
    copySlot({ store: from, slot: 1 }, { store: to, slot: 3 });
    expect(to.ltpPaise[3]).toBe(10_000);
    expect(to.book[3 * bookInts + bookAt.bidPaise]).toBe(9_990);
    expect(to.source[3]).toBe(3);
    expect(to.ticksOf(3)).toEqual(from.ticksOf(1));
    expect(to.knows(3, field.top)).toBe(true);
    expect(to.ltpPaise[1]).toBe(0);
  });

  it('keeps the times of ticks in a store that counts from a later day', () => {
    const from = makeStore();
    const session = new QuoteSession(from, { source: 3, epoch: 7 });
    session.beginFrame(wall + 5, 5);
    put(session, 1, { ltp: 10_000 });
    const baseWallMs = wall + 86_400_000;
    const to = new QuoteStore({ capacity: 4, groupCount: 2, tickDepth: 100, baseWallMs });
    copySlot({ store: from, slot: 1 }, { store: to, slot: 3 });
    expect(to.ticksOf(3)).toMatchObject([{ atMs: wall + 5, ltpPaise: 10_000 }]);
  });
});
