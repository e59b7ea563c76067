import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tools/services/database';

// Some start the API several times, which takes long on a busy machine.
vi.setConfig({ testTimeout: 400_000 });
const main = join(import.meta.dirname, '../../apps/api/dist/main.js');
const password = 'a password for tests only';
const masterKey = randomBytes(32).toString('base64');
let database: TestDatabase;
let stateDir: string;

beforeEach(async () => {
  database = await createTestDatabase();
  stateDir = mkdtempSync(join(tmpdir(), 'strikewire-start-'));
});

afterEach(async () => {
  await database.drop();
  rmSync(stateDir, { recursive: true, force: true });
});

/** Starts the API; once it serves it is stopped. Resolves with what it printed. */
function run(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [main], {
    env: {
      PATH, PORT: '0', DATABASE_URL: database.url, STRIKEWIRE_STATE_DIR: stateDir,
      STRIKEWIRE_LOG_LEVEL: 'debug', ...env,
    },
  });
  let output = '';
  let isServing = false;
  const take = (chunk: Buffer): void => {
    output += chunk.toString();
    if (isServing || !output.includes('"serving"')) return;
    isServing = true;
    child.kill('SIGTERM');
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

const production = {
  NODE_ENV: 'production',
  STRIKEWIRE_MASTER_KEY: masterKey,
  STRIKEWIRE_ADMIN_PASSWORD: password,
};

describe('in production', () => {
  it('starts with a master key and a first password, and leaves no key in a file', async () => {
    const { code, output } = await run(production);
    expect(output).toContain('"serving"');
    expect(code).toBe(0);
    // What it leaves is the newest entry of the activity log, and nothing that opens anything.
    expect(readdirSync(stateDir)).toEqual(['activity.head']);
    expect(readFileSync(join(stateDir, 'activity.head'), 'utf8')).not.toContain(masterKey);
    expect(output).not.toContain(password);
    expect(output).not.toContain(masterKey);
    // From then on the first password is not needed any more.
    const again = await run({ NODE_ENV: 'production', STRIKEWIRE_MASTER_KEY: masterKey });
    expect(again.output).toContain('"serving"');
  });

  it('does not start without a master key, and says how to make one', async () => {
    const { code, output } = await run({ ...production, STRIKEWIRE_MASTER_KEY: '' });
    expect(code).toBe(1);
    expect(output).toContain('STRIKEWIRE_MASTER_KEY is not set: in production it must be given');
    expect(readdirSync(stateDir)).toEqual([]);
  });

  it.each(['too-short', `${masterKey}AAAA`])(
    'does not start with a master key that is none, and does not show it: %s',
    async (key) => {
      const { code, output } = await run({ ...production, STRIKEWIRE_MASTER_KEY: key });
      expect(code).toBe(1);
      expect(output).toContain('STRIKEWIRE_MASTER_KEY');
      expect(output).not.toContain(key);
    },
  );

  it('does not start for the first time without a password of the admin', async () => {
    const { code, output } = await run({ ...production, STRIKEWIRE_ADMIN_PASSWORD: '' });
    expect(code).toBe(1);
    expect(output).toContain('STRIKEWIRE_ADMIN_PASSWORD is not set: the first start in production');
    expect(output).not.toContain('First sign-in');
  });

  it.each(['short', 'aaaaaaaaaaaaaaaa'])(
    'does not start for the first time with a bad password, and does not show it: %s',
    async (bad) => {
      const { code, output } = await run({ ...production, STRIKEWIRE_ADMIN_PASSWORD: bad });
      expect(code).toBe(1);
      expect(output).toMatch(/STRIKEWIRE_ADMIN_PASSWORD|newPassword/);
      expect(output).not.toContain(bad);
    },
  );
});

describe('another master key than before', () => {

  it('is refused with a clear line, in production and in development', async () => {
    expect((await run(production)).code).toBe(0);
    const other = randomBytes(32).toString('base64');
    for (const mode of ['production', 'development']) {
      const env = { ...production, NODE_ENV: mode, STRIKEWIRE_MASTER_KEY: other };
      const { code, output } = await run(env);
      expect([mode, code]).toEqual([mode, 1]);
      expect(output).toMatch(/the master key \S+ is not the one that sealed the secrets/);
      expect(output).not.toContain(other);
      expect(output).not.toContain('"serving"');
    }
    expect((await run(production)).code).toBe(0);
  });

  it('is refused when the key file of development is lost', async () => {
    const development = { STRIKEWIRE_ADMIN_PASSWORD: password };
    expect((await run(development)).code).toBe(0);
    for (const name of readdirSync(stateDir)) rmSync(join(stateDir, name), { recursive: true });
    const { code, output } = await run(development);
    expect(code).toBe(1);
    expect(output).toMatch(/is not the one that sealed the secrets/);
  });
});
