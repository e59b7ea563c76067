import type { Clock } from '@strikewire/runtime';
import type { FeedState } from './feed-types';

/** What has been seen of an account so far. */
export interface HealthReading {
  /** Share of the time in which sockets were wanted that all of them were live; null: never. */
  uptime: number | null;
  /** Losses of sockets: since the start, and in the last ten minutes. */
  losses: number;
  recentLosses: number;
  /** Median time to an answer over REST, ms; null before the first. */
  restMs: number | null;
}

const recentMs = 600_000;
/** Answers whose times are kept. */
const answersMax = 31;
/** Losses whose times are kept. */
const lossesMax = 64;

/** Keeps book of how an account does. */
export class AccountHealth {
  private readonly clock: Pick<Clock, 'monoMs'>;
  private state: FeedState = { wanted: 0, live: 0 };
  private sinceMono: number;
  private wantedMs = 0;
  private liveMs = 0;
  private losses = 0;
  private lossesMono: number[] = [];
  private answersMs: number[] = [];

  constructor(clock: Pick<Clock, 'monoMs'>) {
    this.clock = clock;
    this.sinceMono = clock.monoMs();
  }

  /** More or fewer of its sockets are live, or wanted. */
  changed(state: FeedState): void {
    const lost = Math.min(this.state.live, state.wanted) - state.live;
    this.count();
    this.state = state;
    for (let one = 0; one < lost; one++) {
      this.losses++;
      this.lossesMono = [...this.lossesMono.slice(1 - lossesMax), this.clock.monoMs()];
    }
  }

  answered(ms: number): void {
    this.answersMs = [...this.answersMs.slice(1 - answersMax), ms];
  }

  read(): HealthReading {
    this.count();
    const fromMono = this.clock.monoMs() - recentMs;
    const sorted = [...this.answersMs].sort((a, b) => a - b);
    return {
      uptime: this.wantedMs > 0 ? this.liveMs / this.wantedMs : null,
      losses: this.losses,
      recentLosses: this.lossesMono.filter((at) => at > fromMono).length,
      restMs: sorted[Math.floor(sorted.length / 2)] ?? null,
    };
  }

  private count(): void {
    const nowMono = this.clock.monoMs();
    const { wanted, live } = this.state;
    const elapsedMs = nowMono - this.sinceMono;
    if (wanted > 0) this.wantedMs += elapsedMs;
    if (wanted > 0 && live >= wanted) this.liveMs += elapsedMs;
    this.sinceMono = nowMono;
  }
}

/** A rate is taken over at least this long. */
const rateMs = 1_000;

/** Ticks a second of each account, over the time since they were read before. */
export class TickRates {
  private readonly clock: Pick<Clock, 'monoMs'>;
  private readonly ticks: () => ReadonlyMap<string, number>;
  private from: { mono: number; ticks: ReadonlyMap<string, number> };
  private rates: ReadonlyMap<string, number> = new Map();

  /** `ticks`: of each account since it was made. */
  constructor(clock: Pick<Clock, 'monoMs'>, ticks: () => ReadonlyMap<string, number>) {
    this.clock = clock;
    this.ticks = ticks;
    this.from = { mono: clock.monoMs(), ticks: new Map() };
  }

  read(): ReadonlyMap<string, number> {
    const nowMono = this.clock.monoMs();
    const elapsedMs = nowMono - this.from.mono;
    if (elapsedMs < rateMs) return this.rates;
    const now = this.ticks();
    const before = this.from.ticks;
    this.rates = new Map([...now].map(([id, count]) => {
      const more = Math.max(0, count - (before.get(id) ?? 0));
      return [id, Math.round((more * 1_000) / elapsedMs)];
    }));
    this.from = { mono: nowMono, ticks: now };
    return this.rates;
  }
}
