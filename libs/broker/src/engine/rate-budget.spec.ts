import { createSeededRandom, type Random } from '@strikewire/runtime';
import { createVirtualClock, type VirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import { createRateBudget } from './rate-budget';

const rules = [
  { class: 'chain', limit: 5, windowMs: 1_000 },
  { class: 'chain', limit: 1, windowMs: 3_000, perKey: true },
  { class: 'quote', limit: 1, windowMs: 1_000 },
];

/** A broker that notes when each request arrives, somewhere between its sending and its answer. */
function arrivals(clock: VirtualClock, random: Random) {
  const seen: { at: number; slot: string }[] = [];
  return {
    seen,
    call: (slot: string) => () =>
      new Promise<void>((resolve, reject) => {
        clock.after(random.next() * 800, () => {
          seen.push({ at: clock.monoMs(), slot });
          const isRefused = random.next() < 0.2;
          clock.after(random.next() * 800, isRefused ? () => reject(new Error('x')) : resolve);
        });
      }),
  };
}

function mostWithin(times: readonly number[], windowMs: number): number {
  const within = (from: number): number =>
    times.filter((time) => time >= from && time < from + windowMs).length;
  return Math.max(0, ...times.map(within));
}

describe('rate budget', () => {
  it.each([1, 2, 3, 4, 5])('never lets a window at the broker overflow (seed %i)', async (seed) => {
    const clock = createVirtualClock(0);
    const random = createSeededRandom(seed);
    const broker = arrivals(clock, random);
    const budget = createRateBudget(clock, rules);
    const jobs: Promise<unknown>[] = [];
    for (let index = 0; index < 60; index++) {
      const key = `k${Math.floor(random.next() * 8)}`;
      jobs.push(budget.run({ class: 'chain', key }, broker.call(key)).catch(() => 'failed'));
      if (index % 6 === 0) {
        jobs.push(budget.run({ class: 'quote' }, broker.call('quote')).catch(() => 'failed'));
      }
      await clock.advance(random.next() * 300);
    }
    await clock.advance(120_000);
    await Promise.all(jobs);
    const chain = broker.seen.filter((call) => call.slot !== 'quote');
    expect(chain).toHaveLength(60);
    expect(mostWithin(chain.map((call) => call.at), 1_000)).toBeLessThanOrEqual(5);
    for (const key of new Set(chain.map((call) => call.slot))) {
      const ofKey = chain.filter((call) => call.slot === key).map((call) => call.at);
      expect(mostWithin(ofKey, 3_000)).toBe(1);
    }
    const quotes = broker.seen.filter((call) => call.slot === 'quote').map((call) => call.at);
    expect(mostWithin(quotes, 1_000)).toBe(1);
  });

  it('starts full, because an earlier run may have used the last window', async () => {
    const clock = createVirtualClock(0);
    const budget = createRateBudget(clock, rules);
    let sentAt = -1;
    const done = budget.run({ class: 'quote' }, async () => {
      sentAt = clock.monoMs();
    });
    await clock.advance(999);
    expect(sentAt).toBe(-1);
    await clock.advance(1);
    await done;
    expect(sentAt).toBe(1_000);
  });

  it('starts free where an earlier run is counted elsewhere', async () => {
    const clock = createVirtualClock(0);
    const rule = { class: 'orders', limit: 1, windowMs: 60_000, startsFree: true };
    const budget = createRateBudget(clock, [rule]);
    const sent: number[] = [];
    const send = async (): Promise<void> => void sent.push(clock.monoMs());
    void budget.run({ class: 'orders' }, send);
    void budget.run({ class: 'orders' }, send);
    await clock.advance(61_000);
    expect(sent).toEqual([0, 60_000]);
  });

  it('serves the lower priority number first', async () => {
    const clock = createVirtualClock(0);
    const budget = createRateBudget(clock, rules);
    const order: string[] = [];
    const push = (name: string) => async () => void order.push(name);
    void budget.run({ class: 'quote', priority: 5 }, push('refresh'));
    void budget.run({ class: 'quote', priority: 1 }, push('admin'));
    await clock.advance(10_000);
    expect(order).toEqual(['admin', 'refresh']);
  });

  it('takes a place back from what never ends, and goes on after what throws', async () => {
    const clock = createVirtualClock(0);
    const budget = createRateBudget(clock, rules);
    const sent: string[] = [];
    const call = (name: string, answer: Promise<void>) => (): Promise<void> => {
      sent.push(name);
      return answer;
    };
    void budget.run({ class: 'quote' }, call('hangs', new Promise(() => undefined)));
    await clock.advance(2_000);
    const thrown = budget.run({ class: 'quote' }, () => {
      throw new Error('at once');
    });
    const caught = thrown.catch((error: unknown) => String(error));
    const next = budget.run({ class: 'quote' }, call('next', Promise.resolve()));
    await clock.advance(290_000);
    expect(sent).toEqual(['hangs']);
    await clock.advance(20_000);
    expect(await caught).toBe('Error: at once');
    await next;
    expect(sent).toEqual(['hangs', 'next']);
  });

  it('refuses the 501st waiting request with kind throttled', async () => {
    const budget = createRateBudget(createVirtualClock(0), rules);
    for (let index = 0; index < 500; index++) void budget.run({ class: 'quote' }, async () => 1);
    await expect(budget.run({ class: 'quote' }, async () => 1)).rejects.toMatchObject({
      kind: 'throttled',
      code: 'budget_full',
    });
  });
});
