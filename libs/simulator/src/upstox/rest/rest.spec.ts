import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { defaultUpstoxAccount } from '../accounts';
import { createUpstoxHarness } from '../testing/upstox-harness';

const nifty = encodeURIComponent('NSE_INDEX|Nifty 50');
const form = 'application/x-www-form-urlencoded';

interface Leg {
  instrument_key: string;
  market_data: Record<string, number>;
  option_greeks: Record<string, number>;
}
interface Row {
  strike_price: number;
  underlying_spot_price: number;
  call_options: Leg;
  put_options: Leg;
}
interface Failure {
  status: string;
  errors: { error_code: string; errorCode: string }[];
}

async function codesOf(asked: Promise<{ status: number; json(): never }>) {
  const answer = await asked;
  const [error] = (answer.json() as Failure).errors;
  return [answer.status, error?.error_code, error?.errorCode];
}

describe('chains and contracts', () => {
  it('gives a row per strike that equals the truth, with vol in percent', async () => {
    const { data, simulator } = createUpstoxHarness();
    const path = `/v2/option/chain?instrument_key=${nifty}&expiry_date=2026-11-23`;
    const rows = await data<Row[]>(path);
    const truth = simulator.truth.chain('NIFTY', '2026-11-23');
    expect(rows.map(({ strike_price: strike }) => strike)).toEqual(
      truth?.strikes.map(({ strike }) => strike),
    );
    expect(rows[0]?.underlying_spot_price).toBe(truth?.spot.ltp);
    const middle = Math.floor(rows.length / 2);
    const [leg, real] = [rows[middle]?.put_options, truth?.strikes[middle]?.PE];
    expect(leg).toMatchObject({
      instrument_key: `NSE_FO|${real?.securityId}`,
      market_data: {
        ltp: real?.ltp, oi: real?.oi, prev_oi: real?.previousOi, volume: real?.volume,
        bid_price: real?.bid, ask_price: real?.ask, bid_qty: real?.bidQty, ask_qty: real?.askQty,
        close_price: real?.close,
      },
    });
    const vols = rows.slice(middle - 5, middle + 5)
      .map(({ call_options: { option_greeks: { iv = 0 } } }) => iv);
    expect(vols.every((iv) => iv > 5 && iv < 60)).toBe(true);
  });

  it('has no list of expiries but the contracts, whose expiry is a date', async () => {
    const { data, simulator } = createUpstoxHarness();
    const rows = await data<Record<string, unknown>[]>(
      `/v2/option/contract?instrument_key=${nifty}`,
    );
    const underlying = simulator.market.underlying('NIFTY');
    expect([...new Set(rows.map(({ expiry }) => expiry))]).toEqual(
      underlying && simulator.market.expiries(underlying),
    );
    const one = await data<object[]>(
      `/v2/option/contract?instrument_key=${nifty}&expiry_date=2026-12-29`,
    );
    expect(one[0]).toMatchObject({
      name: 'NIFTY', segment: 'NSE_FO', expiry: '2026-12-29', weekly: false, lot_size: 65,
      tick_size: 5, underlying_key: 'NSE_INDEX|Nifty 50', instrument_type: 'CE',
      trading_symbol: expect.stringMatching(/^NIFTY \d+ CE 29 DEC 26$/),
    });
  });

  it('knows shares by ISIN, and chains of no commodity', async () => {
    const { data, call } = createUpstoxHarness();
    const rows = await data<{ underlying_key: string; underlying_symbol: string }[]>(
      `/v2/option/contract?instrument_key=${nifty}&expiry_date=2026-11-25`,
    );
    expect(rows).toEqual([]);
    const wrong = [
      ['', 400, 'UDAPI1009'], ['Nifty', 400, 'UDAPI1011'],
      ['NSE_INDEX|nifty 50', 400, 'UDAPI100011'],
      ['MCX_FO|560001', 400, 'UDAPI100011'],
    ] as const;
    for (const [key, status, code] of wrong) {
      const path = `/v2/option/contract?instrument_key=${encodeURIComponent(key)}`;
      expect(await codesOf(call(path))).toEqual([status, code, code]);
    }
    expect(await codesOf(call(`/v2/option/chain?instrument_key=${nifty}`)))
      .toEqual([400, 'UDAPI1088', 'UDAPI1088']);
  });
});

