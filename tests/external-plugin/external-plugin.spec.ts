import { readdirSync, symlinkSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createSeededRandom } from '@strikewire/runtime';
import { createNodeClock, serveSite, type ServedSite } from '@strikewire/runtime/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../tools/lib/root.mjs';
import { generateBroker } from '../../tools/new-broker/generate.mjs';
import { createTestDatabase, type TestDatabase } from '../../tools/services/database';
import { admin, signIn } from '../support/real-platform';
import { createPluginFolder, type PluginFolder } from './plugin-folder';
import { ScriptedBroker } from './example/scripted-broker.mjs';

const exampleFiles = 'node_modules/strikewire-broker-example';
let folder: PluginFolder;

beforeAll(async () => {
  folder = await createPluginFolder();
}, 300_000);

afterAll(() => folder.remove());

describe('a plugin in a folder of its own', () => {
  it('has installed the packages of the contract and zod, and nothing else', () => {
    const names = readdirSync(join(folder.path, 'node_modules')).filter((one) => one[0] !== '.');
    expect(names).toEqual(['@strikewire', 'strikewire-broker-example', 'zod']);
    expect(readdirSync(join(folder.path, 'node_modules/@strikewire')))
      .toEqual(['broker', 'contracts', 'market-data', 'runtime']);
  });

  it('passes the conformance kit there', async () => {
    const { code, output } = await folder.node(`${exampleFiles}/run-conformance.mjs`);
    const [summary = ''] = output.split('\n');
    expect([summary, code]).toEqual([
      'example, contract 1: 102 passed, 0 failed, 43 skipped', 0,
    ]);
  });

  it('begins as a generated package, which compiles against what is installed', async () => {
    await generateBroker({ id: 'acme', folder: join(folder.path, 'acme'), isAlone: true });
    // Types of Node and the compiler are the workspace's: the plugin needs them to be written only.
    await mkdir(join(folder.path, 'node_modules/@types'));
    symlinkSync(join(root, 'node_modules/@types/node'),
      join(folder.path, 'node_modules/@types/node'));
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const compiled = await folder.node(compiler, '-p', 'acme/tsconfig.json');
    expect([compiled.output, compiled.code]).toEqual(['', 0]);
    const { code, output } = await folder.node('acme/dist/testing/run-conformance.js', 'B01');
    expect(output).toContain('[broker-acme] marketData.underlyings is not written yet');
    expect(code).toBe(1);
  });
});

describe('a platform that is told of the plugin', () => {
  let database: TestDatabase;
  let site: ServedSite;
  let api: Awaited<ReturnType<PluginFolder['startApi']>>;
  let headers: Record<string, string>;

  beforeAll(async () => {
    database = await createTestDatabase();
    const broker = new ScriptedBroker(createNodeClock(), createSeededRandom(1));
    site = await serveSite(broker.site, { host: '127.0.0.1', port: 0, bodyBytesMax: 100_000 });
    api = await folder.startApi({
      PORT: '0',
      DATABASE_URL: database.url,
      STRIKEWIRE_STATE_DIR: join(folder.path, 'state'),
      STRIKEWIRE_ADMIN_PASSWORD: admin.password,
      STRIKEWIRE_PLUGINS: 'strikewire-broker-example',
      EXAMPLE_REST_URL: `http://127.0.0.1:${site.port}`,
      EXAMPLE_FEED_URL: `ws://127.0.0.1:${site.port}/feed`,
    });
    headers = await signIn(`http://127.0.0.1:${api.port}`, admin);
  }, 120_000);

  afterAll(async () => {
    await api.stop();
    await site.close();
    await database.drop();
  });

  const ask = async (path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${api.port}${path}`, {
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    });
    return answer.json();
  };

  it('lists it with the fields of its form', async () => {
    const { brokers } = await ask('/api/brokers') as { brokers: { id: string }[] };
    expect(brokers.find(({ id }) => id === 'example')).toMatchObject({
      label: 'Example Broker',
      exchanges: ['NSE'],
      fields: [
        {
          name: 'login', label: 'Login', kind: 'text', secret: false, required: true,
          patternHelp: 'needs 3 to 20 small letters',
        },
        { name: 'accessToken', kind: 'text', secret: true, required: true, charsMin: 8 },
        { name: 'desk', kind: 'choice', required: false, choices: ['mumbai', 'pune'] },
      ],
    });
  });

  it('tests connections by it, and understands its errors', async () => {
    const check = (accessToken: string): Promise<unknown> => ask('/api/accounts/check', {
      broker: 'example', credentials: { login: 'somebody', accessToken },
    });
    expect(await check('a-good-token')).toMatchObject({ ok: true });
    expect(await check('a-wrong-token')).toMatchObject({ ok: false });
  });

  it('takes no credentials that its form refuses', async () => {
    expect(await ask('/api/accounts/check', {
      broker: 'example', credentials: { login: 'NOBODY', accessToken: 'a-good-token' },
    })).toMatchObject({ error: { message: expect.stringContaining('small letters') } });
  });
});
