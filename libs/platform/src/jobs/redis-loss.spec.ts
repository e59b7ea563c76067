import {
  createMemoryStateStore,
  silentLog,
  type JobOptions,
  type Log,
  type StateStore,
} from '@strikewire/runtime';
import { createNodeClock } from '@strikewire/runtime/node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the way to it is one too
import { openFlakyPath } from '../../../../tools/services/flaky-path';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's Redis is a tool
import { startRedis, type TestRedis } from '../../../../tools/services/redis';
import { createBullJobs } from './bull-jobs';
import { withMemoryFallback } from './memory-fallback';
import { openStateAndJobs, type StateAndJobs } from './open-state-and-jobs';
import { openRedis } from './redis-link';

const clock = createNodeClock();
const once: JobOptions = { attempts: 1, backoffMs: 0 };
const away = { kind: 'retryable', code: 'redis_unavailable' };
const patience = { timeout: 45_000, interval: 20 };

/** Remembers what it is told, as text. */
function recordingLog(): Log & { lines: string[]; count(message: string): number } {
  const lines: string[] = [];
  const write = (message: string, facts = {}): void => {
    lines.push(`${message} ${JSON.stringify(facts)}`);
  };
  const count = (message: string): number =>
    lines.filter((line) => line.startsWith(message)).length;
  return { debug() {}, info: write, warn: write, error: write, lines, count };
}

