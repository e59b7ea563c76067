import { describe, expect, it } from 'vitest';
import { failure, html, success, tokenOf } from '../fixtures/answers';
import { upstoxBroker } from '../plugin';
import { createAccount, credentials } from '../testing/upstox-account';
import { tokenExpiresMs, tokenUser } from './access-token';

const back = 'https://console.example/sign-in?broker=upstox';
const endsMs = Date.parse('2026-11-25T03:30:00+05:30');
const token = tokenOf({ sub: '7BA2GH', iat: 1, exp: endsMs / 1_000, isPlusPlan: false });
const granted = JSON.stringify({ user_id: '7BA2GH', access_token: token, expires_in: 86_400 });
const coded = (text: string): URLSearchParams => new URLSearchParams(text);

describe('the token', () => {
  it('tells whose it is and when it ends', () => {
    expect([tokenUser(token), tokenExpiresMs(token)]).toEqual(['7BA2GH', endsMs]);
    // Characters that only the URL's alphabet has.
    expect(tokenUser(tokenOf({ sub: 'A', note: '???>>>~~~' }))).toBe('A');
  });

  it.each([
    undefined, '', 'opaque-token-of-the-broker', 'a.b.c', 'a.bnVsbA.c', 'a.!!!.c',
    tokenOf({ sub: 7, exp: 'soon' }), tokenOf({ sub: 'a b', exp: -1 }), tokenOf([]),
  ])('tells nothing when it is %s', (text) => {
    expect([tokenUser(text), tokenExpiresMs(text)]).toEqual([undefined, null]);
  });

  it('names the account by its user, else by the app', () => {
    const { clientId } = credentials;
    expect(upstoxBroker.accountOf({ clientId, accessToken: token })).toBe('7BA2GH');
    expect(upstoxBroker.accountOf({ ...credentials })).toBe(clientId);
    expect(upstoxBroker.accountOf({ clientId })).toBe(clientId);
  });

  it('is what an account\'s end is known by', () => {
    const held = { ...credentials, accessToken: token };
    const { auth } = createAccount(() => '{}', { credentials: held });
    expect(auth?.expiresMs()).toBe(endsMs);
    expect(createAccount(() => '{}').auth?.expiresMs()).toBeNull();
    expect(auth?.renew).toBeUndefined();
  });
});

describe('signing in', () => {
  it('begins at the broker\'s own page', () => {
    const { auth } = createAccount(() => '{}');
    const url = new URL(auth?.signIn?.url(back, 'st&te') ?? '');
    expect(`${url.origin}${url.pathname}`)
      .toBe('https://rest.example/v2/login/authorization/dialog');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: credentials.clientId, redirect_uri: back, response_type: 'code', state: 'st&te',
    });
  });

  it('exchanges the code for a token, by a form and without another token', async () => {
    const { clientId, clientSecret } = credentials;
    const held = { clientId, ...(clientSecret && { clientSecret }) };
    const account = createAccount(() => granted, { credentials: held });
    const grant = await account.auth?.signIn?.complete(back, coded('code=c%2F1&state=s'));
    expect(grant).toEqual({ credentials: { accessToken: token }, expiresMs: endsMs });
    const [request] = account.requests;
    expect(request).toMatchObject({
      method: 'POST', url: 'https://rest.example/v2/login/authorization/token',
    });
    expect(request?.headers?.['content-type']).toBe('application/x-www-form-urlencoded');
    expect(request?.headers).not.toHaveProperty('authorization');
    expect(Object.fromEntries(new URLSearchParams(String(request?.body)))).toEqual({
      code: 'c/1', client_id: clientId, client_secret: clientSecret, redirect_uri: back,
      grant_type: 'authorization_code',
    });
    expect(account.slots).toEqual([{ class: 'account' }]);
  });

  it.each([
    ['error=access_denied&error_description=by+the+user', 'by the user'],
    ['error=access_denied', 'access_denied'],
    ['code=', 'no code came back'],
  ])('ends without a request at "%s"', async (answer, words) => {
    const { auth, requests } = createAccount(() => granted);
    const done = auth?.signIn?.complete(back, coded(answer));
    await expect(done).rejects.toMatchObject({
      kind: 'unauthenticated', message: expect.stringContaining(words),
    });
    expect(requests).toEqual([]);
  });

  it('says so when the account has no secret', async () => {
    const { clientId } = credentials;
    const { auth } = createAccount(() => granted, { credentials: { clientId } });
    await expect(auth?.signIn?.complete(back, coded('code=1'))).rejects.toMatchObject({
      kind: 'invalid', code: 'client_secret_missing',
    });
  });

  it.each([
    [401, failure('UDAPI100016', 'Invalid Credentials'), 'unauthenticated'],
    [400, failure('UDAPI100073', 'inactive'), 'fatal'],
    [403, html, 'retryable'],
    [200, '{}', 'retryable'],
    [200, '{"access_token":7}', 'retryable'],
  ])('HTTP %d with %s is %s', async (status, body, kind) => {
    const { auth } = createAccount(() => ({ status, body }));
    const error: unknown = await auth?.signIn?.complete(back, coded('code=the-code'))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind });
    expect(String(error)).not.toMatch(/the-code|app-secret/);
  });
});

describe('check', () => {
  it('asks for what every kind of token may, and reports', async () => {
    const held = { ...credentials, accessToken: token };
    const account = createAccount(() => success({ exchange: 'NSE' }), { credentials: held });
    expect(await account.check()).toEqual({
      accountId: '7BA2GH', hasMarketData: true, tokenExpiresMs: endsMs,
    });
    expect(account.requests[0]?.url).toBe('https://rest.example/v2/market/status/NSE');
  });

  it('rejects with what the broker says', async () => {
    const { check } = createAccount(() => ({ status: 401, body: failure('UDAPI100050', 'no') }));
    await expect(check()).rejects.toMatchObject({ kind: 'unauthenticated' });
  });
});

describe('credentials', () => {
  const { credentials: schema } = upstoxBroker;

  it('need the app\'s key alone', () => {
    expect(schema.safeParse({ clientId: credentials.clientId }).success).toBe(true);
    expect(schema.safeParse(credentials).success).toBe(true);
  });

  it.each([
    { clientId: '' }, { clientId: 'a b c d' }, { clientSecret: 'x' }, { accessToken: 'short' },
  ])(
    'say what is needed in the place of %o',
    (wrong) => {
      const parsed = schema.safeParse({ ...credentials, ...wrong });
      expect(parsed.error?.issues[0]?.message).toMatch(/^needs the/);
      expect(parsed.error?.message).not.toContain('short');
    },
  );
});
