import type { InstrumentToken } from '@strikewire/broker';
import {
  indiaDateOf,
  optionKey,
  type ContractKey,
  type Exchange,
  type UnderlyingRef,
} from '@strikewire/contracts';
import { errorMessageOf, type Clock, type Log, type Timer } from '@strikewire/runtime';
import type { ChainAnswer, Skeleton } from '../core/skeleton';
import type { HomeNames } from './board-targets';
import type { CommonMarketData } from './current-market-data';

/** Where names come from. */
export interface ContractNamesDeps {
  clock: Clock;
  log: Log;
  marketData: Pick<CommonMarketData, 'resolve'>;
  /** Makes sure of what a broker calls underlyings, as far as it can. */
  learnSpots(broker: string): Promise<void>;
  spotOf(broker: string, underlying: UnderlyingRef): InstrumentToken | undefined;
  /** What was read ahead, while the broker was not at home. */
  readAhead(broker: string, key: ContractKey): InstrumentToken | undefined;
  /** More is known at home than before. */
  learned(): void;
}

/**
 * Contracts of one broker that are remembered, and that are known to be missing; past it no more
 * are remembered until some have expired, and what was missing is forgotten.
 */
const namesMax = 100_000;
/** Of these, whole answers fill only so much: windows that were built have room as well. */
const answeredMax = 50_000;
/** A look-up that failed is tried again after this. */
const retryMs = 60_000;
/** What the broker does not have is looked for again after this: new strikes appear once a day. */
const missingMs = 3_600_000;

interface Sheet {
  /** The Indian date when what had expired was let go of, and what was missing forgotten. */
  day: string;
  tokens: Map<ContractKey, InstrumentToken>;
  /** By the monotonic clock, when it was found not to be there. */
  missing: Map<ContractKey, number>;
  /** Chains whose answers have been taken up. */
  chains: Set<string>;
}

/**
 * What the broker at home calls contracts that another one has named: a day may have been built
 * under another broker's names. Nothing is subscribed before its name at home is known.
 */
export class ContractNames implements HomeNames {
  private readonly deps: ContractNamesDeps;
  private homeBroker = '';
  private readonly sheets = new Map<string, Sheet>();
  private readonly skeletons = new WeakSet<Skeleton>();
  private wanted: readonly ContractKey[] = [];
  private isAsking = false;
  /** Nobody is asked before. */
  private earliestMono = -Infinity;
  private timer: Timer | undefined;
  private telling: Timer | undefined;
  private isStopped = false;

  constructor(deps: ContractNamesDeps) {
    this.deps = deps;
  }

  /** The plugin's id; empty before the first account. */
  get home(): string {
    return this.homeBroker;
  }

  /**
   * Undefined while it is not known, and when the broker at home does not have it. Whoever asks
   * whether something is known asks here: two answers would go round in a circle.
   */
  tokenOf(key: ContractKey): InstrumentToken | undefined {
    const { home } = this;
    const { spotOf, readAhead } = this.deps;
    const underlying = underlyingOf(key);
    const own = underlying ? spotOf(home, underlying) : this.sheets.get(home)?.tokens.get(key);
    return own ?? readAhead(home, key);
  }

  /** An answer names every contract of its chain: the first of each is taken up. */
  take(of: UnderlyingRef & { expiry: string }, { broker, strikes }: ChainAnswer): void {
    const { tokens, chains } = this.sheetOf(broker);
    const { exchange, symbol, expiry } = of;
    const chain = `${exchange}:${symbol}:${expiry}`;
    if (chains.has(chain) || tokens.size >= answeredMax) return;
    chains.add(chain);
    for (const { strikePaise, CE, PE } of strikes) {
      for (const [type, leg] of [['CE', CE], ['PE', PE]] as const) {
        if (!leg) continue;
        tokens.set(optionKey({ exchange, symbol, expiry, strikePaise, type }), leg.token);
      }
    }
  }

