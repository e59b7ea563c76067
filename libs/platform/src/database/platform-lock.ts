import { errorMessageOf, sleep, StrikewireError, type Clock, type Log } from '@strikewire/runtime';
import { Client } from 'pg';
import { endWhenSilent } from './silent-server';

/** What a platform needs to have a database to itself. */
export interface PlatformLockOptions {
  url: string;
  clock: Clock;
  log: Log;
  /** Another process has the database by now: this one has to stop. */
  onLost(): void;
  /** How long another process is waited for, which may be stopping; 10,000 when not given. */
  waitMs?: number;
  /** How often the connection is tried; 5,000 when not given. */
  beatMs?: number;
}

/** A database that no other platform uses meanwhile. */
export interface PlatformLock {
  release(): Promise<void>;
}

/** Any two numbers, the same for every version. */
const lockId = '1398035017, 1';
const retryMs = 250;
const connectTimeoutMs = 10_000;
const silentMs = 10_000;

/**
 * Takes the database for this process. Two platforms on one database would each go on with what
 * they remember, and spend the same budgets twice. The lock is a session's: the server lets it go
 * when the process ends, however it ends. Rejects (`fatal`) when another process keeps it.
 */
export async function takePlatformLock(options: PlatformLockOptions): Promise<PlatformLock> {
  const keeper = new LockKeeper(options);
  await keeper.take();
  return keeper;
}

/** A backend of the server; its number may be given out again, the time of its start not. */
interface Backend {
  pid: number;
  startedAt: string;
}

class LockKeeper implements PlatformLock {
  private readonly options: PlatformLockOptions;
  private client: Client | undefined;
  private own: Backend | undefined;
  private isReleased = false;

  constructor(options: PlatformLockOptions) {
    this.options = options;
  }

  async take(): Promise<void> {
    const { clock, log, waitMs = 10_000 } = this.options;
    const endMono = clock.monoMs() + waitMs;
    const client = await this.connect();
    try {
      for (let turn = 0; !(await this.tryLock(client)); turn++) {
        if (clock.monoMs() >= endMono) throw inUse();
        if (turn === 0) log.info('another platform has the database; waiting for it to stop');
        await sleep(clock, retryMs);
      }
    } catch (error) {
      await end(client);
      throw error;
    }
    this.keep(client);
  }

  async release(): Promise<void> {
    this.isReleased = true;
    if (this.client) await end(this.client);
  }

  private async connect(): Promise<Client> {
    const client = new Client({
      connectionString: this.options.url,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
    });
    // What was asked rejects as well; without a listener it would end the process.
    client.on('error', (error) =>
      this.options.log.debug('the connection of the lock ended', { reason: error.message }),
    );
    await client.connect();
    endWhenSilent(client, silentMs);
    return client;
  }

  private async tryLock(client: Client): Promise<boolean> {
    const { rows } = await client.query<{ isTaken: boolean }>(
      `select pg_try_advisory_lock(${lockId}) as "isTaken"`,
    );
    if (!rows[0]?.isTaken) return false;
    const sql = `select pid, backend_start::text as "startedAt" from pg_stat_activity
      where pid = pg_backend_pid()`;
    this.own = (await client.query<Backend>(sql)).rows[0];
    return true;
  }

  /** Watches the connection that has the lock. */
  private keep(client: Client): void {
    this.client = client;
    const { clock, beatMs = 5_000 } = this.options;
    const lose = (): void => {
      if (this.client !== client || this.isReleased) return;
      this.client = undefined;
      void this.regain();
    };
    const beat = (): void => {
      if (this.client !== client || this.isReleased) return;
      // A network that drops everything closes nothing: only who asks finds out.
      client.query('select 1').then(() => clock.after(beatMs, beat), lose);
    };
    client.once('end', lose);
    clock.after(beatMs, beat);
  }

  /** After a loss: as soon as the server is there, unless another process was faster. */
  private async regain(): Promise<void> {
    const { clock, log, onLost } = this.options;
    while (!this.isReleased) {
      try {
        if (await this.again()) return;
        log.error('another platform has taken the database: this one stops');
        onLost();
        return;
      } catch (error) {
        log.debug('the lock is not back yet', { reason: errorMessageOf(error) });
        await sleep(clock, 4 * retryMs);
      }
    }
  }

  /** Whether it is ours again; false when another process has it. */
  private async again(): Promise<boolean> {
    const client = await this.connect();
    try {
      await endStale(client, this.own);
      const isOurs = await this.tryLock(client);
      if (isOurs && !this.isReleased) this.keep(client);
      else await end(client);
      return isOurs;
    } catch (error) {
      await end(client);
      throw error;
    }
  }
}

/** A server that has not noticed the loss keeps the lock for a connection that is no more. */
async function endStale(client: Client, own: Backend | undefined): Promise<void> {
  if (own === undefined) return;
  await client.query(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity
     where pid = $1 and backend_start::text = $2`,
    [own.pid, own.startedAt],
  );
}

async function end(client: Client): Promise<void> {
  await client.end().catch(() => undefined);
}

function inUse(): StrikewireError {
  return new StrikewireError({
    kind: 'fatal',
    code: 'database_in_use',
    message:
      'another platform runs on this database: stop it first, or give this one a database of ' +
      'its own (DATABASE_URL)',
  });
}
