import { underlyingKey, type ContractKey, type UnderlyingRef } from '@strikewire/contracts';
import {
  errorMessageOf,
  StrikewireError,
  type Clock,
  type Log,
  type Timer,
} from '@strikewire/runtime';
import type { HeldContract } from '../core/generation-layout';
import { contractOf, heldFacts } from './contract-facts';
import type { ContractFacts } from './contract-reading';
import type { CommonMarketData } from './current-market-data';
import type { ListedFuture } from './future-book';

/** A contract that can be held, and what is known of it. */
export interface KnownContract {
  contract: HeldContract;
  facts: ContractFacts;
}

/** Where what is held is found, and who keeps it live. */
export interface ContractHoldsDeps {
  clock: Clock;
  log: Log;
  marketData: Pick<CommonMarketData, 'resolve' | 'instruments'>;
  /** The plugin's id of the broker at home; empty before the first account. */
  home(): string;
  /** Of a contract of a chain that is served. */
  served(key: ContractKey): KnownContract | undefined;
  /** What of its facts another contract of its underlying tells. */
  alike(key: ContractKey): Omit<Parameters<typeof heldFacts>[1], 'info'>;
  /** A future that was read from the master at home. */
  listed(key: ContractKey): ListedFuture | undefined;
  /** As of `OptionChainEngine.hold`. */
  hold(holder: string, contracts: readonly HeldContract[]): void;
}

/** Contracts that may be held at a time, by whomever. */
export const holdsMax = 2_000;
/** What is not known is looked for again after this, and after twice as long each time. */
const retryMs = 60_000;
/** Each look reads the broker's whole list. */
const retryMostMs = 30 * 60_000;

/**
 * Contracts that people need live, by their keys: names and facts of what is in no chain are read
 * from the broker at home, once, and again while some are missing: after a minute, two, four …
 */
export class ContractHolds {
  private readonly deps: ContractHoldsDeps;
  private readonly holders = new Map<string, readonly ContractKey[]>();
  private readonly known = new Map<ContractKey, KnownContract>();
  private timer: Timer | undefined;
  private isAsking = false;
  private isStopped = false;
  /** Looks in a row that have found nothing. */
  private failures = 0;

  constructor(deps: ContractHoldsDeps) {
    this.deps = deps;
  }

  factsOf(key: ContractKey): ContractFacts | undefined {
    return this.known.get(key)?.facts;
  }

  /** @throws StrikewireError `denied`, code `holds_full`, when too many are held already. */
  hold(holder: string, keys: readonly ContractKey[]): void {
    if (this.isStopped) return;
    const others = [...this.holders].filter(([name]) => name !== holder);
    const count = new Set([...keys, ...others.flatMap(([, held]) => held)]).size;
    if (count > holdsMax) {
      throw new StrikewireError({
        kind: 'denied',
        code: 'holds_full',
        message: `contracts that are kept live would be ${count}, needs ${holdsMax} or fewer`,
      });
    }
    if (keys.length === 0) this.holders.delete(holder);
    else this.holders.set(holder, [...new Set(keys)]);
    const isMore = keys.some((key) => !others.some(([, held]) => held.includes(key)));
    if (isMore) this.failures = 0;
    const wanted = this.wanted();
    for (const key of this.known.keys()) if (!wanted.has(key)) this.known.delete(key);
    for (const key of wanted) this.takeServed(key);
    this.apply(holder);
    void this.ask();
  }

  stop(): void {
    this.isStopped = true;
    this.timer?.cancel();
  }

  private wanted(): Set<ContractKey> {
    return new Set([...this.holders.values()].flat());
  }

  private takeServed(key: ContractKey): void {
    if (this.known.has(key)) return;
    const found = this.deps.served(key) ?? this.listed(key);
    if (found) this.known.set(key, found);
  }

  private listed(key: ContractKey): KnownContract | undefined {
    const found = this.deps.listed(key);
    const facts = found && heldFacts(key, { ...this.deps.alike(key), info: found.info });
    if (!found || !facts) return undefined;
    const { token } = found;
    return { contract: { key, exchange: facts.exchange, token, broker: this.deps.home() }, facts };
  }

  private apply(holder: string): void {
    const keys = this.holders.get(holder) ?? [];
    this.deps.hold(holder, keys.flatMap((key) => this.known.get(key)?.contract ?? []));
  }

  private async ask(): Promise<void> {
    if (this.isAsking || this.isStopped) return;
    this.timer?.cancel();
    const missing = [...this.wanted()].filter((key) => !this.known.has(key) && contractOf(key));
    if (missing.length === 0) return;
    const waitMs = Math.min(retryMostMs, retryMs * 2 ** Math.min(this.failures, 10));
    this.timer = this.deps.clock.after(waitMs, () => {
      for (const key of this.wanted()) this.takeServed(key);
      void this.ask();
    });
    const home = this.deps.home();
    if (home === '') return;
    this.isAsking = true;
    const found = await this.lookUp(home, missing);
    this.isAsking = false;
    if (this.isStopped) return;
    this.failures = found.length > 0 ? 0 : this.failures + 1;
    this.takeUp(found);
    // Others may be wanted since; what was not found waits for the timer.
    const isMore = [...this.wanted()].some((key) => !this.known.has(key) && !missing.includes(key));
    if (isMore) void this.ask();
  }

  private takeUp(found: readonly KnownContract[]): void {
    const wanted = this.wanted();
    const fresh = new Set<ContractKey>();
    for (const one of found) {
      const { key } = one.contract;
      if (!wanted.has(key)) continue;
      this.known.set(key, one);
      fresh.add(key);
    }
    for (const [holder, keys] of this.holders) {
      if (keys.some((key) => fresh.has(key))) this.apply(holder);
    }
  }

  /** A failure is a warning. */
  private async lookUp(broker: string, keys: readonly ContractKey[]): Promise<KnownContract[]> {
    const { log, marketData, alike } = this.deps;
    try {
      const tokens = await marketData.resolve(broker, keys);
      if (tokens.size === 0) {
        log.warn('contracts to hold are not known', { broker, keys: keys.slice(0, 20) });
        return [];
      }
      const table = await marketData.instruments(broker, underlyingsOf([...tokens.keys()]));
      return [...tokens].flatMap(([key, token]): KnownContract[] => {
        const facts = heldFacts(key, { ...alike(key), info: table.get(token) });
        if (!facts) return [];
        return [{ contract: { key, exchange: facts.exchange, token, broker }, facts }];
      });
    } catch (error) {
      log.warn('contracts to hold could not be looked up', {
        broker, keys: keys.slice(0, 20), reason: errorMessageOf(error),
      });
      return [];
    }
  }
}

function underlyingsOf(keys: readonly ContractKey[]): UnderlyingRef[] {
  const refs = keys.flatMap((key) => contractOf(key) ?? []);
  return [...new Map(refs.map(({ exchange, symbol }) =>
    [underlyingKey({ exchange, symbol }), { exchange, symbol }])).values()];
}
