import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  admit,
  answered,
  noOrderRates,
  orderClosed,
  orderRateRules,
  rateUse,
  released,
  restoreRates,
  type OrderCall,
  type OrderRateRules,
  type OrderRates,
  type RateRequest,
} from './order-rates';

const rules = orderRateRules({
  perSecond: 10, perMinute: 250, perHour: 1_000, perDay: 7_000, modificationsPerOrder: 25,
});

let calls = 0;
const request = (changes: Partial<RateRequest> = {}): RateRequest => ({
  callId: `call-${(calls += 1)}`,
  orderId: 'order-1',
  call: 'place',
  segment: 'NSE_FNO',
  lowersRisk: false,
  ...changes,
});

/** Sends and is answered in the same moment; the state only if it was let in. */
function send(state: OrderRates, one: RateRequest, nowMs: number, by = rules): OrderRates {
  const admission = admit(state, one, nowMs, by);
  if (admission.kind !== 'ok') throw new Error(`${admission.kind}: ${admission.limit}`);
  return answered(admission.state, one.callId, nowMs);
}

describe('order rates', () => {
  it('let 8 calls a second through per segment, and say when the next may go', () => {
    let state = noOrderRates;
    const kinds: OrderCall[] = ['place', 'modify', 'cancel'];
    for (let n = 0; n < 8; n += 1) state = send(state, request({ call: kinds[n % 3]! }), n * 10);
    expect(admit(state, request(), 100, rules)).toEqual({
      kind: 'wait', waitMs: 901, limit: 'segment_second',
    });
    expect(admit(state, request({ segment: 'BSE_FNO' }), 100, rules).kind).toBe('ok');
    // A window of exactly one second would still hold the first and this one.
    expect(admit(state, request(), 1_000, rules).kind).toBe('wait');
    expect(admit(state, request(), 1_001, rules).kind).toBe('ok');
  });

  it('count all segments of the account for the limits of its broker', () => {
    let state = noOrderRates;
    for (let n = 0; n < 10; n += 1) state = send(state, request({ segment: `S${n % 3}` }), 0);
    expect(admit(state, request({ segment: 'S9' }), 0, rules)).toMatchObject({
      kind: 'wait', limit: 'account_second',
    });
    expect(rateUse(state, 'S9', 0, rules)[1]).toEqual({
      name: 'account_second', used: 10, limit: 10, windowMs: 1_000,
    });
  });

  it('refuse by name what would wait too long', () => {
    let state = noOrderRates;
    for (let n = 0; n < 250; n += 1) state = send(state, request({ lowersRisk: true }), n * 200);
    const admission = admit(state, request(), 50_000, rules);
    expect(admission).toMatchObject({ kind: 'denied', limit: 'account_minute' });
    expect(admission.kind === 'denied' && admission.reason).toMatch(/free in \d+ ms/);
    const exit = admit(state, request({ lowersRisk: true }), 50_000, rules);
    expect(exit.kind === 'denied' && exit.reason).toMatch(/free in 10001 ms/);
  });

  it('keep a tenth of the minute, the hour and the day for what lowers a risk', () => {
    let state = noOrderRates;
    for (let n = 0; n < 225; n += 1) state = send(state, request(), n * 200);
    expect(admit(state, request(), 46_000, rules)).toMatchObject({
      kind: 'denied', limit: 'account_minute',
    });
    expect(admit(state, request({ lowersRisk: true }), 46_000, rules).kind).toBe('ok');
    const reserved = rules.limits.map(({ name, reserved: kept = 0 }) => [name, kept]);
    expect(reserved).toEqual([
      ['segment_second', 0], ['account_second', 0],
      ['account_minute', 25], ['account_hour', 100], ['account_day', 700],
    ]);
  });

  it('refuse the 26th modification of one order, and no other order\'s', () => {
    let state = noOrderRates;
    for (let n = 0; n < 25; n += 1) state = send(state, request({ call: 'modify' }), n * 1_001);
    const late = 60_000;
    const denied = admit(state, request({ call: 'modify' }), late, rules);
    expect(denied).toMatchObject({ kind: 'denied', limit: 'order_modifications' });
    const other = request({ call: 'modify', orderId: 'order-2' });
    expect(admit(state, other, late, rules).kind).toBe('ok');
    expect(admit(state, request({ call: 'cancel' }), late, rules).kind).toBe('ok');
    expect(orderClosed(state, 'order-1').modifications.size).toBe(0);
  });

  it('keep a place until the answer, and free it when nothing was sent', () => {
    const one: OrderRateRules = {
      limits: [{ name: 'one', limit: 1, windowMs: 100, per: 'account' }],
      modificationsPerOrder: null,
      waitMostMs: 500,
    };
    const first = request({ call: 'modify' });
    const taken = admit(noOrderRates, first, 0, one);
    if (taken.kind !== 'ok') throw new Error(taken.kind);
    expect(admit(taken.state, request(), 10_000, one).kind).toBe('wait');
    const done = answered(taken.state, first.callId, 10_000);
    expect(admit(done, request(), 10_100, one).kind).toBe('wait');
    expect(admit(done, request(), 10_101, one).kind).toBe('ok');
    const back = released(taken.state, first);
    expect(admit(back, request(), 1, one).kind).toBe('ok');
    expect(back.modifications.get('order-1')).toBe(0);
  });

  it('keep reserved places for what lowers a risk', () => {
    const some: OrderRateRules = {
      limits: [{ name: 'day', limit: 3, windowMs: 1_000, per: 'account', reserved: 2 }],
      modificationsPerOrder: null,
      waitMostMs: 0,
    };
    let state = send(noOrderRates, request(), 0, some);
    expect(admit(state, request(), 0, some)).toMatchObject({ kind: 'denied', limit: 'day' });
    state = send(state, request({ lowersRisk: true }), 0, some);
    state = send(state, request({ lowersRisk: true }), 0, some);
    expect(admit(state, request({ lowersRisk: true }), 0, some).kind).toBe('denied');
  });

  it('remember what an earlier run sent', () => {
    const sent = Array.from({ length: 8 }, (_, n) => ({
      callId: `old-${n}`, segment: 'NSE_FNO', sentMs: n, answeredMs: n === 7 ? null : n + 5,
    }));
    const state = restoreRates(sent, new Map([['order-1', 25]]), 500);
    expect(admit(state, request(), 900, rules).kind).toBe('wait');
    expect(admit(state, request({ call: 'modify' }), 9_000, rules).kind).toBe('denied');
    expect(admit(state, request(), 1_502, rules).kind).toBe('ok');
  });

  it('stand still when the clock goes back', () => {
    let state = noOrderRates;
    for (let n = 0; n < 8; n += 1) state = send(state, request(), 5_000);
    expect(admit(state, request(), 1_000, rules)).toMatchObject({ kind: 'wait', waitMs: 1_001 });
  });

  it('let no window of any position hold more, wherever on its way a call arrives', () => {
    const small: OrderRateRules = {
      limits: [
        { name: 'second', limit: 3, windowMs: 100, per: 'segment' },
        { name: 'minute', limit: 5, windowMs: 250, per: 'account' },
        { name: 'day', limit: 9, windowMs: 1_000, per: 'account' },
      ],
      modificationsPerOrder: 4,
      waitMostMs: Infinity,
    };
    const step = fc.record({
      gapMs: fc.integer({ min: 0, max: 60 }),
      travelMs: fc.integer({ min: 0, max: 80 }),
      arrival: fc.double({ min: 0, max: 1, noNaN: true }),
      segment: fc.constantFrom('A', 'B'),
      call: fc.constantFrom<OrderCall>('place', 'modify', 'cancel'),
      orderId: fc.constantFrom('x', 'y'),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 120 }), (steps) => {
        const seen: { segment: string; atMs: number; call: OrderCall; orderId: string }[] = [];
        const onTheWay: { callId: string; atMs: number }[] = [];
        let state = noOrderRates;
        let nowMs = 0;
        let sure = 0;
        for (const { gapMs, travelMs, arrival, segment, call, orderId } of steps) {
          nowMs += gapMs;
          onTheWay.sort((a, b) => a.atMs - b.atMs);
          while (onTheWay[0] !== undefined && onTheWay[0].atMs <= nowMs) {
            const done = onTheWay.shift()!;
            state = answered(state, done.callId, done.atMs);
          }
          const one = request({ segment, call, orderId });
          const admission = admit(state, one, nowMs, small);
          if (admission.kind !== 'ok') {
            if (admission.kind === 'wait') sure += 1;
            continue;
          }
          ({ state } = admission);
          const atMs = nowMs + Math.round(travelMs * arrival);
          seen.push({ segment, atMs, call, orderId });
          onTheWay.push({ callId: one.callId, atMs: nowMs + travelMs });
        }
        expect(sure + seen.length).toBeLessThanOrEqual(steps.length);
        for (const { limit, windowMs, per } of small.limits) {
          for (const from of seen) {
            const held = seen.filter(({ atMs, segment }) =>
              atMs >= from.atMs && atMs <= from.atMs + windowMs
              && (per === 'account' || segment === from.segment));
            expect(held.length).toBeLessThanOrEqual(limit);
          }
        }
        for (const orderId of ['x', 'y']) {
          const changes = seen.filter((one) => one.orderId === orderId && one.call === 'modify');
          expect(changes.length).toBeLessThanOrEqual(4);
        }
      }),
      { seed: 8, numRuns: 300 },
    );
  });

  it('refuse nothing that a brute-force count would allow (answered at once)', () => {
    const limits = [
      { name: 'short', limit: 2, windowMs: 50, per: 'segment' as const },
      { name: 'long', limit: 4, windowMs: 200, per: 'account' as const },
    ];
    const both: OrderRateRules = { limits, modificationsPerOrder: null, waitMostMs: Infinity };
    const step = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.constantFrom('A', 'B'));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const seen: { atMs: number; segment: string }[] = [];
        let state = noOrderRates;
        let nowMs = 0;
        const mayAt = (atMs: number, segment: string): boolean =>
          limits.every(({ limit, windowMs, per }) => {
            const held = seen.filter((one) =>
              one.atMs >= atMs - windowMs && (per === 'account' || one.segment === segment));
            return held.length < limit;
          });
        for (const [gapMs, segment] of steps) {
          nowMs += gapMs;
          const one = request({ segment });
          const admission = admit(state, one, nowMs, both);
          expect(admission.kind === 'ok').toBe(mayAt(nowMs, segment));
          if (admission.kind === 'wait') {
            expect(mayAt(nowMs + admission.waitMs, segment)).toBe(true);
            expect(mayAt(nowMs + admission.waitMs - 1, segment)).toBe(false);
          }
          if (admission.kind !== 'ok') continue;
          state = answered(admission.state, one.callId, nowMs);
          seen.push({ atMs: nowMs, segment });
        }
      }),
      { seed: 8, numRuns: 300 },
    );
  });
});
