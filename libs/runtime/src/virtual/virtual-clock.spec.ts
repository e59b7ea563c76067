import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sleep } from '../clock';
import { createVirtualClock } from './virtual-clock';

const start = Date.parse('2026-11-24T03:45:00Z');

describe('advance', () => {
  it('runs timers by time, and those of one instant in the order they were set', async () => {
    const clock = createVirtualClock(start);
    const ran: string[] = [];
    const note = (name: string) => () => void ran.push(`${name}@${clock.monoMs()}`);
    clock.after(20, note('c'));
    clock.after(10, note('a'));
    clock.after(10, note('b'));
    clock.after(-5, note('now'));
    await clock.advance(10);
    expect(ran).toEqual(['now@0', 'a@10', 'b@10']);
    await clock.advance(9);
    expect(ran).toHaveLength(3);
    await clock.advance(1);
    expect(ran.at(-1)).toBe('c@20');
    expect([clock.monoMs(), clock.wallMs()]).toEqual([20, start + 20]);
  });

  it('runs what a timer sets within the same step, after all that follows from it', async () => {
    const clock = createVirtualClock(start);
    const ran: string[] = [];
    const walk = async (): Promise<void> => {
      for (let step = 0; step < 3; step++) {
        await sleep(clock, 10);
        ran.push(`step@${clock.monoMs()}`);
      }
    };
    void walk();
    clock.after(25, () => ran.push('other@25'));
    await clock.advance(30);
    expect(ran).toEqual(['step@10', 'step@20', 'other@25', 'step@30']);
  });

  it('does not run what was cancelled, before or by an earlier timer', async () => {
    const clock = createVirtualClock(start);
    const ran: string[] = [];
    const later = clock.after(10, () => ran.push('later'));
    const first = clock.after(5, () => later.cancel());
    await clock.advance(20);
    first.cancel();
    expect(ran).toEqual([]);
    expect(clock.pendingCount).toBe(0);
  });

  it('waits for tracked promises before it moves on', async () => {
    const clock = createVirtualClock(start);
    const ran: string[] = [];
    clock.after(10, () => {
      const work = new Promise<void>((resolve) => setTimeout(resolve, 5));
      void clock.track(work).then(() => ran.push(`work@${clock.monoMs()}`));
    });
    clock.after(11, () => ran.push('next'));
    await clock.advance(20);
    expect(ran).toEqual(['work@10', 'next']);
    const failing = Promise.reject(new Error('x'));
    await expect(clock.track(failing)).rejects.toThrow('x');
    await clock.settle();
  });

  it('keeps to the order of any set of timers, cut into any steps', async () => {
    const delays = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 40 });
    const steps = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(delays, steps, async (some, cuts) => {
        const clock = createVirtualClock(start);
        const ran: number[] = [];
        some.forEach((delay, index) => clock.after(delay, () => {
          expect(clock.monoMs()).toBe(delay);
          ran.push(index);
        }));
        for (const cut of cuts) await clock.advance(cut);
        const end = cuts.reduce((sum, cut) => sum + cut, 0);
        const due = some.map((delay, index) => ({ delay, index })).filter((t) => t.delay <= end);
        due.sort((a, b) => a.delay - b.delay || a.index - b.index);
        expect(ran).toEqual(due.map(({ index }) => index));
      }),
      { seed: 51, numRuns: 60 },
    );
  });
});

describe('the wall clock', () => {
  it('jumps without moving what is due by the monotonic clock', async () => {
    const clock = createVirtualClock(start);
    const ran: string[] = [];
    clock.after(1_000, () => ran.push('after'));
    clock.jumpWall(3_600_000);
    expect([clock.monoMs(), clock.wallMs()]).toEqual([0, start + 3_600_000]);
    await clock.advance(999);
    expect(ran).toEqual([]);
    await clock.advance(1);
    expect(ran).toEqual(['after']);
  });

  it('fires what it jumps past, and waits longer after a jump back', async () => {
    const clock = createVirtualClock(start);
    const ran: number[] = [];
    clock.at(start + 60_000, () => ran.push(clock.wallMs() - start));
    const gone = clock.at(start + 61_000, () => ran.push(-1));
    clock.at(start + 120_000, () => ran.push(clock.wallMs() - start));
    clock.jumpWall(90_000);
    gone.cancel();
    await clock.advance(0);
    expect(ran).toEqual([90_000]);
    clock.jumpWall(-60_000);
    await clock.advance(89_999);
    expect(ran).toHaveLength(1);
    await clock.advance(1);
    expect(ran).toEqual([90_000, 120_000]);
  });

  it('fires at once what is already past, and once only', async () => {
    const clock = createVirtualClock(start);
    let count = 0;
    clock.at(start - 1, () => count++);
    await clock.advance(1_000);
    clock.jumpWall(-5_000);
    await clock.advance(10_000);
    expect(count).toBe(1);
  });
});