describe('when Redis goes away', () => {
  let server: TestRedis;
  let log: ReturnType<typeof recordingLog>;
  let opened: StateAndJobs;

  const lose = async (): Promise<void> => {
    await server.stop('SIGKILL');
    await vi.waitFor(() => expect(opened.redis?.isUp()).toBe(false), patience);
  };
  const bringBack = async (): Promise<void> => {
    server = await startRedis({ port: server.port });
    await vi.waitFor(() => expect(opened.redis?.isUp()).toBe(true), patience);
  };

  beforeEach(async () => {
    server = await startRedis();
    log = recordingLog();
    opened = await openStateAndJobs({ redisUrl: server.url, clock, log });
  });
  afterEach(async () => {
    await opened.close();
    await server.stop();
  });

  it('is up at once when it is there', () => {
    expect(opened.redis?.isUp()).toBe(true);
  });

  it('refuses state while it is away, and goes on when it is back', async () => {
    const { state } = opened;
    await state.set('k', 'v');
    await lose();
    await expect(state.get('k')).rejects.toMatchObject(away);
    await expect(state.set('k', 'w')).rejects.toMatchObject(away);
    await expect(state.delete('k')).rejects.toMatchObject(away);
    await expect(state.increment('n', 1_000)).rejects.toMatchObject(away);
    await bringBack();
    await state.set('k', 'x');
    expect(await state.get('k')).toBe('x');
  });

  it('tells the log of the loss once and of the return once', async () => {
    await lose();
    await new Promise<void>((resolve) => clock.after(500, resolve));
    await bringBack();
    expect(log.count('Redis is away')).toBe(1);
    expect(log.count('Redis is back')).toBe(1);
  });

  it('keeps jobs that are added meanwhile, and hands them over in order', async () => {
    const { jobs } = opened;
    const seen: unknown[] = [];
    jobs.handle('outbox', async (data) => void seen.push(data));
    await jobs.add('outbox', 0, once);
    await vi.waitFor(() => expect(seen).toEqual([0]), patience);
    await lose();
    for (let n = 1; n <= 50; n++) await jobs.add('outbox', n, once);
    await jobs.add('outbox', 'twin', { ...once, id: 'twin' });
    await jobs.add('outbox', 'twin', { ...once, id: 'twin' });
    await expect(jobs.counts()).rejects.toMatchObject(away);
    await bringBack();
    const expected = [...Array.from({ length: 51 }, (_, n) => n), 'twin'];
    await vi.waitFor(() => expect(seen).toEqual(expected), patience);
  });

  it('ends a job whose queue was lost under it, and does later ones', async () => {
    const { jobs } = opened;
    const done: unknown[] = [];
    let allow = (): void => undefined;
    const allowed = new Promise<void>((resolve) => (allow = resolve));
    let isRunning = false;
    jobs.handle('interrupted', async (data) => {
      isRunning = true;
      if (data === 'first') await allowed;
      done.push(data);
    });
    await jobs.add('interrupted', 'first', once);
    await vi.waitFor(() => expect(isRunning).toBe(true), patience);
    await lose();
    allow();
    await jobs.add('interrupted', 'second', once);
    await bringBack();
    await vi.waitFor(() => expect(done).toEqual(['first', 'second']), patience);
  });

  it('answers within two seconds when Redis hangs, and notices when it goes on', async () => {
    const { state, jobs } = opened;
    process.kill(server.pid, 'SIGSTOP');
    const startMs = clock.monoMs();
    await expect(state.get('k')).rejects.toMatchObject(away);
    await expect(state.get('k')).rejects.toMatchObject(away);
    await jobs.add('hung', 1, once);
    // Several fold of what is promised: the machine may be busy.
    expect(clock.monoMs() - startMs).toBeLessThan(20_000);
    await vi.waitFor(() => expect(opened.redis?.isUp()).toBe(false), patience);
    process.kill(server.pid, 'SIGCONT');
    await vi.waitFor(() => expect(opened.redis?.isUp()).toBe(true), patience);
    await vi.waitFor(async () => {
      expect((await jobs.counts())['hung']).toMatchObject({ waiting: 1 });
    }, patience);
  });

  it('goes on with the jobs in Redis when only the way to it was cut', async () => {
    const path = await openFlakyPath(server.url);
    const far = await openStateAndJobs({ redisUrl: path.url, prefix: 'far', clock, log });
    const started: unknown[] = [];
    const done: unknown[] = [];
    let allow = (): void => undefined;
    const allowed = new Promise<void>((resolve) => (allow = resolve));
    far.jobs.handle('far', async (data) => {
      started.push(data);
      if (data === 0) await allowed;
      done.push(data);
    });
    for (const n of [0, 1, 2]) await far.jobs.add('far', n, once);
    await far.jobs.add('far', 'delayed', { ...once, delayMs: 100 });
    await vi.waitFor(() => expect(started).toEqual([0]), patience);
    await path.cut();
    await far.jobs.add('far', 3, once);
    allow();
    await path.restore();
    await vi.waitFor(async () => {
      const none = { waiting: 0, active: 0, delayed: 0, failed: 0 };
      expect((await far.jobs.counts())['far']).toEqual(none);
    }, patience);
    expect([...done].sort()).toEqual([0, 1, 2, 3, 'delayed']);
    await far.close();
    await path.close();
  });

  it('notices by itself when Redis hangs', async () => {
    process.kill(server.pid, 'SIGSTOP');
    await vi.waitFor(() => expect(opened.redis?.isUp()).toBe(false), patience);
    process.kill(server.pid, 'SIGCONT');
    await vi.waitFor(() => expect(opened.redis?.isUp()).toBe(true), patience);
  });

  it('stops while it is away, also with a job that runs and one that waits', async () => {
    const { jobs } = opened;
    let allow = (): void => undefined;
    const allowed = new Promise<void>((resolve) => (allow = resolve));
    let isRunning = false;
    jobs.handle('stopping', async () => {
      isRunning = true;
      await allowed;
    });
    await jobs.add('stopping', 1, once);
    await vi.waitFor(() => expect(isRunning).toBe(true), patience);
    await lose();
    await jobs.add('stopping', 2, once);
    const closing = opened.close();
    allow();
    await closing;
    expect(log.lines.filter((line) => line.startsWith('jobs are lost'))).toEqual([
      'jobs are lost: the queue was away until the stop {"count":1,"names":["stopping"]}',
    ]);
  });
});

describe('without Redis at the start', () => {
  it('goes on, keeps up to the most jobs, and uses it when it comes', async () => {
    const server = await startRedis();
    const { port, url } = server;
    await server.stop();
    const redis = openRedis({ url, clock, log: silentLog });
    const jobs = createBullJobs({ redis, prefix: 'p', clock, log: silentLog, outboxMax: 3 });
    const seen: unknown[] = [];
    jobs.handle('early', async (data) => void seen.push(data));
    expect(await redis.ready(50)).toBe(false);
    for (let n = 0; n < 3; n++) await jobs.add('early', n, once);
    const over = jobs.add('early', 'over', once);
    await expect(over).rejects.toMatchObject({ kind: 'throttled', code: 'jobs_outbox_full' });
    const late = await startRedis({ port });
    await vi.waitFor(() => expect(seen).toEqual([0, 1, 2]), patience);
    await jobs.stop();
    await redis.close();
    await late.stop();
  });

  it('opens degraded, and closes', async () => {
    const server = await startRedis();
    await server.stop();
    const log = recordingLog();
    const opened = await openStateAndJobs({ redisUrl: server.url, clock, log });
    opened.jobs.handle('idle', async () => undefined);
    expect(opened.redis?.isUp()).toBe(false);
    await expect(opened.state.get('k')).rejects.toMatchObject(away);
    await opened.close();
    expect(log.count('Redis is away')).toBe(1);
  });

  it('refuses an address that is none, without telling it', async () => {
    const redisUrl = 'http://user:geheim@example.org';
    const opening = openStateAndJobs({ redisUrl, clock, log: silentLog });
    await expect(opening).rejects.toMatchObject({ kind: 'invalid', code: 'redis_url_invalid' });
    await expect(opening).rejects.not.toThrow(/geheim/);
  });
});

