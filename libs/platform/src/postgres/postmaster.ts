import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, rename, stat } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Binaries } from './binaries';
import type { Cluster } from './cluster';
import type { ServerUser } from './server-user';

/** A server log above this size is set aside at the next start; one such file is kept. */
const logBytesMax = 5 * 1024 * 1024;

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** Settles when the server ends, whoever ended it. */
  readonly ended: Promise<void>;
  /** Calls off the watcher, once the server is gone. */
  unwatch(): void;
}

export interface LaunchOptions {
  readonly binaries: Binaries;
  readonly user: ServerUser | undefined;
  readonly durable: boolean;
  /** A folder that the watcher removes after it had to end the server; for throw-away ones. */
  readonly disposable: string | undefined;
  /** Of 127.0.0.1; without one any that is free. */
  readonly port?: number;
}

/** Starts the server process; it is not ready yet. */
export async function launchPostmaster(
  cluster: Cluster,
  { binaries, user, durable, disposable, port: wanted }: LaunchOptions,
): Promise<Postmaster> {
  const port = wanted ?? (await freePort());
  const log = await openLog(cluster.log);
  // A process group of its own: Ctrl-C in a terminal reaches us alone, and we stop it in order.
  const child = spawn(join(binaries.folder, 'postgres'), serverArgs(cluster, port, durable), {
    stdio: ['ignore', log.fd, log.fd],
    cwd: '/',
    detached: true,
    ...user,
  });
  const ended = once(child, 'exit').then(() => undefined);
  ended.catch(() => undefined);
  try {
    await once(child, 'spawn');
  } finally {
    await log.close();
  }
  child.unref();
  const pid = child.pid as number;
  const unwatch = watchOver(pid, cluster, disposable);
  return { pid, port, ended, unwatch };
}

function serverArgs(cluster: Cluster, port: number, durable: boolean): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    // No socket file: nothing to leave behind, and no limit on the length of the path.
    unix_socket_directories: '',
    log_checkpoints: 'off',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', cluster.data, ...args];
}

/**
 * Ends the server when we are gone, even killed with -9: a shell waits on a pipe that only we
 * hold, and the kernel closes it with us. (If both are killed, the next start clears up.)
 * The lock file goes when the server has ended; its id may linger, unreaped, in a container.
 */
const watchScript = `
  cat >/dev/null
  kill -INT "$1"
  steps=0
  while [ -e "$2" ] && [ $steps -lt 50 ]; do sleep 0.1; steps=$((steps + 1)); done
  if [ -e "$2" ]; then kill -QUIT "$1"; fi
  if [ -n "$3" ]; then rm -rf -- "$3"; fi
`;

/** As root the watcher stays root: it has to signal the server and to remove the folder. */
function watchOver(pid: number, cluster: Cluster, disposable = ''): () => void {
  const lock = join(cluster.data, 'postmaster.pid');
  const args = ['-c', watchScript, 'strikewire-postgres-watch', String(pid), lock, disposable];
  const child = spawn('/bin/sh', args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  child.on('error', () => undefined);
  child.unref();
  (child.stdin as Socket | null)?.unref();
  return () => void child.kill('SIGKILL');
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

async function openLog(path: string): Promise<Awaited<ReturnType<typeof open>>> {
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined && found.size > logBytesMax) await rename(path, `${path}.1`);
  return open(path, 'a', 0o600);
}
