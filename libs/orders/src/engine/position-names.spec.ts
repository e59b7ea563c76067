import { errorCodeOf } from '@strikewire/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { admin, call24500, openOrderBench, requestId, ticket, trader, type OrderBench }
  from './testing/order-bench';
import type { ScriptedVenue } from './testing/scripted-venue';

let bench: OrderBench;
afterEach(() => bench.orders.stop());

async function hold(): Promise<void> {
  const body = { requestId: requestId(1), account: 'acc-1', legs: [ticket()] };
  const placed = bench.orders.desk.place(trader, body);
  await bench.clock.advance(1_000);
  const [order] = await placed;
  bench.venue.fill(order?.state.order.clientOrderId ?? '', 65, 10_000);
  await bench.clock.advance(10_000);
}

/** Instrument lists come later than the platform's start: until then nothing has a name. */
function forgetNames(): () => void {
  const { keyOf } = bench.venue;
  bench.venue.keyOf = (() => undefined) as unknown as ScriptedVenue['keyOf'];
  return () => void (bench.venue.keyOf = keyOf);
}

const flatten = (): void =>
  void bench.orders.kill.pull(admin, { reason: 'flat', flatten: true });
const sales = (): { quantity: number }[] =>
  [...bench.venue.rows.values()].filter(({ side }) => side === 'SELL');
const told = (kind: string): string[] =>
  bench.notices.filter((one) => one.kind === kind).map(({ text }) => text);

describe('what a broker holds and nobody can name yet', () => {
  it('is not gone: the kill switch closes it once its name is known', async () => {
    bench = await openOrderBench();
    await hold();
    bench.venue.failsReading = () => true;
    flatten();
    await bench.clock.advance(3_000);
    bench.venue.failsReading = () => false;
    const remember = forgetNames();
    await bench.restart();
    await bench.clock.advance(600_000);
    expect(sales()).toEqual([]);
    expect(bench.orders.kill.state.flattenedMs).toBeNull();
    expect(told('positions.less_at_broker')).toEqual([]);
    expect(told('positions.unnamed')[0]).toContain(call24500);
    remember();
    await bench.clock.advance(120_000);
    expect(sales()).toMatchObject([{ quantity: 65 }]);
    expect(bench.orders.kill.state.flattenedMs).not.toBeNull();
  });

  it('is something else when it is held the other way round, or in another product', async () => {
    bench = await openOrderBench();
    await hold();
    bench.venue.keyOf = (({ id }) => (id === call24500 ? id : undefined)) as
      ScriptedVenue['keyOf'];
    const other = { token: { segment: 'FNO', id: '4711' }, averagePaise: null };
    bench.venue.held = [
      { ...other, product: 'carry', netQuantity: -65 },
      { ...other, product: 'intraday', netQuantity: 65 },
    ];
    flatten();
    await bench.clock.advance(120_000);
    expect(sales()).toEqual([]);
    expect(new Set(told('positions.less_at_broker')).size).toBe(1);
    expect(bench.orders.kill.state.flattenedMs).not.toBeNull();
  });

  it('is not adopted as nothing', async () => {
    bench = await openOrderBench();
    await hold();
    const remember = forgetNames();
    const adopt = async (): Promise<string> => {
      const done = bench.orders.acts.adopt(admin, {
        account: 'acc-1', contract: call24500, product: 'carry', netQuantity: 0, price: 90,
        reason: 'it is gone',
      }).then(() => 'done', errorCodeOf);
      await bench.clock.advance(1_000);
      return done;
    };
    expect(await adopt()).toBe('position_unclear');
    remember();
    expect(await adopt()).toBe('position_changed');
    bench.venue.held = [];
    expect(await adopt()).toBe('done');
  });

  it('is waited for before differences are told after a start', async () => {
    bench = await openOrderBench();
    await hold();
    const remember = forgetNames();
    await bench.restart();
    await bench.clock.advance(20_000);
    const reading = bench.orders.acts.compare(admin, 'acc-1');
    await bench.clock.advance(1_000);
    await reading;
    remember();
    await bench.clock.advance(3_600_000);
    expect(told('positions.differ')).toEqual([]);
    expect(bench.orders.acts.differences(admin)).toEqual([]);
  });

  it('is waited for only so long', async () => {
    bench = await openOrderBench();
    await hold();
    bench.venue.held = [
      { token: { segment: 'EQ', id: '2885' }, product: 'carry', netQuantity: 10,
        averagePaise: null },
      ...bench.venue.held,
    ];
    const { keyOf } = bench.venue;
    bench.venue.keyOf = ((token) => (token.segment === 'EQ' ? undefined : keyOf(token))) as
      ScriptedVenue['keyOf'];
    await bench.restart();
    const asked = bench.venue.countOf('positions');
    await bench.clock.advance(60_000);
    expect(told('positions.differ')).toEqual([]);
    await bench.clock.advance(120_000);
    expect(told('positions.differ')).toEqual([
      'Traded elsewhere, or a fill is missing. carry:EQ 2885: 0 here, 10 at the broker',
    ]);
    expect(bench.venue.countOf('positions') - asked).toBe(2);
  });

  it('is read once by many who compare at once', async () => {
    bench = await openOrderBench();
    const asked = bench.venue.countOf('positions');
    await Promise.all(Array.from({ length: 200 }, () =>
      bench.orders.acts.compare(trader, 'acc-1')));
    expect(bench.venue.countOf('positions') - asked).toBe(1);
    await bench.clock.advance(2_000);
    await bench.orders.acts.compare(trader, 'acc-1');
    expect(bench.venue.countOf('positions') - asked).toBe(2);
  });
});
