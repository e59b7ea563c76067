import {
  createMemoryJobs,
  errorKindOf,
  silentLog,
  sleep,
  type JobOptions,
  type Jobs,
} from '@strikewire/runtime';
import { createNodeClock } from '@strikewire/runtime/node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's Redis is a tool
import { testRedis } from '../../../../tools/services/test-redis';
import { createBullJobs } from './bull-jobs';
import { openRedis } from './redis-link';

const clock = createNodeClock();
const log = silentLog;
const jobsMax = 20;
const once: JobOptions = { attempts: 1, backoffMs: 0 };
const patience = { timeout: 30_000, interval: 10 };

interface Opened {
  jobs: Jobs;
  close(): Promise<void>;
}

async function openMemory(): Promise<Opened> {
  const jobs = createMemoryJobs({ clock, log, jobsMax });
  return { jobs, close: () => jobs.stop() };
}

async function openInRedis(): Promise<Opened> {
  const { url, prefix } = await testRedis();
  const redis = openRedis({ url, clock, log });
  await redis.ready(30_000);
  const jobs = createBullJobs({ redis, prefix, clock, log, jobsMax });
  const close = async (): Promise<void> => {
    await jobs.stop();
    await redis.close();
  };
  return { jobs, close };
}

/** A promise and what settles it. */
function gate(): { opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

describe.each([
  ['in process', openMemory],
  ['in Redis', openInRedis],
])('jobs %s', (_where, open) => {
  let opened: Opened;
  let jobs: Jobs;

  beforeEach(async () => {
    opened = await open();
    ({ jobs } = opened);
  });
  afterEach(() => opened.close());

  it('hands over the data, as it was when it was added', async () => {
    const seen: unknown[] = [];
    jobs.handle('echo', async (data) => void seen.push(data));
    const data = { text: '₹', list: [1, null, { deep: true }] };
    const adding = jobs.add('echo', data, once);
    data.list.length = 0;
    await adding;
    for (const plain of [null, 0, '', [], 'text', false]) await jobs.add('echo', plain, once);
    await vi.waitFor(() => expect(seen).toHaveLength(7), patience);
    const first = { text: '₹', list: [1, null, { deep: true }] };
    expect(seen).toEqual([first, null, 0, '', [], 'text', false]);
  });

  it('keeps jobs until there is a handler, and does them in order', async () => {
    const seen: unknown[] = [];
    for (let n = 0; n < 10; n++) await jobs.add('late', n, once);
    expect((await jobs.counts())['late']).toMatchObject({ waiting: 10, active: 0 });
    jobs.handle('late', async (data) => void seen.push(data));
    await vi.waitFor(() => expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), patience);
  });

  it('tries again after a failure, and counts the attempts', async () => {
    const attempts: number[] = [];
    jobs.handle('flaky', async (_data, attempt) => {
      attempts.push(attempt);
      if (attempt < 3) throw new Error('not yet');
    });
    await jobs.add('flaky', {}, { attempts: 5, backoffMs: 10 });
    await vi.waitFor(async () => {
      expect(attempts).toEqual([1, 2, 3]);
      const none = { waiting: 0, active: 0, delayed: 0, failed: 0 };
      expect((await jobs.counts())['flaky']).toEqual(none);
    }, patience);
  });

  it('gives up after the last attempt, and goes on with others', async () => {
    let tries = 0;
    const done: unknown[] = [];
    jobs.handle('doomed', async (data) => {
      if (data !== 'doomed') return void done.push(data);
      tries++;
      throw new Error('never');
    });
    await jobs.add('doomed', 'doomed', { attempts: 2, backoffMs: 10 });
    await jobs.add('doomed', 'fine', once);
    await vi.waitFor(async () => {
      expect(done).toEqual(['fine']);
      expect((await jobs.counts())['doomed']).toMatchObject({ failed: 1, active: 0 });
    }, patience);
    expect(tries).toBe(2);
  });

  it('takes a handler that throws at once for one that failed', async () => {
    jobs.handle('thrower', () => {
      throw new TypeError('at once');
    });
    await jobs.add('thrower', {}, once);
    await vi.waitFor(async () => {
      expect((await jobs.counts())['thrower']).toMatchObject({ failed: 1, active: 0 });
    }, patience);
  });

  it('adds a job of an id once while it is kept, and again after', async () => {
    const { opened: allowed, open: allow } = gate();
    let runs = 0;
    jobs.handle('unique', async () => {
      runs++;
      await allowed;
    });
    const options = { ...once, id: 'daily: 2026/11/21 #1:lock' };
    await Promise.all([1, 2, 3].map((n) => jobs.add('unique', n, options)));
    await vi.waitFor(() => expect(runs).toBe(1), patience);
    await jobs.add('unique', 4, options);
    allow();
    await vi.waitFor(async () => {
      expect((await jobs.counts())['unique']).toMatchObject({ waiting: 0, active: 0 });
    }, patience);
    expect(runs).toBe(1);
    await jobs.add('unique', 5, options);
    await vi.waitFor(() => expect(runs).toBe(2), patience);
  });

  it('keeps the id of a job that failed', async () => {
    let runs = 0;
    jobs.handle('failing', async () => {
      runs++;
      throw new Error('no');
    });
    const failed = vi.waitFor.bind(vi, async () => {
      expect((await jobs.counts())['failing']).toMatchObject({ failed: 1, active: 0 });
    });
    await jobs.add('failing', 1, { ...once, id: '1' });
    await failed(patience);
    await jobs.add('failing', 2, { ...once, id: '1' });
    expect((await jobs.counts())['failing']).toMatchObject({ waiting: 0, delayed: 0, failed: 1 });
    expect(runs).toBe(1);
  });

  it('waits for the delay', async () => {
    const seen: string[] = [];
    jobs.handle('delayed', async (data) => void seen.push(String(data)));
    await jobs.add('delayed', 'later', { ...once, delayMs: 1_500 });
    expect((await jobs.counts())['delayed']).toMatchObject({ delayed: 1 });
    await jobs.add('delayed', 'now', once);
    await vi.waitFor(() => expect(seen).toEqual(['now', 'later']), patience);
  });

  it('runs as many at once as was asked, and no more', async () => {
    let running = 0;
    let most = 0;
    let done = 0;
    // None ends before three run, however slowly they come.
    const { opened: three, open: reached } = gate();
    const work = async (): Promise<void> => {
      most = Math.max(most, ++running);
      if (running === 3) reached();
      await three;
      await sleep(clock, 30);
      running--;
      done++;
    };
    jobs.handle('wide', work, { concurrency: 3 });
    for (let n = 0; n < 9; n++) await jobs.add('wide', n, once);
    await vi.waitFor(() => expect(done).toBe(9), patience);
    expect(most).toBe(3);
  });

  it('refuses one more than it may keep, but not one it keeps already', async () => {
    for (let n = 0; n < jobsMax; n++) {
      await jobs.add('full', n, { ...once, id: `n${n}`, delayMs: n % 2 ? 60_000 : 0 });
    }
    const over = jobs.add('full', 'over', once);
    await expect(over).rejects.toMatchObject({ kind: 'throttled', code: 'jobs_full' });
    await expect(jobs.add('full', 3, { ...once, id: 'n3' })).resolves.toBeUndefined();
    await expect(jobs.add('empty', 1, once)).resolves.toBeUndefined();
  });

  it.each<[string, unknown, Partial<JobOptions>]>([
    ['Upper', {}, {}],
    ['a:b', {}, {}],
    ['fine', undefined, {}],
    ['fine', () => 1, {}],
    ['fine', 1n, {}],
    ['fine', 'x'.repeat(262_143), {}],
    ['fine', {}, { attempts: 0 }],
    ['fine', {}, { attempts: 101 }],
    ['fine', {}, { backoffMs: -1 }],
    ['fine', {}, { delayMs: 0.5 }],
    ['fine', {}, { id: '' }],
    ['fine', {}, { id: 'x'.repeat(257) }],
  ])('refuses %s %o %o', async (name, data, options) => {
    const adding = jobs.add(name, data, { ...once, ...options });
    await expect(adding).rejects.toMatchObject({ kind: 'invalid', code: 'job_invalid' });
  });

  it('takes one handler a name', () => {
    jobs.handle('mine', async () => undefined);
    let kind: string | undefined;
    try {
      jobs.handle('mine', async () => undefined);
    } catch (error) {
      kind = errorKindOf(error);
    }
    expect(kind).toBe('assertion');
  });

  it('stops after what runs, and takes no more', async () => {
    const { opened: allowed, open: allow } = gate();
    const done: unknown[] = [];
    jobs.handle('long', async (data) => {
      await allowed;
      done.push(data);
    });
    await jobs.add('long', 1, once);
    await jobs.add('long', 2, once);
    await vi.waitFor(async () => {
      expect((await jobs.counts())['long']).toMatchObject({ active: 1 });
    }, patience);
    let isStopped = false;
    const stopping = jobs.stop().then(() => (isStopped = true));
    const adding = jobs.add('long', 3, once);
    await expect(adding).rejects.toMatchObject({ kind: 'retryable', code: 'jobs_stopped' });
    expect(isStopped).toBe(false);
    allow();
    await stopping;
    expect(done).toEqual([1]);
  });
});
