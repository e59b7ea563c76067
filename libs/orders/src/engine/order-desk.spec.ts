import { errorCodeOf } from '@strikewire/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import type { OrderVenue } from './order-venue';
import {
  admin,
  benchStartMs,
  call24500,
  openOrderBench,
  put24500,
  requestId,
  ticket,
  trader,
  type OrderBench,
} from './testing/order-bench';

let bench: OrderBench;
afterEach(() => bench.orders.stop());

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(() => 'done', (error: unknown) => errorCodeOf(error));

function unpriced(more: Parameters<typeof ticket>[0]): ReturnType<typeof ticket> {
  const bare = ticket(more);
  delete bare.price;
  return bare;
}

/** Runs the clock while something is waited for. */
async function run<T>(work: Promise<T>, ms = 5_000): Promise<T> {
  work.catch(() => undefined);
  await bench.clock.advance(ms);
  return work;
}

async function placeOne(more: Parameters<typeof ticket>[0] = {}, number = 1): Promise<string> {
  const body = { requestId: requestId(number), account: 'acc-1', legs: [ticket(more)] };
  const [order] = await run(bench.orders.desk.place(trader, body));
  return order?.state.order.clientOrderId ?? '';
}

describe('placing orders', () => {
  it('writes down before it sends, and sends once for the same request', async () => {
    bench = await openOrderBench();
    const stored: string[] = [];
    bench.venue.script = (_call, order) => {
      const id = typeof order === 'string' ? order : order.clientOrderId;
      stored.push(JSON.parse(bench.journal.records.get(id) ?? '{}').state.status);
      return 'ok';
    };
    const body = { requestId: requestId(1), account: 'acc-1', legs: [ticket()] };
    const { desk } = bench.orders;
    const [one, same] = [desk.place(trader, body), desk.place(trader, body)];
    const [order] = await run(one);
    expect(order?.state).toMatchObject({ status: 'accepted', limitPaise: 10_000 });
    expect(order?.state.order.clientOrderId).toMatch(/^[a-z0-9]{25}$/);
    expect(stored).toEqual(['sending']);
    expect(await same).toEqual([order]);
    await bench.restart();
    const again = await run(bench.orders.desk.place(trader, body));
    expect(again.map(({ state }) => state.order.clientOrderId))
      .toEqual([order?.state.order.clientOrderId]);
    expect(bench.venue.countOf('place')).toBe(1);
    expect(bench.journal.acts.map(({ action }) => action)).toEqual(['orders.placed']);
  });

  it('protects market orders, prices smart ones, and cuts below the freeze quantity', async () => {
    bench = await openOrderBench();
    const bare = unpriced({ quantity: 1_820 });
    const legs = [{ ...bare, type: 'MARKET' as const }, { ...bare, type: 'SMART' as const }];
    const body = { requestId: requestId(1), account: 'acc-1', legs };
    const made = await run(bench.orders.desk.place(trader, body));
    expect(made.map(({ state, asked }) =>
      [asked, state.order.type, state.quantity, state.limitPaise])).toEqual([
      ['MARKET', 'LIMIT', 1_755, 10_200], ['MARKET', 'LIMIT', 65, 10_200],
      ['SMART', 'LIMIT', 1_755, 10_005], ['SMART', 'LIMIT', 65, 10_005],
    ]);
  });

  it('turns a stop at the market into one with a protected limit', async () => {
    bench = await openOrderBench();
    const bare = unpriced({ side: 'SELL', triggerPrice: 90 });
    const body = {
      requestId: requestId(1), account: 'acc-1', legs: [{ ...bare, type: 'SL-M' as const }],
    };
    const [order] = await run(bench.orders.desk.place(trader, body));
    expect(order?.state.order).toMatchObject({
      type: 'SL', triggerPaise: 9_000, limitPaise: 8_730,
    });
  });

  it('refuses what is wrong with its reason, and sends nothing', async () => {
    bench = await openOrderBench();
    const { desk } = bench.orders;
    const place = (more: Parameters<typeof ticket>[0], number: number): Promise<string> =>
      codeOf(run(desk.place(trader, {
        requestId: requestId(number), account: 'acc-1', legs: [ticket(more)],
      }), 10));
    expect(await place({ quantity: 64 }, 1)).toBe('lot_multiple');
    expect(await place({ quantity: -65 }, 2)).toBe('quantity_malformed');
    expect(await place({ quantity: 65e9 }, 3)).toBe('quantity_absurd');
    expect(await place({ price: 100.01 }, 4)).toBe('price_tick');
    expect(await place({ contract: 'NSE:NIFTY:2026-11-17:24500:CE' }, 5))
      .toBe('contract_expired');
    expect(await place({ contract: 'NSE:NOBODY:2026-12-01:1:CE' }, 6)).toBe('contract_unknown');
    const venue: OrderVenue = bench.venue;
    venue.refuses = ({ lotSize }) => `lots of ${lotSize} are not sent`;
    expect(await place({}, 90)).toBe('contract_not_traded');
    venue.refuses = () => null;
    expect(await place({ type: 'MARKET' }, 7)).toBe('price_unwanted');
    bench.contracts.isStale = true;
    expect(await place({ type: 'SMART', price: undefined as never }, 8)).toBe('quote_stale');
    bench.contracts.isStale = false;
    bench.contracts.bidPaise = 5_000;
    expect(await place({ type: 'MARKET', price: undefined as never }, 9)).toBe('spread_wide');
    bench.contracts.bidPaise = 9_990;
    bench.contracts.quantity = 10;
    expect(await place({ type: 'MARKET', price: undefined as never }, 10)).toBe('depth_short');
    bench.margin.availablePaise = 10;
    expect(await place({}, 11)).toBe('funds_short');
    bench.margin.availablePaise = null;
    bench.margin.isAllowed = false;
    expect(await place({}, 12)).toBe('margin_unknown');
    await bench.clock.advance(7 * 3_600_000);
    expect(await place({}, 13)).toBe('market_closed');
    expect(bench.venue.countOf('place')).toBe(0);
    expect(bench.journal.records.size).toBe(0);
  });

  it('is for those who may trade the account, while it is switched on', async () => {
    bench = await openOrderBench({}, { isLive: false });
    const { desk, floor } = bench.orders;
    const body = { requestId: requestId(1), account: 'acc-1', legs: [ticket()] };
    expect(await codeOf(desk.place(trader, body))).toBe('account_closed');
    expect(await codeOf(desk.place({ ...trader, userId: 'u2' }, body))).toBe('account_forbidden');
    expect(await codeOf(desk.place(trader, { ...body, account: 'acc-2' }))).toBe('account_unknown');
    floor.venues.setLive('acc-1', true);
    expect(await codeOf(run(desk.place({ ...admin, userId: 'a2' }, body)))).toBe('done');
  });
});

