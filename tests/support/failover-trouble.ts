import type { FaceName } from '@strikewire/simulator';
import type { FailoverRun } from './failover-run';
import type { Mishap } from './failover-story';

/** The longest wait between two attempts, and time to connect and tick. */
const backAfterMs = 90_000;

/** Remembers when something was wrong with each broker last: whoever is degraded needs a reason. */
export class TroubleWatch {
  private readonly lastMono = new Map<FaceName, number>();
  private readonly run: FailoverRun;

  constructor(run: FailoverRun) {
    this.run = run;
  }

  /** Lets something go wrong, which may be over at once. */
  strike(mishap: Mishap): void {
    mishap.strike(this.run);
    if (mishap.broker) this.struck(mishap.broker);
  }

  look(): void {
    for (const { fault } of this.run.simulator.faults.list()) {
      this.struck((fault.broker ?? 'dhan') as FaceName);
    }
  }

  /** Accounts that could carry, while it is said that nobody does. */
  doubts(): string[] {
    const { clock, supervision: { standing } } = this.run;
    if (!standing.isDegraded) return [];
    const isOut = (broker: string): boolean =>
      clock.monoMs() - (this.lastMono.get(broker as FaceName) ?? -Infinity) < backAfterMs;
    return standing.accounts.flatMap(({ id, broker, standing: now }) => {
      const isTrying = now === 'fit' || now === 'lost';
      return isTrying && !isOut(broker) ? [`degraded, and nothing is wrong with ${id}`] : [];
    });
  }

  private struck(broker: FaceName): void {
    this.lastMono.set(broker, this.run.clock.monoMs());
  }
}
