import { describe, expect, it } from 'vitest';
import { createPinoLog, scrubText } from './pino-log';

const secret = 'S3CR3T-value';
const jwt = 'eyJhbGciOiJIUzUxMiJ9.eyJpc3MiOiJkaGFuIn0.c2lnbmF0dXJl';

/** One line as it is printed. */
function printed(message: string, facts?: Record<string, unknown>): string {
  let line = '';
  const log = createPinoLog('info', { write: (text) => void (line += text) });
  log.info(message, facts);
  return line;
}

describe('the log', () => {
  it('prints level, time, message and facts as one JSON object', () => {
    const facts = { chains: 17, day: '2026-11-24' };
    const line = JSON.parse(printed('chains built', facts));
    expect(line).toMatchObject({ level: 'info', msg: 'chains built', ...facts });
    expect(Number.isFinite(Date.parse(line.time))).toBe(true);
  });

  it('leaves out what lies below its level', () => {
    let text = '';
    const log = createPinoLog('warn', { write: (line) => void (text += line) });
    log.info('quiet');
    log.error('loud');
    expect(text).not.toContain('quiet');
    expect(text).toContain('loud');
  });

  it.each([
    ['password', { password: secret }],
    ['accessToken', { accessToken: secret }],
    ['a header', { headers: { 'access-token': secret, Authorization: `Bearer ${secret}` } }],
    ['a cookie', { request: { headers: { cookie: secret } } }],
    ['many levels down', { a: { b: { c: { d: { refresh_token: secret } } } } }],
    ['in a list', { accounts: [{ id: 1, pin: secret, totp: secret, apiKey: secret }] }],
    ['an address', { url: `wss://feed.example/?version=2&token=${secret}&clientId=1` }],
    ['an address further down', { request: { url: `https://x.example/?pin=${secret}` } }],
    ['an address of a database', { url: `postgres://user:${secret}@127.0.0.1:5432/db` }],
    ['an error', { error: new Error(`could not open wss://x/?token=${secret}`) }],
    ['a web token in a text', { reason: `the broker said: ${jwt} is no good` }],
  ])('prints *** for a secret: %s', (_where, facts) => {
    const line = printed('event', facts);
    expect(line).toContain('***');
    expect(line).not.toContain(secret);
    expect(line).not.toContain(jwt);
  });

  it('scrubs the message as well, and nothing that is no secret', () => {
    expect(printed(`opening wss://x/?token=${secret}&v=2`)).toContain('?token=***&v=2');
    const facts = { requestId: 'r-1', tokens: 5, list: [1, { a: null }], flag: true };
    expect(JSON.parse(printed('event', facts))).toMatchObject(facts);
    expect(scrubText('http://127.0.0.1:3000/api?underlying=NIFTY')).toBe(
      'http://127.0.0.1:3000/api?underlying=NIFTY',
    );
  });

  it('survives a circle and leaves the caller\'s facts alone', () => {
    const facts: Record<string, unknown> = { password: secret };
    facts['self'] = facts;
    expect(printed('event', facts)).not.toContain(secret);
    expect(facts['password']).toBe(secret);
  });
});
