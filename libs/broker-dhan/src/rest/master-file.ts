import type {
  BrokerDeps,
  InstrumentTable,
  InstrumentToken,
  ListedUnderlying,
} from '@strikewire/broker';
import {
  indiaDateOf,
  underlyingKey,
  type ContractKey,
  type UnderlyingRef,
} from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import { createContractFinder } from './contract-finder';
import { readMaster, type MasterRow } from './instrument-master';
import { createUnderlyingFinder } from './listed-underlyings';
import { createOptionTable } from './option-table';

/** The whole file is tens of megabytes. */
const masterBytesMax = 256 * 1024 * 1024;
const masterTimeoutMs = 120_000;
/** The file changes once a day, before the market opens. */
const keptMs = 5 * 60_000;

/**
 * The instrument master. Every reading finds the underlyings, which are few and are kept for some
 * minutes; of the options only those asked for are kept, by whoever asked.
 */
export class MasterFile {
  private readonly url: string;
  private readonly deps: Pick<BrokerDeps, 'clock' | 'http' | 'log'>;
  private reading: Promise<ListedUnderlying[]> | undefined;
  private latest: { listed: ListedUnderlying[]; atMs: number } | undefined;
  private leftOut = '';

  constructor(url: string, deps: Pick<BrokerDeps, 'clock' | 'http' | 'log'>) {
    this.url = url;
    this.deps = deps;
  }

  async underlyings(): Promise<ListedUnderlying[]> {
    const { latest } = this;
    const isFresh = latest && this.deps.clock.monoMs() - latest.atMs < keptMs;
    if (isFresh) return [...latest.listed];
    this.reading ??= this.read(() => {}).finally(() => (this.reading = undefined));
    return [...(await this.reading)];
  }

  /** Options of these underlyings, by token. */
  async instruments(wanted: readonly UnderlyingRef[]): Promise<InstrumentTable> {
    const options = createOptionTable(new Set(wanted.map(underlyingKey)));
    await this.read((row) => options.add(row));
    return options.table;
  }

  /** Tokens of contracts by their canonical keys. */
  async resolve(keys: readonly ContractKey[]): Promise<ReadonlyMap<ContractKey, InstrumentToken>> {
    const contracts = createContractFinder(new Set(keys));
    if (keys.length > 0) await this.read((row) => contracts.add(row));
    return contracts.found;
  }

  private async read(take: (row: MasterRow) => void): Promise<ListedUnderlying[]> {
    const { clock, http } = this.deps;
    const answer = await http.stream({
      method: 'GET',
      url: this.url,
      timeoutMs: masterTimeoutMs,
      bytesMax: masterBytesMax,
    });
    if (answer.status !== 200) throw unavailable(answer.status);
    const finder = createUnderlyingFinder(indiaDateOf(clock.wallMs()));
    for await (const row of readMaster(answer.chunks)) {
      finder.add(row);
      take(row);
    }
    const { listed, leftOut } = finder.found();
    this.latest = { listed, atMs: clock.monoMs() };
    this.tell(leftOut);
    return listed;
  }

  /** Once, and again only when it has changed. */
  private tell(leftOut: readonly string[]): void {
    const text = leftOut.join(' ');
    if (text !== '' && text !== this.leftOut) {
      const facts = { count: leftOut.length, underlyings: text.slice(0, 500) };
      this.deps.log.warn('[broker-dhan] listed underlyings without a known id are left out', facts);
    }
    this.leftOut = text;
  }
}

function unavailable(status: number): StrikewireError {
  return new StrikewireError({
    kind: 'retryable',
    code: 'master_unavailable',
    message: `[broker-dhan] instrument master: HTTP ${status}`,
  });
}
