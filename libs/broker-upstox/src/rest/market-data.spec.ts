import type { InstrumentToken, ListedUnderlying } from '@strikewire/broker';
import { describe, expect, it } from 'vitest';
import { failure, html, legOf, strikeOf, success } from '../fixtures/answers';
import { upstoxBroker } from '../plugin';
import { createAccount, credentials } from '../testing/upstox-account';

const token = { segment: 'NSE_INDEX', id: 'Nifty 50' };
const nifty: ListedUnderlying = {
  exchange: 'NSE', symbol: 'NIFTY', kind: 'index', spot: token, chain: token,
};
const future = { segment: 'MCX_FO', id: '434855' };
const crude: ListedUnderlying = {
  exchange: 'MCX', symbol: 'CRUDEOIL', kind: 'commodity', spot: future, chain: future,
};

describe('requests', () => {
  it('carry the token, name themselves, and escape keys', async () => {
    const { marketData, requests, slots } = createAccount(() => success([]));
    await marketData.chain(nifty, '2026-11-24', 9);
    expect(requests[0]).toMatchObject({
      method: 'GET',
      url: 'https://rest.example/v2/option/chain?' +
        'instrument_key=NSE_INDEX%7CNifty%2050&expiry_date=2026-11-24',
    });
    expect(requests[0]?.headers).toMatchObject({
      authorization: `Bearer ${credentials.accessToken}`,
      accept: 'application/json',
      'user-agent': 'strikewire',
    });
    expect(slots).toEqual([{ class: 'chain', priority: 9 }]);
  });

  it('each have their place in a class that has limits', async () => {
    const account = createAccount((request) =>
      success(request.url.includes('ltp') ? {} : []));
    await account.marketData.chain(nifty, '2026-11-24');
    await account.marketData.expiries(nifty);
    await account.marketData.lastPrices([token]);
    await account.check();
    expect(account.slots.map((slot) => slot.class)).toEqual(['chain', 'chain', 'quote', 'account']);
    const classes = new Set(upstoxBroker.limits.rest.map((rule) => rule.class));
    for (const { class: name } of account.slots) expect(classes).toContain(name);
  });

  it('are not sent without a token', async () => {
    const { clientId } = credentials;
    const account = createAccount(() => success([]), { credentials: { clientId } });
    const asks: (() => unknown)[] = [
      () => account.marketData.expiries(nifty), () => account.check(), () => account.feed.address(),
    ];
    const refused = { kind: 'unauthenticated', code: 'not_signed_in' };
    for (const ask of asks) {
      await expect(Promise.resolve().then(ask)).rejects.toMatchObject(refused);
    }
    expect(account.requests).toEqual([]);
  });

  it('are not sent for chains that the broker does not serve', async () => {
    const { marketData, requests } = createAccount(() => success([]));
    const refused = { kind: 'invalid', code: 'chain_not_served' };
    await expect(marketData.expiries(crude)).rejects.toMatchObject(refused);
    await expect(marketData.chain(crude, '2026-12-16')).rejects.toMatchObject(refused);
    expect(requests).toEqual([]);
  });

  it('never name a secret in an error', async () => {
    const account = createAccount(() => ({ status: 401, body: failure('UDAPI100050', 'no') }));
    const error = await account.marketData.expiries(nifty).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'unauthenticated', code: 'token_invalid' });
    expect(`${String(error)}${JSON.stringify(error)}`).not.toMatch(/secret/);
  });
});

describe('expiries', () => {
  it('are those of the contracts, ascending, once each', async () => {
    const dates = [
      '2026-12-01', '2026-11-24', '2026-12-01', '2026-12-08T00:00:00Z', '24-11-2026', '2026-02-30',
      1_795_494_000_000, null, '',
    ];
    const rows = [...dates.map((expiry) => ({ expiry, strike_price: 24_500 })), null, 7, {}];
    const { marketData } = createAccount(() => success(rows));
    expect(await marketData.expiries(nifty)).toEqual(['2026-11-24', '2026-12-01', '2026-12-08']);
  });

  it.each(['{"status":"success"}', success({}), '[]', html])(
    'are not there in %s',
    async (body) => {
      const { marketData } = createAccount(() => body);
      await expect(marketData.expiries(nifty)).rejects.toMatchObject({ kind: 'retryable' });
    },
  );
});

