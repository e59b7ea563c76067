import type { Clock } from '@strikewire/runtime';
import { binaryStep, jsonStep, layoutMessage, type StreamStep } from './chain-frames';
import type { ChainSource } from './chain-json';
import type { LiveChain } from './live-chain';
import type { StreamData, StreamNews, StreamPace, StreamView } from './stream-view';

/** `binary` frames or `json` text. */
export type StreamEncoding = 'binary' | 'json';

/** Volatility and Greeks move with every forward; nobody reads them faster than this. */
const derivedMs = 1_000;

interface HeldVersion {
  version: number;
  storeVersion: number;
  generation: number;
}

/** What views over a chain are given. */
export interface ChainViewDeps {
  clock: Clock;
  source: ChainSource;
  /** Takes what has changed into the chain's version. */
  refresh(chain: LiveChain): void;
}

/** A whole chain: the channel `chain`. Its versions are the chain's own. */
export class ChainView implements StreamView {
  readonly chain: LiveChain;
  readonly pace: StreamPace;
  private readonly deps: ChainViewDeps;
  private readonly encoding: StreamEncoding;
  /** The version that subscribers hold. */
  private sent: HeldVersion;
  /** The store's version up to which they hold volatility and Greeks, and when those are due. */
  private derivedVersion: number;
  private derivedDueMono: number;

  constructor(
    deps: ChainViewDeps,
    { chain, encoding, isIndex }: { chain: LiveChain; encoding: StreamEncoding; isIndex: boolean },
  ) {
    this.deps = deps;
    this.chain = chain;
    this.encoding = encoding;
    this.pace = isIndex ? 'index' : 'other';
    deps.refresh(chain);
    this.sent = heldOf(chain);
    this.derivedVersion = chain.storeVersion;
    this.derivedDueMono = deps.clock.monoMs() + derivedMs;
  }

  layout(stream: number): object {
    return layoutMessage(this.chain, stream, this.deps.source);
  }

  snapshot(stream: number): StreamData {
    return this.encode(stream, null);
  }

  isAnew(): boolean {
    return this.chain.generation.number !== this.sent.generation;
  }

  advance(stream: number): StreamNews | undefined {
    const { chain } = this;
    this.deps.refresh(chain);
    if (chain.version === this.sent.version && !this.owesDerived()) return undefined;
    if (!this.isAnew()) return { data: this.delta(stream) };
    this.derivedVersion = chain.storeVersion;
    this.sent = heldOf(chain);
    return { layout: JSON.stringify(this.layout(stream)), data: this.encode(stream, null) };
  }

  /** What subscribers do not hold; volatility and Greeks once they are due. */
  private delta(stream: number): StreamData {
    const { chain, sent, derivedVersion } = this;
    const isDue = this.owesDerived();
    const from = { ...sent, derivedVersion: isDue ? derivedVersion : null };
    const data = this.encode(stream, from);
    this.sent = heldOf(chain);
    if (isDue) {
      this.derivedVersion = chain.storeVersion;
      this.derivedDueMono = this.deps.clock.monoMs() + derivedMs;
    }
    return data;
  }

  /** Volatility and Greeks have changed since they were told, and are due. */
  private owesDerived(): boolean {
    return (
      this.chain.pricer.changedVersion > this.derivedVersion &&
      this.deps.clock.monoMs() >= this.derivedDueMono
    );
  }

  private encode(stream: number, from: StreamStep['from']): StreamData {
    const { version } = from ? this.chain : this.sent;
    const step = { stream, from, version, asOfMs: this.deps.clock.wallMs() };
    return this.encoding === 'binary' ? binaryStep(this.chain, step) : jsonStep(this.chain, step);
  }
}

function heldOf(chain: LiveChain): HeldVersion {
  const { version, storeVersion, generation } = chain;
  return { version, storeVersion, generation: generation.number };
}
