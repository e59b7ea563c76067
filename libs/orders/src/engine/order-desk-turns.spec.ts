import { errorCodeOf, sleep } from '@strikewire/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { orderDeskLimits } from './order-desk';
import { call24500, openOrderBench, put24500, requestId, ticket, trader, type OrderBench }
  from './testing/order-bench';

let bench: OrderBench;
afterEach(() => bench.orders.stop());

type Body = Parameters<OrderBench['orders']['desk']['place']>[1];
const body = (number: number, more: Parameters<typeof ticket>[0] = {}): Body =>
  ({ requestId: requestId(number), account: 'acc-1', legs: [ticket(more)] });
const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', errorCodeOf);

async function rest(number: number, more: Parameters<typeof ticket>[0] = {}): Promise<string> {
  const placed = bench.orders.desk.place(trader, body(number, more));
  await bench.clock.advance(1_000);
  return (await placed)[0]?.state.order.clientOrderId ?? '';
}

async function hold(number: number, more: Parameters<typeof ticket>[0] = {}): Promise<void> {
  const id = await rest(number, more);
  bench.venue.fill(id, more.quantity ?? 65, 10_000);
  await bench.clock.advance(1_000);
}

/** What the margin was asked, in units. */
function questions(): { held: number[]; intended: number[] }[] {
  const asked: { held: number[]; intended: number[] }[] = [];
  const assess = bench.margin.assess.bind(bench.margin);
  bench.margin.assess = (question) => {
    const { held, intended } = question;
    const units = (all: typeof held): number[] => all.map(({ quantity }) => quantity);
    asked.push({ held: units(held), intended: units(intended) });
    return assess(question);
  };
  return asked;
}

function slowMargin(ms: number): void {
  const assess = bench.margin.assess.bind(bench.margin);
  bench.margin.assess = async (question) => {
    await sleep(bench.clock, ms);
    return assess(question);
  };
}

describe('live orders that are switched off', () => {
  it('stop what waits at the gate, and what is being stored', async () => {
    bench = await openOrderBench();
    const { floor, desk } = bench.orders;
    const all = Array.from({ length: 12 }, (_, index) => desk.place(trader, body(index + 1)));
    await bench.clock.advance(100);
    expect(bench.venue.countOf('place')).toBe(8);
    let isOff = false;
    bench.journal.fault = (what) => {
      if (what === 'save' && !isOff) floor.venues.setLive('acc-1', false);
      if (what === 'save') isOff = true;
      return null;
    };
    await bench.clock.advance(10_000);
    const made = (await Promise.all(all)).flat();
    expect(bench.venue.countOf('place')).toBe(8);
    expect(made.filter(({ state }) => state.code === 'account_closed')).toHaveLength(4);
  });
});

describe('an adapter that lets an order wait', () => {
  it('is told in the turn in which it would send that it may not any more', async () => {
    bench = await openOrderBench();
    const { venue, clock } = bench;
    const { place } = venue.orders;
    const asked: (string | null)[] = [];
    venue.orders.place = async (
      order: Parameters<typeof place>[0],
      mayLeave?: () => { code: string; reason: string } | null,
    ) => {
      await sleep(clock, 1_000);
      const refused = mayLeave?.() ?? null;
      asked.push(refused?.code ?? null);
      return refused ? { kind: 'denied', ...refused } : place(order);
    };
    const first = bench.orders.desk.place(trader, body(1));
    await clock.advance(1_500);
    await first;
    const second = bench.orders.desk.place(trader, body(2));
    await clock.advance(500);
    void bench.orders.kill.pull(trader, { reason: 'stop' });
    await clock.advance(5_000);
    expect((await second)[0]?.state).toMatchObject({ status: 'denied', code: 'kill_switch' });
    expect(asked).toEqual([null, 'kill_switch']);
    expect(venue.countOf('place')).toBe(1);
  });
});