describe('quotes', () => {
  it('are named otherwise than asked for, and leave unknown keys out', async () => {
    const harness = createUpstoxHarness();
    const { data, simulator } = harness;
    const chain = simulator.truth.chain('NIFTY', '2026-12-01');
    const { CE } = chain?.strikes[150] ?? {};
    const keys = [`NSE_FO|${CE?.securityId}`, 'NSE_INDEX|Nifty 50', 'NSE_FO|1'];
    const query = encodeURIComponent(keys.join(','));
    const ltp = await data<Record<string, object>>(`/v3/market-quote/ltp?instrument_key=${query}`);
    const [option = '', index = ''] = Object.keys(ltp);
    expect([option.slice(0, 17), index, Object.keys(ltp).length]).toEqual([
      'NSE_FO:NIFTY26D01', 'NSE_INDEX:Nifty 50', 2,
    ]);
    expect(ltp[option]).toMatchObject({ last_price: CE?.ltp, instrument_token: keys[0] });
    const full = await data<Record<string, object>>(`/v2/market-quote/quotes?symbol=${query}`);
    expect(full[option]).toMatchObject({
      last_price: CE?.ltp, oi: CE?.oi, depth: { buy: { length: 5 }, sell: { length: 5 } },
      timestamp: expect.stringContaining('+05:30'),
      last_trade_time: String(Math.floor(CE?.tradeTime ?? 0)),
    });
    const greeks = await data<Record<string, { iv: number; delta: number }>>(
      `/v3/market-quote/option-greek?instrument_key=${query}`,
    );
    expect(greeks[option]?.iv).toBeLessThan(2);
  });

  it('are so many at once: 500, of Greeks 50', async () => {
    const { call, simulator } = createUpstoxHarness();
    const keys = (count: number): string =>
      Array.from({ length: count }, (_, index) => `NSE_FO%7C${35_001 + index}`).join();
    expect((await call(`/v3/market-quote/ltp?instrument_key=${keys(500)}`)).status).toBe(200);
    expect(await codesOf(call(`/v3/market-quote/ltp?instrument_key=${keys(501)}`)))
      .toEqual([400, 'UDAPI100042', 'UDAPI100042']);
    expect(await codesOf(call(`/v3/market-quote/option-greek?instrument_key=${keys(51)}`)))
      .toEqual([400, 'UDAPI100076', 'UDAPI100076']);
    expect(simulator.violations().byKind).toEqual({ upstox_request_keys: 2 });
  });
});

describe('limits', () => {
  it('are three windows of each API by itself, refused without a word on when', async () => {
    const { call, clock, simulator } = createUpstoxHarness();
    const profile = async (): Promise<number> => (await call('/v2/user/profile')).status;
    for (let round = 0; round < 500; round++) {
      expect(await profile()).toBe(200);
      await clock.advance(20);
    }
    const refused = await call('/v2/user/profile');
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, undefined]);
    expect(refused.text).toContain('UDAPI10005');
    expect((await call('/v2/market/status/NSE')).status).toBe(200);
    await clock.advance(60_000);
    expect(await profile()).toBe(200);
    expect(simulator.violations().byKind).toEqual({ upstox_rate: 1 });
    expect(simulator.violations().recent[0]?.detail).toBe('SIM001 user/profile: over 500 in 60 s');
  });
});

