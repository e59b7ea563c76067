import { describe, expect, it } from 'vitest';
import { createHarness } from './testing/harness';

describe('/_sim', () => {
  it('tells the truth of a chain, a contract and the underlyings', async () => {
    const { call } = createHarness();
    const path = '/_sim/truth/chain?underlying=NIFTY&expiry=2026-11-23';
    const chain = (await call('GET', path)).json() as {
      spot: object;
      strikes: { strike: number; CE: { securityId: number }; PE: object }[];
    };
    expect(chain.spot).toMatchObject({ securityId: 13, ltp: expect.any(Number) });
    const call0 = chain.strikes[100]?.CE;
    const contract = await call('GET', `/_sim/truth/contract/NSE_FNO/${call0?.securityId}`);
    expect(contract.json()).toMatchObject({ ...call0, securityId: call0?.securityId });
    const underlyings = (await call('GET', '/_sim/truth/underlyings')).json() as object[];
    expect(underlyings[0]).toMatchObject({ symbol: 'NIFTY', securityId: 13, lot: 65 });
  });

  it('answers what is not there with 404', async () => {
    const { call } = createHarness();
    for (const path of [
      '/_sim/truth/chain?underlying=NIFTY&expiry=2026-11-25',
      '/_sim/truth/chain',
      '/_sim/truth/contract/NSE_FNO/1',
      '/_sim/nothing',
    ]) {
      const answer = await call('GET', path);
      const body = { error: { code: expect.any(String) } };
      expect([answer.status, answer.json()]).toMatchObject([404, body]);
    }
  });

  it('takes faults, lists them and clears them', async () => {
    const { call } = createHarness();
    const fault = { kind: 'omitLtp', underlying: 'NIFTY' };
    expect((await call('POST', '/_sim/faults', fault)).json()).toEqual({ id: 1 });
    expect((await call('GET', '/_sim/faults')).json()).toEqual([{ id: 1, fault, used: 0 }]);
    expect((await call('DELETE', '/_sim/faults')).status).toBe(200);
    expect((await call('GET', '/_sim/faults')).json()).toEqual([]);
    const wrong = await call('POST', '/_sim/faults', '{');
    expect([wrong.status, wrong.json()]).toMatchObject([400, {
      error: { message: 'body was missing, needs to be an object' },
    }]);
  });

  it('pauses, and says what it needs for that', async () => {
    const { call, simulator } = createHarness();
    expect((await call('POST', '/_sim/pause', { paused: 'yes' })).status).toBe(400);
    expect(simulator.status().paused).toBe(false);
    expect((await call('POST', '/_sim/pause', { paused: true })).json()).toEqual({ paused: true });
    expect((await call('GET', '/_sim/status')).json()).toMatchObject({ paused: true });
  });

  it('counts sockets, subscriptions, ticks and requests', async () => {
    const { call, connect, clock } = createHarness();
    const feed = connect();
    await clock.advance(100);
    feed.subscribe(17, [13, 25], 'IDX_I');
    await clock.advance(2_000);
    await call('GET', '/v2/fundlimit');
    const status = (await call('GET', '/_sim/status')).json() as { ticks: number };
    expect(status).toMatchObject({
      watched: 2, subscriptions: 2, handshakes: 1, subscribeMessages: 1,
      sockets: [{ clientId: '1000000001', instruments: 2, muted: false }],
      requests: { fundlimit: 1 },
    });
    expect(status.ticks).toBeGreaterThan(30);
  });

  it('lists its accounts, and gives one a new token that kills the old', async () => {
    const { call } = createHarness();
    const accounts = (await call('GET', '/_sim/accounts')).json();
    const [{ clientId, token }] = accounts as [{ clientId: string; token: string }];
    const renewed = (await call('POST', '/_sim/accounts/renew', { clientId })).json();
    expect(renewed).toMatchObject({ clientId, token: expect.not.stringContaining(token) });
    expect((await call('POST', '/_sim/accounts/renew', { clientId: 'x' })).status).toBe(404);
  });
});
