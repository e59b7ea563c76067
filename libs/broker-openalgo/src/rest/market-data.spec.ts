import type { InstrumentToken, ListedUnderlying } from '@strikewire/broker';
import type { HttpRequest } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { chainBody, failure, html, legOf, success } from '../fixtures/answers';
import { openalgoBroker } from '../plugin';
import { createAccount, credentials } from '../testing/openalgo-account';

const listed = (
  exchange: ListedUnderlying['exchange'], symbol: string, segment: string,
): ListedUnderlying => {
  const token = { segment, id: symbol };
  return { exchange, symbol, kind: 'index', spot: token, chain: token };
};
const nifty = listed('NSE', 'NIFTY', 'NSE_INDEX');
const share = listed('NSE', 'M&M', 'NSE');
const sensex = listed('BSE', 'SENSEX', 'BSE_INDEX');
const crude = listed('MCX', 'CRUDEOIL', 'MCX');

const bodyOf = (request: HttpRequest | undefined): Record<string, unknown> =>
  JSON.parse(String(request?.body)) as Record<string, unknown>;

describe('requests', () => {
  it('have the key in their bodies and their place in the budget', async () => {
    const { marketData, requests, slots, check } = createAccount((request) =>
      request.url.endsWith('ping') ? success({}) : chainBody([]));
    await marketData.chain(nifty, '2026-11-24', 9);
    await check();
    expect(requests[0]).toMatchObject({
      method: 'POST', url: 'http://algo.example/api/v1/optionchain',
    });
    expect(bodyOf(requests[0])['apikey']).toBe(credentials.apiKey);
    expect(slots).toEqual([{ class: 'api', priority: 9 }, { class: 'api', priority: 0 }]);
    expect(openalgoBroker.limits.rest[0]).toMatchObject({ class: 'api', limit: 40 });
    expect(openalgoBroker.limits.rest[0]?.windowMs).toBeGreaterThan(1_000);
  });

  it('are not sent for chains that are not served', async () => {
    const { marketData, requests } = createAccount(() => chainBody([]));
    const refused = { kind: 'invalid', code: 'chain_not_served' };
    await expect(marketData.expiries(crude)).rejects.toMatchObject(refused);
    await expect(marketData.chain(crude, '2026-12-16')).rejects.toMatchObject(refused);
    expect(requests).toEqual([]);
  });

  it('never name the key in an error', async () => {
    const { marketData } = createAccount(() => ({ status: 403, body: failure('Invalid apikey') }));
    for (const ask of [() => marketData.expiries(nifty), () => marketData.underlyings()]) {
      const error: unknown = await ask().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ kind: 'unauthenticated', code: 'api_key_invalid' });
      expect(`${String(error)}${JSON.stringify(error)}`).not.toContain('secret');
    }
  });
});

describe('expiries', () => {
  it('are asked for at the derivatives\' exchange, and become dates, once each', async () => {
    const texts = ['01-DEC-26', '24-NOV-26', '24-NOV-26', '31-NOV-26', '2026-12-08', null, 7, ''];
    const { marketData, requests } = createAccount(() => success(texts));
    expect(await marketData.expiries(nifty)).toEqual(['2026-11-24', '2026-12-01']);
    await marketData.expiries(sensex);
    expect(new Set(requests.map(({ url }) => url)))
      .toEqual(new Set(['http://algo.example/api/v1/expiry']));
    expect(requests.map(bodyOf)).toEqual([
      { apikey: credentials.apiKey, symbol: 'NIFTY', exchange: 'NFO', instrumenttype: 'options' },
      { apikey: credentials.apiKey, symbol: 'SENSEX', exchange: 'BFO', instrumenttype: 'options' },
    ]);
  });

  it.each(['{"status":"success"}', success({}), html])('are not there in %s', async (body) => {
    const { marketData } = createAccount(() => body);
    await expect(marketData.expiries(nifty)).rejects.toMatchObject({ kind: 'retryable' });
  });
});

