import { chargesOf, flatTwentyPlan } from '@strikewire/orders';
import { describe, expect, it } from 'vitest';
import type { PaperCalendar } from './paper-ports';
import { paperToken } from './paper-record';
import { callKey, createPaperStage, farCallKey, futureKey, stageExpiry }
  from './testing/paper-stage';

const opening = 100_000_000;
const at = (time: string): number => Date.parse(`${stageExpiry}T${time}+05:30`);
const short = { token: paperToken(farCallKey), side: 'SELL', limitPaise: 9_990 } as const;

describe('orders in the paper market', () => {
  it('fill by depth after their latency, and tell what is stored', async () => {
    const stage = await createPaperStage();
    const placed = stage.venue.orders.place({
      clientOrderId: 'a', token: paperToken(callKey), side: 'BUY', type: 'LIMIT', product: 'carry',
      validity: 'DAY', quantity: 195, limitPaise: 10_010, triggerPaise: null,
    });
    await stage.clock.advance(50);
    expect(await placed).toEqual({ kind: 'accepted', brokerOrderId: 'p1' });
    expect((await stage.row('a'))?.status).toBe('pending');
    await stage.clock.advance(20);
    expect(await stage.row('a')).toMatchObject({
      status: 'filled', filledQuantity: 195, averagePaise: (130 * 10_000 + 65 * 10_010) / 195,
    });
    const trades = await stage.venue.orders.trades();
    expect(trades.map(({ quantity, pricePaise }) => [quantity, pricePaise]))
      .toEqual([[130, 10_000], [65, 10_010]]);
    expect(new Set(trades.map(({ tradeId }) => tradeId)).size).toBe(2);
    expect(stage.news.map(({ kind }) => kind)).toEqual(['row', 'trade', 'trade', 'row']);
    expect(await stage.venue.orders.positions()).toMatchObject([{ netQuantity: 195 }]);
  });

  it('of one account take no unit of a book twice, and all of it once it is another', async () => {
    const { place, row, contracts, clock } = await createPaperStage();
    await place({ clientOrderId: 'a', quantity: 65 });
    await place({ clientOrderId: 'b', quantity: 130 });
    expect(await row('b')).toMatchObject({ status: 'open', filledQuantity: 65 });
    contracts.show(callKey, { volume: 1_000 });
    expect((await row('b'))?.filledQuantity).toBe(65);
    contracts.show(callKey, { asks: [{ pricePaise: 10_050, quantity: 65 }] });
    contracts.show(callKey, { asks: [{ pricePaise: 10_000, quantity: 130 }] });
    await clock.advance(1);
    expect((await row('b'))?.status).toBe('filled');
  });

  it('share what was printed through their price', async () => {
    const { place, row, contracts, clock } = await createPaperStage();
    for (const clientOrderId of ['a', 'b']) {
      await place({ clientOrderId, limitPaise: 9_900, quantity: 65 });
    }
    contracts.print(callKey, 9_895, 65);
    await clock.advance(1);
    expect([(await row('a'))?.status, (await row('b'))?.status]).toEqual(['filled', 'open']);
    contracts.print(callKey, 9_900, 650);
    await clock.advance(1);
    expect((await row('b'))?.status).toBe('open');
  });

  it('with a trigger wait for a print; what cannot be filled at once of an IOC ends', async () => {
    const { place, row, contracts, clock } = await createPaperStage();
    await place({ clientOrderId: 'stop', type: 'SL-M', triggerPaise: 10_100 });
    contracts.show(callKey, { asks: [{ pricePaise: 10_200, quantity: 650 }] });
    await clock.advance(10);
    expect((await row('stop'))?.status).toBe('open');
    contracts.print(callKey, 10_100, 65);
    await clock.advance(10);
    expect(await row('stop')).toMatchObject({ status: 'filled', averagePaise: 10_200 });
    await place({ clientOrderId: 'ioc', validity: 'IOC', quantity: 715, limitPaise: 10_200 });
    expect(await row('ioc')).toMatchObject({ status: 'cancelled', filledQuantity: 585 });
  });

  it('at the market are protected, and refused without a touch', async () => {
    const { place, row, contracts } = await createPaperStage();
    contracts.show(callKey, {
      asks: [{ pricePaise: 10_000, quantity: 65 }, { pricePaise: 12_000, quantity: 650 }],
    });
    await place({ clientOrderId: 'a', type: 'MARKET', quantity: 130 });
    expect(await row('a')).toMatchObject({ status: 'open', filledQuantity: 65 });
    contracts.show(callKey, { asks: [] });
    await place({ clientOrderId: 'b', type: 'MARKET' });
    expect(await row('b')).toMatchObject({ status: 'rejected' });
    expect((await row('b'))?.reason).toContain('no ask');
  });

  it('are changed and cancelled while they stand, and not after', async () => {
    const { place, row, venue, clock } = await createPaperStage();
    await place({ clientOrderId: 'a', limitPaise: 9_000 });
    const change = { quantity: 130, limitPaise: 10_000, triggerPaise: null };
    const changed = venue.orders.modify('p1', change);
    await clock.advance(100);
    expect(await changed).toMatchObject({ kind: 'accepted' });
    expect(await row('a')).toMatchObject({ status: 'filled', quantity: 130 });
    await place({ clientOrderId: 'b', limitPaise: 9_000 });
    const { brokerOrderId = '' } = (await row('b')) ?? {};
    const answers = [brokerOrderId, brokerOrderId, 'p1', 'nowhere']
      .map((id) => venue.orders.cancel(id));
    await clock.advance(100);
    expect((await Promise.all(answers)).map((one) => ('code' in one ? one.code : one.kind)))
      .toEqual(['accepted', 'order_ended', 'order_ended', 'order_unknown']);
    expect((await row('b'))?.status).toBe('cancelled');
  });

  it('of the same client id are one order', async () => {
    const { place, venue, news } = await createPaperStage();
    const first = await place({ clientOrderId: 'a' });
    expect(await place({ clientOrderId: 'a' })).toEqual(first);
    expect(await venue.orders.orders()).toHaveLength(1);
    expect(news.filter(({ kind }) => kind === 'trade')).toHaveLength(1);
  });

  it('are so many a day at the most', async () => {
    const { place, clock } = await createPaperStage({ settings: { ordersPerDayMax: 2 } });
    const far = { token: paperToken(farCallKey) };
    await place(far);
    await place(far);
    expect(await place(far)).toMatchObject({ kind: 'rejected', code: 'orders_full' });
    await clock.advance(86_400_000);
    expect(await place(far)).toMatchObject({ kind: 'accepted' });
  });

  it('that are bad are each refused by name', async () => {
    const { place, clock, venue, contracts } = await createPaperStage();
    const refusal = async (order: Parameters<typeof place>[0]): Promise<string> => {
      const outcome = await place(order);
      return 'code' in outcome ? outcome.code : outcome.kind;
    };
    expect(await refusal({ quantity: 64 })).toBe('lot_multiple');
    expect(await refusal({ quantity: 1_820 })).toBe('freeze_quantity');
    expect(await refusal({ quantity: -65 })).toBe('quantity_malformed');
    expect(await refusal({ limitPaise: 10_001 })).toBe('price_tick');
    expect(await refusal({ token: paperToken('NSE:NIFTY:2026-11-24:1:CE') }))
      .toBe('contract_unknown');
    await clock.advance(at('15:25:00') - clock.wallMs());
    expect(await refusal({ product: 'intraday' })).toBe('intraday_over');
    await clock.advance(at('15:41:00') - clock.wallMs());
    expect(await refusal({})).toBe('market_closed');
    await clock.advance(86_400_000 - 6 * 3_600_000);
    expect(await refusal({})).toBe('contract_expired');
    expect(await venue.orders.orders()).toEqual([]);
    expect(contracts.watchCount).toBe(0);
  });
});

