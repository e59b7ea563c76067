import type { FailoverRun } from './failover-run';
import type { AccountName } from './failover-world';

/** Five seconds without a live socket, and as long again between two looks. */
const darkMostMs = 10_000;
/** Nothing may have spoken against an account for 30 s before it carries again; less two looks. */
const awayLeastMs = 20_000;

type Accounts = FailoverRun['supervision']['standing']['accounts'];

/** Remembers who has no live socket, and who has left, and since when: both have their times. */
export class StandingWatch {
  private readonly run: FailoverRun;
  private readonly darkMono = new Map<string, number>();
  private readonly leftMono = new Map<string, number>();
  /** Who did at the last look. */
  private carried: readonly string[] = [];
  private given = 0;

  constructor(run: FailoverRun) {
    this.run = run;
  }

  /** To be looked at every few seconds. */
  doubts(): string[] {
    const { supervision: { standing }, clock } = this.run;
    const now = clock.monoMs();
    return [...this.dark(standing.accounts, now), ...this.returned(now)];
  }

  /** Whoever has none for longer is lost, and is said to be. */
  private dark(accounts: Accounts, now: number): string[] {
    const sockets = this.run.supervision.feed.sockets();
    return accounts.flatMap(({ id, standing }) => {
      const states = sockets.filter(({ account }) => account === id).map(({ state }) => state);
      const isTrying = states.includes('waiting') || states.includes('connecting');
      if (standing !== 'fit' || !isTrying || states.includes('live')) this.darkMono.delete(id);
      else if (!this.darkMono.has(id)) this.darkMono.set(id, now);
      const darkMs = now - (this.darkMono.get(id) ?? now);
      return darkMs > darkMostMs ? [`${id} has no live socket for long, and is still fit`] : [];
    });
  }

  /** Who was not well comes back late while somebody else carries, but with new credentials. */
  private returned(now: number): string[] {
    const { supervision: { standing: { accounts, carriers } } } = this.run;
    const given = this.givenCount();
    const isFit = (id: string): boolean =>
      accounts.some((one) => one.id === id && one.standing === 'fit');
    // With nobody left of those who carried, whoever is there is back at once.
    const isCarried = carriers.some((id) => isFit(id) && this.carried.includes(id));
    if (!isCarried || given !== this.given) this.leftMono.clear();
    this.given = given;
    this.carried = carriers;
    for (const { id, standing } of accounts) {
      if (standing !== 'fit' && isCarried) this.leftMono.set(id, now);
    }
    return carriers.flatMap((id) => {
      const awayMs = now - (this.leftMono.get(id) ?? -Infinity);
      if (isFit(id)) this.leftMono.delete(id);
      return awayMs < awayLeastMs && isFit(id) ? [`${id} was back after ${awayMs} ms`] : [];
    });
  }

  private givenCount(): number {
    const { given, granted } = this.run;
    const counts: Map<AccountName, number>[] = [given, granted];
    return counts.flatMap((one) => [...one.values()]).reduce((sum, count) => sum + count, 0);
  }
}
