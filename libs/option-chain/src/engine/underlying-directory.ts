import { tokenKey, type ListedUnderlying } from '@strikewire/broker';
import { indiaDateOf, underlyingKey, type UnderlyingRef } from '@strikewire/contracts';
import {
  errorMessageOf,
  StrikewireError,
  type Clock,
  type Keeper,
  type Log,
} from '@strikewire/runtime';
import type { ChainRegistry } from './chain-registry';
import type { CommonMarketData } from './current-market-data';

/** What the directory is read from and kept in. */
export interface UnderlyingDirectoryDeps {
  clock: Clock;
  log: Log;
  registry: Pick<ChainRegistry, 'loadUnderlyings' | 'saveUnderlyings'>;
  keeper: Keeper;
  marketData: Pick<CommonMarketData, 'underlyings'>;
  /** The brokers whose accounts are in use, by their plugins' ids; the one at home first. */
  brokers(): readonly string[];
  /** Another broker, or one less, cannot be asked because its names could not be read. */
  namelessChanged(): void;
  /** A broker that was known already calls some spots otherwise. */
  spotsChanged(broker: string): void;
}

/** What a broker listed, and on which Indian date. */
interface Sheet {
  day: string;
  byKey: ReadonlyMap<string, ListedUnderlying>;
}

/** A list that is missing is not asked for again sooner. */
const retryMs = 60_000;

const noSheet: Sheet = { day: '', byKey: new Map() };

/**
 * What each broker lists options on, and what it calls each: read from its instrument master once a
 * day, kept, so that a start needs no broker, and held on to when a reading fails.
 */
export class UnderlyingDirectory {
  private readonly deps: UnderlyingDirectoryDeps;
  private readonly sheets = new Map<string, Sheet>();
  private readonly readings = new Map<string, Promise<void>>();
  private readonly triedMono = new Map<string, number>();
  /** Brokers whose names could not be read when that was last tried. */
  private readonly nameless = new Set<string>();

  constructor(deps: UnderlyingDirectoryDeps) {
    this.deps = deps;
  }

  /** What the broker at home lists; another one's list while nothing is known of it. */
  get listed(): ListedUnderlying[] {
    return [...this.first().byKey.values()];
  }

  /** By the names of the same broker. */
  find(underlying: UnderlyingRef): ListedUnderlying | undefined {
    return this.first().byKey.get(underlyingKey(underlying));
  }

  /**
   * What a broker calls an underlying; undefined when it is not known, or not listed there. What
   * another one than that at home called it on another day is learned anew for the next time.
   */
  nameAt(broker: string, underlying: UnderlyingRef): ListedUnderlying | undefined {
    const sheet = this.sheets.get(broker);
    if (sheet && !this.isOfToday(sheet) && broker !== this.deps.brokers()[0]) {
      void this.learnAnew(broker);
    }
    return sheet?.byKey.get(underlyingKey(underlying));
  }

  /** Nothing is known of how a broker calls things, and reading it has failed. */
  isNameless(broker: string): boolean {
    return this.nameless.has(broker);
  }

  /**
   * The same, and asks the broker for its list when that is missing, or of another day: a
   * commodity's spot is another future after an expiry. With an older one a failure is a warning.
   * Rejects as `retryable`, code `name_unknown`, when the name is not known after that.
   */
  async learnName(broker: string, underlying: UnderlyingRef): Promise<ListedUnderlying> {
    const sheet = this.sheets.get(broker);
    const isKnown = sheet?.byKey.has(underlyingKey(underlying)) && this.isOfToday(sheet);
    if (!isKnown) await this.learnAnew(broker);
    const named = this.nameAt(broker, underlying);
    if (named) return named;
    throw new StrikewireError({
      kind: 'retryable',
      code: 'name_unknown',
      message: `what ${broker} calls ${underlyingKey(underlying)} is not known`,
    });
  }

  /**
   * Makes sure of today's list of the broker at home. With an older one a failure is a warning, and
   * the older one goes on; without any, another broker's list will do. Without that it rejects with
   * what the broker at home said.
   */
  async refresh(): Promise<void> {
    const [home = '', ...others] = this.deps.brokers();
    // Whoever was ever asked may be again: then its names of today are read already.
    for (const broker of others) if (this.sheets.has(broker)) void this.learnAnew(broker);
    try {
      return await this.learn(home);
    } catch (error) {
      for (const broker of others) {
        const isKnown = await this.learn(broker).then(() => true, () => false);
        if (!isKnown) continue;
        const reason = errorMessageOf(error);
        this.deps.log.warn('what is listed is read from another broker', { broker, reason });
        return;
      }
      throw error;
    }
  }

  /** The same for any broker; rejects when nothing is known of it. */
  learn(broker: string): Promise<void> {
    const held = this.sheets.get(broker);
    if (held && this.isOfToday(held)) return Promise.resolve();
    const reading = this.readings.get(broker) ??
      this.read(broker)
        .then(() => this.tell(broker, true), (error: unknown) => {
          this.tell(broker, false);
          throw error;
        })
        .finally(() => this.readings.delete(broker));
    this.readings.set(broker, reading);
    return reading;
  }

  /** No more often than once a minute; never rejects. */
  private async learnAnew(broker: string): Promise<void> {
    const nowMono = this.deps.clock.monoMs();
    const isDue = nowMono - (this.triedMono.get(broker) ?? -Infinity) >= retryMs;
    if (isDue) this.triedMono.set(broker, nowMono);
    const reading = isDue ? this.learn(broker) : this.readings.get(broker);
    await reading?.catch(() => undefined);
  }

  private tell(broker: string, isKnown: boolean): void {
    if (this.nameless.has(broker) !== isKnown) return;
    if (isKnown) this.nameless.delete(broker);
    else this.nameless.add(broker);
    this.deps.namelessChanged();
  }

  private async read(broker: string): Promise<void> {
    const { log, marketData } = this.deps;
    const day = this.today();
    if (!this.sheets.has(broker)) await this.restore(broker);
    if (this.sheets.get(broker)?.day === day) return;
    try {
      const underlyings = await marketData.underlyings(broker);
      this.hold(broker, day, underlyings);
      await this.keep(broker, day, underlyings);
    } catch (error) {
      const held = this.sheets.get(broker);
      if (!held || held.byKey.size === 0) throw error;
      const reason = errorMessageOf(error);
      log.warn('the list of underlyings is of another day', { broker, day: held.day, reason });
    }
  }

  private first(): Sheet {
    const known = this.deps.brokers().flatMap((broker) => this.sheets.get(broker) ?? []);
    // Without an account what was known stays.
    return known[0] ?? this.sheets.values().next().value ?? noSheet;
  }

  private isOfToday({ day }: Sheet): boolean {
    return day === this.today();
  }

  private today(): string {
    return indiaDateOf(this.deps.clock.wallMs());
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
    const before = this.sheets.get(broker);
    this.sheets.set(broker, { day, byKey });
    if (before && hasOtherSpots(before, { day, byKey })) this.deps.spotsChanged(broker);
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

function hasOtherSpots({ byKey: before }: Sheet, { byKey }: Sheet): boolean {
  const nameOf = (one: ListedUnderlying | undefined): string => (one ? tokenKey(one.spot) : '');
  const keys = new Set([...before.keys(), ...byKey.keys()]);
  return [...keys].some((key) => nameOf(before.get(key)) !== nameOf(byKey.get(key)));
}