describe('signing in', () => {
  it('gives a code at the dialog and a token for it, once', async () => {
    const { call, headers, clock } = createUpstoxHarness();
    const { apiKey, apiSecret, redirectUri } = defaultUpstoxAccount;
    const dialog = `/v2/login/authorization/dialog?response_type=code&client_id=${apiKey}` +
      `&redirect_uri=${encodeURIComponent(redirectUri)}&state=s1`;
    const fields = async (): Promise<Record<string, string>> => {
      const target = new URL((await call(dialog)).headers['location'] ?? '');
      expect(target.searchParams.get('state')).toBe('s1');
      return {
        code: target.searchParams.get('code') ?? '', client_id: apiKey, client_secret: apiSecret,
        redirect_uri: redirectUri, grant_type: 'authorization_code',
      };
    };
    headers['content-type'] = form;
    const path = '/v2/login/authorization/token';
    const first = await fields();
    const answer = await call(path, 'POST', new URLSearchParams(first).toString());
    const given = answer.json() as { access_token: string; user_id: string };
    const { exp } = JSON.parse(atob(given.access_token.split('.')[1] ?? '')) as { exp: number };
    expect([given.user_id, new Date(exp * 1000).toISOString()]).toEqual([
      'SIM001', '2026-11-21T22:00:00.000Z',
    ]);
    expect(await codesOf(call(path, 'POST', new URLSearchParams(first).toString())))
      .toEqual([401, 'UDAPI100016', 'UDAPI100016']);
    expect((await call('/v2/user/profile')).status).toBe(401);
    headers['authorization'] = `Bearer ${given.access_token}`;
    expect((await call('/v2/user/profile')).status).toBe(200);
    await clock.advance(1_000);
    headers['content-type'] = 'application/json';
    const second = await call(path, 'POST', JSON.stringify(await fields()));
    expect((second.json() as { access_token: string }).access_token).not.toBe(given.access_token);
  });

  it('refuses another app, and a token after its user has left', async () => {
    const { call } = createUpstoxHarness();
    expect((await call('/v2/login/authorization/dialog?client_id=other')).status).toBe(401);
    expect((await call('/v2/logout', 'DELETE')).status).toBe(200);
    expect(await codesOf(call('/v2/user/profile')))
      .toEqual([401, 'UDAPI100050', 'UDAPI100050']);
  });

  it('is had without the dialog too, as the user says yes elsewhere', async () => {
    const { call, simulator } = createUpstoxHarness();
    const { apiKey, apiSecret } = defaultUpstoxAccount;
    const path = `/v3/login/auth/token/request/${apiKey}`;
    expect((await call(path, 'POST', '{"client_secret":"wrong"}')).status).toBe(401);
    const answer = await call(path, 'POST', JSON.stringify({ client_secret: apiSecret }));
    const { redirectUri } = defaultUpstoxAccount;
    expect(answer.json()).toMatchObject({ data: { notifier_url: redirectUri } });
    const listed = await call('/_sim/accounts?broker=upstox');
    const [account] = listed.json() as { token: string }[];
    expect(account?.token).not.toBe(defaultUpstoxAccount.token);
    expect(simulator.accountsOf.upstox.list()).toEqual([account]);
  });
});

describe('the calendar', () => {
  const cash = { openMinute: 555, closeMinute: 930 };
  const derivatives = { openMinute: 555, closeMinute: 940 };
  const evening = { openMinute: 1_020, closeMinute: 1_435 };
  const harness = () => createUpstoxHarness({
    sessions: {
      kind: 'hours', eras: [{ from: '2000-01-01', cash, derivatives }],
      commodities: {
        eras: [{ from: '2000-01-01', hours: { openMinute: 540, closeMinute: 1_435 } }],
        days: { '2026-11-24': evening, '2026-12-25': null },
      },
    },
  });

  it('needs no sign-in, and is in epoch ms by exchange', async () => {
    const { data, headers } = harness();
    delete headers['authorization'];
    const timings = await data<{ exchange: string; start_time: number; end_time: number }[]>(
      '/v2/market/timings/2026-11-23',
    );
    expect(timings.find(({ exchange }) => exchange === 'NFO')).toEqual({
      exchange: 'NFO', start_time: Date.parse('2026-11-23T09:15:00+05:30'),
      end_time: Date.parse('2026-11-23T15:40:00+05:30'),
    });
    expect(await data('/v2/market/timings/2026-11-22')).toEqual([]);
    expect(await data('/v2/market/holidays')).toMatchObject([
      { date: '2026-11-24', open_exchanges: [{ exchange: 'MCX' }] },
      { date: '2026-12-25', open_exchanges: [], closed_exchanges: expect.arrayContaining(['MCX']) },
    ]);
    expect(await data('/v2/market/holidays/2026-11-23')).toEqual([]);
  });

  it('tells of an exchange whether it trades', async () => {
    const { data, call } = harness();
    expect(await data('/v2/market/status/NSE')).toMatchObject({ status: 'NORMAL_CLOSE' });
    expect((await call('/v2/market/status/NYSE')).status).toBe(400);
  });
});

