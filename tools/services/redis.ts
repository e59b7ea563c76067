import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { findRedisBinary, type RedisBinary } from './redis-binary';

/** A Redis server of our own, which keeps nothing on disk. */
export interface TestRedis {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Ends it (SIGTERM when not told) and resolves when it is gone; a second call does nothing. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const launchesMax = 3;
const readyWithinMs = 60_000;
const pollMs = 20;

/**
 * Starts a private Redis server on a free port of 127.0.0.1, or on the given one, as the same
 * server would come back. It also ends when this process is gone, even killed.
 */
export async function startRedis({ port }: { port?: number } = {}): Promise<TestRedis> {
  const binary = await findRedisBinary();
  for (let launch = 1; ; launch++) {
    const server = await launchRedis(binary, port ?? (await freePort()));
    try {
      await answers(server);
      return server;
    } catch (error) {
      await server.stop('SIGKILL');
      // Another program may take the chosen port in the moment before the server binds it.
      if (port !== undefined || launch === launchesMax) throw error;
    }
  }
}

async function launchRedis({ path, env }: RedisBinary, port: number): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'strikewire-redis-'));
  const settings = { bind: '127.0.0.1', port, dir: folder, save: '', appendonly: 'no' };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(path, args, {
    stdio: 'ignore',
    cwd: folder,
    detached: true,
    env: { ...process.env, ...env },
  });
  const ended = once(child, 'exit');
  ended.catch(() => undefined);
  await once(child, 'spawn');
  child.unref();
  const pid = child.pid as number;
  const watcher = watchOver(pid, folder);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.ref();
      child.kill(signal);
      // A stopped process takes no other signal.
      if (signal !== 'SIGKILL') child.kill('SIGCONT');
      await ended;
    }
    watcher.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  };
  let ending: Promise<void> | undefined;
  const stop = (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => (ending ??= end(signal));
  return { url: `redis://127.0.0.1:${port}`, port, pid, stop };
}

/** A shell waits on a pipe that only we hold; the kernel closes it with us. */
const watchScript = 'cat >/dev/null; kill -KILL "$1"; rm -rf -- "$2"';

function watchOver(pid: number, folder: string): ChildProcess {
  const args = ['-c', watchScript, 'strikewire-redis-watch', String(pid), folder];
  const watcher = spawn('/bin/sh', args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  watcher.on('error', () => undefined);
  watcher.unref();
  (watcher.stdin as Socket | null)?.unref();
  return watcher;
}

/** Resolves once this very server answers; rejects when it does not in time. */
async function answers({ url, pid, port }: TestRedis): Promise<void> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    for (let waitedMs = 0; waitedMs < readyWithinMs; waitedMs += pollMs) {
      const info = await ask(client);
      if (info.includes(`process_id:${pid}\r`)) return;
      if (info !== '') throw new Error(`port ${port} is taken by another Redis`);
      await wait(pollMs);
    }
    throw new Error(`the Redis server gave no answer on port ${port}`);
  } finally {
    client.disconnect();
  }
}

async function ask(client: Redis): Promise<string> {
  try {
    if (client.status !== 'ready') await client.connect();
    return await client.info('server');
  } catch {
    // Not up yet.
    return '';
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
