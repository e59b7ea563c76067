import { describe, expect, it } from 'vitest';
import { createHarness } from '../../testing/harness';
import { defaultAccount } from '../accounts';
import { simulatedToken } from '../token';

const chain = { UnderlyingScrip: 13, UnderlyingSeg: 'IDX_I', Expiry: '2026-11-23' };

describe('accounts', () => {
  it('answers funds and profile with Dhan\'s names', async () => {
    const { call } = createHarness();
    expect((await call('GET', '/v2/fundlimit')).json()).toMatchObject({
      dhanClientId: '1000000001', availabelBalance: 1_000_000, receiveableAmount: 0,
    });
    expect((await call('GET', '/v2/profile')).json()).toMatchObject({
      dataPlan: 'Active', tokenValidity: expect.stringMatching(/^\d\d\/\d\d\/\d{4} \d\d:\d\d$/),
    });
  });

  it('renews by GET only; the old token dies', async () => {
    const { call, headers } = createHarness();
    expect((await call('POST', '/v2/RenewToken')).status).toBe(400);
    const renewed = (await call('GET', '/v2/RenewToken')).json() as { accessToken: string };
    expect((await call('GET', '/v2/profile')).status).toBe(401);
    headers['access-token'] = renewed.accessToken;
    expect((await call('GET', '/v2/profile')).status).toBe(200);
    const claims = renewed.accessToken.split('.')[1] ?? '';
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      iss: 'dhan', dhanClientId: '1000000001', tokenConsumerType: 'SELF',
    });
  });

  it('tells apart a wrong token, a wrong client, an expired token and a missing plan', async () => {
    const codeFor = async (
      given: Record<string, string>,
      account: Partial<typeof defaultAccount> = {},
    ): Promise<unknown[]> => {
      const harness = createHarness({ accounts: [{ ...defaultAccount, ...account }] });
      Object.assign(harness.headers, given);
      const answer = await harness.call('POST', '/v2/optionchain', chain);
      return [answer.status, ...Object.keys((answer.json() as { data: object }).data)];
    };
    expect(await codeFor({ 'access-token': 'wrong' })).toEqual([401, '808']);
    expect(await codeFor({ 'client-id': '42' })).toEqual([401, '810']);
    expect(await codeFor({}, { tokenExpiresAt: 1 })).toEqual([401, '807']);
    expect(await codeFor({}, { dataPlan: false })).toEqual([401, '806']);
  });

  it('uses the other envelope outside the data APIs', async () => {
    const { call, headers } = createHarness();
    headers['access-token'] = '';
    expect((await call('GET', '/v2/fundlimit')).json()).toMatchObject({
      errorType: 'Invalid_Authentication', errorCode: 'DH-901',
    });
  });

  it('answers the remaining envelopes: gateway, address, charts', async () => {
    const { call } = createHarness();
    const unknown = await call('GET', '/v2/nothing');
    expect([unknown.status, unknown.json()]).toEqual([404, {
      timestamp: expect.any(String), status: 404, error: 'Not Found', path: '/v2/nothing',
    }]);
    expect((await call('GET', '/v2/ip/getIP')).json()).toEqual([
      { message: expect.any(String), status: 'ERROR' },
    ]);
    const charts = await call('POST', '/v2/charts/historical', { securityId: 'TCS' });
    expect([charts.status, charts.json()]).toMatchObject([500, { internalErrorCode: 'RS-9005' }]);
  });

  it('makes the same default token everywhere', () => {
    const { clientId, tokenExpiresAt, token } = defaultAccount;
    expect(simulatedToken(clientId, Date.UTC(2026, 0, 1), tokenExpiresAt)).toBe(token);
    expect(token.split('.').length).toBe(3);
  });
});
