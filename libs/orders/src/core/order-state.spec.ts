import type { OrderOutcome } from '@strikewire/broker';
import { describe, expect, it } from 'vitest';
import { intendOrder, type OrderEffect, type OrderEvent } from './order-life';
import { stepOrder } from './order-state';
import {
  accepted,
  answered,
  count,
  live,
  open,
  order,
  recorded,
  rejected,
  row,
  trade,
  unknown,
} from './testing/order-story';

const sent = [recorded];
const illegals = (effects: readonly OrderEffect[]): string[] =>
  effects.flatMap((one) => (one.type === 'illegal' ? [one.code] : []));

describe('the life of an order', () => {
  it('is stored before it is sent, and sent once', () => {
    expect(intendOrder(order, 'a', 1).effects).toEqual([{ type: 'persist' }]);
    const { names, state } = live(recorded);
    expect(names.slice(0, 2)).toEqual(['persist', 'send']);
    expect(state).toMatchObject({ status: 'sending', sentMs: 1_000, version: 2 });
    const twice = live(recorded, recorded);
    expect(count(twice.names, 'send')).toBe(1);
    expect(illegals(twice.effects)).toEqual(['sent_before']);
  });

  it('goes from accepted through the book to filled, and tells each trade once', () => {
    const { state, effects, names } = live(
      ...open,
      { type: 'trades', trades: [trade('t1', 65)] },
      { type: 'row', row: row({ filledQuantity: 65 }) },
      { type: 'trades', trades: [trade('t1', 65), trade('t2', 65)] },
      { type: 'row', row: row({ status: 'filled', filledQuantity: 130 }) },
    );
    expect(state).toMatchObject({ status: 'filled', filledQuantity: 130, lookUp: null });
    expect(count(names, 'fill')).toBe(2);
    expect(effects.filter(({ type }) => type === 'settled')).toEqual([
      { type: 'settled', status: 'filled', filledQuantity: 130 },
    ]);
    expect(illegals(effects)).toEqual([]);
  });

  it('ends with the broker\'s refusal, or with ours before it is sent', () => {
    expect(live(recorded, answered(rejected)).state).toMatchObject({
      status: 'rejected', code: 'RMS', reason: 'no margin', lookUp: null,
      settledAs: { status: 'rejected', filledQuantity: 0 },
    });
    const withheld = live({ type: 'withheld', code: 'rate', reason: '8/s' });
    expect(withheld.state.status).toBe('denied');
    expect(withheld.names).not.toContain('send');
    expect(live({ type: 'withheld', code: 'x', reason: '' }, recorded).names).not.toContain('send');
  });

  it('is looked up when nobody knows, with back-off, and never sent again', () => {
    const { state, names, effects } = live(recorded, answered(unknown), 1_500, { type: 'timer' });
    expect(state).toMatchObject({ status: 'unknown', lookUp: { need: 'place', tries: 1 } });
    expect(count(names, 'lookUp')).toBe(1);
    expect(effects.at(-1)).toEqual({ type: 'schedule', atMs: 2_500 });
    const events: (OrderEvent | number)[] = [recorded, answered(unknown)];
    for (let n = 0; n < 40; n += 1) {
      const absent = { type: 'absent', readMs: 2_000, isSure: true } as const;
      events.push(2_000 + n * 60_000, { type: 'timer' }, absent);
    }
    const end = live(...events);
    // After twelve a person is told, and every third minute it is looked up again.
    expect(count(end.names, 'lookUp')).toBe(12 + 9);
    expect(count(end.names, 'send')).toBe(1);
    expect(end.state.status).toBe('unknown');
    expect(end.state.needsPerson).toMatch(/12 looks .* whether the broker has it; a person/);
    expect(end.effects.filter(({ type }) => type === 'notify')).toMatchObject([
      { severity: 'critical', code: 'order_needs_person' },
    ]);
    expect(JSON.parse(JSON.stringify(end.state))).toEqual(end.state);
    // Even then the book is believed when it speaks.
    const late = stepOrder(end.state, { type: 'row', row: row() }, 9e6);
    expect(late.state).toMatchObject({ status: 'open', needsPerson: null, lookUp: null });
    const done = stepOrder(end.state, { type: 'decided', by: 'asha', reason: 'called them' }, 9e6);
    expect(done.state).toMatchObject({ status: 'rejected', code: 'decided', needsPerson: null });
    expect(done.state.reason).toMatch(/^asha made sure/);
  });

  it('is unknown when its answer does not come', () => {
    const { state, names } = live(recorded, 31_000, { type: 'timer' });
    expect(state).toMatchObject({ status: 'unknown', lookUp: { need: 'place' } });
    expect(names.at(-1)).toBe('schedule');
    expect(live(recorded, 30_999, { type: 'timer' }).state.status).toBe('sending');
  });

  it('is found in the book after an unknown, whatever order the news come in', () => {
    const found = live(
      recorded, answered(unknown), { type: 'row', row: row({ filledQuantity: 65 }) },
      answered(accepted),
    );
    expect(found.state).toMatchObject({ status: 'part_filled', brokerOrderId: 'b1' });
    expect(illegals(found.effects)).toEqual([]);
    const late = live(recorded, answered(unknown), answered(accepted));
    expect(late.state.status).toBe('accepted');
    expect(late.state.lookUp?.need).toBe('row');
  });

  it('keeps what is filled when rows are late or doubled', () => {
    const { state } = live(
      ...open,
      { type: 'row', row: row({ filledQuantity: 65, updatedMs: 50 }) },
      { type: 'row', row: row({ filledQuantity: 0, updatedMs: 40 }) },
      { type: 'row', row: row({ filledQuantity: 0 }) },
    );
    expect(state).toMatchObject({ filledQuantity: 65, status: 'part_filled' });
    const once = live(...open).state;
    const again = stepOrder(once, { type: 'row', row: row() }, 2_000);
    expect(again.state).toBe(once);
    expect(again.effects).toEqual([]);
  });

  it('stays ended when an older row comes after the end', () => {
    const { state, effects } = live(
      ...open,
      { type: 'row', row: row({ status: 'cancelled', updatedMs: 50 }) },
      { type: 'row', row: row({ status: 'open', updatedMs: 50 }) },
      { type: 'row', row: row({ status: 'open' }) },
      { type: 'row', row: row({ status: 'pending', updatedMs: 40 }) },
    );
    expect(state.status).toBe('cancelled');
    expect(illegals(effects)).toEqual([]);
  });

  it('waits for the trades of what is filled before it is settled', () => {
    const full = { type: 'row', row: row({ status: 'filled', filledQuantity: 130 }) } as const;
    const { state, names } = live(...open, full);
    expect(state).toMatchObject({ status: 'filled', settledAs: null, lookUp: { need: 'trades' } });
    expect(names).not.toContain('settled');
    const done = stepOrder(state, { type: 'trades', trades: [trade('t1', 130)] }, 2_000);
    expect(done.effects.map(({ type }) => type)).toEqual(['persist', 'fill', 'settled']);
    expect(done.state.lookUp).toBeNull();
  });

  it('does not believe a row that says filled and counts fewer', () => {
    const doubt = row({ status: 'filled', filledQuantity: 65 });
    const { state } = live(...open, { type: 'row', row: doubt });
    expect(state).toMatchObject({ status: 'part_filled', lookUp: { need: 'row' } });
  });

  it('takes a rejection after a part was filled, and a fill after a cancellation', () => {
    const part = live(
      ...open,
      { type: 'trades', trades: [trade('t1', 65)] },
      { type: 'row', row: row({ status: 'rejected', filledQuantity: 65, reason: 'circuit' }) },
    );
    expect(part.state).toMatchObject({ status: 'rejected', filledQuantity: 65, reason: 'circuit' });
    expect(part.names.at(-1)).toBe('settled');
    const late = live(
      ...open,
      { type: 'row', row: row({ status: 'cancelled' }) },
      { type: 'trades', trades: [trade('t1', 65)] },
    );
    expect(late.state).toMatchObject({ status: 'cancelled', filledQuantity: 65 });
    expect(late.effects.filter(({ type }) => type === 'settled')).toHaveLength(2);
    expect(late.effects).toContainEqual(expect.objectContaining({ code: 'late_fill' }));
  });

  it('lives on when the book has what was answered as rejected', () => {
    const { state, effects } = live(recorded, answered(rejected), { type: 'row', row: row() });
    expect(state).toMatchObject({ status: 'open', statusFrom: 'book' });
    expect(illegals(effects)).toEqual(['row_contradicts']);
    const other = live(recorded, answered(rejected), answered(accepted));
    expect(other.state).toMatchObject({ status: 'accepted', lookUp: { need: 'row' } });
    const book = live(...open, answered(rejected));
    expect(book.state).toMatchObject({ status: 'open', lookUp: { need: 'row' } });
  });

  it('keeps the end that was told for later, and what an older row has filled', () => {
    const ended = row({ status: 'cancelled', updatedMs: 9_000 });
    const late = row({ status: 'rejected', filledQuantity: 65, updatedMs: 4_000 });
    const trades: OrderEvent = { type: 'trades', trades: [trade('t1', 65)] };
    const events: OrderEvent[] = [...open, { type: 'row', row: ended }, { type: 'row', row: late }];
    const { state, effects } = live(...events, trades);
    expect(state).toMatchObject({
      status: 'cancelled', filledQuantity: 65, rowMs: 9_000, lookUp: null,
      settledAs: { status: 'cancelled', filledQuantity: 65 },
    });
    expect(illegals(effects)).toEqual([]);
    const later = { ...late, updatedMs: 10_000 };
    const other = live(...events, { type: 'row', row: later }, trades);
    expect(other.state).toMatchObject({ status: 'rejected', filledQuantity: 65 });
    expect(illegals(other.effects)).toEqual(['row_contradicts']);
  });

  it('cries out when the broker has it twice', () => {
    const { state, effects } = live(...open, { type: 'row', row: row({ brokerOrderId: 'b2' }) });
    expect(state.brokerOrderId).toBe('b1');
    expect(effects).toContainEqual(
      expect.objectContaining({ type: 'notify', severity: 'critical', code: 'doubled_order' }),
    );
  });
});