describe('exits and slow margins', () => {
  it('do not wait for each other, nor does what waits go on under the kill switch', async () => {
    bench = await openOrderBench();
    await hold(1);
    slowMargin(4_000);
    const many = Array.from({ length: 30 }, (_, index) =>
      codeOf(bench.orders.desk.place(trader, body(100 + index, { price: 90 }))));
    await bench.clock.advance(100);
    void bench.orders.kill.pull(trader, { reason: 'stop', flatten: true });
    await bench.clock.advance(1_000);
    expect([...bench.venue.rows.values()].at(-1)).toMatchObject({ side: 'SELL', quantity: 65 });
    // The one whose margin is being asked; the others ask nobody any more.
    await bench.clock.advance(5_000);
    expect(new Set(await Promise.all(many))).toEqual(new Set(['kill_switch']));
  });

  it('have a limit of what waits', async () => {
    bench = await openOrderBench();
    slowMargin(4_000);
    const { requestsWaiting } = orderDeskLimits;
    const many = Array.from({ length: requestsWaiting + 3 }, (_, index) =>
      codeOf(bench.orders.desk.place(trader, body(index + 1))));
    await bench.clock.advance(10_000_000);
    const codes = await Promise.all(many);
    expect(codes.filter((code) => code === 'order_queue_full')).toHaveLength(3);
  });
});

describe('two orders that close one position', () => {
  it('are not both risk-reducing: the second is asked for as the sale that it is', async () => {
    bench = await openOrderBench();
    await hold(1);
    const asked = questions();
    await rest(2, { side: 'SELL', price: 120 });
    await rest(3, { side: 'SELL', price: 120 });
    expect(asked).toEqual([{ held: [65], intended: [-65] }, { held: [], intended: [-65] }]);
  });

  it('nor is a sale beside an exit, on paper neither', async () => {
    for (const mode of ['live', 'paper'] as const) {
      bench = await openOrderBench({}, { mode });
      const account = mode === 'live' ? 'acc-1' : 'paper';
      const { desk } = bench.orders;
      const first = desk.place(trader, { ...body(1), account });
      await bench.clock.advance(1_000);
      bench.venue.fill((await first)[0]?.state.order.clientOrderId ?? '', 65, 10_000);
      await bench.clock.advance(1_000);
      const exit = desk.exit(trader, { requestId: requestId(2), account });
      await bench.clock.advance(4_000);
      await exit;
      const asked = questions();
      void codeOf(desk.place(trader, { ...body(3, { side: 'SELL', price: 120 }), account }));
      await bench.clock.advance(1_000);
      expect(asked).toEqual([{ held: [], intended: [-65] }]);
      if (mode === 'live') bench.orders.stop();
    }
  });

  it('nor is a sale whose margin was slow when an exit overtook it', async () => {
    bench = await openOrderBench();
    await hold(1);
    slowMargin(4_000);
    const sale = codeOf(bench.orders.desk.place(trader, body(2, { side: 'SELL', price: 120 })));
    await bench.clock.advance(1_000);
    void bench.orders.desk.exit(trader, { requestId: requestId(3), account: 'acc-1' });
    await bench.clock.advance(1_000);
    bench.margin.isAllowed = false;
    bench.margin.availablePaise = null;
    await bench.clock.advance(10_000);
    expect(await sale).toBe('margin_unknown');
    const sold = [...bench.venue.rows.values()].filter(({ side }) => side === 'SELL');
    expect(sold).toHaveLength(1);
  });

  it('nor is one that is made larger', async () => {
    bench = await openOrderBench();
    await hold(1);
    const exit = bench.orders.desk.exit(trader, { requestId: requestId(2), account: 'acc-1' });
    await bench.clock.advance(4_000);
    const id = (await exit)[0]?.state.order.clientOrderId ?? '';
    const asked = questions();
    const more = codeOf(bench.orders.desk.modify(trader, id, { quantity: 130 }));
    await bench.clock.advance(4_000);
    expect(await more).toBe('done');
    expect(asked).toEqual([{ held: [], intended: [-65] }]);
  });
});

