import { errorMessageOf, StrikewireError, type Clock, type Log } from '@strikewire/runtime';
import { Redis, type RedisOptions } from 'ioredis';
import { scrubText } from '../log/pino-log';

/** A connection that is kept up for ever, and whose commands fail at once while it is not. */
export interface RedisLink {
  readonly client: Redis;
  isUp(): boolean;
  /** Called each time the connection is there, from now on. */
  onUp(listener: () => void): void;
  /** Resolves to whether it came up within that time. */
  ready(withinMs: number): Promise<boolean>;
  /**
   * Sends commands. Every failure is `retryable`: `redis_unavailable` when it may not have been
   * received (told within 2 s), `redis_refused` when Redis said no.
   */
  ask<T>(command: (client: Redis) => Promise<T>): Promise<T>;
  /** One more connection to the same server, whose commands wait until it is up. */
  patientConnection(): Redis;
  close(): Promise<void>;
}

/** Where Redis is, and who is told when it goes away. */
export interface RedisLinkOptions {
  /** `redis://` or `rediss://`; its password is never logged. */
  url: string;
  clock: Clock;
  log: Log;
}

/** Without an answer for so long a command has failed, and the connections are given up with it. */
const commandWithinMs = 1_500;
/** How often the connection is asked for a sign of life; it also has so long to come up. */
const beatMs = 5_000;
const connectWithinMs = 5_000;
const reconnectMaxMs = 2_000;
const quitWithinMs = 500;
/** Each kind of job listens to the connection for itself. */
const listenersMax = 1_000;

/** Reconnects for ever; waits at most two seconds in between. */
const retryStrategy = (times: number): number => Math.min(reconnectMaxMs, 50 * 2 ** times);

/** Opens the connection; it is not up yet. Throws (`invalid`) when the address is none. */
export function openRedis({ url, clock, log }: RedisLinkOptions): RedisLink {
  checkUrl(url);
  const client = new Redis(url, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: commandWithinMs,
    connectTimeout: connectWithinMs,
    retryStrategy,
  });
  client.setMaxListeners(listenersMax);
  const watch = watchLink(client, clock, log);
  const connections = [client];
  const ask = async <T>(command: (client: Redis) => Promise<T>): Promise<T> => {
    if (!watch.isUp()) throw unavailable('it is not connected');
    try {
      return await command(client);
    } catch (error) {
      if (errorMessageOf(error) === 'Command timed out') connections.forEach(cut);
      throw failureOf(error);
    }
  };
  const stopBeat = startBeat(client, clock, async () => {
    if (watch.isUp()) await ask(() => client.ping()).catch(() => undefined);
  });
  return {
    client,
    isUp: watch.isUp,
    onUp: (listener) => void client.on('ready', listener),
    ready: (withinMs) => waitForReady(client, clock, withinMs),
    ask,
    patientConnection() {
      const connection = client.duplicate(patient);
      connection.setMaxListeners(listenersMax);
      connection.on('error', () => undefined);
      connections.push(connection);
      return connection;
    },
    async close() {
      stopBeat();
      watch.stop();
      if (watch.isUp()) await quit(client, clock);
      client.disconnect();
    },
  };
}

/** What the job queue asks of connections on which it waits. */
const patient = {
  enableOfflineQueue: true,
  autoResendUnfulfilledCommands: true,
  maxRetriesPerRequest: null,
  enableReadyCheck: false,
  commandTimeout: undefined,
} as Partial<RedisOptions>;

interface LinkWatch {
  isUp(): boolean;
  stop(): void;
}

/** Tells the log of each loss once, and of each return once. */
function watchLink(client: Redis, clock: Clock, log: Log): LinkWatch {
  let up = false;
  let stopped = false;
  let awaySinceMs: number | undefined;
  let reason = 'the connection was closed';
  const away = (): void => {
    up = false;
    if (stopped || awaySinceMs !== undefined) return;
    awaySinceMs = clock.monoMs();
    log.warn('Redis is away', { reason });
  };
  client.on('ready', () => {
    up = true;
    reason = 'the connection was closed';
    if (awaySinceMs === undefined) return log.info('Redis is up');
    log.info('Redis is back', { awayMs: Math.round(clock.monoMs() - awaySinceMs) });
    awaySinceMs = undefined;
  });
  client.on('error', (error) => (reason = reasonOf(error)));
  client.on('close', away);
  client.on('end', away);
  return { isUp: () => up, stop: () => (stopped = true) };
}

/**
 * A server that hangs, or a network that drops everything, closes nothing: only asking tells. What
 * was not up between two beats is cut too, for the next try.
 */
function startBeat(client: Redis, clock: Clock, ask: () => Promise<void>): () => void {
  let last: Redis['stream'] | undefined;
  const beat = (): void => {
    if (client.status !== 'ready' && client.stream === last) cut(client);
    last = client.stream;
    void ask();
    timer = clock.after(beatMs, beat);
  };
  let timer = clock.after(beatMs, beat);
  return () => timer.cancel();
}

/** Ends a connection without waiting for the other side; it is then made anew. */
function cut({ stream }: Redis): void {
  (stream as Redis['stream'] | undefined)?.destroy();
}

function waitForReady(client: Redis, clock: Clock, withinMs: number): Promise<boolean> {
  if (client.status === 'ready') return Promise.resolve(true);
  return new Promise((resolve) => {
    const ready = (): void => {
      timer.cancel();
      resolve(true);
    };
    const timer = clock.after(withinMs, () => {
      client.off('ready', ready);
      resolve(false);
    });
    client.once('ready', ready);
  });
}

async function quit(client: Redis, clock: Clock): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = clock.after(quitWithinMs, resolve);
    const done = (): void => {
      timer.cancel();
      resolve();
    };
    client.quit().then(done, done);
  });
}

/** The library's own errors carry the command with its arguments, so none is kept as a cause. */
function failureOf(error: unknown): StrikewireError {
  const { name, message } = error as Error;
  if (name === 'ReplyError') {
    return new StrikewireError({
      kind: 'retryable',
      code: 'redis_refused',
      message: `Redis refused a command: ${scrubText(message)}`,
    });
  }
  return unavailable(reasonOf(error));
}

function unavailable(reason: string): StrikewireError {
  const message = `Redis is away: ${reason}`;
  return new StrikewireError({ kind: 'retryable', code: 'redis_unavailable', message });
}

/** An address that resolves to several fails with several errors, and no text of its own. */
function reasonOf(error: unknown): string {
  const text = errorMessageOf(error) || String((error as { code?: unknown }).code);
  return scrubText(text);
}

function checkUrl(url: string): void {
  const { protocol } = URL.canParse(url) ? new URL(url) : { protocol: '' };
  if (protocol === 'redis:' || protocol === 'rediss:') return;
  throw new StrikewireError({
    kind: 'invalid',
    code: 'redis_url_invalid',
    message: 'the address of Redis has to be redis://host:port or rediss://host:port',
  });
}
