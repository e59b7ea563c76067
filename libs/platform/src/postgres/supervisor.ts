import { setTimeout as wait } from 'node:timers/promises';
import { errorCodeOf, errorMessageOf, type Log } from '@strikewire/runtime';
import type { Postmaster } from './postmaster';
import { endPostmaster } from './processes';

/** A server that answers. It does not keep this process alive by itself. */
export interface RunningPostgres {
  /** `postgres://user:password@127.0.0.1:port/strikewire`; the user is the superuser. */
  readonly url: string;
  /** The server's process id; another one after it had to be started again. */
  readonly pid: number;
  /** Stops the server, in at most 7 s; a second call waits for the first. */
  stop(): Promise<void>;
}

/** How a server is looked after. */
export interface SupervisorOptions {
  readonly url: string;
  readonly log: Log;
  /** The end of the server's own log. */
  logTail(): Promise<string>;
  /** Starts the server again on the same data and port; resolves once it answers. */
  relaunch(): Promise<Postmaster>;
  /** After the last stop: nothing of the server is needed any more. */
  release(): Promise<void>;
  onLost(reason: string): void;
}

/** Before a server that ended is started again; twice as long each time, up to the second. */
const restartBaseMs = 500;
const restartMaxMs = 60_000;
/** A server that ran this long is well: the next pause is the shortest again. */
const steadyMs = 60_000;

/** Keeps a server running: starts it again, with growing pauses, whenever it ends by itself. */
export class Supervisor implements RunningPostgres {
  readonly url: string;
  private readonly options: SupervisorOptions;
  private readonly stopped = new AbortController();
  /** Undefined while it is down. */
  private server: Postmaster | undefined;
  private lastPid: number;
  private failures = 0;
  private recovering: Promise<void> = Promise.resolve();
  private stopping: Promise<void> | undefined;

  constructor(server: Postmaster, options: SupervisorOptions) {
    this.url = options.url;
    this.options = options;
    this.lastPid = server.pid;
    this.watch(server);
  }

  get pid(): number {
    return this.lastPid;
  }

  stop(): Promise<void> {
    return (this.stopping ??= this.end());
  }

  private watch(server: Postmaster): void {
    this.server = server;
    this.lastPid = server.pid;
    const steady = setTimeout(() => (this.failures = 0), steadyMs).unref();
    void server.ended.then(() => {
      clearTimeout(steady);
      server.unwatch();
      this.server = undefined;
      if (!this.stopping) this.recovering = this.recover();
    });
  }

  private async recover(): Promise<void> {
    const { log, logTail, relaunch, onLost } = this.options;
    let reason = `the database server ended unexpectedly:\n${await logTail()}`;
    while (!this.stopped.signal.aborted) {
      const waitMs = Math.min(restartMaxMs, restartBaseMs * 2 ** this.failures++);
      log.error('the database is down', { reason, waitMs });
      if (!(await this.pause(waitMs))) return;
      try {
        const server = await relaunch();
        log.info('the database is up again', { pid: server.pid });
        return this.watch(server);
      } catch (error) {
        if (errorCodeOf(error) === 'postgres_in_use') {
          return onLost(`${reason}\n${errorMessageOf(error)}`);
        }
        reason = errorMessageOf(error);
      }
    }
  }

  /** False when it was cut short by a stop. */
  private pause(ms: number): Promise<boolean> {
    const options = { ref: false, signal: this.stopped.signal };
    return wait(ms, true, options).catch(() => false);
  }

  private async end(): Promise<void> {
    this.stopped.abort();
    // A start that is under way is waited for: it would leave a server behind.
    await this.recovering;
    const { server } = this;
    if (server) {
      await endPostmaster(server.pid);
      server.unwatch();
    }
    await this.options.release();
  }
}
