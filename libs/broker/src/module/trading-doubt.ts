import { errorMessageOf, type Clock } from '@strikewire/runtime';
import { refusalOf, type RefusalKind } from './refusal-kind';

/** A refusal, and why. */
export interface Refusal<Kind extends string = RefusalKind> {
  kind: Kind;
  why: string;
}

/** What the doubt about an account is settled with. */
export interface TradingDoubtDeps {
  clock: Pick<Clock, 'monoMs'>;
  /** A question about the whole account, within its limits. */
  check(): Promise<unknown>;
  /** The whole account is refused. */
  accountRefused(refusal: Refusal): void;
  /** This question of trading is, and as far as is known nothing else. */
  tradingRefused(by: string, why: string): void;
}

/** However often trading is refused, an account is asked about no more often than this. */
const betweenMs = 60_000;

/**
 * Whether an account whose trading is refused is good for anything. Brokers answer a good token
 * that trades from a wrong address as they do a dead one: so the account itself is asked about.
 */
export class TradingDoubt {
  private readonly deps: TradingDoubtDeps;
  private askedMono = -Infinity;
  private isAsking = false;
  /** The whole account was refused, and has answered nothing since. */
  private isRefused = false;
  private last = { by: '', why: '' };

  constructor(deps: TradingDoubtDeps) {
    this.deps = deps;
  }

  /** A question of trading was refused. */
  refused(by: string, { kind, why }: Refusal): void {
    if (kind === 'parked') return this.deps.tradingRefused(by, why);
    this.last = { by, why };
    // What is asked about, or refused as a whole, needs no other word.
    if (this.isAsking || this.isRefused) return;
    const nowMono = this.deps.clock.monoMs();
    if (nowMono - this.askedMono < betweenMs) return this.deps.tradingRefused(by, why);
    this.askedMono = nowMono;
    void this.ask();
  }

  /** Its broker has answered something: it takes the credentials. */
  answered(): void {
    this.isRefused = false;
  }

  private async ask(): Promise<void> {
    this.isAsking = true;
    const found = await this.deps.check().then(
      () => undefined,
      (error: unknown) => ({ kind: refusalOf(error), why: errorMessageOf(error) }),
    );
    this.isAsking = false;
    // One that found nobody says nothing of the account.
    if (found?.kind === undefined) return this.deps.tradingRefused(this.last.by, this.last.why);
    this.isRefused = true;
    this.deps.accountRefused({ kind: found.kind, why: found.why });
  }
}
