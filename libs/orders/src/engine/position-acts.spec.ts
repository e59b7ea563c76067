import type { OrderProduct } from '@strikewire/broker';
import type { AdoptPosition } from '@strikewire/contracts';
import { errorCodeOf } from '@strikewire/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { admin, call24500, openOrderBench, put24500, requestId, ticket, trader, type OrderBench }
  from './testing/order-bench';

let bench: OrderBench;
afterEach(() => bench.orders.stop());

async function place(number: number, more: Parameters<typeof ticket>[0] = {}): Promise<string> {
  const body = { requestId: requestId(number), account: 'acc-1', legs: [ticket(more)] };
  const placed = bench.orders.desk.place(trader, body);
  await bench.clock.advance(1_000);
  return (await placed)[0]?.state.order.clientOrderId ?? '';
}

async function hold(quantity: number, pricePaise = 10_000): Promise<void> {
  const side = quantity > 0 ? 'BUY' : 'SELL';
  const size = Math.abs(quantity);
  bench.venue.fill(await place(1, { quantity: size, side }), size, pricePaise);
  await bench.clock.advance(10_000);
}

function atBroker(netQuantity: number, averagePaise: number | null = null,
  product: OrderProduct = 'carry'): void {
  const token = { segment: 'FNO', id: call24500 };
  bench.venue.held = [{ token, product, netQuantity, averagePaise }];
}

const bodyOf = (netQuantity: number, more: Partial<AdoptPosition> = {}): AdoptPosition => ({
  account: 'acc-1', contract: call24500, product: 'carry', netQuantity, reason: 'seen there',
  ...more,
});

async function adopt(body: AdoptPosition, who = admin): Promise<string> {
  const done = bench.orders.acts.adopt(who, body).then(() => 'done', errorCodeOf);
  await bench.clock.advance(30_000);
  return done;
}

const position = () => bench.orders.floor.ledger('acc-1').positions
  .find(({ key }) => key === call24500);

