import { optionKey, type Instruments } from '@strikewire/contracts';
import type { Clock } from '@strikewire/runtime';
import type { Skeleton } from '../core/skeleton';
import { AnswerCache, type EncodedSnapshot } from './answer-cache';
import type { StoredBuild } from './chain-registry';

/** What the build of a chain has found of its contracts. */
export type KnownContracts = Pick<StoredBuild, 'tickPaise' | 'freezeQuantity'>;

/** The contracts of a skeleton, with what is known of them. */
export function instrumentsJson(
  skeleton: Skeleton,
  { tickPaise, freezeQuantity }: KnownContracts,
): Instruments {
  const { exchange, symbol, expiry, lotSize, strikes } = skeleton;
  const types = ['CE', 'PE'] as const;
  const instruments = strikes.flatMap((strike) =>
    types.map((type): Instruments['instruments'][number] => ({
      token: strike[type].token.id,
      segment: strike[type].token.segment,
      key: optionKey({ exchange, symbol, expiry, strikePaise: strike.strikePaise, type }),
      symbol: strike[type].symbol,
      strike: strike.strikePaise / 100,
      type,
      lotSize,
      tickSize: tickPaise === null ? null : tickPaise / 100,
      freezeQuantity,
    })),
  );
  return { underlying: symbol, exchange, expiry, instruments };
}

/** About 300 chains of 100 strikes. */
const bytesMax = 16 * 1024 * 1024;

/**
 * Contracts of chains, encoded on the first read and kept while they are read. A body that was
 * dropped and is encoded again is the same, and so is its tag.
 */
export class InstrumentsCache {
  private readonly run: string;
  private tagCount = 0;
  private readonly tags = new WeakMap<Skeleton, { known: KnownContracts; etag: string }>();
  private readonly bodies: AnswerCache<Skeleton>;

  /** `run` tells this run of the platform from others: answers are counted anew with each. */
  constructor(run: string, clock: Clock) {
    this.run = run;
    this.bodies = new AnswerCache(clock, bytesMax);
  }

  read(
    skeleton: Skeleton,
    { tickPaise, freezeQuantity }: KnownContracts = { tickPaise: null, freezeQuantity: null },
  ): EncodedSnapshot {
    const known = { tickPaise, freezeQuantity };
    const etag = this.tagOf(skeleton, known);
    const held = this.bodies.get(skeleton);
    if (held?.etag === etag) return held;
    const body = Buffer.from(JSON.stringify(instrumentsJson(skeleton, known)));
    const encoded = { body, etag };
    this.bodies.set(skeleton, encoded);
    return encoded;
  }

  private tagOf(skeleton: Skeleton, known: KnownContracts): string {
    const held = this.tags.get(skeleton);
    const isSame = held?.known.tickPaise === known.tickPaise;
    if (isSame && held.known.freezeQuantity === known.freezeQuantity) return held.etag;
    const etag = `"${this.run}-contracts-${++this.tagCount}"`;
    this.tags.set(skeleton, { known, etag });
    return etag;
  }
}
