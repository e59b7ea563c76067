import { StrikewireError } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import {
  acceptedAs,
  denied,
  isUnprovenStatus,
  modifyAsItStands,
  sendOrderRequest,
  type OrderTurn,
} from './order-request';
import type { OrderOutcome } from './orders-port';

const accepted: OrderOutcome = { kind: 'accepted', brokerOrderId: '7' };
const full = new StrikewireError({ kind: 'throttled', code: 'budget_full', message: 'full' });

/** A request whose turn comes after `waitMs`, with what its sending comes to. */
function send(
  waitMs: number,
  then: () => OrderOutcome,
  { isCancel = false, hasGate = true } = {},
): { outcome: Promise<OrderOutcome>; turns: OrderTurn[]; sent: number[] } {
  let nowMs = 5_000;
  const turns: OrderTurn[] = [];
  const sent: number[] = [];
  const outcome = sendOrderRequest({
    label: '[broker-north]',
    isCancel,
    async ask(turn) {
      turns.push(turn);
      await Promise.resolve();
      if (!hasGate) throw full;
      nowMs += waitMs;
      turn.leaving();
      sent.push(nowMs);
      return then();
    },
    outcomeOf: (error) => ({ kind: 'unknown', reason: `after it left: ${String(error)}` }),
  }, { monoMs: () => nowMs });
  return { outcome, turns, sent };
}

describe('a request about an order', () => {
  it('ends as its answer says', async () => {
    const { outcome, turns, sent } = send(3_000, () => accepted);
    expect(await outcome).toEqual(accepted);
    expect(turns.map(({ priority }) => priority)).toEqual([0]);
    expect(sent).toEqual([8_000]);
  });

  it('is denied when it waited for longer than 3 s', async () => {
    const { outcome, sent } = send(3_001, () => accepted);
    expect(await outcome).toEqual({
      kind: 'denied',
      code: 'waited_too_long',
      reason: '[broker-north] its turn came after more than 3000 ms: it was not sent',
    });
    expect(sent).toEqual([]);
  });

  it('that cancels is good at any time, and goes before all others', async () => {
    const { outcome, turns } = send(60_000, () => accepted, { isCancel: true });
    expect(await outcome).toEqual(accepted);
    expect(turns.map(({ priority }) => priority)).toEqual([-1]);
  });

  it.each([true, false])('is denied by what failed before it has left: %o', async (isCancel) => {
    const { outcome } = send(0, () => accepted, { isCancel, hasGate: false });
    expect(await outcome).toEqual({ kind: 'denied', code: 'budget_full', reason: 'full' });
  });

  it('is what the adapter says of an error after that', async () => {
    const { outcome } = send(0, () => {
      throw new Error('lost');
    });
    expect(await outcome).toEqual({ kind: 'unknown', reason: 'after it left: Error: lost' });
  });
});

describe('a modification of an order as it stands', () => {
  const steps = {
    read: () => Promise.resolve({ quantity: 65 }),
    ticketOf: (row: { quantity: number }) => ({ body: row }),
    send: (body: { quantity: number }): Promise<OrderOutcome> =>
      Promise.resolve({ kind: 'accepted', brokerOrderId: `of ${body.quantity}` }),
  };

  it('sends what was made of its row', async () => {
    expect(await modifyAsItStands(steps)).toEqual({ kind: 'accepted', brokerOrderId: 'of 65' });
  });

  it('is denied without a row, and by its ticket', async () => {
    const send = (): Promise<OrderOutcome> => Promise.reject(new Error('this was sent'));
    const unread = { ...steps, send, read: () => Promise.reject(full) };
    expect(await modifyAsItStands(unread))
      .toEqual({ kind: 'denied', code: 'order_not_read', reason: 'full' });
    const against = denied('type_not_served', 'no');
    expect(await modifyAsItStands({ ...steps, send, ticketOf: () => against })).toBe(against);
  });
});

describe('an answer', () => {
  it('counts for the order that was asked about, by its id', () => {
    expect([acceptedAs('7'), acceptedAs('7', '7')]).toEqual([accepted, accepted]);
    expect(acceptedAs(null, '7'))
      .toEqual({ kind: 'unknown', reason: 'the answer had no order id' });
    const other = acceptedAs('8'.repeat(50), '7');
    expect(other)
      .toEqual({ kind: 'unknown', reason: `the answer was about order ${'8'.repeat(40)}` });
  });

  it('proves nothing by the status of a server, or of what stands before it', () => {
    const unproven = [undefined, null, '400', 408, 429, 500, 503];
    expect(unproven.filter((status) => !isUnprovenStatus(status))).toEqual([]);
    expect([200, 400, 401, 403, 404, 423].filter(isUnprovenStatus)).toEqual([]);
  });
});
