import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const here = dirname(fileURLToPath(import.meta.url));
let root = '';
let started: ChildProcess | undefined;
let output = '';

/** A program that notes its id and environment, says that it is ready, and stops when asked. */
const wellBehaved = (port: number): string => `
  import { renameSync, writeFileSync } from 'node:fs';
  const { pid, env } = process;
  const facts = import.meta.url.replace('file://', '') + '.json';
  writeFileSync(facts + '.part', JSON.stringify({ pid, env }));
  renameSync(facts + '.part', facts);
  console.log('up and well');
  setInterval(() => {}, 1000);
  process.on('SIGTERM', () => process.exit(0));
  process.send({ ready: true, port: ${port}, clientId: 'c-1', accessToken: 't-1' });
`;
const stubborn = `${wellBehaved(1)} process.removeAllListeners('SIGTERM');
  process.on('SIGTERM', () => {});`;
const broken = `console.error('no licence to trade'); process.exit(3);`;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'serve-spec-'));
  output = '';
});
afterEach(async () => {
  started?.kill('SIGKILL');
  await rm(root, { recursive: true, force: true });
});

function programPath(app: string): string {
  return join(root, 'apps', app, 'dist', 'main.js');
}

async function put(app: string, source: string): Promise<void> {
  await mkdir(dirname(programPath(app)), { recursive: true });
  await writeFile(join(root, 'package.json'), '{"type":"module"}');
  await writeFile(programPath(app), source);
}

interface Facts {
  pid: number;
  env: Record<string, string>;
}

async function factsOf(app: string): Promise<Facts> {
  return JSON.parse(await readFile(`${programPath(app)}.json`, 'utf8')) as Facts;
}

function serve(env: Record<string, string> = {}, shell = false): ChildProcess {
  const script =
    `import { serve } from ${JSON.stringify(join(here, 'serve.mjs'))};` +
    `import { settingsFrom } from ${JSON.stringify(join(here, 'settings.mjs'))};` +
    `process.exitCode = await serve(settingsFrom(process.env, ${JSON.stringify(root)}));`;
  const command = [process.execPath, '--input-type=module', '-e', script] as const;
  // The shell stays in between, as that of npm may.
  const inShell = ['sh', '-c', '"$@"; true', 'sh', ...command] as const;
  const [program, ...args] = shell ? inShell : command;
  const child = spawn(program, args, {
    env: { PATH: process.env['PATH'], SIMULATOR_PORT: '0', ...env },
  });
  const keep = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  started = child;
  return child;
}

async function until(text: string): Promise<void> {
  await expect.poll(() => output, { timeout: 30_000 }).toContain(text);
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  return ((await once(child, 'exit')) as [number | null])[0];
}

async function expectGone(pid: number): Promise<void> {
  const state = async (): Promise<string> => {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '0 (gone) Z');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
  };
  await expect.poll(state, { timeout: 30_000 }).toBe('Z');
}

