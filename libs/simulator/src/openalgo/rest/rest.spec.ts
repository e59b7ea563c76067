import { describe, expect, it } from 'vitest';
import { defaultOpenalgoAccount } from '../accounts';
import { createOpenalgoHarness, type Json } from '../testing/openalgo-harness';

const nifty = { symbol: 'NIFTY', exchange: 'NSE_INDEX' };

describe('keys and limits', () => {
  it('asks for the key in the body, and tells a wrong one from none', async () => {
    const { post, get } = createOpenalgoHarness();
    expect(await post('ping')).toEqual({
      http: 200, status: 'success', data: { message: 'pong', broker: 'simulated' },
    });
    expect(await post('ping', { apikey: 'wrong' })).toEqual({
      http: 403, status: 'error', message: 'Invalid openalgo apikey',
    });
    expect(await post('ping', { apikey: null })).toMatchObject({
      http: 400, message: { apikey: ['Missing data for required field.'] },
    });
    expect((await get('instruments')).http).toBe(401);
    expect([(await post('gex')).http, (await get('quotes')).http]).toEqual([404, 405]);
  });

  it('allows 50 requests a second from one address', async () => {
    const { post, simulator } = createOpenalgoHarness();
    for (let round = 0; round < 50; round++) expect((await post('ping')).http).toBe(200);
    expect((await post('ping')).http).toBe(429);
    expect(simulator.violations()).toMatchObject({
      byKind: { openalgo_rate: 1 }, recent: [{ broker: 'openalgo' }],
    });
  });
});

describe('quotes', () => {
  it('are of one symbol, or of many with what is wrong beside', async () => {
    const { post, simulator } = createOpenalgoHarness();
    const chain = simulator.truth.chain('NIFTY', '2026-12-29');
    const { strike, CE } = chain?.strikes[40] ?? {};
    const option = { symbol: `NIFTY29DEC26${strike}CE`, exchange: 'NFO' };
    expect(await post('quotes', option)).toMatchObject({
      status: 'success',
      data: { ltp: CE?.ltp, bid: CE?.bid, ask: CE?.ask, oi: CE?.oi, prev_close: CE?.close },
    });
    const wrong = { ...option, exchange: 'BFO' };
    expect(await post('multiquotes', { symbols: [nifty, option, wrong] })).toMatchObject({
      results: [
        { ...nifty, data: { ltp: chain?.spot.ltp, oi: 0 } },
        { ...option, data: { volume: CE?.volume } },
        { ...wrong, error: expect.any(String) },
      ],
    });
    expect((await post('quotes', wrong)).http).toBe(404);
    expect((await post('quotes', { symbol: 'NIFTY' }))['message']).toHaveProperty('exchange');
    simulator.faults.add({ broker: 'openalgo', kind: 'omitLtp', underlying: 'NIFTY' });
    expect((await post('quotes', nifty)).http).toBe(404);
  });
});

describe('chains', () => {
  const asked = { underlying: 'NIFTY', exchange: 'NSE_INDEX', expiry_date: '29DEC26' };

  it('are told flat, with labels from the middle', async () => {
    const { post, simulator } = createOpenalgoHarness();
    const answer = await post('optionchain', { ...asked, strike_count: 2 });
    const truth = simulator.truth.chain('NIFTY', '2026-12-29');
    expect(answer).toMatchObject({
      status: 'success', underlying_ltp: truth?.spot.ltp, expiry_date: '29DEC26',
      expiry_ts: Date.parse('2026-12-30T00:00:00+05:30') / 1000, greeks_included: false,
    });
    const rows = answer['chain'] as { strike: number; ce: Json; pe: Json }[];
    expect(rows.map(({ ce, pe }) => [ce['label'], pe['label']])).toEqual([
      ['ITM2', 'OTM2'], ['ITM1', 'OTM1'], ['ATM', 'ATM'], ['OTM1', 'ITM1'], ['OTM2', 'ITM2'],
    ]);
    const [row] = rows;
    const same = truth?.strikes.find(({ strike }) => strike === row?.strike);
    expect(row?.pe).toMatchObject({
      symbol: `NIFTY29DEC26${row?.strike}PE`, ltp: same?.PE.ltp, oi: same?.PE.oi,
      bid_qty: same?.PE.bidQty, lotsize: 65, tick_size: 0.05,
    });
    expect(row?.pe).not.toHaveProperty('delta');
    const all = await post('optionchain', asked);
    expect(all['chain']).toHaveLength(truth?.strikes.length ?? -1);
  });

  it('have Greeks when asked for, on the forward', async () => {
    const { post } = createOpenalgoHarness();
    const answer = await post('optionchain', { ...asked, strike_count: 1, with_greeks: true });
    const [, middle] = answer['chain'] as { ce: Record<string, number>; pe: Json }[];
    const { implied_volatility: vol = 0, delta = 0, theta = 0 } = middle?.ce ?? {};
    expect(vol > 5 && vol < 40).toBe(true);
    expect(delta > 0.3 && delta < 0.7).toBe(true);
    expect(theta).toBeLessThan(0);
    expect(answer['forward_price']).toBeGreaterThan(answer['underlying_ltp'] as number);
  });

  it('says what it needs, and what is not there', async () => {
    const { post } = createOpenalgoHarness();
    expect(await post('optionchain', { ...asked, underlying: null })).toMatchObject({
      http: 400, message: { underlying: [expect.any(String)] },
    });
    expect((await post('optionchain', { ...asked, strike_count: 101 })).http).toBe(400);
    expect((await post('optionchain', { ...asked, expiry_date: '30DEC26' })).http).toBe(404);
    expect((await post('optionchain', { ...asked, exchange: 'BFO' })).http).toBe(404);
  });
});