  /** The same for what was built: it may be named by another broker tomorrow, or in a while. */
  takeSkeleton(skeleton: Skeleton): void {
    const { tokens } = this.sheetOf(skeleton.broker);
    if (this.skeletons.has(skeleton) || tokens.size >= namesMax) return;
    this.skeletons.add(skeleton);
    for (const { strikePaise, CE, PE } of skeleton.strikes) {
      tokens.set(optionKey({ ...skeleton, strikePaise, type: 'CE' }), CE.token);
      tokens.set(optionKey({ ...skeleton, strikePaise, type: 'PE' }), PE.token);
    }
  }

  /** These, and no others, are looked up at home until they are known. */
  want(keys: readonly ContractKey[]): void {
    this.wanted = keys;
    void this.ask();
  }

  /** Another broker is at home: what the one before has failed at says nothing of it. */
  setHome(broker: string): void {
    this.homeBroker = broker;
    this.earliestMono = -Infinity;
  }

  stop(): void {
    this.isStopped = true;
    this.timer?.cancel();
    this.telling?.cancel();
  }

  private async ask(): Promise<void> {
    const { home } = this;
    if (this.isAsking || this.isStopped || home === '') return;
    this.timer?.cancel();
    const before = this.wanted;
    const wanted = before.filter((key) => this.tokenOf(key) === undefined);
    this.wanted = wanted;
    if (wanted.length < before.length) this.tell();
    if (wanted.length === 0) return;
    this.timer = this.deps.clock.after(retryMs, () => void this.ask());
    const nowMono = this.deps.clock.monoMs();
    const { missing } = this.sheetOf(home);
    const keys = wanted
      .filter((key) => nowMono - (missing.get(key) ?? -Infinity) >= missingMs)
      .slice(0, namesMax);
    if (keys.length === 0 || nowMono < this.earliestMono) return;
    this.isAsking = true;
    await this.lookUp(home, keys);
    this.isAsking = false;
    // What is known now is told; others may be wanted since, or by another broker's names.
    void this.ask();
  }

  /** In a turn of its own: who is told wants others by that. */
  private tell(): void {
    this.telling ??= this.deps.clock.after(0, () => {
      this.telling = undefined;
      this.deps.learned();
    });
  }

  /** A failure is a warning. */
  private async lookUp(home: string, keys: readonly ContractKey[]): Promise<void> {
    const { clock, log, marketData, learnSpots } = this.deps;
    const contracts = keys.filter((key) => !underlyingOf(key));
    const hasSpots = contracts.length < keys.length;
    try {
      if (hasSpots) await learnSpots(home);
      const found = await marketData.resolve(home, contracts);
      this.takeUp(this.sheetOf(home), keys, found);
      const facts = { broker: home, found: found.size, missing: contracts.length - found.size };
      log.info('contracts of another broker looked up at home', facts);
    } catch (error) {
      this.earliestMono = clock.monoMs() + retryMs;
      const reason = errorMessageOf(error);
      log.warn('contracts could not be looked up at home', { broker: home, reason });
    }
  }

  /** What there is no room for is as good as missing. */
  private takeUp(
    { tokens, missing }: Sheet,
    keys: readonly ContractKey[],
    found: ReadonlyMap<ContractKey, InstrumentToken>,
  ): void {
    if (missing.size + keys.length > namesMax) missing.clear();
    const nowMono = this.deps.clock.monoMs();
    for (const key of keys) {
      const token = found.get(key);
      if (token && (tokens.has(key) || tokens.size < namesMax)) tokens.set(key, token);
      else missing.set(key, nowMono);
    }
  }

  private sheetOf(broker: string): Sheet {
    const day = indiaDateOf(this.deps.clock.wallMs());
    const held = this.sheets.get(broker) ?? {
      day, tokens: new Map(), missing: new Map(), chains: new Set(),
    };
    this.sheets.set(broker, held);
    if (held.day === day) return held;
    held.day = day;
    held.chains.clear();
    held.missing.clear();
    for (const key of held.tokens.keys()) {
      if ((key.split(':')[2] ?? '') < day) held.tokens.delete(key);
    }
    return held;
  }
}

/** Whose spot a key is of; undefined for a contract's. */
function underlyingOf(key: ContractKey): UnderlyingRef | undefined {
  const [exchange, symbol = '', ...rest] = key.split(':');
  return rest.length > 0 ? undefined : { exchange: exchange as Exchange, symbol };
}