describe('baskets', () => {
  const legs = [
    ticket({ contract: call24500, side: 'SELL' }),
    ticket({ contract: put24500, side: 'BUY' }),
  ];
  const body = { requestId: requestId(1), account: 'acc-1', legs };

  it('go in the order whose margin peaks lowest, one when the last is taken', async () => {
    bench = await openOrderBench();
    const made = await run(bench.orders.desk.place(trader, body));
    expect(made.map(({ leg }) => leg)).toEqual([1, 0]);
    expect(bench.venue.calls.filter(({ call }) => call === 'place').map(({ id }) => id))
      .toEqual(made.map(({ state }) => state.order.clientOrderId));
  });

  it('deny what is left when one is refused, or nobody knows', async () => {
    bench = await openOrderBench();
    bench.venue.script = () => 'rejected';
    const made = await run(bench.orders.desk.place(trader, body));
    expect(made.map(({ state }) => [state.status, state.code]))
      .toEqual([['rejected', 'RMS'], ['denied', 'basket_stopped']]);
    bench.venue.script = () => 'lost_there';
    const lost = await run(bench.orders.desk.place(trader, { ...body, requestId: requestId(2) }));
    expect(lost.map(({ state }) => state.status)).toEqual(['unknown', 'denied']);
    expect(bench.venue.countOf('place')).toBe(2);
  });
});