describe('serve', () => {
  it('starts the simulator, tells the platform of it, and stops both on Ctrl-C', async () => {
    await put('market-simulator', wellBehaved(4321));
    await put('api', wellBehaved(3210));
    const child = serve({ DATABASE_URL: 'postgres://elsewhere' });
    await until('http://localhost:3210 with a simulated market (port 4321)');
    const api = await factsOf('api');
    const simulator = await factsOf('market-simulator');
    expect(api.env).toMatchObject({
      PORT: '3000',
      DATABASE_URL: 'postgres://elsewhere',
      STRIKEWIRE_STATE_DIR: join(root, '.strikewire'),
      DHAN_REST_URL: 'http://127.0.0.1:4321/v2',
      DHAN_FEED_URL: 'ws://127.0.0.1:4321',
      DHAN_DEPTH_URL: 'ws://127.0.0.1:4321/twentydepth',
      DHAN_ORDERS_URL: 'ws://127.0.0.1:4321/order-update',
      DHAN_MASTER_URL: 'http://127.0.0.1:4321/api-data/api-scrip-master-detailed.csv',
      DHAN_CLIENT_ID: 'c-1',
      DHAN_ACCESS_TOKEN: 't-1',
    });
    child.kill('SIGINT');
    expect(await exitOf(child)).toBe(0);
    await expectGone(api.pid);
    await expectGone(simulator.pid);
    const log = await readFile(join(root, '.strikewire', 'logs', 'platform.log'), 'utf8');
    expect(log).toContain('up and well');
  });

  it('gives both sides one account when the simulator names none', async () => {
    await put('market-simulator', wellBehaved(4321).replace(/, clientId.*'t-1'/, ''));
    await put('api', wellBehaved(3210));
    serve();
    await until('running at');
    const api = (await factsOf('api')).env;
    const simulator = (await factsOf('market-simulator')).env;
    expect(api['DHAN_CLIENT_ID']).toBe(simulator['SIM_CLIENT_ID']);
    expect(api['DHAN_ACCESS_TOKEN']).toBe(simulator['SIM_ACCESS_TOKEN']);
    expect(api['DHAN_ACCESS_TOKEN']).toHaveLength(33);
  });

  it('starts no simulator when the account of the real broker is given', async () => {
    await put('api', wellBehaved(3210));
    const child = serve({ DHAN_CLIENT_ID: 'me', DHAN_ACCESS_TOKEN: 'mine' });
    await until('with Dhan');
    const { env } = await factsOf('api');
    expect(env).toMatchObject({ DHAN_CLIENT_ID: 'me', DHAN_ACCESS_TOKEN: 'mine' });
    expect(env).not.toHaveProperty('DHAN_REST_URL');
    child.kill('SIGTERM');
    expect(await exitOf(child)).toBe(0);
  });

  it('shows the last lines of a program that cannot start, and stops the other', async () => {
    await put('market-simulator', wellBehaved(4321));
    await put('api', broken);
    const child = serve();
    expect(await exitOf(child)).toBe(1);
    expect(output).toContain('The platform ended: exit code 3');
    expect(output).toContain('no licence to trade');
    await expectGone((await factsOf('market-simulator')).pid);
  });

  it('tells which program died later, and stops the other', async () => {
    await put('market-simulator', wellBehaved(4321));
    await put('api', wellBehaved(3210));
    const child = serve();
    await until('running at');
    process.kill((await factsOf('market-simulator')).pid, 'SIGKILL');
    expect(await exitOf(child)).toBe(1);
    expect(output).toContain('The market simulator ended: SIGKILL');
    await expectGone((await factsOf('api')).pid);
  });

  it('kills what does not stop when asked', async () => {
    await put('market-simulator', stubborn);
    await put('api', stubborn);
    const child = serve();
    await until('running at');
    child.kill('SIGINT');
    expect(await exitOf(child)).toBe(0);
    await expectGone((await factsOf('api')).pid);
  });

  it('stops in the middle of a start', async () => {
    const silent = wellBehaved(1).replace(/process\.send\(.*\);/, '');
    await put('market-simulator', silent);
    await put('api', wellBehaved(3210));
    const child = serve();
    await until('Starting the market simulator');
    const written = (): boolean => existsSync(`${programPath('market-simulator')}.json`);
    await expect.poll(written, { timeout: 30_000 }).toBe(true);
    child.kill('SIGINT');
    expect(await exitOf(child)).toBe(0);
    expect(output).not.toContain('Starting the platform');
    await expectGone((await factsOf('market-simulator')).pid);
  });

  it('leaves nothing running when it is killed itself', async () => {
    await put('market-simulator', wellBehaved(4321));
    await put('api', wellBehaved(3210));
    const child = serve();
    await until('running at');
    child.kill('SIGKILL');
    await expectGone((await factsOf('api')).pid);
    await expectGone((await factsOf('market-simulator')).pid);
  });

  it('leaves nothing running when the npm that started it is killed', async () => {
    await put('market-simulator', wellBehaved(4321));
    await put('api', wellBehaved(3210));
    const shell = serve({ npm_lifecycle_event: 'start' }, true);
    await until('running at');
    shell.kill('SIGKILL');
    await expectGone((await factsOf('api')).pid);
    await expectGone((await factsOf('market-simulator')).pid);
  });
});