describe('money of a paper account', () => {
  it('is cash less what is blocked; what it does not cover is refused, with figures', async () => {
    const { place, market, venue } = await createPaperStage();
    expect(market.fundsOf('u1')).toEqual({ availablePaise: opening, usedPaise: 0 });
    const bought = await place({ quantity: 1_755, limitPaise: 60_000 });
    expect(bought).toMatchObject({ kind: 'rejected', code: 'funds_short' });
    expect('reason' in bought && bought.reason).toMatch(/are needed, ₹1000000\.00 are free/);
    const sold = await place({ ...short, quantity: 455 });
    expect(sold).toMatchObject({ kind: 'rejected', code: 'funds_short' });
    await place({ ...short, quantity: 65 });
    const charges = chargesOf({
      exchange: 'NSE', symbol: 'NIFTY', event: 'option', side: 'SELL', valuePaise: 65 * 9_990,
      tradedMs: at('10:00:00'),
    }, flatTwentyPlan).totalPaise;
    const blocked = 65 * 250_000;
    const availablePaise = opening + 65 * 9_990 - charges - blocked;
    expect(market.fundsOf('u1')).toMatchObject({ availablePaise });
    expect(await venue.orders.positions()).toMatchObject([{ netQuantity: -65 }]);
  });

  it('without a known margin lets only through what lowers a risk, or is bought', async () => {
    let isKnown = true;
    let fails = false;
    const { place } = await createPaperStage({
      blockedFor: () => {
        if (fails) throw new Error('no rules for this exchange');
        return isKnown ? 1_000_000 : null;
      },
    });
    await place({ ...short, quantity: 65 });
    isKnown = false;
    expect(await place({ ...short })).toMatchObject({ code: 'margin_unknown' });
    fails = true;
    expect(await place({ ...short })).toMatchObject({ code: 'margin_unknown' });
    fails = false;
    expect(await place({ ...short, side: 'BUY', limitPaise: 10_000 }))
      .toMatchObject({ kind: 'accepted' });
    expect(await place({})).toMatchObject({ kind: 'accepted' });
    expect(await place({ token: paperToken(futureKey) })).toMatchObject({ code: 'margin_unknown' });
  });
});

