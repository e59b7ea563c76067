import { chainJson, type ChainSource } from './chain-json';
import type { LiveChain } from './live-chain';

/** An encoded answer with its validator. */
export interface EncodedSnapshot {
  body: Buffer;
  etag: string;
}

/**
 * REST answers, encoded on the first read of a version and kept until the next: however many
 * clients poll, a version is encoded once. Holds one body per chain.
 */
export class SnapshotCache {
  private readonly source: ChainSource;
  private readonly run: string;
  private readonly bodies = new WeakMap<LiveChain, EncodedSnapshot & { version: number }>();

  /** `run` tells this run of the platform from others: versions start anew with each. */
  constructor(source: ChainSource, run: string) {
    this.source = source;
    this.run = run;
  }

  read(chain: LiveChain): EncodedSnapshot {
    const held = this.bodies.get(chain);
    if (held?.version === chain.version) return held;
    const body = Buffer.from(JSON.stringify(chainJson(chain, this.source)));
    const etag = `"${this.run}-${chain.generation.number}-${chain.version}"`;
    const encoded = { body, etag, version: chain.version };
    this.bodies.set(chain, encoded);
    return encoded;
  }
}
