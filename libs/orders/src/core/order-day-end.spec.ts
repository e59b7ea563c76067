import { describe, expect, it } from 'vitest';
import type { OrderEvent } from './order-life';
import { stepOrder } from './order-state';
import {
  answered,
  count,
  live,
  open,
  recorded,
  rejected,
  row,
  trade,
  unknown,
} from './testing/order-story';

describe('restarts and the end of the day', () => {
  const restarted: OrderEvent = { type: 'restarted' };

  it('does not send an old intent, and looks up whatever may have left', () => {
    const intent = live(restarted);
    expect(intent.state).toMatchObject({ status: 'denied', code: 'not_sent' });
    const away = live(recorded, restarted);
    expect(away.state).toMatchObject({ status: 'unknown', lookUp: { need: 'place', tries: 1 } });
    expect(count(away.names, 'send')).toBe(1);
    expect(away.names).toContain('lookUp');
    const held = live(...open, restarted);
    expect(held.state).toMatchObject({ status: 'open', lookUp: { need: 'row' } });
    const done = live(recorded, answered(rejected)).state;
    expect(stepOrder(done, restarted, 2_000)).toEqual({ state: done, effects: [] });
  });

  it('doubts requests that were on their way', () => {
    const { state } = live(...open, { type: 'askCancel', requestId: 'k1' }, restarted);
    expect(state).toMatchObject({ cancel: { status: 'unknown' }, lookUp: { need: 'outcome' } });
  });

  it('knows after its day that an order nobody has seen never was', () => {
    const dayEnded: OrderEvent = { type: 'dayEnded', endedMs: 50_000 };
    const absent = (readMs: number): OrderEvent => ({ type: 'absent', readMs, isSure: true });
    const asked = live(recorded, answered(unknown), 50_000, dayEnded);
    const early = stepOrder(asked.state, absent(49_999), 50_100);
    expect(early.state.status).toBe('unknown');
    const end = stepOrder(asked.state, absent(50_000), 50_100);
    expect(end.state).toMatchObject({ status: 'expired', code: 'never_seen' });
    const risen = stepOrder(end.state, { type: 'row', row: row() }, 50_200);
    expect(risen.state.status).toBe('open');
    expect(live(dayEnded).state).toMatchObject({ status: 'denied', code: 'day_ended' });
    const stays = live(...open, dayEnded);
    expect(stays.state.lookUp?.need).toBe('end');
    const expired = { type: 'row', row: row({ status: 'expired' }) } as const;
    expect(stepOrder(stays.state, expired, 60_000).state).toMatchObject({
      status: 'expired', lookUp: null,
    });
  });

  it('is looked for until its date is over; then a person may end it with what it traded', () => {
    const closeMs = Date.parse('2026-11-25T15:31:00+05:30');
    const events: (OrderEvent | number)[] = [
      ...open, { type: 'trades', trades: [trade('t1', 65)] },
      closeMs, { type: 'dayEnded', endedMs: closeMs },
    ];
    let { state } = live(...events);
    let looks = 0;
    let lastMs = 0;
    for (let due = state.lookUp?.dueMs ?? null; due !== null;) {
      const step = stepOrder(state, { type: 'timer' }, due);
      if (step.effects.some(({ type }) => type === 'lookUp')) looks += 1;
      ({ state } = step);
      lastMs = due;
      due = state.lookUp?.dueMs ?? null;
    }
    expect(looks).toBeGreaterThan(150);
    expect(new Date(lastMs).toISOString()).toMatch(/^2026-11-25T18:2[789]/);
    expect(state).toMatchObject({ status: 'part_filled', settledAs: null });
    expect(state.needsPerson).toMatch(/whether it has ended/);
    const step = stepOrder(state, { type: 'decided', by: 'asha', reason: 'seen' }, lastMs);
    expect(step.state).toMatchObject({
      status: 'expired', filledQuantity: 65, needsPerson: null, lookUp: null,
      settledAs: { status: 'expired', filledQuantity: 65 },
    });
  });

  it('may be ended by a person though the trades of its fills never came', () => {
    const said = { type: 'row', row: row({ status: 'cancelled', filledQuantity: 65 }) } as const;
    let { state } = live(...open, said);
    for (let n = 1; n < 16; n += 1) ({ state } = stepOrder(state, { type: 'timer' }, n * 60_000));
    expect(state).toMatchObject({ status: 'cancelled', filledQuantity: 65, settledAs: null });
    const step = stepOrder(state, { type: 'decided', by: 'asha', reason: 'none' }, 9e6);
    expect(step.state).toMatchObject({
      status: 'cancelled', filledQuantity: 0, settledAs: { status: 'cancelled' },
    });
  });

  it.each([
    ['of another date', 90_000_000, true, /was not read on that day/],
    ['without our ids', 50_000, false, /does not tell our orders/],
  ])('does not believe a book %s: a person is told once', (_name, readMs, isSure, why) => {
    const { state } = live(
      recorded, answered(unknown), 60_000, { type: 'dayEnded', endedMs: 50_000 },
    );
    const step = stepOrder(state, { type: 'absent', readMs, isSure }, readMs);
    expect(step.state).toMatchObject({ status: 'unknown', lookUp: { dueMs: null } });
    expect(step.state.needsPerson).toMatch(why);
    expect(step.effects).toContainEqual(
      expect.objectContaining({ type: 'notify', severity: 'critical', code: 'order_needs_person' }),
    );
    const again = stepOrder(step.state, { type: 'absent', readMs, isSure }, readMs);
    expect(again.effects.map(({ type }) => type)).not.toContain('notify');
  });
});