describe('the exit of a part', () => {
  it('is asked for when it is the cover of what stays, and only then', async () => {
    bench = await openOrderBench();
    await hold(1);
    await hold(2, { contract: put24500, side: 'SELL' });
    bench.margin.isAllowed = false;
    const exit = async (number: number, contract: string): Promise<string> => {
      const body = { requestId: requestId(number), account: 'acc-1', contract };
      const code = codeOf(bench.orders.desk.exit(trader, body));
      await bench.clock.advance(5_000);
      return code;
    };
    expect(await exit(3, call24500)).toBe('margin_unknown');
    // To buy back what is sold takes risk away, whatever is known.
    expect(await exit(4, put24500)).toBe('done');
    bench.margin.isAllowed = true;
    expect(await exit(5, call24500)).toBe('done');
  });
});

describe('an order of the market that has waited for its turn', () => {
  it('is sent at the price of now, or not at all', async () => {
    bench = await openOrderBench();
    await hold(1);
    await hold(2, { contract: put24500 });
    await bench.clock.advance(60_000);
    bench.venue.rates = {
      ...bench.venue.rates,
      limits: [{ name: 'minute', limit: 1, windowMs: 10_000, per: 'account' }],
    };
    const exit = bench.orders.desk.exit(trader, { requestId: requestId(3), account: 'acc-1' });
    await bench.clock.advance(5_000);
    const made = (await exit).map(({ state }) => state.order.clientOrderId);
    bench.contracts.bidPaise = 5_000;
    bench.contracts.askPaise = 5_010;
    await bench.clock.advance(10_000);
    const sold = [...bench.venue.rows.values()].filter(({ side }) => side === 'SELL');
    expect(sold.map(({ limitPaise }) => limitPaise)).toEqual([9_695, 4_850]);
    for (const { clientOrderId, limitPaise } of sold) {
      const { state } = bench.orders.floor.find(clientOrderId ?? '') ?? {};
      expect(state).toMatchObject({ limitPaise, order: { limitPaise } });
      expect(made).toContain(clientOrderId);
      bench.venue.end(clientOrderId ?? '', 'cancelled');
    }
    await bench.clock.advance(20_000);
    const again = bench.orders.desk.exit(trader, { requestId: requestId(4), account: 'acc-1' });
    await bench.clock.advance(5_000);
    bench.contracts.read = () => undefined;
    await bench.clock.advance(15_000);
    const codes = (await again).map(({ state }) =>
      bench.orders.floor.find(state.order.clientOrderId)?.state.code);
    expect(codes).toEqual([null, 'no_touch']);
  });
});

describe('a higher price', () => {
  it('of a purchase needs funds that are free', async () => {
    bench = await openOrderBench();
    const id = await rest(1, { price: 100 });
    const raise = async (price: number): Promise<string> => {
      const code = codeOf(bench.orders.desk.modify(trader, id, { price }));
      await bench.clock.advance(4_000);
      return code;
    };
    bench.margin.availablePaise = 65 * 500;
    expect(await raise(105.05)).toBe('funds_short');
    expect(await raise(105)).toBe('done');
    bench.margin.availablePaise = null;
    expect(await raise(106)).toBe('done');
  });
});

describe('funds', () => {
  it('are due when an order is taken, changed or ended, and by nothing else', async () => {
    bench = await openOrderBench();
    let moved = 0;
    bench.margin.moved = () => {
      moved += 1;
    };
    const id = await rest(1, { quantity: 130 });
    expect(moved).toBe(1);
    const { desk } = bench.orders;
    void desk.modify(trader, id, { price: 101 });
    await bench.clock.advance(4_000);
    expect(moved).toBe(2);
    bench.venue.tell({ kind: 'look', brokerOrderId: null });
    await bench.clock.advance(60_000);
    expect(moved).toBe(2);
    void desk.cancel(trader, id);
    await bench.clock.advance(4_000);
    expect(moved).toBe(3);
  });
});
