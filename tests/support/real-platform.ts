import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mallocEnvironment } from '../../tools/lib/malloc.mjs';
import { createTestDatabase } from '../../tools/services/database';

const root = join(import.meta.dirname, '../..');
/** Far more than either takes: a busy machine is no reason to fail. */
const readyWithinMs = 90_000;
const stopWithinMs = 45_000;
const account = { clientId: '1000000001', accessToken: 'strikewire-test-access-token' };

/** The admin of every platform that is started here. */
export const admin = { username: 'admin', password: 'a password for tests only' };

/** A built application as a process of its own. */
export interface RunningApp {
  port: number;
  /** Of a simulator: one for each broker, by its name. */
  ports: Readonly<Record<string, number>>;
  /** Everything it has printed. */
  output(): string;
  /** True once it has ended without being asked to. */
  hasFallen(): boolean;
  /** Ends it with a signal; resolves with its exit code, null when it had to be killed. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

interface ReadyMessage {
  ready?: boolean;
  port: number;
  ports?: Record<string, number>;
}

function startApp(
  name: string,
  env: Record<string, string>,
  file = join(root, `apps/${name}/dist/main.js`),
): Promise<RunningApp> {
  const child = fork(file, [], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...mallocEnvironment, ...process.env, ...env },
  });
  let output = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  child.stderr?.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void =>
      reject(new Error(`${name} did not start: ${reason}\n${output.slice(-2_000)}`));
    const timer = setTimeout(() => fail('no ready message'), readyWithinMs);
    child.once('exit', (code) => fail(`exit code ${code}`));
    child.on('message', (message: ReadyMessage) => {
      if (!message.ready) return;
      clearTimeout(timer);
      const { port, ports = {} } = message;
      let isAsked = false;
      const stop = (signal?: NodeJS.Signals): Promise<number | null> => {
        isAsked ||= !hasEnded(child);
        return end(child, signal);
      };
      const hasFallen = (): boolean => !isAsked && hasEnded(child);
      resolve({ port, ports, output: () => output, hasFallen, stop });
    });
  });
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  if (hasEnded(child)) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
    child.once('exit', (code) => {
      clearTimeout(timer);
      resolve(code);
    });
    child.kill(signal);
  });
}

export interface RealPlatformOptions {
  ticksPerSecond?: number;
  /** Shares beside the indices: few, unless told; nothing is built of them. */
  stocks?: number;
  /** What is served until a test saves rules: the three indices, unless told. */
  universe?: 'full' | 'indices';
  /** Runs the database of its own too, instead of one of the test server's. */
  hasOwnDatabase?: boolean;
  /** Settings of the API beyond those of every test. */
  env?: Record<string, string>;
  /** A copy of the built API, which finds packages of its own beside it. */
  apiFile?: string;
  /** What the simulator is told before the API starts. */
  prepare?(sim: RealPlatform['sim']): Promise<void>;
}

/** The running pair. */
export interface RealPlatform {
  readonly api: RunningApp;
  readonly simulator: RunningApp;
  /** Where the API keeps the data of its own database. */
  readonly stateDir: string;
  /** An address of the API. */
  url(path: string): string;
  socketUrl(): string;
  /** Headers of the signed-in admin. */
  readonly headers: Record<string, string>;
  /** A request of the admin, to a path of the API. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Calls `/_sim/…`; with a body it is a POST, unless another method is given. */
  sim(path: string, body?: unknown, method?: string): Promise<unknown>;
  /** Stops the API and starts it again, on another port, with the same state. */
  restartApi(): Promise<void>;
  /** Ends both; rejects on any breach of a broker's limit, and when the API fell meanwhile. */
  stop(): Promise<void>;
}

