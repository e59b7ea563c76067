import type { StateMessage } from '@strikewire/contracts';
import { headJson, layoutMessage } from './chain-frames';
import type { ChainViewDeps } from './chain-view';
import { legGreeks } from './leg-json';
import type { LiveChain } from './live-chain';
import type { StreamNews, StreamView } from './stream-view';

type Step = Extract<StateMessage, { channel: 'greeks'; type: 'snapshot' }>;

/** Volatility and Greeks of a chain's contracts: the channel `greeks`. */
export class GreeksView implements StreamView {
  readonly pace = 'second';
  readonly chain: LiveChain;
  private readonly deps: ChainViewDeps;
  private version = 1;
  private generation: number;
  /** The store's version, and the chain's, that subscribers hold. */
  private storeVersion: number;
  private chainVersion: number;

  constructor(deps: ChainViewDeps, chain: LiveChain) {
    this.deps = deps;
    this.chain = chain;
    deps.refresh(chain);
    this.generation = chain.generation.number;
    this.storeVersion = chain.storeVersion;
    this.chainVersion = chain.version;
  }

  layout(stream: number): object {
    const { source } = this.deps;
    return { ...layoutMessage(this.chain, stream, source), channel: 'greeks' };
  }

  snapshot(stream: number): string {
    return this.encode(stream, null);
  }

  isAnew(): boolean {
    return this.chain.generation.number !== this.generation;
  }

  advance(stream: number): StreamNews | undefined {
    const { chain, deps, version } = this;
    deps.refresh(chain);
    if (chain.version === this.chainVersion) return undefined;
    const isAnew = this.isAnew();
    this.version++;
    const from = { version, storeVersion: this.storeVersion };
    this.generation = chain.generation.number;
    this.storeVersion = chain.storeVersion;
    this.chainVersion = chain.version;
    if (!isAnew) return { data: this.encode(stream, from) };
    return { layout: JSON.stringify(this.layout(stream)), data: this.encode(stream, null) };
  }

  private encode(stream: number, from: { version: number; storeVersion: number } | null): string {
    const { chain, version } = this;
    const { store, slots } = chain;
    const rows: Step['rows'] = [];
    for (let row = 0; row < slots.legCount; row++) {
      const slot = slots.firstSlot + row;
      if (from && (store.derivedAt[slot] ?? 0) <= from.storeVersion) continue;
      rows.push([row, legGreeks(store, slot)]);
    }
    const step: Omit<Step, 'type'> = {
      channel: 'greeks',
      stream,
      generation: chain.generation.number,
      version,
      head: headJson(chain, this.deps.clock.wallMs()),
      rows,
    };
    const how = from ? { type: 'delta', previous: from.version } : { type: 'snapshot' };
    return JSON.stringify({ ...how, ...step });
  }
}