describe('chain', () => {
  const chainOf = (rows: unknown) =>
    createAccount(() => success(rows)).marketData.chain(nifty, '2026-11-24');

  it('reads both legs, in paise and units', async () => {
    const legs = {
      call_options: legOf('NSE_FO|43919'),
      put_options: legOf('NSE_FO|43920', { ltp: 101.05, prev_oi: 0 }),
    };
    const chain = await chainOf([strikeOf(24_550.5, legs), strikeOf(24_500, {})]);
    expect(chain.spotPaise).toBe(2_456_735);
    expect(chain.strikes.map(({ strikePaise }) => strikePaise)).toEqual([2_450_000, 2_455_050]);
    expect(chain.strikes[1]?.CE).toEqual({
      token: { segment: 'NSE_FO', id: '43919' },
      ltpPaise: 13_400,
      bidPaise: 13_355,
      askPaise: 13_410,
      bidQty: 1_625,
      askQty: 1_365,
      volume: 117_567_970,
      oi: 3_786_445,
      previousOi: 402_220,
      closePaise: 24_485,
      greeks: { iv: 9.79, delta: 0.5387, gamma: 0.0013, theta: -15.15, vega: 12.18, rho: null },
    });
    expect(chain.strikes[1]?.PE).toMatchObject({ ltpPaise: 10_105, previousOi: 0 });
  });

  it('counts as of when it was asked for', async () => {
    const { marketData, clock } = createAccount(() => success([]));
    await clock.advance(1_000);
    const chain = await marketData.chain(nifty, '2026-11-24');
    expect(chain).toEqual({
      spotPaise: null, strikes: [], sentMonoMs: 1_000, receivedMs: clock.wallMs(),
    });
  });

  it.each([
    ['missing', undefined], ['null', null], ['empty', {}], ['without a key', { market_data: {} }],
    ['with an odd key', legOf('43919')],
  ])('has null for a leg that is %s', async (_what, leg) => {
    const chain = await chainOf([strikeOf(100, { call_options: leg, put_options: leg })]);
    expect(chain.strikes).toEqual([{ strikePaise: 10_000, CE: null, PE: null }]);
  });

  it('has zeros and nulls for what a leg leaves out, and no Greeks at IV 0', async () => {
    const bare = { instrument_key: 'NSE_FO|7', market_data: null };
    const odd = {
      ...legOf('NSE_FO|8', { ltp: -1, oi: null, prev_oi: 'x', volume: NaN }),
      option_greeks: { iv: 0, delta: 0 },
    };
    const rows = [
      strikeOf(100, { call_options: bare, put_options: odd }, 0), { ...strikeOf(0, {}) }, null, 7,
      { ...strikeOf(101, {}), pcr: null, strike_price: 'x' },
    ];
    const chain = await chainOf(rows);
    expect(chain.spotPaise).toBeNull();
    expect(chain.strikes).toHaveLength(1);
    expect(chain.strikes[0]?.CE).toMatchObject({
      ltpPaise: 0, bidPaise: 0, askQty: 0, oi: 0, previousOi: null, closePaise: null, greeks: null,
    });
    expect(chain.strikes[0]?.PE)
      .toMatchObject({ ltpPaise: 0, oi: 0, volume: 0, previousOi: null, greeks: null });
  });

  it.each([{}, null, 'x'])('is not there in data that is %o', async (data) => {
    await expect(chainOf(data)).rejects.toMatchObject({ code: 'answer_malformed' });
  });
});

describe('lastPrices', () => {
  const many = (count: number): InstrumentToken[] =>
    Array.from({ length: count }, (_, index) => ({ segment: 'NSE_FO', id: String(1_000 + index) }));

  it('asks for at most 500 at once, each one once, and finds them under other names', async () => {
    const asked: string[] = [];
    const { marketData, requests } = createAccount((request) => {
      const keys = new URL(request.url).searchParams.get('instrument_key')?.split(',') ?? [];
      expect(keys.length).toBeLessThanOrEqual(500);
      asked.push(...keys);
      const quotes = keys.map((key) => [
        `NSE_FO:NIFTY${key.slice(7)}CE`,
        { instrument_token: key, last_price: Number(key.slice(7)) / 100, ltq: 1, cp: 1 },
      ]);
      return success(Object.fromEntries(quotes));
    });
    const prices = await marketData.lastPrices([...many(1_000), token]);
    expect(requests).toHaveLength(3);
    expect(asked).toHaveLength(1_001);
    expect(new Set(asked).size).toBe(1_001);
    expect(prices.size).toBe(1_000);
    expect(prices.get('NSE_FO:1999')).toBe(1_999);
  });

  it('has no price where the broker has none, nor for what was not asked for', async () => {
    const quotes = {
      a: { instrument_token: 'NSE_FO|1000', last_price: 0 },
      b: { instrument_token: 'NSE_FO|1001', last_price: null },
      c: { instrument_token: 'NSE_FO|9999', last_price: 5 },
      d: { last_price: 5 },
      e: null,
      f: { instrument_token: 'NSE_INDEX|Nifty 50', last_price: 24_567.35 },
    };
    const { marketData } = createAccount(() => success(quotes));
    const prices = await marketData.lastPrices([...many(3), token]);
    expect([...prices]).toEqual([['NSE_INDEX:Nifty 50', 2_456_735]]);
  });

  it('sends nothing for nothing, and survives a success without data', async () => {
    const { marketData, requests } = createAccount(() => '{"status":"success"}');
    expect((await marketData.lastPrices([])).size).toBe(0);
    expect(requests).toEqual([]);
    expect((await marketData.lastPrices(many(1))).size).toBe(0);
  });
});
