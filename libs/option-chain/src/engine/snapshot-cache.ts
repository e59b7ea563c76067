import type { Clock } from '@strikewire/runtime';
import { AnswerCache, type EncodedSnapshot } from './answer-cache';
import { chainJson, type ChainSource } from './chain-json';
import type { LiveChain } from './live-chain';

/** About 300 chains of 100 strikes, or a thousand of 25. */
const bytesMax = 32 * 1024 * 1024;

/**
 * REST answers, encoded on the first read of a version and kept until the next: however many
 * clients poll, a version is encoded once. Holds at most one body per chain, of those that are
 * read.
 */
export class SnapshotCache {
  private readonly source: ChainSource;
  private readonly run: string;
  private readonly bodies: AnswerCache<LiveChain, EncodedSnapshot & { version: number }>;

  /** `run` tells this run of the platform from others: versions start anew with each. */
  constructor(source: ChainSource, run: string, clock: Clock) {
    this.bodies = new AnswerCache(clock, bytesMax);
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