describe('a position that is another at the broker', () => {
  it('is adopted at the broker\'s average, is kept, and has an entry in the log', async () => {
    bench = await openOrderBench();
    atBroker(-130, 9_750.4);
    expect(await adopt(bodyOf(-130))).toBe('done');
    expect(position()).toMatchObject({
      netQuantity: -130, openValuePaise: 130 * 9_750, chargesPaise: 0,
    });
    expect(bench.journal.acts.at(-1)).toMatchObject({
      by: 'admin', action: 'position.adopted', subject: { kind: 'account', id: 'acc-1' },
      before: { contract: call24500, netQuantity: 0 },
      after: { netQuantity: -130, pricePaise: 9_750, reason: 'seen there' },
    });
    await bench.restart();
    expect(position()).toMatchObject({ netQuantity: -130 });
    expect(bench.margin.changes).toContain('acc-1');
  });

  it('takes over what is more with what is left of the average', async () => {
    bench = await openOrderBench();
    await hold(65, 10_000);
    atBroker(195, 11_000);
    // What a person says of the price counts only where the broker does not tell.
    expect(await adopt(bodyOf(195, { price: 5 }))).toBe('done');
    expect(position()).toMatchObject({ netQuantity: 195, openValuePaise: 195 * 11_000 });
  });

  it('takes over what is less, or the other way round, at a price that is stated', async () => {
    bench = await openOrderBench();
    await hold(130, 10_000);
    atBroker(65, 10_000);
    expect(await adopt(bodyOf(65))).toBe('price_needed');
    expect(position()?.netQuantity).toBe(130);
    expect(await adopt(bodyOf(65, { price: 110 }))).toBe('done');
    expect(position()).toMatchObject({ netQuantity: 65, realisedPaise: 65 * 1_000 });
    atBroker(-65);
    expect(await adopt(bodyOf(-65, { price: 120 }))).toBe('done');
    expect(position()).toMatchObject({ netQuantity: -65, openValuePaise: 65 * 12_000 });
  });

  it('is closed here when the broker does not hold it any more', async () => {
    bench = await openOrderBench();
    await hold(65);
    bench.venue.held = [];
    expect(await adopt(bodyOf(0, { price: 90 }))).toBe('done');
    expect(position()).toMatchObject({ netQuantity: 0, realisedPaise: -65 * 1_000 });
  });

  it('needs a price when the broker tells no average', async () => {
    bench = await openOrderBench();
    atBroker(65);
    expect(await adopt(bodyOf(65))).toBe('price_needed');
    expect(await adopt(bodyOf(65, { price: 101.5 }))).toBe('done');
    expect(position()).toMatchObject({ openValuePaise: 65 * 10_150 });
  });

  it('is not adopted while an order of the contract is unfinished', async () => {
    bench = await openOrderBench();
    atBroker(65, 10_000);
    const id = await place(1, { product: 'intraday' });
    expect(await adopt(bodyOf(65))).toBe('position_blocked');
    await bench.orders.acts.compare(admin, 'acc-1');
    expect(bench.orders.acts.differences(admin)).toMatchObject([
      { here: 0, there: 65, blocked: expect.stringContaining(id) },
    ]);
    bench.venue.end(id, 'cancelled');
    await bench.clock.advance(10_000);
    expect(await adopt(bodyOf(65))).toBe('done');
    expect(bench.orders.acts.differences(admin)).toEqual([]);
  });

  it('is not adopted when an order of it was traded while the broker was read', async () => {
    bench = await openOrderBench();
    await hold(65);
    const { positions } = bench.venue.orders;
    bench.venue.orders.positions = async () => {
      const read = await positions();
      await bench.clock.advance(0);
      const id = await place(2, { quantity: 65 });
      bench.venue.fill(id, 65, 10_000);
      return read.map((one) => ({ ...one, netQuantity: 130 }));
    };
    const done = bench.orders.acts.adopt(admin, bodyOf(130)).then(() => 'done', errorCodeOf);
    await bench.clock.advance(100);
    await bench.clock.advance(5_000);
    expect(['position_blocked', 'position_changed']).toContain(await done);
    expect(position()?.netQuantity).toBe(130);
  });

  it.each<[string, () => AdoptPosition]>([
    ['position_changed', () => bodyOf(130)],
    ['position_agrees', () => bodyOf(0, { contract: put24500 })],
    ['position_blocked', () => bodyOf(65, { contract: 'NSE:BANKNIFTY:2026-12-01:24500:CE' })],
    ['position_blocked', () => bodyOf(65, { contract: 'FNO 4711' })],
    ['paper_account', () => bodyOf(65, { account: 'paper' })],
    ['account_unknown', () => bodyOf(65, { account: 'acc-2' })],
  ])('is refused as %s', async (code, body) => {
    bench = await openOrderBench({
      paperOf: (userId) => ({ ...bench.venue, account: `paper:${userId}`, mode: 'paper' }) as never,
    });
    atBroker(65, 10_000);
    expect(await adopt(body())).toBe(code);
    expect(bench.orders.floor.ledger('acc-1').positions).toEqual([]);
    expect(bench.journal.acts.filter(({ action }) => action === 'position.adopted')).toEqual([]);
  });

  it('is not adopted of what the broker counts otherwise', async () => {
    bench = await openOrderBench();
    atBroker(65, 10_000);
    Object.assign(bench.venue, { refuses: () => 'it counts lots' });
    expect(await adopt(bodyOf(65))).toBe('position_blocked');
  });

  it('is refused where the broker cannot be read, and right after a trade', async () => {
    bench = await openOrderBench();
    atBroker(65, 10_000);
    bench.venue.failsReading = () => true;
    expect(await adopt(bodyOf(65))).toBe('positions_unread');
    bench.venue.failsReading = () => false;
    bench.venue.unreachable = () => 'it is switched off';
    expect(await adopt(bodyOf(65))).toBe('account_off');
    bench.venue.unreachable = () => null;
    bench.venue.held = [];
    bench.venue.fill(await place(1), 65, 10_000);
    await bench.clock.advance(1_000);
    const done = bench.orders.acts.adopt(admin, bodyOf(0, { price: 1 }))
      .then(() => 'done', errorCodeOf);
    await bench.clock.advance(1_000);
    expect(await done).toBe('position_moving');
    expect(await adopt(bodyOf(0), { ...trader, userId: 'u9' })).toBe('account_forbidden');
  });

  it('changes nothing when it cannot be stored', async () => {
    bench = await openOrderBench();
    atBroker(65, 10_000);
    bench.journal.fault = (what) => (what === 'saveFills' ? 'before' : null);
    expect(await adopt(bodyOf(65))).not.toBe('done');
    expect(position()).toBeUndefined();
    bench.journal.fault = () => null;
    expect(await adopt(bodyOf(65))).toBe('done');
    expect(position()).toMatchObject({ netQuantity: 65 });
  });
});
