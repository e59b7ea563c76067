import type { BudgetSlot } from '@strikewire/broker';
import { silentLog, StrikewireError, type HttpRequest } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import type { DhanCredentials } from '../config';
import { dataError, html, tradingError } from '../fixtures/answers';
import { dhanBroker } from '../plugin';
import { tokenClaims } from './access-token';
import { totpAt } from './totp';

const nowMs = Date.parse('2026-11-24T04:00:00Z');
const endMs = nowMs + 3_600_000;
const endpoints = {
  rest: 'https://rest.example/v2',
  feed: 'wss://feed.example',
  auth: 'https://auth.example',
  master: 'https://files.example/master.csv',
};
const pin = '481516';
const totpSecret = 'GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ';

function tokenOf(claims: unknown): string {
  const part = (value: unknown): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ typ: 'JWT', alg: 'HS512' })}.${part(claims)}.signature`;
}

const ofSite = tokenOf({ tokenConsumerType: 'SELF', exp: endMs / 1_000 });
const ofApp = tokenOf({ tokenConsumerType: 'APP', exp: endMs / 1_000 });
const ended = tokenOf({ tokenConsumerType: 'SELF', exp: nowMs / 1_000 });
const fresh = tokenOf({ tokenConsumerType: 'SELF', exp: nowMs / 1_000 + 86_400 });
const freshMs = nowMs + 86_400_000;
const granted = (accessToken = fresh, expiryTime = '2026-11-25T09:30:00.000'): string =>
  JSON.stringify({ dhanClientId: '1000000001', accessToken, expiryTime });

interface Answer {
  status: number;
  body: string;
}

/** An account whose broker answers in this order; what is left over stays unasked. */
function setUp(held: Partial<DhanCredentials>, ...answers: (string | Answer | Error)[]) {
  const clock = createVirtualClock(nowMs);
  const requests: HttpRequest[] = [];
  const slots: BudgetSlot[] = [];
  const credentials = { clientId: '1000000001', accessToken: ofSite, ...held };
  const instance = dhanBroker.create({ credentials, endpoints }, {
    clock,
    random: { next: () => 0.5 },
    log: silentLog,
    gate: {
      run(slot, send) {
        slots.push(slot);
        return send();
      },
    },
    http: {
      async send(request) {
        requests.push(request);
        const answer = answers.shift() ?? new Error('nothing more is answered');
        if (answer instanceof Error) throw answer;
        const { status, body } =
          typeof answer === 'string' ? { status: 200, body: answer } : answer;
        return { status, headers: {}, body: new TextEncoder().encode(body) };
      },
      stream: () => Promise.reject(new Error('nothing is streamed')),
    },
  });
  const { auth } = instance;
  if (!auth?.renew) throw new Error('tokens cannot be had anew');
  const asked = (): string[] =>
    requests.map(({ method, url }) => `${method} ${url.split('?')[0]}`);
  return { ...instance, auth, renew: () => auth.renew!(), requests, slots, asked, clock };
}

const renewal = 'GET https://rest.example/v2/RenewToken';
const login = 'POST https://auth.example/app/generateAccessToken';

describe('the token', () => {
  it('tells when it ends, and where it was made', () => {
    expect(tokenClaims(ofSite)).toEqual({ expiresMs: endMs, consumer: 'SELF' });
    // Characters that only the URL's alphabet has.
    expect(tokenClaims(tokenOf({ exp: 1, note: '???>>>~~~' })).expiresMs).toBe(1_000);
  });

  it.each([
    '', 'an-opaque-token-of-the-broker', 'a.b.c', 'a.bnVsbA.c', 'a.!!!.c',
    tokenOf({ exp: 'soon', tokenConsumerType: 7 }), tokenOf({ exp: -1 }), tokenOf([]),
  ])('tells nothing when it is %s', (text) => {
    expect(tokenClaims(text)).toEqual({ expiresMs: null, consumer: undefined });
  });

  it('ends when it says so, else when the profile does', async () => {
    expect(setUp({}).auth.expiresMs()).toBe(endMs);
    const profile = JSON.stringify({ tokenValidity: '24/11/2026 15:37', dataPlan: 'Active' });
    const { auth, check } = setUp({ accessToken: 'an-opaque-token-of-the-broker' }, profile);
    expect(auth.expiresMs()).toBeNull();
    await check();
    expect(auth.expiresMs()).toBe(Date.parse('2026-11-24T15:37:00+05:30'));
  });
});

describe('a new token', () => {
  it('is had by renewing the one in use, with a GET and within the budget', async () => {
    const { renew, requests, asked, slots } = setUp({}, granted());
    expect(await renew()).toEqual({ credentials: { accessToken: fresh }, expiresMs: freshMs });
    expect(asked()).toEqual([renewal]);
    expect(requests[0]?.headers).toMatchObject({
      'access-token': ofSite, dhanclientid: '1000000001',
    });
    expect(slots).toEqual([{ class: 'account' }]);
  });

  it('is one whose end the answer tells, when it does not itself', async () => {
    const opaque = 'another-opaque-token-of-the-broker';
    const grant = await setUp({}, granted(opaque, '2026-11-25T09:30:00')).renew();
    expect(grant.expiresMs).toBe(Date.parse('2026-11-25T09:30:00+05:30'));
    expect((await setUp({}, granted(opaque, 'tomorrow')).renew()).expiresMs).toBeNull();
  });

  it.each([
    ['has ended', ended],
    ['was made by an app', ofApp],
  ])('is had by the TOTP at once when the token %s', async (_why, accessToken) => {
    const { renew, requests, asked, clock } = setUp(
      { accessToken, pin, totpSecret }, granted(),
    );
    expect((await renew()).credentials).toEqual({ accessToken: fresh });
    expect(asked()).toEqual([login]);
    const { searchParams } = new URL(requests[0]?.url ?? '');
    expect(Object.fromEntries(searchParams)).toEqual({
      dhanClientId: '1000000001', pin, totp: await totpAt(totpSecret, clock.wallMs()),
    });
    expect(requests[0]?.headers).not.toHaveProperty('access-token');
    expect(requests[0]?.body).toBeUndefined();
  });

  it.each([
    ['is dead', { status: 401, body: tradingError('DH-901', 'Invalid_Authentication') }],
    ['cannot be renewed', { status: 400, body: tradingError('DH-905', 'not allowed') }],
    ['may be dead by now', { status: 502, body: html }],
    ['has got an answer without another one', '{}'],
  ])('is had by the TOTP after all when the token %s', async (_why, answer) => {
    const { renew, asked } = setUp({ pin, totpSecret }, answer, granted());
    expect((await renew()).credentials).toEqual({ accessToken: fresh });
    expect(asked()).toEqual([renewal, login]);
  });

  it.each([
    [{ accessToken: ended }, 'the token has ended'],
    [{ accessToken: ofApp }, 'made at Dhan\'s site'],
    [{ accessToken: ended, pin }, 'no PIN and TOTP secret'],
    [{ accessToken: ended, totpSecret }, 'no PIN and TOTP secret'],
  ])('needs a person without a request: %o', async (held, words) => {
    const { renew, requests } = setUp(held);
    await expect(renew()).rejects.toMatchObject({
      kind: 'unauthenticated', message: expect.stringContaining(words),
    });
    expect(requests).toEqual([]);
  });

  it.each([
    [{ status: 401, body: dataError('807', 'expired') }, 'unauthenticated'],
    [{ status: 400, body: tradingError('DH-905', 'no') }, 'unauthenticated'],
    [{ status: 400, body: tradingError('DH-906', 'Invalid Token') }, 'unauthenticated'],
    [{ status: 403, body: '{}' }, 'fatal'],
    [{ status: 429, body: tradingError('DH-904', 'slow') }, 'throttled'],
    [{ status: 502, body: html }, 'retryable'],
    ['{"accessToken":7}', 'retryable'],
    [new StrikewireError({ kind: 'retryable', code: 'http_failed', message: 'x' }), 'retryable'],
  ])('that the broker answers with %o is %s without a TOTP', async (answer, kind) => {
    const { renew, asked } = setUp({}, answer);
    await expect(renew()).rejects.toMatchObject({ kind });
    expect(asked()).toEqual([renewal]);
  });

  it('is asked for no more where the broker says that it is too often', async () => {
    const throttled = { status: 429, body: tradingError('DH-904', 'slow') };
    const { renew, asked } = setUp({ pin, totpSecret }, throttled, granted());
    await expect(renew()).rejects.toMatchObject({ kind: 'throttled' });
    expect(asked()).toEqual([renewal]);
  });

  it.each([
    [{ status: 401, body: tradingError('DH-901', `no ${pin}`) }, 'unauthenticated'],
    [{ status: 400, body: tradingError('DH-905', `pin=${pin} is wrong`) }, 'unauthenticated'],
    [JSON.stringify({ status: 'error', message: `Invalid Pin ${pin}` }), 'unauthenticated'],
    ['{}', 'unauthenticated'],
    [{ status: 503, body: html }, 'retryable'],
  ])('is refused once, and nothing secret is told: %o', async (answer, kind) => {
    const { renew, asked } = setUp({ accessToken: ended, pin, totpSecret }, answer, granted());
    const error: unknown = await renew().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind });
    expect(asked()).toEqual([login]);
    const code = await totpAt(totpSecret, nowMs);
    expect(String(error)).not.toMatch(new RegExp(`${pin}|GEZD|${code}`));
  });
});

describe('the credentials', () => {
  const parse = (more: object) =>
    dhanBroker.credentials.safeParse({ clientId: '1000000001', accessToken: ofSite, ...more });

  it('do without PIN and TOTP secret, and take them as Dhan shows them', () => {
    expect(parse({}).success).toBe(true);
    expect(parse({ pin, totpSecret }).success).toBe(true);
    expect(parse({ pin, totpSecret: 'gezdgnbvgy3tqojq' }).success).toBe(true);
  });

  it.each([
    { pin: '48151' }, { pin: '48151x' }, { totpSecret: 'GEZDGNBV' },
    { totpSecret: 'GEZD GNBV GY3T QOJ1' }, { totpSecret: '123456' },
  ])('are refused with words of their own: %o', (more) => {
    const issues = parse(more).error?.issues ?? [];
    expect(issues.map(({ message }) => message)).toEqual([expect.stringMatching(/^needs the /)]);
  });
});
