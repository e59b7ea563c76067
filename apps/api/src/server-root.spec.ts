import fastify from 'fastify';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { serveConsole } from './console-files';
import { addRootRoute, prefersPage } from './server-root';

const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

describe('prefersPage', () => {
  it.each([
    [browser, true],
    ['text/html', true],
    ['text/*', true],
    ['TEXT/HTML; Q=1', true],
    ['text/html, application/json', true],
    ['application/json;q=0.5, text/html;q=0.6', true],
    ['*/*, application/json;q=0.1', true],
    [undefined, false],
    ['', false],
    ['*/*', false],
    ['application/json', false],
    ['application/json, text/html', false],
    ['application/json, text/plain, */*', false],
    ['text/html;q=0.1, application/json', false],
    ['text/html;q=0, */*;q=0.1', false],
    ['text/html;q=nonsense', false],
    ['image/png', false],
  ])('%s: %s', (accept, expected) => {
    expect(prefersPage(accept)).toBe(expected);
  });
});

describe('GET /', () => {
  const wallMs = (): number => Date.parse('2026-11-24T20:00:00Z');
  type Parts = Parameters<typeof addRootRoute>[1];
  const parts = (isReady: boolean) =>
    ({ clock: { wallMs }, health: { isReady: () => isReady } }) as Parts;

  it('is the console to a browser, and a few words to programs', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'strikewire-console-'));
    writeFileSync(join(dir, 'index.html'), '<title>console</title>');
    const server = fastify();
    const hasConsole = await serveConsole(server, dir);
    addRootRoute(server, { ...parts(true), hasConsole }, (error) => Promise.reject(error));
    const page = await server.inject({ url: '/', headers: { accept: browser } });
    expect([page.statusCode, page.body]).toEqual([200, '<title>console</title>']);
    expect(page.headers).toMatchObject({ vary: 'accept', 'cache-control': 'no-cache' });
    const head = await server.inject({ method: 'HEAD', url: '/', headers: { accept: browser } });
    expect([head.statusCode, head.headers['content-type'], head.body]).toEqual([
      200, page.headers['content-type'], '',
    ]);
    const words = await server.inject({ url: '/', headers: { accept: '*/*' } });
    // In India it is the next day already.
    expect(words.json()).toEqual({ status: 'ok', service: 'strikewire', date: '2026-11-25' });
    await server.close();
    rmSync(dir, { recursive: true });
  });

  it('is words to a browser too where there is no console, also while it starts', async () => {
    const server = fastify();
    addRootRoute(server, { ...parts(false), hasConsole: false }, (error) => Promise.reject(error));
    const answer = await server.inject({ url: '/', headers: { accept: browser } });
    expect(answer.json()).toMatchObject({ status: 'starting', service: 'strikewire' });
    await server.close();
  });
});