describe('symbols', () => {
  it('lists expiries with dashes, of options and of futures', async () => {
    const { post, simulator } = createOpenalgoHarness();
    const of = async (instrumenttype: string, exchange = 'NFO') =>
      await post('expiry', { symbol: 'NIFTY', exchange, instrumenttype });
    const dates = (await of('options'))['data'] as string[];
    const underlying = simulator.market.underlying('NIFTY');
    expect(dates.slice(0, 2)).toEqual(['23-NOV-26', '01-DEC-26']);
    expect(dates.length).toBe(underlying && simulator.market.expiries(underlying).length);
    expect((await of('futures'))['data']).toHaveLength(3);
    expect((await of('options', 'NSE_INDEX')).http).toBe(400);
    expect((await of('calls')).http).toBe(400);
  });

  it('finds a symbol, searches by words, and lists everything', async () => {
    const { post, get, simulator } = createOpenalgoHarness();
    const future = await post('symbol', { symbol: 'CRUDEOIL18DEC26FUT', exchange: 'MCX' });
    expect(future['data']).toMatchObject({
      name: 'CRUDEOIL', expiry: '18-DEC-26', instrumenttype: 'FUT', lotsize: 1, tick_size: 1,
    });
    const found = await post('search', { query: 'reliance 29dec26 0p', exchange: 'NFO' });
    const rows = found['data'] as { symbol: string }[];
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.every(({ symbol }) => /^RELIANCE29DEC26[\d.]*0PE$/.test(symbol))).toBe(true);
    const { token } = defaultOpenalgoAccount;
    const json = await get(`instruments?apikey=${token}&exchange=BFO`);
    const { data } = JSON.parse(json.text) as { data: { symbol: string; exchange: string }[] };
    const sensex = simulator.market.underlying('SENSEX');
    const [expiry = ''] = sensex ? simulator.market.expiries(sensex) : [];
    const chain = sensex && simulator.market.chain(sensex, expiry);
    expect(data.every(({ exchange }) => exchange === 'BFO')).toBe(true);
    expect(data.length).toBeGreaterThan(2 * (chain?.strikesPaise.length ?? 0));
    const csv = (await get(`instruments?apikey=${token}&exchange=BFO&format=csv`)).text;
    expect(csv.trimEnd().split('\n')).toHaveLength(data.length + 1);
    for (const { symbol, exchange } of data.filter((_, index) => index % 500 === 0)) {
      expect((await post('symbol', { symbol, exchange })).http).toBe(200);
    }
  });
});

describe('faults', () => {
  it('come as OpenAlgo answers them', async () => {
    const { post, signIn, simulator, clock } = createOpenalgoHarness();
    const { faults } = simulator;
    const broker = 'openalgo';
    const failing = { kind: 'restError', path: 'quotes', answer: 'status', status: 500 } as const;
    faults.add({ broker, ...failing, count: 1 });
    expect((await post('quotes', nifty)).http).toBe(500);
    const client = await signIn();
    faults.add({ broker, kind: 'suspendAccount' });
    expect(client.closed).toBe(1006);
    expect(await post('ping')).toMatchObject({ http: 403, message: 'User account is blocked' });
    expect((await signIn()).messages).toMatchObject([{ code: 'AUTHENTICATION_ERROR' }]);
    faults.clear();
    faults.add({ broker, kind: 'expireToken', inMs: 1_000 });
    const again = await signIn();
    expect(again.messages).toMatchObject([{ type: 'auth', status: 'success' }]);
    await clock.advance(1_000);
    expect([again.closed, (await post('ping')).http]).toEqual([1006, 403]);
    const renewed = simulator.accountsOf.openalgo.renew('simulator') as { token: string };
    expect((await post('ping', { apikey: renewed.token })).http).toBe(200);
  });
});