describe('what becomes of orders', () => {
  it('makes positions with charges of fills, each once', async () => {
    bench = await openOrderBench();
    const id = await placeOne({ quantity: 130 });
    bench.venue.fill(id, 65, 10_000);
    bench.venue.fill(id, 65, 9_990, false);
    await bench.clock.advance(1_000);
    for (const trade of bench.venue.book) bench.venue.tell({ kind: 'trade', trade });
    bench.venue.tell({ kind: 'look', brokerOrderId: null });
    await bench.clock.advance(3_000);
    const [position] = bench.orders.floor.ledger('acc-1').positions;
    expect(position).toMatchObject({ netQuantity: 130, openValuePaise: 65 * 19_990 });
    expect(bench.orders.floor.find(id)?.state.status).toBe('filled');
    const fills = [...bench.journal.fills.values()];
    expect(fills.map(({ quantity }) => quantity)).toEqual([65, 65]);
    const charged = fills.reduce((sum, { chargesPaise }) => sum + chargesPaise, 0);
    expect(position?.chargesPaise).toBe(charged);
    expect(charged).toBe(bench.orders.floor.find(id)?.record.charges.totalPaise);
    await bench.restart();
    expect(bench.orders.floor.ledger('acc-1').positions).toEqual([position]);
  });

  it('looks an unknown up, joins look-ups, and never sends it again', async () => {
    bench = await openOrderBench();
    bench.venue.script = () => 'lost_back';
    const body = (number: number): Parameters<typeof bench.orders.desk.place>[1] =>
      ({ requestId: requestId(number), account: 'acc-1', legs: [ticket()] });
    const all = [1, 2, 3, 4].map((number) => bench.orders.desk.place(trader, body(number)));
    const made = (await run(Promise.all(all), 10_000)).flat();
    for (const { state } of made) {
      expect(bench.orders.floor.find(state.order.clientOrderId)?.state.status).toBe('open');
    }
    expect(bench.venue.countOf('place')).toBe(4);
    expect(bench.venue.countOf('orders')).toBe(1);
  });

  it('after a restart denies what was not sent and looks up the rest', async () => {
    bench = await openOrderBench();
    bench.venue.script = () => 'silent';
    const place = bench.orders.desk.place(trader, {
      requestId: requestId(1), account: 'acc-1', legs: [ticket(), ticket({ contract: put24500 })],
    });
    place.catch(() => undefined);
    await bench.clock.advance(100);
    await bench.restart();
    await bench.clock.advance(10_000);
    const states = bench.orders.floor.all.map(({ state }) => [state.status, state.code]).sort();
    expect(states).toEqual([['denied', 'not_sent'], ['open', null]]);
    expect(bench.venue.countOf('place')).toBe(1);
  });

  it('cancels and modifies within the rates, and refuses what cannot be', async () => {
    bench = await openOrderBench();
    const id = await placeOne({ quantity: 130 });
    const { desk } = bench.orders;
    await run(desk.modify(trader, id, { price: 101 }));
    expect(bench.orders.floor.find(id)?.state).toMatchObject({ limitPaise: 10_100 });
    expect(await codeOf(run(desk.modify(trader, id, { price: 101.02 })))).toBe('price_tick');
    const record = await run(desk.cancel(trader, id));
    expect(record.state).toMatchObject({ status: 'cancelled' });
    expect(await codeOf(desk.cancel(trader, id))).toBe('order_ended');
    expect(await codeOf(desk.modify(trader, 'nothing', { price: 1 }))).toBe('order_unknown');
    expect([...bench.journal.calls.values()].map(({ call }) => call))
      .toEqual(['place', 'modify', 'cancel']);
  });

  it('lets a person settle what stays unknown, and tells that one has to look', async () => {
    bench = await openOrderBench();
    bench.venue.script = () => 'lost_there';
    const id = await placeOne();
    await bench.clock.advance(600_000);
    expect(bench.notices.map(({ kind }) => kind)).toContain('order.order_needs_person');
    const seen = { reason: 'not in the broker\'s book' };
    const record = await bench.orders.desk.settle(trader, id, seen);
    expect(record.state).toMatchObject({ status: 'rejected', code: 'decided', needsPerson: null });
  });

  it('takes what a person states of a fill into positions and charges, and refuses odd figures',
    async () => {
      bench = await openOrderBench();
      bench.venue.script = () => 'lost_there';
      const id = await placeOne();
      const { desk, floor } = bench.orders;
      const part = { reason: 'seen in the book', filledQuantity: 65, averagePrice: 99.5 };
      expect(await codeOf(desk.settle(trader, id, part))).toBe('decision_unasked');
      await bench.clock.advance(600_000);
      const acts = bench.journal.acts.length;
      const odd = { ...part, filledQuantity: 64 };
      expect(await codeOf(desk.settle(trader, id, odd))).toBe('lot_multiple');
      const dear = { ...part, averagePrice: 100.05 };
      expect(await codeOf(desk.settle(trader, id, dear))).toBe('statement_beyond_limit');
      const more = { ...part, filledQuantity: 130 };
      expect(await codeOf(desk.settle(trader, id, more))).toBe('statement_above_order');
      // What was refused is not said to have been done.
      expect(bench.journal.acts).toHaveLength(acts);
      const settled = await desk.settle(trader, id, part);
      expect(settled.state).toMatchObject({ status: 'filled', filledQuantity: 65 });
      expect(settled.charges.totalPaise).toBeGreaterThan(2_000);
      expect(floor.ledger('acc-1').positions).toMatchObject([
        { netQuantity: 65, openValuePaise: 65 * 9_950 },
      ]);
      expect(bench.journal.acts.at(-1)).toMatchObject({ action: 'order.settled', after: part });
      await bench.restart();
      expect(bench.orders.floor.ledger('acc-1').positions).toMatchObject([{ netQuantity: 65 }]);
    });

  it('is settled by an admin when its account is gone, and by nobody else', async () => {
    let isGone = false;
    bench = await openOrderBench();
    const { venue } = bench;
    bench.orders.stop();
    const opened = await openOrderBench({ venues: () => (isGone ? [] : [venue]) });
    opened.journal.live.add('acc-1');
    bench = opened;
    bench.orders.floor.venues.setLive('acc-1', true);
    venue.script = () => 'lost_there';
    const id = await placeOne();
    isGone = true;
    const gone = { reason: 'gone' };
    expect(await codeOf(bench.orders.desk.settle(trader, id, gone))).toBe('order_unknown');
    const record = await bench.orders.desk.settle(admin, id, gone);
    expect(record.state).toMatchObject({ status: 'rejected', code: 'decided' });
    expect(await codeOf(bench.orders.desk.modify(admin, id, { price: 1 }))).toBe('account_gone');
  });

  it('expires at the end of its day by the broker\'s book', async () => {
    bench = await openOrderBench();
    const id = await placeOne();
    bench.venue.end(id, 'expired', false);
    await bench.clock.advance(Date.parse('2026-11-25T15:45:00+05:30') - bench.clock.wallMs());
    expect(bench.orders.floor.find(id)?.state.status).toBe('expired');
    expect(bench.clock.wallMs()).toBeGreaterThan(benchStartMs);
  });
});

