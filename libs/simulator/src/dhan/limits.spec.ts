import { describe, expect, it } from 'vitest';
import { createHarness } from '../testing/harness';
import { accountsBeside, defaultAccount } from './accounts';

const nifty = { UnderlyingScrip: 13, UnderlyingSeg: 'IDX_I' };
const ltp = '/v2/marketfeed/ltp';

describe('limits', () => {
  it('allows a chain once in 3 s per key, and other keys at once', async () => {
    const { call, clock, simulator } = createHarness();
    const ask = async (Expiry: string): Promise<number> =>
      (await call('POST', '/v2/optionchain', { ...nifty, Expiry })).status;
    expect(await ask('2026-11-23')).toBe(200);
    expect(await ask('2026-12-01')).toBe(200);
    expect(await ask('2026-11-23')).toBe(429);
    await clock.advance(3_000);
    expect(await ask('2026-11-23')).toBe(200);
    expect(simulator.violations()).toMatchObject({ total: 1, byKind: { chain_rate: 1 } });
  });

  it('are of each account by itself', async () => {
    const accounts = accountsBeside(defaultAccount, 3);
    const { call, clock, connect, headers, simulator } = createHarness({ accounts });
    const chain = { ...nifty, Expiry: '2026-11-23' };
    const asked = async (): Promise<number[]> => [
      (await call('POST', '/v2/optionchain', chain)).status,
      (await call('POST', '/v2/optionchain/expirylist', nifty)).status,
      (await call('POST', ltp, { IDX_I: [13] })).status,
    ];
    for (const { clientId, token } of accounts) {
      Object.assign(headers, { 'client-id': clientId, 'access-token': token });
      expect(await asked()).toEqual([200, 200, 200]);
      for (let socket = 0; socket < 5; socket++) {
        connect(`version=2&token=${token}&clientId=${clientId}&authType=2`);
      }
    }
    await clock.advance(100);
    expect(simulator.status().sockets.map(({ clientId }) => clientId).sort()).toEqual(
      accounts.flatMap(({ clientId }) => Array.from({ length: 5 }, () => clientId)),
    );
    expect(simulator.violations().total).toBe(0);
    expect(await asked()).toEqual([429, 429, 429]);
    const [, second] = accounts;
    expect(simulator.violations().recent.map(({ detail }) => detail.split(' ')[0])).toEqual(
      Array.from({ length: 3 }, () => accounts[2]?.clientId),
    );
    const wrong = { 'client-id': defaultAccount.clientId, 'access-token': second?.token ?? '' };
    Object.assign(headers, wrong);
    expect((await call('POST', ltp, { IDX_I: [13] })).status).toBe(401);
  });

  it('can read the chain rule as flat', async () => {
    const { call, simulator } = createHarness({ chainRule: 'flat' });
    const ask = async (Expiry: string): Promise<number> =>
      (await call('POST', '/v2/optionchain', { ...nifty, Expiry })).status;
    expect([await ask('2026-11-23'), await ask('2026-12-01')]).toEqual([200, 429]);
    expect(simulator.violations().byKind).toEqual({ chain_rate: 1 });
  });

  it('spaces expiry lists of one underlying by 3 s', async () => {
    const { call, simulator } = createHarness();
    const path = '/v2/optionchain/expirylist';
    const bank = { UnderlyingScrip: 25, UnderlyingSeg: 'IDX_I' };
    expect((await call('POST', path, nifty)).status).toBe(200);
    expect((await call('POST', path, bank)).status).toBe(200);
    expect((await call('POST', path, nifty)).status).toBe(429);
    expect(simulator.violations().byKind).toEqual({ expiry_list_rate: 1 });
  });

  it('allows one quote a second over all three routes, with the recorded refusal', async () => {
    const { call, clock, simulator } = createHarness();
    expect((await call('POST', ltp, { IDX_I: [13] })).status).toBe(200);
    const refused = await call('POST', '/v2/marketfeed/ohlc', { IDX_I: [13] });
    expect([refused.status, refused.json()]).toEqual([429, {
      data: {
        805: 'Too many requests. Further requests may result in the user being blocked.',
      },
      status: 'failed',
    }]);
    await clock.advance(1_000);
    expect((await call('POST', ltp, { IDX_I: [13] })).status).toBe(200);
    expect(simulator.violations().byKind).toEqual({ quote_rate: 1 });
  });

  it('refuses over 1,000 ids with 804', async () => {
    const { call, simulator } = createHarness();
    const ids = Array.from({ length: 1_001 }, (_, index) => index + 1);
    const answer = await call('POST', ltp, { NSE_EQ: ids.slice(0, 500), NSE_FNO: ids.slice(500) });
    expect([answer.status, Object.keys((answer.json() as { data: object }).data)]).toEqual([
      400, ['804'],
    ]);
    expect(simulator.violations().byKind).toEqual({ quote_instruments: 1 });
  });

  it('allows 20 non-trading requests a second, then DH-904', async () => {
    const { call, simulator, clock } = createHarness();
    for (let round = 0; round < 20; round++) {
      expect((await call('GET', '/v2/fundlimit')).status).toBe(200);
    }
    const refused = await call('GET', '/v2/profile');
    expect([refused.status, (refused.json() as { errorCode: string }).errorCode]).toEqual([
      429, 'DH-904',
    ]);
    await clock.advance(1_000);
    expect((await call('GET', '/v2/profile')).status).toBe(200);
    expect(simulator.violations().byKind).toEqual({ non_trading_rate: 1 });
  });

  it('allows 5 data requests a second', async () => {
    const { call, simulator } = createHarness();
    const body = { securityId: '2885', exchangeSegment: 'NSE_EQ', instrument: 'EQUITY' };
    for (let round = 0; round < 5; round++) {
      expect((await call('POST', '/v2/charts/intraday', body)).status).toBe(200);
    }
    expect((await call('POST', '/v2/charts/intraday', body)).status).toBe(429);
    expect(simulator.violations().byKind).toEqual({ data_rate: 1 });
  });

  it('keeps the latest hundred breaches', async () => {
    const { call, simulator } = createHarness();
    await call('POST', '/v2/optionchain', { ...nifty, Expiry: '2026-11-23' });
    for (let round = 0; round < 130; round++) {
      await call('POST', '/v2/optionchain', { ...nifty, Expiry: '2026-11-23' });
    }
    const { total, recent } = simulator.violations();
    expect([total, recent.length]).toEqual([130, 100]);
    expect(recent.at(-1)).toMatchObject({
      kind: 'chain_rate', detail: '1000000001 13/IDX_I/2026-11-23',
    });
  });
});