describe('the end of a day', () => {
  it('ends orders, closes intraday positions before it, and carries the others', async () => {
    const { place, row, clock, venue, contracts } = await createPaperStage();
    const far = { token: paperToken(farCallKey) };
    await place({ ...far, clientOrderId: 'carried' });
    await place({ ...far, clientOrderId: 'closed', product: 'intraday' });
    await place({ ...far, clientOrderId: 'open', limitPaise: 9_000 });
    await place({ ...far, clientOrderId: 'late', limitPaise: 9_000, product: 'intraday' });
    contracts.show(farCallKey, { bids: [] });
    await clock.advance(at('15:20:10') - clock.wallMs());
    expect((await venue.orders.positions()).length).toBe(2);
    expect([(await row('open'))?.status, (await row('late'))?.status])
      .toEqual(['open', 'cancelled']);
    contracts.show(farCallKey, { bids: [{ pricePaise: 9_950, quantity: 650 }] });
    await clock.advance(10_000);
    expect(await venue.orders.positions()).toMatchObject([{ product: 'carry', netQuantity: 65 }]);
    const closing = (await venue.orders.trades()).at(-1);
    expect(closing).toMatchObject({ side: 'SELL', quantity: 65, pricePaise: 9_950 });
    expect(closing?.brokerOrderId).toMatch(/^settlement-squareoff-intraday-/);
    await clock.advance(at('15:40:01') - clock.wallMs());
    expect((await row('open'))?.status).toBe('expired');
    expect(await venue.orders.positions()).toHaveLength(1);
    expect([contracts.watchCount, contracts.held]).toEqual([0, [farCallKey]]);
  });

  it('squares nothing off where the market never closes', async () => {
    const calendar: PaperCalendar = {
      isOpen: () => true,
      closeMs: (_exchange, date) => Date.parse(`${date}T15:40:00+05:30`),
    };
    const { place, row, clock, venue } = await createPaperStage({ calendar });
    const far = { token: paperToken(farCallKey), product: 'intraday' } as const;
    await place({ ...far, clientOrderId: 'early' });
    await place({ ...far, clientOrderId: 'open', limitPaise: 9_000 });
    await clock.advance(at('15:30:00') - clock.wallMs());
    await place({ ...far, clientOrderId: 'late' });
    expect([(await row('open'))?.status, (await row('late'))?.status]).toEqual(['open', 'filled']);
    await clock.advance(at('15:45:00') - clock.wallMs());
    expect((await row('open'))?.status).toBe('expired');
    expect(await venue.orders.positions())
      .toMatchObject([{ product: 'intraday', netQuantity: 130 }]);
  });

  it('settles what expires at the last spot, after a restart too', async () => {
    const stage = await createPaperStage();
    await stage.place({ quantity: 65 });
    await stage.place({ token: paperToken(futureKey), side: 'SELL', limitPaise: 9_990 });
    await stage.clock.advance(at('15:40:30') - stage.clock.wallMs());
    await stage.restart();
    const before = (await stage.venue.orders.trades()).length;
    stage.contracts.show(callKey, { spotPaise: null });
    await stage.clock.advance(60_000);
    expect(await stage.venue.orders.positions()).toMatchObject([{ netQuantity: 65 }]);
    stage.contracts.show(callKey, { spotPaise: 2_455_000 });
    await stage.clock.advance(60_000);
    expect(await stage.venue.orders.positions()).toEqual([]);
    const settled = (await stage.venue.orders.trades()).slice(before);
    expect(settled.map(({ side, pricePaise }) => [side, pricePaise]).sort())
      .toEqual([['BUY', 2_455_000], ['SELL', 5_000]]);
    for (const { brokerOrderId } of settled) expect(brokerOrderId).toMatch(/^settlement-carry-/);
    await stage.restart();
    await stage.clock.advance(120_000);
    expect(await stage.venue.orders.trades()).toHaveLength(before + 2);
  });

  it('waits for a price that nobody saw, and settles once somebody states it', async () => {
    let stated: number | null = null;
    const stage = await createPaperStage({ settlementOf: () => stated });
    await stage.place({ quantity: 65 });
    await stage.place({ token: paperToken(futureKey), side: 'SELL', limitPaise: 9_990 });
    expect(stage.market.waiting()).toEqual([]);
    await stage.clock.advance(at('18:00:00') - stage.clock.wallMs());
    const waits = { exchange: 'NSE', underlying: 'NIFTY', expiry: stageExpiry };
    expect(stage.market.waiting())
      .toEqual([{
        ...waits, positions: 2, strikesPaise: [expect.any(Number)], futuresPaise: [10_000],
      }]);
    await stage.restart();
    expect(stage.market.waiting()).toMatchObject([{ positions: 2 }]);
    stated = 2_460_000;
    await stage.clock.advance(10_000);
    expect(stage.market.waiting()).toEqual([]);
    expect(await stage.venue.orders.positions()).toEqual([]);
    const [, , ...settled] = await stage.venue.orders.trades();
    expect(settled.map(({ side, pricePaise }) => [side, pricePaise]).sort())
      .toEqual([['BUY', 2_460_000], ['SELL', 10_000]]);
  });
});
