import type { InstrumentInfo, InstrumentToken } from '@strikewire/broker';
import {
  futureKey,
  indiaDateOf,
  indiaInstant,
  underlyingKey,
  type ContractKey,
  type UnderlyingRef,
} from '@strikewire/contracts';
import { errorMessageOf, StrikewireError, type Clock } from '@strikewire/runtime';
import type { CommonMarketData } from './current-market-data';

/** Where futures are found. */
export interface FutureBookDeps {
  clock: Pick<Clock, 'wallMs' | 'monoMs'>;
  marketData: Pick<CommonMarketData, 'resolve' | 'instruments'>;
  /** The plugin's id of the broker at home; empty before the first account. */
  home(): string;
  /** Everything that is served: all futures are found in one reading. */
  underlyings(): readonly UnderlyingRef[];
}

/** A future as the broker at home has it. */
export interface ListedFuture {
  token: InstrumentToken;
  /** Undefined: its row says nothing of lots and ticks. */
  info: InstrumentInfo | undefined;
}

interface Sheet {
  /** Broker and Indian date. */
  place: string;
  underlyings: ReadonlySet<ContractKey>;
  futures: ReadonlyMap<ContractKey, ListedFuture>;
}

const dayMs = 86_400_000;
/** Futures of three months at a time, and of commodities somewhat more. */
const daysAhead = 130;
/** After a reading that failed, and for what is served since the last one. */
const againMs = 60_000;

/**
 * Futures of what is served, from the instrument master of the broker at home: read when the first
 * one is asked for, once a day. No list names them by day, so that every day ahead is looked up.
 */
export class FutureBook {
  private readonly deps: FutureBookDeps;
  private sheet: Sheet | undefined;
  private reading: Promise<Sheet> | undefined;
  private readMono = -Infinity;

  constructor(deps: FutureBookDeps) {
    this.deps = deps;
  }

  /** As far as it was read. */
  find(key: ContractKey): ListedFuture | undefined {
    return this.sheet?.place === this.place() ? this.sheet.futures.get(key) : undefined;
  }

  /**
   * The future that goes with an expiry: the first at or after it, else the last one before.
   * Undefined: the underlying has none.
   * @throws StrikewireError `retryable` while the master cannot be read.
   */
  async near(underlying: UnderlyingRef, expiry: string): Promise<ContractKey | undefined> {
    const keys = keysOf(await this.current(underlyingKey(underlying)), underlying);
    return firstFrom(keys, underlying, expiry) ?? keys.at(-1);
  }

  /** The first at or after an expiry, as far as futures were read. */
  after(underlying: UnderlyingRef, expiry: string): ContractKey | undefined {
    const { sheet } = this;
    if (sheet?.place !== this.place()) return undefined;
    return firstFrom(keysOf(sheet, underlying), underlying, expiry);
  }

  private place(): string {
    return `${this.deps.home()} ${indiaDateOf(this.deps.clock.wallMs())}`;
  }

  private async current(underlying: ContractKey): Promise<Sheet> {
    const { sheet } = this;
    if (sheet?.place === this.place() && this.covers(sheet, underlying)) return sheet;
    if (this.reading) return this.reading;
    const { clock } = this.deps;
    const nowMono = clock.monoMs();
    if (nowMono - this.readMono < againMs) {
      if (sheet?.place === this.place()) return sheet;
      throw notRead('tried a moment ago');
    }
    this.readMono = nowMono;
    this.reading = this.read().finally(() => (this.reading = undefined));
    return this.reading;
  }

  /** What nobody serves no reading brings: it is in no sheet, however often that is read. */
  private covers({ underlyings }: Sheet, underlying: ContractKey): boolean {
    if (underlyings.has(underlying)) return true;
    return !this.deps.underlyings().some((ref) => underlyingKey(ref) === underlying);
  }

  private async read(): Promise<Sheet> {
    const { marketData, home, underlyings } = this.deps;
    const [place, broker, refs] = [this.place(), home(), underlyings()];
    if (broker === '') throw notRead('no account is connected');
    try {
      const tokens = await marketData.resolve(broker, refs.flatMap((ref) => this.daysOf(ref)));
      const table = await marketData.instruments(broker, refs);
      const futures = new Map([...tokens].map(([key, token]): [ContractKey, ListedFuture] =>
        [key, { token, info: table.get(token) }]));
      const sheet = { place, underlyings: new Set(refs.map(underlyingKey)), futures };
      this.sheet = sheet;
      return sheet;
    } catch (error) {
      throw notRead(errorMessageOf(error));
    }
  }

  private daysOf({ exchange, symbol }: UnderlyingRef): ContractKey[] {
    const startMs = indiaInstant(indiaDateOf(this.deps.clock.wallMs()), 720);
    return Array.from({ length: daysAhead }, (_, day) =>
      futureKey({ exchange, symbol, expiry: indiaDateOf(startMs + day * dayMs) }));
  }
}

/** Of an underlying, nearest first. */
function keysOf({ futures }: Sheet, underlying: UnderlyingRef): ContractKey[] {
  const start = `${underlyingKey(underlying)}:`;
  return [...futures.keys()].filter((key) => key.startsWith(start)).sort();
}

function firstFrom(
  keys: readonly ContractKey[],
  { exchange, symbol }: UnderlyingRef,
  expiry: string,
): ContractKey | undefined {
  const wanted = futureKey({ exchange, symbol, expiry });
  return keys.find((key) => key >= wanted);
}

function notRead(reason: string): StrikewireError {
  return new StrikewireError({
    kind: 'retryable',
    code: 'futures_not_read',
    message: `futures were not read from the instrument master: ${reason}`,
  });
}
