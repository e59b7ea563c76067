import type { Clock, Timer } from '@strikewire/runtime';
import type { AccountReport } from '../core/plugin';

/** A refused account is looked at again after so long, with one request: never a loop. */
const restMs = 300_000;
/** The longest rest, of one that was refused again each time that it was let in. */
const restMostMs = 21_600_000;
/** Ticks over so long show that it was rightly let in. */
const provenMs = 60_000;

/** What a refused account is asked, and what is done when it may come back. */
export interface Readmittance {
  check(): Promise<AccountReport>;
  admit(): void;
}

/**
 * When an account that its broker has refused is let in again: once a slow check finds it good,
 * with market data. One that is refused again after that rests twice as long each time, until its
 * feed has ticked for a while or its credentials are others.
 */
export class Readmission {
  private readonly clock: Pick<Clock, 'after' | 'monoMs'>;
  private timer: Timer | undefined;
  /** Answers about earlier rests do not count. */
  private number = 0;
  private waitMs = restMs;
  /** When it was let in on a check, until it has ticked for a while; undefined: it was not. */
  private admittedMono: number | undefined;
  private firstTickMono: number | undefined;

  constructor(clock: Pick<Clock, 'after' | 'monoMs'>) {
    this.clock = clock;
  }

  /** It is refused: it rests from now on. Answers with the time until it is asked about, ms. */
  begin(about: Readmittance): number {
    this.cancel();
    const isAgain = this.admittedMono !== undefined;
    this.waitMs = isAgain ? Math.min(restMostMs, this.waitMs * 2) : restMs;
    this.admittedMono = this.firstTickMono = undefined;
    this.arm(about);
    return this.waitMs;
  }

  /** To be called about every second. `tickedSince`: whether it has, by the monotonic clock. */
  look(tickedSince: (mono: number) => boolean): void {
    if (this.admittedMono === undefined) return;
    if (this.firstTickMono === undefined) {
      if (tickedSince(this.admittedMono)) this.firstTickMono = this.clock.monoMs();
      return;
    }
    if (tickedSince(this.firstTickMono + provenMs)) this.forget();
  }

  /** Other credentials: whatever comes of them, it begins anew. */
  forget(): void {
    this.cancel();
    this.admittedMono = this.firstTickMono = undefined;
  }

  /** Nothing is asked any more. */
  cancel(): void {
    this.number++;
    this.timer?.cancel();
  }

  private arm(about: Readmittance): void {
    const { number } = this;
    this.timer = this.clock.after(this.waitMs, () => {
      about.check().then(
        (report) => this.answered(number, about, report),
        () => this.rest(number, about),
      );
    });
  }

  private answered(
    number: number,
    about: Readmittance,
    report: Partial<AccountReport> | undefined,
  ): void {
    // Its token is good, and the feed would refuse it all the same.
    if (report?.hasMarketData === false) return this.rest(number, about);
    if (number !== this.number) return;
    this.admittedMono = this.clock.monoMs();
    about.admit();
  }

  /** It was refused still, or nobody has answered. */
  private rest(number: number, about: Readmittance): void {
    if (number === this.number) this.arm(about);
  }
}