describe('exits', () => {
  it('close what is held, not twice, and pass when no margin is known', async () => {
    bench = await openOrderBench();
    const id = await placeOne({ quantity: 130 });
    bench.venue.fill(id, 130, 10_000);
    await bench.clock.advance(100);
    bench.margin.isAllowed = false;
    const exit = (number: number): Promise<unknown> =>
      run(bench.orders.desk.exit(trader, { requestId: requestId(number), account: 'acc-1' }));
    await exit(2);
    const order = [...bench.venue.rows.values()].at(-1);
    expect(order).toMatchObject({ side: 'SELL', quantity: 130, limitPaise: 9_695 });
    expect(await codeOf(exit(3))).toBe('nothing_to_exit');
    bench.venue.fill(order?.clientOrderId ?? '', 130, 9_985);
    await bench.clock.advance(100);
    expect(bench.orders.floor.ledger('acc-1').positions[0]).toMatchObject({ netQuantity: 0 });
  });
});

describe('the market', () => {
  it('costs no request, however much it moves', async () => {
    bench = await openOrderBench();
    const id = await placeOne({ quantity: 130 });
    bench.venue.fill(id, 65, 10_000);
    await bench.clock.advance(5_000);
    const sent = (): number => bench.venue.countOf('place', 'modify', 'cancel', 'positions');
    const [calls, assessed, changes, writes] =
      [sent(), bench.margin.assessed, bench.margin.changes.length,
        bench.journal.writes];
    for (let tick = 0; tick < 5_000; tick += 1) bench.contracts.tick(9_000 + 5 * (tick % 400));
    await bench.clock.advance(60_000);
    expect(sent()).toBe(calls);
    // The order rests: its book is read by the clock.
    expect(bench.venue.countOf('orders')).toBeLessThanOrEqual(5);
    expect(bench.margin.assessed).toBe(assessed);
    expect(bench.margin.changes.length).toBe(changes);
    expect(bench.journal.writes).toBe(writes);
  });
});
