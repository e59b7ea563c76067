import { describe, expect, it } from 'vitest';
import { createHarness } from '../../testing/harness';
import { defaultAccount } from '../accounts';
import { codeOf } from '../one-time-codes';
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

  describe('sign-in by PIN and TOTP', () => {
    const { clientId, pin = '', totpSecret = '' } = defaultAccount;
    const codeAt = (wallMs: number): Promise<string> =>
      codeOf(totpSecret, Math.floor(wallMs / 30_000));
    const queryOf = (given: Record<string, string>): string =>
      `/app/generateAccessToken?${new URLSearchParams(given).toString()}`;

    it('gives a token of another kind, which cannot renew itself', async () => {
      const { call, clock, headers } = createHarness();
      const totp = await codeAt(clock.wallMs());
      const path = queryOf({ dhanClientId: clientId, pin, totp });
      headers['access-token'] = '';
      expect((await call('GET', path)).status).toBe(405);
      const granted = (await call('POST', path)).json() as Record<string, string>;
      expect(granted).toMatchObject({
        dhanClientId: clientId, givenPowerOfAttorney: false,
        expiryTime: expect.stringMatching(/^2026-11-22T10:30:00\.\d{3}$/),
      });
      const claims = granted['accessToken']?.split('.')[1] ?? '';
      expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
        dhanClientId: clientId, tokenConsumerType: 'APP',
      });
      // The code is spent.
      expect((await call('POST', path)).status).toBe(401);
      headers['access-token'] = defaultAccount.token;
      expect((await call('GET', '/v2/profile')).status).toBe(401);
      headers['access-token'] = granted['accessToken'] ?? '';
      expect((await call('GET', '/v2/profile')).status).toBe(200);
      expect((await call('GET', '/v2/RenewToken')).json()).toMatchObject({ errorCode: 'DH-905' });
    });

    it.each([
      [{ pin: '000000' }, 401], [{ totp: '000000' }, 401], [{ dhanClientId: '42' }, 401],
      [{ pin: '12345' }, 400], [{ totp: '' }, 400], [{ dhanClientId: '' }, 400],
    ])('is refused with %o, and the token of before lives', async (wrong, status) => {
      const { call, clock } = createHarness();
      const given = { dhanClientId: clientId, pin, totp: await codeAt(clock.wallMs()), ...wrong };
      expect((await call('POST', queryOf(given))).status).toBe(status);
      expect((await call('GET', '/v2/profile')).status).toBe(200);
    });

    it('is closed to a suspended account, and to one without a secret', async () => {
      const asked = async ({ call, clock }: ReturnType<typeof createHarness>): Promise<unknown> => {
        const totp = await codeAt(clock.wallMs());
        const answer = await call('POST', queryOf({ dhanClientId: clientId, pin, totp }));
        return (answer.json() as { errorCode: string }).errorCode;
      };
      const suspended = createHarness();
      suspended.simulator.faults.add({ kind: 'suspendAccount', clientId });
      expect(await asked(suspended)).toBe('DH-903');
      const { token, tokenExpiresAt, dataPlan } = defaultAccount;
      const accounts = [{ clientId, token, tokenExpiresAt, dataPlan }];
      expect(await asked(createHarness({ accounts }))).toBe('DH-901');
    });
  });

  it('makes the same default token everywhere', () => {
    const { clientId, tokenExpiresAt, token } = defaultAccount;
    expect(simulatedToken(clientId, Date.UTC(2026, 0, 1), tokenExpiresAt)).toBe(token);
    expect(token.split('.').length).toBe(3);
  });
});