describe('a Redis with another password', () => {
  it('counts as away, and the password is not told', async () => {
    const server = await startRedis();
    const admin = openRedis({ url: server.url, clock, log: silentLog });
    await admin.ready(30_000);
    await admin.client.config('SET', 'requirepass', 'the-right-one');
    const log = recordingLog();
    const redisUrl = `redis://:the-wrong-one@127.0.0.1:${server.port}`;
    const wrong = await openStateAndJobs({ redisUrl, clock, log });
    expect(wrong.redis?.isUp()).toBe(false);
    const error: unknown = await wrong.state.get('k').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject(away);
    expect(`${String(error)} ${log.lines.join('\n')}`).not.toMatch(/the-(wrong|right)-one/);
    await wrong.close();
    await admin.close();
    await server.stop();
  });
});

describe('a process that is killed in the middle of a job', () => {
  it('leaves it to another', async () => {
    const server = await startRedis();
    const open = (): { jobs: ReturnType<typeof createBullJobs>; end: () => Promise<void> } => {
      const redis = openRedis({ url: server.url, clock, log: silentLog });
      const jobs = createBullJobs({ redis, prefix: 'p', clock, log: silentLog, lockMs: 300 });
      const end = async (): Promise<void> => {
        await jobs.stop();
        await redis.close();
      };
      return { jobs, end };
    };
    const [first, second] = [open(), open()];
    // As Bull leaves it: taken from the list, with no lock that is renewed.
    await first.jobs.add('orphan', 'left', once);
    const client = openRedis({ url: server.url, clock, log: silentLog });
    await client.ready(30_000);
    const [wait, active] = ['p:jobs:orphan:wait', 'p:jobs:orphan:active'];
    await vi.waitFor(async () => {
      expect(await client.client.rpoplpush(wait, active)).toBeTruthy();
    }, patience);
    const seen: unknown[] = [];
    second.jobs.handle('orphan', async (data, attempt) => void seen.push([data, attempt]));
    await vi.waitFor(() => expect(seen).toEqual([['left', 1]]), patience);
    await Promise.all([first.end(), second.end(), client.close()]);
    await server.stop();
  });
});

describe('withMemoryFallback', () => {
  const memory = (): StateStore => createMemoryStateStore(clock, { entriesMax: 100 });

  it('goes on counting while the store is away, and never tells less than before', async () => {
    const store = memory();
    let isAway = false;
    const flaky = new Proxy(store, {
      get: (target, name: keyof StateStore) =>
        isAway
          ? () => Promise.reject(Object.assign(new Error('away'), { kind: 'retryable' }))
          : target[name],
    });
    const log = recordingLog();
    const both = withMemoryFallback(flaky, memory(), log);
    expect((await both.increment('n', 60_000)).count).toBe(1);
    expect((await both.increment('n', 60_000)).count).toBe(2);
    isAway = true;
    expect((await both.increment('n', 60_000)).count).toBe(3);
    expect(await both.get('n')).toBe('3');
    await both.set('k', 'v');
    expect(await both.get('k')).toBe('v');
    isAway = false;
    expect((await both.increment('n', 60_000)).count).toBe(4);
    isAway = true;
    await both.delete('n');
    expect(await both.get('n')).toBeUndefined();
    const told = log.lines.map((line) => line.replace(/ \{.*/, ''));
    expect(told).toEqual([
      'state is kept in memory',
      'state is shared again',
      'state is kept in memory',
    ]);
  });

  it('does not hide a request that is wrong', async () => {
    const both = withMemoryFallback(memory(), memory(), silentLog);
    await expect(both.get('')).rejects.toMatchObject({ kind: 'invalid' });
  });
});