describe('instrument files', () => {
  const file = '/market-quote/instruments/exchange/';

  it('are gzipped arrays of all that is listed, to callers that say who they are', async () => {
    const { bytes, call, headers, simulator } = createUpstoxHarness();
    expect((await call(`${file}NSE.json.gz`)).headers['content-type']).toContain('text/html');
    headers['user-agent'] = 'a test';
    const read = async (name: string): Promise<Record<string, unknown>[]> =>
      JSON.parse(gunzipSync(await bytes(`${file}${name}.json.gz`)).toString()) as never;
    const rows = await read('NSE');
    expect(rows[0]).toMatchObject({
      instrument_key: 'NSE_INDEX|Nifty 50', instrument_type: 'INDEX', trading_symbol: 'NIFTY',
    });
    const truth = simulator.truth.chain('NIFTY', '2026-12-29');
    const { strike, PE } = truth?.strikes[40] ?? {};
    expect(rows.find((row) => row['instrument_key'] === `NSE_FO|${PE?.securityId}`)).toMatchObject({
      segment: 'NSE_FO', expiry: Date.parse('2026-12-29T23:59:59+05:30'), strike_price: strike,
      trading_symbol: `NIFTY ${strike} PE 29 DEC 26`, tick_size: 5, lot_size: 65,
    });
    expect(rows.some(({ trading_symbol: name }) => name === 'NIFTY FUT 29 DEC 26')).toBe(true);
    const all = await read('complete');
    expect(all.length).toBe(
      rows.length + (await read('BSE')).length + (await read('MCX')).length,
    );
    expect(new Set(all.map((row) => row['instrument_key'])).size).toBe(all.length);
    expect((await call(`${file}CDS.json.gz`)).status).toBe(404);
  });
});

describe('faults', () => {
  it('come as Upstox answers them', async () => {
    const { call, connect, simulator } = createUpstoxHarness();
    const { faults } = simulator;
    const broker = 'upstox';
    faults.add({
      broker, kind: 'restError', path: 'option/chain', answer: 'html', status: 403, count: 1,
    });
    const html = await call(`/v2/option/chain?instrument_key=${nifty}&expiry_date=2026-11-23`);
    expect([html.status, html.text.startsWith('<!DOCTYPE')]).toEqual([403, true]);
    faults.add({ broker, kind: 'restError', path: '*', answer: 'status', status: 423, count: 1 });
    expect(await codesOf(call('/v2/user/profile')))
      .toEqual([423, 'UDAPI100072', 'UDAPI100072']);
    const client = await connect();
    faults.add({ broker, kind: 'suspendAccount' });
    expect(client.closed).toBe(1006);
    expect((await call('/v3/feed/market-data-feed/authorize')).status).toBe(403);
    faults.clear();
    faults.add({ broker, kind: 'clockSkew', skewMs: 60_000 });
    const late = await connect();
    expect((late.messages()[0]?.currentTs ?? 0) > simulator.market.standsAtMs('cash') + 50_000)
      .toBe(true);
    faults.add({ broker, kind: 'dropSocket', socket: 'all', closeCode: 1011 });
    await connect();
    expect(late.closed).toBe(1011);
  });

  it('leave the other faces alone', async () => {
    const { call, simulator } = createUpstoxHarness();
    simulator.faults.add({ kind: 'expireToken' });
    simulator.faults.add({ kind: 'outage' });
    expect((await call('/v2/user/profile')).status).toBe(200);
  });
});
