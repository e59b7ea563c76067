import { optionKey, type Instruments } from '@strikewire/contracts';
import type { Skeleton } from '../core/skeleton';
import type { EncodedSnapshot } from './snapshot-cache';

/** The contracts of a skeleton; the tick size is what its build has found, null when none did. */
export function instrumentsJson(skeleton: Skeleton, tickPaise: number | null): Instruments {
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
      // No broker's instrument table has it.
      freezeQuantity: null,
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
    { tickPaise: number | null; encoded: EncodedSnapshot }
  >();

  /** `run` tells this run of the platform from others: answers are counted anew with each. */
  constructor(run: string) {
    this.run = run;
  }

  read(skeleton: Skeleton, tickPaise: number | null): EncodedSnapshot {
    const held = this.held.get(skeleton);
    if (held?.tickPaise === tickPaise) return held.encoded;
    const body = Buffer.from(JSON.stringify(instrumentsJson(skeleton, tickPaise)));
    const encoded = { body, etag: `"${this.run}-contracts-${++this.encodedCount}"` };
    this.held.set(skeleton, { tickPaise, encoded });
    return encoded;
  }
}
