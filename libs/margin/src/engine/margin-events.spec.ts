import { createSeededRandom, StrikewireError, type Random } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { strategyHash } from '../core/strategy-hash';
import { future, lot, option } from '../core/testing/margin-fixture';
import type { MarginPosition } from '../core/margin-position';
import type { MarginEvent } from './margin-desk';
import { openRig, type DeskRig } from './testing/desk-fixture';

const pool = [
  option('CE', 23_700, -lot, [437.65]),
  option('PE', 23_700, -lot, [505.35]),
  option('CE', 24_200, lot, [246.65]),
  future(lot),
];
const events: readonly MarginEvent[] = ['order', 'fill', 'position', 'deploy', 'change', 'person'];
const none = strategyHash([]);
const retryAfterMs = 15_000;

/** What a broker may be asked, told from the words of the rule alone. */
class Model {
  calls = 0;
  funds = 0;
  private held: string | undefined;
  private readonly seen = new Set<string>();
  private readonly failedUntil = new Map<string, number>();

  /** `outcome`: what becomes of a call, if there is one. */
  event(
    { held, sets }: { held: string; sets: readonly string[] },
    nowMs: number,
    outcome: 'ok' | 'retryable' | 'rejected',
  ): void {
    const isOther = held !== this.held;
    if (isOther) {
      const isKept = this.seen.has(held);
      this.seen.clear();
      if (isKept) this.seen.add(held);
      this.failedUntil.clear();
      this.held = held;
    }
    const before = this.calls;
    for (const set of new Set(sets)) {
      if (set === none || this.seen.has(set)) continue;
      if (nowMs < (this.failedUntil.get(set) ?? -1)) continue;
      this.calls++;
      if (outcome === 'ok') this.seen.add(set);
      else this.failedUntil.set(set, outcome === 'rejected' ? Infinity : nowMs + retryAfterMs);
    }
    if (isOther || this.calls > before) this.funds++;
  }
}

function someOf(random: Random): MarginPosition[] {
  return pool
    .filter(() => random.next() < 0.4)
    .map((line) => ({ ...line, quantity: line.quantity * (1 + Math.floor(random.next() * 2)) }));
}

function tick({ contracts, desk }: DeskRig, random: Random, held: MarginPosition[]): void {
  for (const { key, pricePaise } of pool) {
    const ltpPaise = Math.round(pricePaise * (0.9 + 0.2 * random.next()));
    contracts.change(key, { ltpPaise, version: String(random.next()) });
  }
  // What screens do while prices move.
  desk.look({ account: 'live', held, intended: someOf(random) });
  desk.comparisonOf('live', held);
  desk.fundsOf('live');
}

async function run(seed: number): Promise<void> {
  const random = createSeededRandom(seed);
  const settings = { failuresMax: 1e9, fundsAgeMaxMs: 1e12, retryAfterMs };
  const rig = openRig(pool, { settings });
  const { desk, margin, clock } = rig;
  const model = new Model();
  const normal = margin.answer;
  let held: MarginPosition[] = [];
  for (let step = 0; step < 60; step++) {
    const kind = random.next();
    const outcome = kind < 0.7 ? 'ok' : kind < 0.85 ? 'retryable' : 'rejected';
    const failing = () =>
      Promise.reject(new StrikewireError({ kind: outcome as 'rejected', code: 'x', message: 'x' }));
    margin.answer = outcome === 'ok' ? normal : failing;
    const event = events[Math.floor(random.next() * events.length)] ?? 'person';
    const choice = random.next();
    if (choice < 0.4) {
      tick(rig, random, held);
    } else if (choice < 0.7) {
      if (random.next() < 0.5) held = someOf(random);
      // The same event more than once is one.
      for (let times = 0; times <= random.next() * 3; times++) desk.changed('live', held, event);
      const hash = strategyHash(held);
      model.event({ held: hash, sets: [hash] }, clock.monoMs(), outcome);
    } else if (choice < 0.95) {
      const intended = someOf(random);
      const question = { account: 'live', held, intended };
      const times = [...Array(1 + Math.floor(random.next() * 3)).keys()];
      await Promise.all(times.map(() => desk.assess(question, event)));
      const hash = strategyHash(held);
      const sets = [hash, strategyHash([...held, ...intended])];
      model.event({ held: hash, sets }, clock.monoMs(), outcome);
    } else {
      await clock.advance(8_000);
    }
    await clock.settle();
    const asked = [margin.asked.length, margin.fundsAsked];
    expect(asked, `seed ${seed}, step ${step}`).toEqual([model.calls, model.funds]);
  }
  expect(margin.mostAtOnce).toBeLessThanOrEqual(1);
}

describe('requests to a broker', () => {
  it('are as many as there are sets first seen after events: none for ticks', async () => {
    for (let seed = 1; seed <= 12; seed++) await run(seed);
  });
});
