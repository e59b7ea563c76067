import { describe, expect, it } from 'vitest';
import { createMemoryJobs, jobBackoffMs, jobLimits, silentLog, type Log } from './index';
import { createVirtualClock } from './virtual';

const startMs = 1_000_000;

describe('jobs in process, in virtual time', () => {
  it('waits twice as long after each failure', async () => {
    const clock = createVirtualClock(startMs);
    const jobs = createMemoryJobs({ clock, log: silentLog });
    const at: number[] = [];
    jobs.handle('send', async () => {
      at.push(clock.monoMs());
      throw new Error('no');
    });
    await jobs.add('send', {}, { attempts: 6, backoffMs: 10_000, delayMs: 500 });
    await clock.advance(3_600_000);
    expect(at).toEqual([500, 10_500, 30_500, 70_500, 150_500, 310_500]);
    expect((await jobs.counts())['send']).toMatchObject({ failed: 1, delayed: 0 });
  });

  it('waits an hour at most', () => {
    expect(jobBackoffMs(1, 10_000)).toBe(10_000);
    expect(jobBackoffMs(100, 10_000)).toBe(3_600_000);
    expect(jobBackoffMs(100, 0)).toBe(0);
  });

  it('keeps the latest failed jobs only, and forgets the ids of the others', async () => {
    const clock = createVirtualClock(startMs);
    const jobs = createMemoryJobs({ clock, log: silentLog });
    let runs = 0;
    jobs.handle('fail', async () => {
      runs++;
      throw new Error('no');
    });
    const { failedMax } = jobLimits;
    const options = { attempts: 1, backoffMs: 0 };
    for (let n = 0; n <= failedMax; n++) await jobs.add('fail', n, { ...options, id: `n${n}` });
    await clock.settle();
    expect((await jobs.counts())['fail']).toMatchObject({ failed: failedMax });
    await jobs.add('fail', 'again', { ...options, id: 'n0' });
    await jobs.add('fail', 'again', { ...options, id: 'n2' });
    await clock.settle();
    expect(runs).toBe(failedMax + 2);
  });

  it('tells what a stop leaves undone, and does not wait for ever', async () => {
    const clock = createVirtualClock(startMs);
    const told: string[] = [];
    const warn: Log['warn'] = (message, facts) => told.push(`${message} ${JSON.stringify(facts)}`);
    const jobs = createMemoryJobs({ clock, log: { ...silentLog, warn } });
    jobs.handle('stuck', () => new Promise<void>(() => undefined));
    const options = { attempts: 1, backoffMs: 0 };
    await jobs.add('stuck', 1, options);
    await jobs.add('stuck', 2, options);
    await jobs.add('stuck', 3, { ...options, delayMs: 5 });
    let isStopped = false;
    void jobs.stop().then(() => (isStopped = true));
    await clock.advance(9_999);
    expect(isStopped).toBe(false);
    await clock.advance(1);
    expect(isStopped).toBe(true);
    expect(clock.pendingCount).toBe(0);
    expect(told).toEqual([
      'jobs were not done before the stop {"name":"stuck","count":2}',
      'jobs still run at the stop {"withinMs":10000}',
    ]);
  });
});
