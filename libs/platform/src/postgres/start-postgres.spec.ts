import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { silentLog } from '@strikewire/runtime';
import { Client } from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { isAlive, waitForEnd } from './processes';
import { startPostgres, type PostgresOptions } from './start-postgres';
import type { RunningPostgres } from './supervisor';

const isRoot = process.getuid?.() === 0;
const running: RunningPostgres[] = [];
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
  await Promise.all(folders.splice(0).map((path) => rm(path, { recursive: true, force: true })));
});

async function newFolder(mode = 0o755): Promise<string> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'postgres-spec-'));
  await chmod(folder, mode);
  folders.push(folder);
  return folder;
}

async function start(options: Partial<PostgresOptions>): Promise<RunningPostgres> {
  const server = await startPostgres({ durable: false, log: silentLog, ...options });
  running.push(server);
  return server;
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('startPostgres', () => {
  it('runs a real server that stop ends, folder included', async () => {
    const server = await start({});
    const place = await ask(server.url, 'show data_directory');
    const { data_directory: data } = place[0] as { data_directory: string };
    expect(existsSync(data)).toBe(true);
    await server.stop();
    expect(await isAlive(server.pid)).toBe(false);
    expect(existsSync(dirname(data))).toBe(false);
  });

  it('keeps the data over a restart, with fsync on when durable', async () => {
    const dataDir = join(await newFolder(), 'a', 'postgres');
    const first = await start({ dataDir, durable: true });
    expect(await ask(first.url, 'show fsync')).toEqual([{ fsync: 'on' }]);
    await ask(first.url, 'create table kept as select 7 as n');
    await first.stop();
    const second = await start({ dataDir, durable: true });
    expect(await ask(second.url, 'select n from kept')).toEqual([{ n: 7 }]);
  });

  it('wants the password', async () => {
    const { url } = await start({});
    const wrong = url.replace(/:[0-9a-f]+@/, ':guess@');
    await expect(ask(wrong, 'select 1')).rejects.toThrow(/password authentication failed/);
  });

  it('refuses a database that a live process owns, and leaves it running', async () => {
    const dataDir = await newFolder();
    const first = await start({ dataDir });
    await expect(start({ dataDir })).rejects.toMatchObject({ code: 'postgres_in_use' });
    expect(await ask(first.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('stops a server that outlived its owner, tells the loser, and starts anew', async () => {
    const dataDir = await newFolder();
    let lost = '';
    const first = await start({ dataDir, onLost: (reason) => (lost = reason) });
    await ask(first.url, 'create table kept as select 1 as n');
    const gone = { pid: 2 ** 22 + 1, startedAt: '0' };
    await writeFile(join(dataDir, 'owner.json'), JSON.stringify(gone));
    const second = await start({ dataDir });
    expect(await isAlive(first.pid)).toBe(false);
    expect(await ask(second.url, 'select n from kept')).toEqual([{ n: 1 }]);
    await expect.poll(() => lost, { timeout: 45_000 }).toContain('ended unexpectedly');
    expect(lost).toContain('is in use');
  });

  it('starts over a lock file left by a crash of the machine', async () => {
    const dataDir = await newFolder();
    await (await start({ dataDir })).stop();
    await writeFile(join(dataDir, 'cluster', 'postmaster.pid'), `${process.pid}\n${dataDir}\n`);
    const { url } = await start({ dataDir });
    expect(await ask(url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('says which version made a database that these binaries cannot read', async () => {
    const dataDir = await newFolder();
    await (await start({ dataDir })).stop();
    await writeFile(join(dataDir, 'cluster', 'PG_VERSION'), '9\n');
    await expect(start({ dataDir })).rejects.toThrow(/made by PostgreSQL 9/);
  });

  it('rejects with the end of the log when the server does not come up', async () => {
    const dataDir = await newFolder();
    await (await start({ dataDir })).stop();
    await writeFile(join(dataDir, 'cluster', 'postgresql.conf'), 'nonsense = 1\n');
    await expect(start({ dataDir })).rejects.toThrow(/nonsense/);
  });

  it.runIf(isRoot)('goes elsewhere when root asks for a closed folder', async () => {
    const dataDir = join(await newFolder(0o700), 'postgres');
    const { url } = await start({ dataDir });
    folders.push(await realpath(dataDir));
    expect(await ask(url, 'select 1 as n')).toEqual([{ n: 1 }]);
    await running[0]?.stop();
    const again = await start({ dataDir });
    expect(await ask(again.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    expect((await stat(join(dataDir, 'cluster'))).uid).toBe(65_534);
  });
});

describe('when it is killed', () => {
  it('comes back at the same address with its data, as often as it is killed', async () => {
    const dataDir = await newFolder();
    const server = await start({ dataDir, durable: true });
    await ask(server.url, 'create table kept as select 7 as n');
    const pids = new Set([server.pid]);
    for (let kill = 1; kill <= 2; kill++) {
      const { pid } = server;
      process.kill(pid, 'SIGKILL');
      await expect.poll(() => server.pid, { timeout: 45_000 }).not.toBe(pid);
      pids.add(server.pid);
      expect(await ask(server.url, 'select n from kept')).toEqual([{ n: 7 }]);
    }
    expect(pids.size).toBe(3);
    await server.stop();
    expect(await isAlive(server.pid)).toBe(false);
  });

  it('is tried again until it can start, and stop ends that', async () => {
    const dataDir = await newFolder();
    const waits: unknown[] = [];
    const error = (_message: string, facts = {}): void =>
      void waits.push((facts as { waitMs?: number }).waitMs);
    const server = await start({ dataDir, log: { ...silentLog, error } });
    await rename(join(dataDir, 'cluster'), join(dataDir, 'away'));
    process.kill(server.pid, 'SIGKILL');
    await expect.poll(() => waits.length, { timeout: 45_000 }).toBeGreaterThanOrEqual(3);
    expect(waits.slice(0, 3)).toEqual([500, 1_000, 2_000]);
    expect(existsSync(join(dataDir, 'cluster'))).toBe(false);
    await server.stop();
    const { length } = waits;
    await rename(join(dataDir, 'away'), join(dataDir, 'cluster'));
    const { url } = await start({ dataDir });
    expect(await ask(url, 'select 1 as n')).toEqual([{ n: 1 }]);
    expect(waits).toHaveLength(length);
  });
});

describe('when its owner is killed', () => {
  async function startOwner(dataDir?: string): Promise<{ owner: ChildProcess } & RunningPostgres> {
    const module = join(dirname(fileURLToPath(import.meta.url)), 'start-postgres.ts');
    const script =
      `import { startPostgres } from ${JSON.stringify(module)};` +
      `const log = { debug() {}, info() {}, warn() {}, error() {} };` +
      `const options = { ...${JSON.stringify({ dataDir })}, durable: false, log };` +
      `startPostgres(options).then(({ pid, url }) => process.send({ pid, url }));` +
      `process.on('message', () => {});`;
    const owner = spawn(process.execPath, ['--import', 'tsx', '-e', script], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const [server] = (await once(owner, 'message')) as [RunningPostgres];
    return { ...server, owner };
  }

  it('ends the server and removes its throw-away folder', async () => {
    const { owner, pid, url } = await startOwner();
    const [row] = (await ask(url, 'show data_directory')) as [{ data_directory: string }];
    const place = dirname(row.data_directory);
    expect(existsSync(place)).toBe(true);
    owner.kill('SIGKILL');
    expect(await waitForEnd(pid, 45_000)).toBe(true);
    await expect.poll(() => existsSync(place), { timeout: 45_000 }).toBe(false);
  });

  it('leaves a database that the next start opens', async () => {
    const dataDir = await newFolder();
    const { owner } = await startOwner(dataDir);
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    const { url } = await start({ dataDir });
    expect(await ask(url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });
});
