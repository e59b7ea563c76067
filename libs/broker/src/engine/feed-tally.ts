import type { Clock } from '@strikewire/runtime';
import type { FeedCounters } from './feed-types';

/** A rate is taken over at least this long. */
const rateWindowMs = 1_000;

/** Packets of all feeds, those that are gone included, and how many are applied a second. */
export class FeedTally {
  private readonly clock: Pick<Clock, 'monoMs'>;
  private readonly present: () => readonly FeedCounters[];
  private readonly past = noPackets();
  private rate: { fromMono: number; fromApplied: number; perSecond: number };

  /** `present`: of each feed that there is. */
  constructor(clock: Pick<Clock, 'monoMs'>, present: () => readonly FeedCounters[]) {
    this.clock = clock;
    this.present = present;
    this.rate = { fromMono: clock.monoMs(), fromApplied: 0, perSecond: 0 };
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
    const { fromMono, fromApplied, perSecond } = this.rate;
    const nowMono = this.clock.monoMs();
    const elapsedMs = nowMono - fromMono;
    if (elapsedMs < rateWindowMs) return perSecond;
    const { applied } = this.total();
    const measured = Math.round(((applied - fromApplied) / elapsedMs) * 1_000);
    this.rate = { fromMono: nowMono, fromApplied: applied, perSecond: measured };
    return measured;
  }
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
