import { QuoteStore, type QuoteSink } from '@strikewire/market-data';

/** A packet that was merged, with what the decoder said of it. */
export interface Commit {
  slot: number;
  fields: number;
  tradeMs: number;
  volume: number;
}

/** A sink that takes every packet and remembers it. */
export interface RecordingSink extends QuoteSink {
  readonly commits: readonly Commit[];
}

/** For tests of decoders: a sink of 128 slots that refuses nothing. */
export function createRecordingSink(): RecordingSink {
  const store = new QuoteStore({ capacity: 128, groupCount: 0, tickDepth: 0, baseWallMs: 0 });
  const commits: Commit[] = [];
  let admitted = { tradeMs: 0, volume: 0 };
  return {
    store,
    commits,
    admit(_slot, tradeMs, volume) {
      admitted = { tradeMs, volume };
      return true;
    },
    commit: (slot, fields) => void commits.push({ slot, fields, ...admitted }),
  };
}
