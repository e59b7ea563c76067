import type { ListedUnderlying, MarketDataPort } from '@strikewire/broker';
import { indiaDateOf, underlyingKey, type UnderlyingRef } from '@strikewire/contracts';
import { errorMessageOf, type Clock, type Keeper, type Log } from '@strikewire/runtime';
import type { ChainRegistry } from './chain-registry';

/** What the directory is read from and kept in. */
export interface UnderlyingDirectoryDeps {
  clock: Clock;
  log: Log;
  registry: Pick<ChainRegistry, 'loadUnderlyings' | 'saveUnderlyings'>;
  keeper: Keeper;
  marketData: Pick<MarketDataPort, 'underlyings'>;
  /** The plugin's id of whoever is asked now. */
  broker(): string;
}

/**
 * What the broker lists options on, and what it calls each: read from its instrument master once a
 * day, kept, so that a start needs no broker, and held on to when a reading fails.
 */
export class UnderlyingDirectory {
  private readonly deps: UnderlyingDirectoryDeps;
  private held: { broker: string; day: string; byKey: ReadonlyMap<string, ListedUnderlying> } = {
    broker: '', day: '', byKey: new Map(),
  };

  constructor(deps: UnderlyingDirectoryDeps) {
    this.deps = deps;
  }

  /** What was last known; empty before the first reading. */
  get listed(): ListedUnderlying[] {
    return [...this.held.byKey.values()];
  }

  find(underlying: UnderlyingRef): ListedUnderlying | undefined {
    return this.held.byKey.get(underlyingKey(underlying));
  }

  /**
   * Makes sure of today's list. With an older one a failure is a warning, and the older one goes
   * on; without any it rejects with what the broker said.
   */
  async refresh(): Promise<void> {
    const { clock, log, marketData } = this.deps;
    const [broker, day] = [this.deps.broker(), indiaDateOf(clock.wallMs())];
    if (this.held.broker !== broker) await this.restore(broker);
    if (this.held.broker === broker && this.held.day === day) return;
    try {
      const underlyings = await marketData.underlyings();
      this.hold(broker, day, underlyings);
      await this.keep(broker, day, underlyings);
    } catch (error) {
      if (this.held.byKey.size === 0) throw error;
      const reason = errorMessageOf(error);
      log.warn('the list of underlyings is of another day', { day: this.held.day, reason });
    }
  }

  private async restore(broker: string): Promise<void> {
    const { clock, log, registry } = this.deps;
    try {
      const stored = await clock.track(registry.loadUnderlyings(broker));
      if (stored) this.hold(broker, stored.day, stored.underlyings);
    } catch (error) {
      log.warn('the stored underlyings could not be read', { reason: errorMessageOf(error) });
    }
  }

  private hold(broker: string, day: string, underlyings: readonly ListedUnderlying[]): void {
    const byKey = new Map(underlyings.map((one) => [underlyingKey(one), one]));
    this.held = { broker, day, byKey };
  }

  private keep(
    broker: string,
    day: string,
    underlyings: readonly ListedUnderlying[],
  ): Promise<void> {
    const { keeper, registry } = this.deps;
    return keeper.keep(`underlyings of ${broker}`, () =>
      registry.saveUnderlyings({ broker, day, underlyings }),
    );
  }
}
