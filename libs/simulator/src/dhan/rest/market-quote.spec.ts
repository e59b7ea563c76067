import { describe, expect, it } from 'vitest';
import { createHarness } from '../../testing/harness';

type Quotes = Record<string, Record<string, Record<string, unknown>>>;
const dataOf = (json: unknown): Quotes => (json as { data: Quotes }).data;

describe('POST /v2/marketfeed', () => {
  it('gives last prices by segment and id, and leaves unknown ids out', async () => {
    const { call, simulator } = createHarness();
    const body = { IDX_I: [13, 999], NSE_EQ: [2885], BSE_EQ: [1], dhanClientId: '1' };
    const answer = await call('POST', '/v2/marketfeed/ltp', body);
    const truth = simulator.truth.contract('NSE_EQ', 2885);
    expect(dataOf(answer.json())).toEqual({
      IDX_I: { 13: { last_price: expect.any(Number) } },
      NSE_EQ: { 2885: { last_price: truth?.ltp } },
      BSE_EQ: {},
    });
  });

  it('answers a body of unknown keys with nothing', async () => {
    const { call } = createHarness();
    const answer = await call('POST', '/v2/marketfeed/ltp', { dhanClientId: '1' });
    expect(answer.text).toBe('{"data":{},"status":"success"}');
  });

  it('gives a full quote with five levels on both sides', async () => {
    const { call, simulator } = createHarness();
    const nifty = simulator.market.underlying('NIFTY');
    const chain = nifty && simulator.market.chain(nifty, '2026-12-01');
    const middle = (chain?.firstId ?? 0) + 2 * ((chain?.strikesPaise.length ?? 0) >> 1);
    const body = { NSE_FNO: [middle], IDX_I: [13] };
    const data = dataOf((await call('POST', '/v2/marketfeed/quote', body)).json());
    const truth = simulator.truth.contract('NSE_FNO', middle);
    expect(data['NSE_FNO']?.[middle]).toMatchObject({
      last_price: truth?.ltp,
      volume: truth?.volume,
      oi: truth?.oi,
      ohlc: { open: truth?.open, close: truth?.close },
      last_trade_time: expect.stringMatching(/^21\/11\/2026 10:\d\d:\d\d$/),
    });
    const depth = data['NSE_FNO']?.[middle]?.['depth'] as { buy: object[]; sell: object[] };
    expect([depth.buy.length, depth.sell.length]).toEqual([5, 5]);
    expect(depth.buy[0]).toMatchObject({ price: truth?.bid, quantity: truth?.bidQty });
    expect(data['IDX_I']?.['13']).toMatchObject({ volume: 0, oi: 0, buy_quantity: 0 });
  });

  it('dates an untraded contract to 1980', async () => {
    const { call, simulator } = createHarness();
    const nifty = simulator.market.underlying('NIFTY');
    const chain = nifty && simulator.market.chain(nifty, '2026-11-23');
    const dead = chain?.firstId ?? 0;
    const data = dataOf(
      (await call('POST', '/v2/marketfeed/quote', { NSE_FNO: [dead] })).json(),
    );
    expect(data['NSE_FNO']?.[dead]).toMatchObject({
      last_price: 0, volume: 0, last_trade_time: '01/01/1980 00:00:00',
    });
  });
});
