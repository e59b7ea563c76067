import {
  createMemoryPaperStore,
  createPaperMarket,
  type PaperMarket,
  type PaperStore,
} from '@strikewire/broker-paper';
import type { UniverseRule } from '@strikewire/contracts';
import { chargesOf, flatTwentyPlan } from '@strikewire/orders';
import { silentLog } from '@strikewire/runtime';
import { defaultUnderlyings } from '@strikewire/simulator';
import { alwaysOpenCalendar } from '@strikewire/trading-hours';
import { afterEach, expect, it } from 'vitest';
import { createVirtualPlatform, type VirtualPlatform } from '../support/virtual-platform';

let platform: VirtualPlatform | undefined;
let market: PaperMarket | undefined;

afterEach(() => {
  market?.stop();
  platform?.stop();
  expect(platform?.simulator.violations()).toMatchObject({ total: 0 });
});

async function openMarket(
  { clock, engine }: VirtualPlatform,
  store: PaperStore,
): Promise<PaperMarket> {
  market?.stop();
  market = createPaperMarket({
    clock,
    log: silentLog,
    contracts: engine.contracts,
    calendar: alwaysOpenCalendar,
    store,
    blockedFor: (_account, held) =>
      held.reduce((sum, { quantity }) => sum + Math.max(0, -quantity) * 250_000, 0),
  });
  await market.start();
  return market;
}

/** A minute of orders on the money, with a restart in it; what came of them, and what was asked. */
async function minute(seed: number): Promise<{ book: unknown; requests: unknown[] }> {
  const run = createVirtualPlatform({ seed });
  platform = run;
  void run.start();
  await run.clock.advance(30_000);
  const { engine, clock, simulator } = run;
  const chain = engine.service.chain('NIFTY');
  const key = chain.slots.legKeys[2 * chain.atmNow().anchorIndex] ?? '';
  const store = createMemoryPaperStore();
  let venue = (await openMarket(run, store)).venueOf('u1');
  const before = simulator.status().requests;
  const touch = engine.contracts.read(key)?.bids[0]?.pricePaise ?? 0;
  const wanted = { product: 'carry', validity: 'DAY', triggerPaise: null } as const;
  const token = venue.tokenOf(key)!;
  const place = async (
    id: string,
    order: Pick<Parameters<typeof venue.orders.place>[0], 'side' | 'type' | 'limitPaise'>,
  ): Promise<void> => {
    const placed = venue.orders.place({
      ...wanted, ...order, token, clientOrderId: id, quantity: 650,
    });
    await clock.advance(1_000);
    expect(await placed).toMatchObject({ kind: 'accepted' });
  };
  await place('bought', { side: 'BUY', type: 'MARKET', limitPaise: null });
  await place('bid', { side: 'BUY', type: 'LIMIT', limitPaise: touch - 100 });
  await place('offer', { side: 'SELL', type: 'LIMIT', limitPaise: touch + 200 });
  await clock.advance(20_000);
  venue = (await openMarket(run, store)).venueOf('u1');
  await clock.advance(40_000);
  const [orders, trades] = [await venue.orders.orders(), await venue.orders.trades()];
  return { book: { orders, trades }, requests: [before, simulator.status().requests] };
}

it('paper orders meet the live book: the same ticks fill them alike', async () => {
  const one = await minute(31);
  const { orders, trades } = one.book as {
    orders: { clientOrderId: string; filledQuantity: number }[];
    trades: { quantity: number }[];
  };
  expect(orders.map(({ clientOrderId }) => clientOrderId)).toEqual(['bought', 'bid', 'offer']);
  expect(orders[0]?.filledQuantity).toBeGreaterThan(0);
  expect(trades.reduce((sum, { quantity }) => sum + quantity, 0))
    .toBe(orders.reduce((sum, { filledQuantity }) => sum + filledQuantity, 0));
  expect(one.requests[1]).toEqual(one.requests[0]);
  market?.stop();
  platform?.stop();
  const other = await minute(31);
  expect(other.book).toEqual(one.book);
});

const crude: UniverseRule = {
  exchange: 'MCX', symbol: 'CRUDEOIL', kind: 'commodity', served: true,
  window: { below: 3, above: 3, around: 'ltp' },
  expiries: { nearest: 1, monthlies: 0, quarterlies: 0 },
};

it('a commodity is traded in units of its price: a lot of crude is a hundred barrels', async () => {
  const run = createVirtualPlatform({
    seed: 32, ticksPerSecond: 60, universe: [crude],
    simulator: { underlyings: defaultUnderlyings.filter(({ symbol }) => symbol === 'CRUDEOIL') },
  });
  platform = run;
  const { clock, engine } = run;
  void run.start();
  await clock.advance(30_000);
  const chain = engine.service.chain('CRUDEOIL');
  const option = chain.slots.legKeys[2 * chain.atmNow().anchorIndex] ?? '';
  const { lotSize, underlyingKind } = engine.contracts.find(option)!;
  expect([lotSize, underlyingKind]).toEqual([100, 'commodity']);
  const { slotByKey } = engine.board.generation.layout;
  const asking = engine.terms.terms({ underlying: 'CRUDEOIL', expiry: chain.slots.skeleton.expiry })
    .catch(() => undefined);
  await clock.advance(20_000);
  await asking;
  const { skeleton: { expiry } } = chain.slots;
  const future = await engine.terms.terms({ underlying: 'CRUDEOIL', expiry });
  expect(future).toMatchObject({ kind: 'FUT', lotSize: 100, tickSize: 1 });
  // The nearest future is the underlying itself; offers of whole lots are units here.
  expect(slotByKey.has('MCX:CRUDEOIL')).toBe(true);
  expect(future.bids[0]!.quantity % 100).toBe(0);

  const venue = (await openMarket(run, createMemoryPaperStore())).venueOf('u1');
  const trade = async (id: string, side: 'BUY' | 'SELL'): Promise<void> => {
    const placed = venue.orders.place({
      clientOrderId: id, token: venue.tokenOf(future.key)!, side, type: 'MARKET', product: 'carry',
      validity: 'DAY', quantity: 100, limitPaise: null, triggerPaise: null,
    });
    await clock.advance(5_000);
    expect(await placed).toMatchObject({ kind: 'accepted' });
  };
  const free = (): number => market!.fundsOf('u1')!.availablePaise!;
  const before = free();
  await trade('in', 'BUY');
  await trade('out', 'SELL');
  const trades = await venue.orders.trades();
  const valueOf = (side: 'BUY' | 'SELL'): number => trades
    .filter((one) => one.side === side)
    .reduce((sum, { quantity, pricePaise }) => sum + quantity * pricePaise, 0);
  expect(trades.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(200);
  // ₹20 of brokerage and the table's rates on some ₹5.85 lakh each way.
  const charged = (['BUY', 'SELL'] as const).map((side) => chargesOf({
    exchange: 'MCX', symbol: 'CRUDEOIL', event: 'future', side, valuePaise: valueOf(side),
    tradedMs: clock.wallMs(),
  }, flatTwentyPlan));
  expect(charged[1]!.sttPaise).toBe(Math.round(valueOf('SELL') / 10_000));
  const charges = charged.reduce((sum, { totalPaise }) => sum + totalPaise, 0);
  expect(free() - before).toBe(valueOf('SELL') - valueOf('BUY') - charges);
});