describe('modifying and cancelling', () => {
  const wish: OrderEvent = { type: 'askCancel', requestId: 'k1' };
  const cancelAnswered = (outcome: OrderOutcome): OrderEvent =>
    ({ type: 'cancelAnswered', requestId: 'k1', outcome });
  const change = { quantity: 65, limitPaise: 12_100, triggerPaise: null };
  const modify: OrderEvent = { type: 'askModify', requestId: 'm1', change };
  const modifyAnswered = (outcome: OrderOutcome): OrderEvent =>
    ({ type: 'modifyAnswered', requestId: 'm1', outcome });

  it('cancels a live order, and ends it with the row', () => {
    const asked = live(...open, wish);
    expect(asked.effects.at(-2)).toEqual({ type: 'sendCancel', requestId: 'k1' });
    const done = live(...open, wish, cancelAnswered(accepted));
    expect(done.state).toMatchObject({ status: 'open', lookUp: { need: 'end' } });
    const end = stepOrder(done.state, { type: 'row', row: row({ status: 'cancelled' }) }, 2_000);
    expect(end.state).toMatchObject({ status: 'cancelled', lookUp: null });
  });

  it('keeps the wish while nobody knows whether the broker has it', () => {
    const waiting = live(recorded, answered(unknown), wish);
    expect(waiting.names).not.toContain('sendCancel');
    const found = stepOrder(waiting.state, { type: 'row', row: row() }, 2_000);
    expect(found.effects).toContainEqual({ type: 'sendCancel', requestId: 'k1' });
    const never = stepOrder(waiting.state, answered(rejected), 2_000);
    expect(never.state.cancel).toMatchObject({ status: 'rejected', code: 'order_ended' });
    expect(live(wish).state).toMatchObject({ status: 'denied', code: 'cancelled_before_sending' });
    expect(live(wish, recorded).names).not.toContain('send');
  });

  it('knows by the end what became of a cancellation without an answer', () => {
    const events = [...open, wish, cancelAnswered(unknown)];
    expect(live(...events).state.lookUp?.need).toBe('outcome');
    const gone = { type: 'row', row: row({ status: 'cancelled' }) } as const;
    expect(live(...events, gone).state.cancel?.status).toBe('accepted');
    const full = { type: 'trades', trades: [trade('t', 130)] } as const;
    expect(live(...events, full).state.cancel?.status).toBe('rejected');
    // An open row may be older than the cancellation: it proves nothing.
    expect(live(...events, { type: 'row', row: row() }).state.cancel?.status).toBe('unknown');
  });

  it('may be asked again when nobody knows what became of it, and the newer one counts', () => {
    const { state } = live(...open, wish, cancelAnswered(unknown));
    const again = stepOrder(state, { type: 'askCancel', requestId: 'k2' }, 2_000);
    expect(again.effects).toContainEqual({ type: 'sendCancel', requestId: 'k2' });
    const late = stepOrder(again.state, cancelAnswered(rejected), 2_100);
    expect(illegals(late.effects)).toEqual([]);
    expect(late.state).toMatchObject({ cancel: { requestId: 'k2', status: 'sending' } });
  });

  it('looks again after a cancellation was rejected, and lets another be asked', () => {
    const { state } = live(...open, wish, cancelAnswered(rejected));
    expect(state).toMatchObject({ lookUp: { need: 'row' }, cancel: { status: 'rejected' } });
    const again = stepOrder(state, { type: 'askCancel', requestId: 'k2' }, 2_000);
    expect(again.effects).toContainEqual({ type: 'sendCancel', requestId: 'k2' });
  });

  it('modifies, and has the new values when that is accepted', () => {
    const { state, effects } = live(...open, modify, modifyAnswered(accepted));
    expect(effects).toContainEqual({ type: 'sendModify', requestId: 'm1', change });
    expect(state).toMatchObject({ quantity: 65, limitPaise: 12_100, arePricesSure: true });
    expect(live(...open, modify, modifyAnswered(rejected)).state).toMatchObject({
      quantity: 130, limitPaise: 12_000, modify: { status: 'rejected', code: 'RMS' },
    });
  });

  it('is not sure of prices while a modification is unknown, until a row shows it', () => {
    const doubt = live(...open, modify, modifyAnswered(unknown));
    expect(doubt.state).toMatchObject({ arePricesSure: false, lookUp: { need: 'outcome' } });
    expect(illegals(stepOrder(doubt.state, modify, 2_000).effects)).toEqual(['modify_under_way']);
    const shown = stepOrder(doubt.state, { type: 'row', row: row({ quantity: 65 }) }, 2_000);
    expect(shown.state).toMatchObject({
      arePricesSure: true, limitPaise: 12_100, modify: { status: 'accepted' },
    });
    const silent = live(...open, modify, 31_000, { type: 'timer' });
    expect(silent.state).toMatchObject({ modify: { status: 'unknown' }, arePricesSure: false });
  });

  it('is not filled by numbers once its quantity was to be another: only the book ends it', () => {
    const larger = { ...modify, change: { ...change, quantity: 260 } };
    const traded = { type: 'trades', trades: [trade('t1', 130)] } as const;
    const refused = live(...open, larger, modifyAnswered(rejected), traded);
    expect(refused.state).toMatchObject({ status: 'part_filled', lookUp: { need: 'row' } });
    // Read before the modification, and late: it brings the first quantity back.
    const stale = { type: 'row', row: row({ filledQuantity: 130 }) } as const;
    const late = live(...open, larger, modifyAnswered(accepted), traded, stale);
    expect(late.state).toMatchObject({ status: 'part_filled', settledAs: null });
    const said = row({ status: 'filled', quantity: 260, filledQuantity: 260 });
    const more = { type: 'trades', trades: [trade('t2', 130)] } as const;
    const end = live(...open, larger, modifyAnswered(accepted), traded, stale, more,
      { type: 'row', row: said });
    expect(end.state).toMatchObject({ status: 'filled', quantity: 260, filledQuantity: 260 });
    expect(illegals(end.effects)).toEqual([]);
  });

  it.each<[string, OrderEvent[], OrderEvent]>([
    ['modify_not_live', sent, modify],
    ['cancel_under_way', [...open, wish], modify],
    ['modify_under_way', [...open, modify], { ...modify, requestId: 'm2' }],
    ['change_malformed', open, { ...modify, change: { ...change, quantity: NaN } }],
    [
      'change_malformed', open,
      { ...modify, change: { quantity: null, limitPaise: null, triggerPaise: null } },
    ],
    ['change_below_fill', [...open, { type: 'trades', trades: [trade('t', 65)] }], modify],
    ['order_ended', [recorded, answered(rejected)], wish],
    ['answer_unasked', open, cancelAnswered(accepted)],
    ['answer_unasked', open, modifyAnswered(accepted)],
    ['answer_unasked', [], answered(accepted)],
    ['withheld_late', sent, { type: 'withheld', code: 'x', reason: '' }],
    ['decision_unasked', open, { type: 'decided', by: 'asha', reason: '' }],
    ['foreign_row', open, { type: 'row', row: row({ clientOrderId: 'x', brokerOrderId: 'y' }) }],
    ['row_malformed', open, { type: 'row', row: row({ filledQuantity: NaN }) }],
    ['overfilled', open, { type: 'row', row: row({ filledQuantity: 195 }) }],
    ['foreign_trade', open, { type: 'trades', trades: [trade('t', 65, { brokerOrderId: 'z' })] }],
    ['trade_malformed', open, { type: 'trades', trades: [trade('t', -65)] }],
    ['trade_malformed', open, { type: 'trades', trades: [trade('t', 65, { side: 'SELL' })] }],
    [
      'trade_contradicts', [...open, { type: 'trades', trades: [trade('t', 65)] }],
      { type: 'trades', trades: [trade('t', 130)] },
    ],
    ['vanished', open, { type: 'absent', readMs: 5_000, isSure: true }],
  ])('tells %s instead of throwing', (code, before, event) => {
    const { state, effects } = live(...before);
    const step = stepOrder(state, event, 2_000);
    expect(illegals(effects)).toEqual([]);
    expect(illegals(step.effects)).toEqual([code]);
    expect(step.effects.map(({ type }) => type)).not.toContain('send');
  });
});