describe('chain', () => {
  it('is asked for by the underlying\'s own exchange, without Greeks', async () => {
    const { marketData, requests } = createAccount(() => chainBody([]));
    await marketData.chain(share, '2026-11-24');
    expect(bodyOf(requests[0])).toEqual({
      apikey: credentials.apiKey, underlying: 'M&M', exchange: 'NSE', expiry_date: '24NOV26',
      with_greeks: false,
    });
  });

  it('reads both legs, in paise and units', async () => {
    const { marketData, clock } = createAccount(() => chainBody([
      { strike: 24_550.5, ce: legOf('NIFTY24NOV2624550.5CE'), pe: legOf('P', { ltp: '101.05' }) },
      { strike: 24_500, ce: null, pe: {} },
    ]));
    await clock.advance(1_000);
    const chain = await marketData.chain(nifty, '2026-11-24');
    expect([chain.spotPaise, chain.sentMonoMs]).toEqual([2_456_735, 1_000]);
    expect(chain.receivedMs).toBe(clock.wallMs());
    expect(chain.strikes[0]).toEqual({ strikePaise: 2_450_000, CE: null, PE: null });
    expect(chain.strikes[1]?.CE).toEqual({
      token: { segment: 'NFO', id: 'NIFTY24NOV2624550.5CE' },
      ltpPaise: 13_405, bidPaise: 13_355, askPaise: 13_410, bidQty: 1_625, askQty: 1_365,
      volume: 117_567_970, oi: 3_786_445, previousOi: null, closePaise: 24_485, greeks: null,
    });
    expect(chain.strikes[1]?.PE?.ltpPaise).toBe(10_105);
  });

  it('has zeros and nulls for what is left out, and no spot where there is none', async () => {
    const rows = [
      { strike: 100, ce: { symbol: 'A' }, pe: legOf('B', { ltp: -1, oi: null, prev_close: 'x' }) },
      { strike: 0 }, { strike: 'x' }, null, 7,
    ];
    const { marketData } = createAccount(() => chainBody(rows, { underlying_ltp: null }));
    const chain = await marketData.chain(sensex, '2026-11-26');
    expect(chain.spotPaise).toBeNull();
    expect(chain.strikes).toHaveLength(1);
    expect(chain.strikes[0]?.CE).toMatchObject({
      token: { segment: 'BFO', id: 'A' }, ltpPaise: 0, oi: 0, closePaise: null,
    });
    expect(chain.strikes[0]?.PE).toMatchObject({ ltpPaise: 0, oi: 0, closePaise: null });
  });

  it.each(['{"status":"success"}', chainBody({}), success([])])(
    'is not there in %s',
    async (body) => {
      const { marketData } = createAccount(() => body);
      await expect(marketData.chain(nifty, '2026-11-24')).rejects.toMatchObject({
        code: 'answer_malformed',
      });
    },
  );
});

describe('lastPrices', () => {
  const many = (count: number): InstrumentToken[] =>
    Array.from({ length: count }, (_, index) => ({ segment: 'NFO', id: `S${1_000 + index}` }));

  it('asks for at most 500 at once, each one once', async () => {
    const asked: string[] = [];
    const { marketData, requests } = createAccount((request) => {
      const symbols = bodyOf(request)['symbols'] as { symbol: string; exchange: string }[];
      expect(symbols.length).toBeLessThanOrEqual(500);
      asked.push(...symbols.map(({ symbol }) => symbol));
      const results = symbols.map((one) => ({
        ...one, data: { ltp: Number(one.symbol.slice(1)) / 100 },
      }));
      return JSON.stringify({ status: 'success', results });
    });
    const prices = await marketData.lastPrices(many(1_001));
    expect(requests.map(({ url }) => url))
      .toEqual(Array(3).fill('http://algo.example/api/v1/multiquotes'));
    expect([asked.length, new Set(asked).size]).toEqual([1_001, 1_001]);
    expect(prices.get('NFO:S1999')).toBe(1_999);
    expect(prices.size).toBe(1_001);
  });

  it('has no price where there is an error, nothing, or another symbol', async () => {
    const of = (symbol: string, rest: object): object => ({ symbol, exchange: 'NFO', ...rest });
    const results = [
      of('S1000', { error: 'no quote' }), of('S1001', { data: { ltp: 0 } }), of('S1002', {}),
      of('S1003', { data: null }), of('OTHER', { data: { ltp: 5 } }), null, 7, {},
      of('S1004', { data: { ltp: '134.05' } }), of('S1005', { data: { ltp: 1_290.5 } }),
    ];
    const { marketData } = createAccount(() => JSON.stringify({ status: 'success', results }));
    const prices = await marketData.lastPrices(many(7));
    expect([...prices]).toEqual([['NFO:S1004', 13_405], ['NFO:S1005', 129_050]]);
  });

  it('sends nothing for nothing, and refuses an answer without results', async () => {
    const { marketData, requests } = createAccount(() => success([]));
    expect((await marketData.lastPrices([])).size).toBe(0);
    expect(requests).toEqual([]);
    await expect(marketData.lastPrices(many(1))).rejects.toMatchObject({ kind: 'retryable' });
  });
});

describe('check', () => {
  it('tells which broker is behind it', async () => {
    const { check, requests } = createAccount(() => success({ message: 'pong', broker: 'some' }));
    expect(await check()).toEqual({ accountId: 'some', hasMarketData: true, tokenExpiresMs: null });
    expect(requests[0]?.url).toBe('http://algo.example/api/v1/ping');
    const other = createAccount(() => success({ message: 'pong' }));
    expect((await other.check()).accountId).toBe('openalgo');
  });

  it('rejects a bad key', async () => {
    const { check } = createAccount(() => ({ status: 403, body: failure('Invalid apikey') }));
    await expect(check()).rejects.toMatchObject({ kind: 'unauthenticated' });
  });
});

describe('the plugin', () => {
  it('takes a whole key only, and does not repeat it', () => {
    const { credentials: schema, accountOf } = openalgoBroker;
    expect(schema.safeParse(credentials).success).toBe(true);
    for (const apiKey of ['', 'short', 'with a space in it', 'x'.repeat(257)]) {
      const { error } = schema.safeParse({ apiKey });
      expect(error?.issues[0]?.message).toBe('needs the whole API key');
    }
    // The name of an account is shown: a deployment has one, and its key is a secret.
    expect(accountOf(credentials)).toBe('openalgo');
  });
});
