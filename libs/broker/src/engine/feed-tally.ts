import type { Clock } from '@strikewire/runtime';
import type { FeedCounters } from './feed-types';

/** A rate is taken over at least this long. */
const rateWindowMs = 1_000;

/** Packets of all feeds, those that are gone included, and how many are applied a second. */
export class FeedTally {
  private readonly present: () => readonly FeedCounters[];
  private readonly past = noPackets();
  private readonly rate: GrowthRate;

  /** `present`: of each feed that there is. */
  constructor(clock: Pick<Clock, 'monoMs'>, present: () => readonly FeedCounters[]) {
    this.present = present;
    this.rate = new GrowthRate(clock, () => this.total().applied);
  }

  total(): FeedCounters {
    const total = { ...this.past };
    for (const one of this.present()) addTo(total, one);
    return total;
  }

  /** A feed goes; what it has counted stays. */
  keep(counters: FeedCounters): void {
    addTo(this.past, counters);
  }

  /** Packets applied a second, over the time since it was asked before, a second at least. */
  appliedPerSecond(): number {
    return this.rate.perSecond();
  }
}

/** How fast a count grows, whole numbers a second. */
export class GrowthRate {
  private readonly clock: Pick<Clock, 'monoMs'>;
  private readonly count: () => number;
  private from = { mono: 0, count: 0 };
  private measured = 0;

  /** `count`: of everything since it was made; it begins at 0. */
  constructor(clock: Pick<Clock, 'monoMs'>, count: () => number) {
    this.clock = clock;
    this.count = count;
    this.from.mono = clock.monoMs();
  }

  /** Over the time since it was asked before, a second at least. */
  perSecond(): number {
    const mono = this.clock.monoMs();
    const elapsedMs = mono - this.from.mono;
    if (elapsedMs < rateWindowMs) return this.measured;
    const count = this.count();
    this.measured = Math.round(((count - this.from.count) / elapsedMs) * 1_000);
    this.from = { mono, count };
    return this.measured;
  }
}

/** The same counters with what another one has counted; what only that one has is left out. */
export function summed<T extends Record<keyof T, number>>(counters: T, more: T): T {
  const sum = { ...counters };
  for (const key of Object.keys(sum) as (keyof T)[]) {
    sum[key] = (counters[key] + more[key]) as T[keyof T];
  }
  return sum;
}

/** All that counters have counted, whatever it is. */
export function totalOf(counters: Readonly<Record<string, number>>): number {
  return Object.values(counters).reduce((sum, one) => sum + one, 0);
}

function noPackets(): FeedCounters {
  return { applied: 0, behind: 0, unknownInstrument: 0, malformed: 0 };
}

function addTo(total: FeedCounters, counters: FeedCounters): void {
  total.applied += counters.applied;
  total.behind += counters.behind;
  total.unknownInstrument += counters.unknownInstrument;
  total.malformed += counters.malformed;
}
