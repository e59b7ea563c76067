import { errorBodySchema } from '@strikewire/contracts';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getRaw, sendRaw } from '../support/raw-http';
import { startRealPlatform, type RealPlatform } from '../support/real-platform';

const hidden = 'what nobody may read';
const folder = mkdtempSync(join(tmpdir(), 'strikewire-files-'));
let platform: RealPlatform;

beforeAll(async () => {
  mkdirSync(join(folder, 'console/assets'), { recursive: true });
  mkdirSync(join(folder, 'console-beside'));
  writeFileSync(join(folder, 'console/index.html'), '<title>Strikewire</title>');
  writeFileSync(join(folder, 'console/assets/app.js'), 'export {};');
  writeFileSync(join(folder, 'console-beside/secret.txt'), hidden);
  writeFileSync(join(folder, 'secret.txt'), hidden);
  platform = await startRealPlatform({
    env: { STRIKEWIRE_CONSOLE_DIR: join(folder, 'console') },
  });
});

afterAll(async () => {
  await platform?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function refusalOf(path: string, body: string): Promise<[status: number, code: string]> {
  const headers = { 'content-type': 'application/json' };
  const answer = await platform.fetch(path, { method: 'POST', headers, body });
  return [answer.status, errorBodySchema.parse(await answer.json()).error.code];
}

const json = (value: unknown): string => JSON.stringify(value);
const user = { username: 'somebody', name: 'x', role: 'viewer' };

describe.each(['/api/users', '/api/auth/sign-in', '/api/auth/step-up', '/api/accounts/check'])(
  'a body for %s',
  (path) => {
    it.each<[what: string, body: string, refusal: [number, string]]>([
      ['of 300 KB', json({ a: 'x'.repeat(300 * 1024) }), [413, 'body_too_large']],
      ['of 20 MB', json({ a: 'x'.repeat(20 * 1024 * 1024) }), [413, 'body_too_large']],
      ['nested 17 deep', '['.repeat(17) + ']'.repeat(17), [400, 'body_too_deep']],
      ['nested 50,000 deep', '['.repeat(5e4) + ']'.repeat(5e4), [400, 'body_too_deep']],
      ['of objects 9,000 deep', `${'{"a":'.repeat(9e3)}1${'}'.repeat(9e3)}`,
        [400, 'body_too_deep']],
      ['of a long list', json({ a: new Array(10_001).fill(0) }), [400, 'body_too_long']],
      ['of many fields', json(Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [i, i]))),
        [400, 'body_too_long']],
      ['with a prototype', '{"__proto__":{"role":"admin"}}', [400, 'body_malformed']],
      ['with a deep prototype', '{"a":{"__proto__":{}}}', [400, 'body_malformed']],
      ['that is no JSON', '{"a":', [400, 'body_malformed']],
      ['that is a list', json([user]), [400, 'invalid_request']],
      ['that is a text', json('x'), [400, 'invalid_request']],
      ['with a field too many', json({ ...user, admin: true }), [400, 'invalid_request']],
      ['with half a character', '{"name":"a\\ud800"}', [400, 'invalid_request']],
    ])('%s is refused', async (_what, body, refusal) => {
      // A body that is far too large may be cut off while it is being sent.
      const cut = ['EPIPE', 'ECONNRESET', 'UND_ERR_SOCKET'];
      const refused = await refusalOf(path, body).catch((error: { cause?: { code?: string } }) => [
        413, cut.includes(error.cause?.code ?? '') ? 'body_too_large' : String(error),
      ]);
      expect(refused).toEqual(refusal);
    });
  },
);

describe('a request that two programs could read as two', () => {
  it.each<[what: string, lines: string[]]>([
    ['two lengths', ['Content-Length: 2', 'Content-Length: 3']],
    ['length and chunks', ['Content-Length: 2', 'Transfer-Encoding: chunked']],
    ['chunks of another kind', ['Transfer-Encoding: xchunked']],
    ['a folded header', ['X-A: 1', ' 2', 'Content-Length: 2']],
    ['a space before the colon', ['Content-Length : 2']],
  ])('is refused: %s', async (_what, lines) => {
    const head = ['POST /api/auth/sign-in HTTP/1.1', 'Host: localhost', ...lines];
    const { status } = await sendRaw(platform.url(''), `${head.join('\r\n')}\r\n\r\n{}`);
    expect(status).toBe(400);
  });
});

describe('files', () => {
  it('are those of the console', async () => {
    expect((await getRaw(platform.url(''), '/assets/app.js')).body).toContain('export {}');
    expect((await getRaw(platform.url(''), '/index.html')).body).toContain('Strikewire');
  });

  it.each([
    '/../secret.txt', '/assets/../../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt',
    '/assets/..%2f..%2fsecret.txt', '/%252e%252e/secret.txt', '/..\\secret.txt',
    '/..%5csecret.txt', '/assets/%2e%2e%5c%2e%2e%5csecret.txt', '//secret.txt',
    '/../console-beside/secret.txt', '/..%2fconsole-beside%2fsecret.txt',
    '/assets/app.js%00.txt', '/%00', '/assets/./../../secret.txt',
    `/${folder}/secret.txt`, '/etc/passwd', '//etc/passwd', '/file:///etc/passwd',
    '/assets/....//....//secret.txt', '/..;/secret.txt', '/%c0%ae%c0%ae/secret.txt',
  ])('beside them are not to be had by %s', async (path) => {
    const { status, body } = await getRaw(platform.url(''), path);
    expect([path, [400, 403, 404].includes(status)]).toEqual([path, true]);
    expect(body).not.toContain(hidden);
    expect(body).not.toContain('root:');
  });
});

describe('an export', () => {
  const head = async (query: string): Promise<string> => {
    const answer = await platform.fetch(`/api/activity/export${query}`);
    return `${answer.status} ${answer.headers.get('content-disposition')}`;
  };

  it('is named by us', async () => {
    expect(await head('')).toBe('200 attachment; filename="activity.csv"');
    expect(await head('?format=ndjson')).toBe('200 attachment; filename="activity.ndjson"');
  });

  it.each(['../../etc/passwd', 'csv/../../x', 'csv%0d%0ax-injected:%201', 'csv%00', '"; x="'])(
    'is of no other kind: %s',
    async (format) => expect(await head(`?format=${format}`)).toBe('400 null'),
  );

  it.each(['file=x', 'filename=../x', 'path=/etc/passwd', 'format=csv&format=ndjson'])(
    'takes no name: %s',
    async (query) => expect(await head(`?${query}`)).toBe('400 null'),
  );
});
