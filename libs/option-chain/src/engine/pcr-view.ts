import { indiaIsoOf, type ChainRatios } from '@strikewire/contracts';
import { metricsJson } from './chain-json';
import type { ChainViewDeps } from './chain-view';
import type { LiveChain } from './live-chain';
import type { StreamNews, StreamView } from './stream-view';

/** Ratios and totals of a chain: the channel `pcr`. */
export class PcrView implements StreamView {
  readonly pace = 'second';
  readonly chain: LiveChain;
  private readonly deps: ChainViewDeps;
  private version = 1;
  private held: ChainRatios;

  constructor(deps: ChainViewDeps, chain: LiveChain) {
    this.deps = deps;
    this.chain = chain;
    deps.refresh(chain);
    this.held = ratiosOf(chain);
  }

  layout(stream: number): object {
    const { symbol: underlying, exchange, expiry } = this.chain.slots.skeleton;
    return { type: 'layout', channel: 'pcr', stream, underlying, exchange, expiry };
  }

  snapshot(stream: number): string {
    return this.encode({ type: 'snapshot' }, stream, this.held);
  }

  /** A new generation has other strikes, and the same figures over them. */
  isAnew(): boolean {
    return false;
  }

  advance(stream: number): StreamNews | undefined {
    const { chain, deps, held, version: previous } = this;
    deps.refresh(chain);
    const ratios = ratiosOf(chain);
    const names = Object.keys(ratios) as (keyof ChainRatios)[];
    const changed = names.filter((name) => ratios[name] !== held[name]);
    if (changed.length === 0) return undefined;
    this.held = ratios;
    this.version++;
    const told = Object.fromEntries(changed.map((name) => [name, ratios[name]]));
    return { data: this.encode({ type: 'delta', previous }, stream, told) };
  }

  private encode(how: object, stream: number, ratios: Partial<ChainRatios>): string {
    const asOf = indiaIsoOf(this.deps.clock.wallMs());
    return JSON.stringify({ ...how, channel: 'pcr', stream, version: this.version, asOf, ratios });
  }
}

function ratiosOf(chain: LiveChain): ChainRatios {
  const metrics = metricsJson(chain);
  return {
    pcrOi: metrics.pcrOi,
    pcrVolume: metrics.pcrVolume,
    totalCeOi: metrics.totalCeOi,
    totalPeOi: metrics.totalPeOi,
    totalCeVolume: metrics.totalCeVolume,
    totalPeVolume: metrics.totalPeVolume,
    totalCeOiChange: metrics.totalCeOiChange,
    totalPeOiChange: metrics.totalPeOiChange,
  };
}
