import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { liveChainSchema } from '@strikewire/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually, signIn } from '../support/real-platform';

const root = join(import.meta.dirname, '../..');
/** Stopping is due in 5 s; a busy machine takes longer. */
const stopWithinMs = 30_000;
/** A start is due in some seconds; a busy machine takes longer. */
const startWithinMs = 120_000;

let stateDir = '';
let started: ChildProcess | undefined;
let output = '';
/** Of the admin, once it has signed in. */
let session: Record<string, string> = {};

beforeAll(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'strikewire-start-'));
  // A database server that root starts runs as another account, which has to get in.
  chmodSync(stateDir, 0o755);
});

afterEach(async () => {
  if (started?.exitCode === null && started.signalCode === null) {
    started.kill('SIGTERM');
    await once(started, 'exit');
  }
});

afterAll(() => rmSync(stateDir, { recursive: true, force: true }));

async function listening(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

/** Below what the system gives to whoever asks for any port: other tests do. */
const portsFrom = 20_000;
const portsTo = 30_000;
/** The simulator takes the next ports too, one for each broker. */
const simulatorPorts = 3;

/** A port for the platform, and one for the simulator with those behind it, all free just now. */
async function freePorts(): Promise<[number, number]> {
  const first = portsFrom + Math.floor(Math.random() * (portsTo - portsFrom));
  const wanted = Array.from({ length: simulatorPorts + 1 }, (_, index) => first + index);
  const free = await Promise.all(wanted.map(isFree));
  return free.every(Boolean) ? [first, first + 1] : freePorts();
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    await once(server.close(), 'close');
    return true;
  } catch {
    return false;
  }
}

/** The command itself, as `npm start` runs it, in the environment of somebody with no settings. */
function start(port: number, simulatorPort: number): ChildProcess {
  output = '';
  const { PATH, HOME } = process.env;
  started = spawn(process.execPath, ['tools/start.mjs'], {
    cwd: root,
    env: {
      PATH,
      HOME,
      PORT: String(port),
      SIMULATOR_PORT: String(simulatorPort),
      STRIKEWIRE_STATE_DIR: stateDir,
    },
  });
  const keep = (chunk: Buffer): void => void (output += chunk.toString());
  started.stdout?.on('data', keep);
  started.stderr?.on('data', keep);
  return started;
}

/** When the chain's calls last changed; undefined while there is none whose every call has. */
async function lastChanges(port: number): Promise<string[] | undefined> {
  const address = `http://127.0.0.1:${port}/api/optionchain/live?underlying=NIFTY`;
  const answer = await fetch(address, { headers: session }).catch(() => undefined);
  if (!answer?.ok) return undefined;
  const { strikes } = liveChainSchema.parse(await answer.json());
  const changes = strikes.map(({ CE }) => (CE.ltp === null ? null : CE.updatedAt));
  return changes.every((time) => time !== null) ? changes : undefined;
}

/** Signs in as the terminal says, and replaces the password that was made up. */
async function signInFirst(port: number): Promise<void> {
  const said = /shown this once\): (\S+) +(\S+)/.exec(output);
  const [, username = '', currentPassword = ''] = said ?? [];
  const base = `http://127.0.0.1:${port}`;
  const headers = await signIn(base, { username, password: currentPassword });
  const newPassword = 'chosen by somebody 1';
  const answer = await fetch(`${base}/api/auth/password`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ currentPassword, newPassword }),
  });
  expect(answer.status).toBe(200);
  session = await signIn(base, { username, password: newPassword });
}

/** Resolves once a whole chain is served, and then changes. */
async function untilLive(port: number, withinMs: number): Promise<void> {
  const first = await eventually(
    () => lastChanges(port),
    (changes) => changes !== undefined,
    withinMs,
  );
  await eventually(
    () => lastChanges(port),
    (changes) => changes !== undefined && String(changes) !== String(first),
  );
}

/** Breaches of its limits that the simulated broker has counted. */
async function violations(simulatorPort: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${simulatorPort}/_sim/violations`);
  return ((await answer.json()) as { total: number }).total;
}

/** Asks it to stop as Ctrl-C does; answers with its exit code and how long that took. */
async function interrupt(child: ChildProcess): Promise<{ code: number | null; tookMs: number }> {
  const askedMs = performance.now();
  child.kill('SIGINT');
  const [code] = (await once(child, 'exit')) as [number | null];
  return { code, tookMs: performance.now() - askedMs };
}

/** Ids of all processes that descend from this one, database workers included. */
function descendantsOf(pid: number | undefined): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const pairs = stdout.trim().split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const found = new Set([pid]);
  // Children come after their parents only mostly: once more until nothing is added.
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const [child, parent] of pairs) if (found.has(parent)) found.add(child);
  }
  return [...found].filter((one): one is number => one !== undefined && one !== pid);
}

function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-p', String(pid), '-o', 'stat='], { encoding: 'utf8' });
  const state = stdout.trim();
  return state !== '' && !state.startsWith('Z');
}

describe('npm start', () => {
  const long = { timeout: 600_000 };

  it('serves a live chain, ends whole on Ctrl-C, and keeps its state', long, async () => {
    const [port, simulatorPort] = await freePorts();
    const first = start(port, simulatorPort);
    const isWhole = (text: string): boolean => text.includes('Ctrl-C stops everything');
    await eventually(() => output, isWhole, startWithinMs);
    expect(output).toContain(`http://localhost:${port}`);
    await signInFirst(port);
    await untilLive(port, startWithinMs);
    expect(await violations(simulatorPort)).toBe(0);
    const family = descendantsOf(first.pid);
    // The simulator, the platform, and the database with its workers.
    expect(family.length).toBeGreaterThan(5);
    const { code, tookMs } = await interrupt(first);
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(stopWithinMs);
    // Whoever watches over the database ends a moment after it.
    await eventually(() => family.filter(isAlive), ({ length }) => length === 0);

    const second = start(port, simulatorPort);
    await untilLive(port, startWithinMs);
    expect(output).not.toContain('shown this once');
    expect(await violations(simulatorPort)).toBe(0);
    expect((await interrupt(second)).code).toBe(0);
  });

  it('says which port is taken, and leaves with code 1', async () => {
    const [port] = await freePorts();
    const taken = await listening();
    const [code] = (await once(start(port, taken.port), 'close')) as [number | null];
    taken.server.close();
    expect(code).toBe(1);
    expect(output).toMatch(new RegExp(`^Port ${taken.port} is already in use.*SIMULATOR_PORT=`));
  });
});
