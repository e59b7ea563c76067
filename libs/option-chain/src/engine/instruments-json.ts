import { optionKey, type Instruments } from '@strikewire/contracts';
import type { Skeleton } from '../core/skeleton';
import type { StoredBuild } from './chain-registry';
import type { EncodedSnapshot } from './snapshot-cache';

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

/** Contracts of chains, encoded on the first read and kept as long as their skeleton. */
export class InstrumentsCache {
  private readonly run: string;
  private encodedCount = 0;
  private readonly held = new WeakMap<
    Skeleton,
    { known: KnownContracts; encoded: EncodedSnapshot }
  >();

  /** `run` tells this run of the platform from others: answers are counted anew with each. */
  constructor(run: string) {
    this.run = run;
  }

  read(
    skeleton: Skeleton,
    { tickPaise, freezeQuantity }: KnownContracts = { tickPaise: null, freezeQuantity: null },
  ): EncodedSnapshot {
    const held = this.held.get(skeleton);
    const known = { tickPaise, freezeQuantity };
    const isSame = held?.known.tickPaise === tickPaise;
    if (isSame && held.known.freezeQuantity === freezeQuantity) return held.encoded;
    const body = Buffer.from(JSON.stringify(instrumentsJson(skeleton, known)));
    const encoded = { body, etag: `"${this.run}-contracts-${++this.encodedCount}"` };
    this.held.set(skeleton, { known, encoded });
    return encoded;
  }
}
