import {
  exchanges,
  indiaDateOf,
  underlyingKey,
  type ContractKey,
  type Exchange,
  type UnderlyingRef,
} from '@strikewire/contracts';
import {
  errorKindOf,
  errorMessageOf,
  StrikewireError,
  type Clock,
  type Log,
} from '@strikewire/runtime';
import type {
  InstrumentTable,
  InstrumentToken,
  ListedUnderlying,
} from './market-data-port';

/** What a broker's lists consist of, and what is made of their rows; `Row`: one derivative. */
export interface InstrumentListParts<Row> {
  /** Such as `[broker-north]`: whose lists these are, in errors and in the log. */
  label: string;
  /** All derivatives of an exchange, as the broker lists them now. */
  rows(exchange: Exchange): AsyncIterable<Row>;
  /** Collects underlyings with listed options; `today`: ISO date. */
  findUnderlyings(today: string): UnderlyingRows<Row>;
  /** Collects contracts of underlyings (keys) by token. */
  tableOf(underlyings: ReadonlySet<string>): {
    add(row: Row): void;
    readonly table: InstrumentTable;
  };
  /** Collects the tokens of contracts (keys). */
  findContracts(wanted: ReadonlySet<ContractKey>): {
    add(row: Row): void;
    readonly found: ReadonlyMap<ContractKey, InstrumentToken>;
  };
}

/** Underlyings as rows pass by. */
export interface UnderlyingRows<Row> {
  add(row: Row): void;
  /** `leftOut`: keys of those with options that cannot be asked for. */
  found(): { listed: ListedUnderlying[]; leftOut: readonly string[] };
}

/** Lists change once a day, outside of trading hours. */
const keptMs = 5 * 60_000;

/**
 * Lists of instruments, one per exchange, each too large to be kept. Every reading of one finds its
 * underlyings, which are few and are kept for some minutes; of the contracts only those asked for
 * are kept, by whoever asked.
 */
export class InstrumentLists<Row> {
  private readonly parts: InstrumentListParts<Row>;
  private readonly lists: readonly InstrumentList<Row>[];

  constructor(parts: InstrumentListParts<Row>, deps: { clock: Clock; log: Log }) {
    this.parts = parts;
    this.lists = exchanges.map((exchange) => new InstrumentList(exchange, parts, deps));
  }

  /** Everything with listed options, by name. */
  async underlyings(): Promise<ListedUnderlying[]> {
    const listed: ListedUnderlying[] = [];
    for (const list of this.lists) listed.push(...(await list.underlyings()));
    return listed.sort(byName);
  }

  /** Contracts of these underlyings, by token. */
  async instruments(wanted: readonly UnderlyingRef[]): Promise<InstrumentTable> {
    const contracts = this.parts.tableOf(new Set(wanted.map(underlyingKey)));
    const named = new Set(wanted.map(({ exchange }) => exchange));
    await this.read(named, (row) => contracts.add(row));
    return contracts.table;
  }

  /** Tokens of contracts by their canonical keys. */
  async resolve(keys: readonly ContractKey[]): Promise<ReadonlyMap<ContractKey, InstrumentToken>> {
    const contracts = this.parts.findContracts(new Set(keys));
    const named = new Set(keys.map((key) => key.slice(0, key.indexOf(':'))));
    await this.read(named, (row) => contracts.add(row));
    return contracts.found;
  }

  /** One after the other: each takes its share of memory, and of the processor on both sides. */
  private async read(named: ReadonlySet<string>, take: (row: Row) => void): Promise<void> {
    for (const list of this.lists) if (named.has(list.exchange)) await list.read(take);
  }
}

class InstrumentList<Row> {
  readonly exchange: Exchange;
  private readonly parts: InstrumentListParts<Row>;
  private readonly deps: { clock: Clock; log: Log };
  private reading: Promise<ListedUnderlying[]> | undefined;
  private latest: { listed: ListedUnderlying[]; atMono: number } | undefined;
  private leftOut = '';

  constructor(
    exchange: Exchange,
    parts: InstrumentListParts<Row>,
    deps: { clock: Clock; log: Log },
  ) {
    this.exchange = exchange;
    this.parts = parts;
    this.deps = deps;
  }

  async underlyings(): Promise<ListedUnderlying[]> {
    const { latest } = this;
    if (latest && this.deps.clock.monoMs() - latest.atMono < keptMs) return latest.listed;
    this.reading ??= this.read(() => {}).finally(() => (this.reading = undefined));
    return this.reading;
  }

  /** @throws StrikewireError `retryable`; what the rows throw themselves, as it is. */
  async read(take: (row: Row) => void): Promise<ListedUnderlying[]> {
    const { clock } = this.deps;
    const finder = this.parts.findUnderlyings(indiaDateOf(clock.wallMs()));
    try {
      for await (const row of this.parts.rows(this.exchange)) {
        finder.add(row);
        take(row);
      }
    } catch (cause) {
      if (errorKindOf(cause) !== 'assertion') throw cause;
      const found = `instruments of ${this.exchange}: ${errorMessageOf(cause)}`;
      throw new StrikewireError({
        kind: 'retryable',
        code: 'instruments_malformed',
        message: `${this.parts.label} ${found}`,
        cause,
      });
    }
    const { listed, leftOut } = finder.found();
    this.latest = { listed, atMono: clock.monoMs() };
    this.tell(leftOut);
    return listed;
  }

  /** Once, and again only when it has changed. */
  private tell(leftOut: readonly string[]): void {
    const text = leftOut.join(' ');
    if (text !== '' && text !== this.leftOut) {
      const facts = { count: leftOut.length, underlyings: text.slice(0, 500) };
      this.deps.log.warn(`${this.parts.label} underlyings that have no spot are left out`, facts);
    }
    this.leftOut = text;
  }
}

function byName(a: UnderlyingRef, b: UnderlyingRef): number {
  const [left, right] = [underlyingKey(a), underlyingKey(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