/** The built simulator and API over real sockets, with a database of their own. */
export async function startRealPlatform(
  options: RealPlatformOptions = {},
): Promise<RealPlatform> {
  const simulator = await startApp('market-simulator', {
    SIMULATOR_PORT: '0',
    SIM_TICKS_PER_SECOND: String(options.ticksPerSecond ?? 2_000),
    SIM_STOCKS: String(options.stocks ?? 10),
    SIM_CLIENT_ID: account.clientId,
    SIM_ACCESS_TOKEN: account.accessToken,
  });
  const database = options.hasOwnDatabase ? undefined : await createTestDatabase();
  const stateDir = mkdtempSync(join(tmpdir(), 'strikewire-state-'));
  const broker = `127.0.0.1:${simulator.port}`;
  const { upstox, openalgo } = simulator.ports;
  const startApi = (port = 0): Promise<RunningApp> =>
    startApp('api', {
      PORT: String(port),
      DATABASE_URL: database?.url ?? '',
      STRIKEWIRE_STATE_DIR: stateDir,
      STRIKEWIRE_ADMIN_PASSWORD: admin.password,
      STRIKEWIRE_REQUESTS_PER_MINUTE: '1000000',
      STRIKEWIRE_UNIVERSE: options.universe ?? 'indices',
      DHAN_CLIENT_ID: account.clientId,
      DHAN_ACCESS_TOKEN: account.accessToken,
      DHAN_REST_URL: `http://${broker}/v2`,
      DHAN_FEED_URL: `ws://${broker}`,
      DHAN_DEPTH_URL: `ws://${broker}/twentydepth`,
      DHAN_ORDERS_URL: `ws://${broker}/order-update`,
      DHAN_MASTER_URL: `http://${broker}/api-data/api-scrip-master-detailed.csv`,
      DHAN_AUTH_URL: `http://${broker}`,
      UPSTOX_REST_URL: `http://127.0.0.1:${upstox}`,
      UPSTOX_ORDERS_URL: `http://127.0.0.1:${upstox}`,
      UPSTOX_INSTRUMENTS_URL: `http://127.0.0.1:${upstox}/market-quote/instruments/exchange`,
      OPENALGO_REST_URL: `http://127.0.0.1:${openalgo}`,
      OPENALGO_FEED_URL: `ws://127.0.0.1:${openalgo}`,
      ...options.env,
    }, options.apiFile);
  const sim: RealPlatform['sim'] = (path, body, method) =>
    callSimulator(simulator.port, path, { body, method });
  await options.prepare?.(sim);
  let api = await startApi();
  const url = (path: string): string => `http://127.0.0.1:${api.port}${path}`;
  const headers = await signIn(url(''), admin);
  return {
    headers,
    fetch: (path, init = {}) =>
      fetch(url(path), { ...init, headers: { ...headers, ...(init.headers as object) } }),
    simulator,
    stateDir,
    get api() {
      return api;
    },
    url,
    socketUrl: () => `ws://127.0.0.1:${api.port}/ws`,
    sim,
    /** At the same address, as clients that reconnect need it. */
    async restartApi() {
      await api.stop();
      api = await startApi(api.port);
    },
    async stop() {
      const broken = (await sim('violations')) as { total: number };
      const trouble = troubleOf(api, broken);
      await api.stop();
      await simulator.stop();
      await database?.drop();
      rmSync(stateDir, { recursive: true, force: true });
      if (trouble) throw new Error(trouble);
    },
  };
}

/** What went wrong, whatever the test was about; undefined: nothing. */
function troubleOf(app: RunningApp, broken: { total: number }): string | undefined {
  if (app.hasFallen()) return `the API ended by itself:\n${app.output().slice(-4_000)}`;
  // Plugins may be broken on purpose.
  const unheard = app.output().split('\n')
    .filter((line) => line.includes('nobody waited for') && !line.includes('on purpose'));
  if (unheard.length > 0) return `promises failed unheard:\n${unheard.join('\n')}`;
  return broken.total > 0 ? `limits were broken: ${JSON.stringify(broken)}` : undefined;
}

/** Signs in at a platform; resolves with the headers of the session. */
export async function signIn(
  base: string,
  who: { username: string; password: string },
): Promise<{ cookie: string }> {
  const answer = await fetch(`${base}/api/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(who),
  });
  if (!answer.ok) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`);
  const [cookie = ''] = (answer.headers.get('set-cookie') ?? '').split(';');
  return { cookie };
}

async function callSimulator(
  port: number,
  path: string,
  { body, method }: { body: unknown; method: string | undefined },
): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${port}/_sim/${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`/_sim/${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/**
 * Asks until the condition holds; rejects after `withinMs`, far more than anything takes on a busy
 * machine, with what was last seen.
 */
export async function eventually<T>(
  look: () => T | Promise<T>,
  holds: (value: T) => boolean,
  withinMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    if (Date.now() > deadline) {
      throw new Error(`not within ${withinMs} ms: ${JSON.stringify(value)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
