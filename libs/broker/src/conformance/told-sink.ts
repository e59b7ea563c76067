import { field, type QuoteSink, type QuoteStore } from '@strikewire/market-data';

/** Hands packets on, and remembers what was said of their age where it decides what is kept. */
export class ToldSink implements QuoteSink {
  readonly store: QuoteStore;
  /** Packets whose volume was written and was another one for `admit`: one line each. */
  readonly wrongVolumes: string[] = [];
  private readonly sink: QuoteSink;
  private readonly tradeTimes = new Map<number, number>();
  private admitted = { tradeMs: 0, volume: 0 };

  constructor(sink: QuoteSink) {
    this.sink = sink;
    this.store = sink.store;
  }

  /** Epoch ms of a slot's last trade, of the last packet that told it; undefined when none has. */
  tradeMs(slot: number): number | undefined {
    return this.store.knows(slot, field.tradeTime) ? this.tradeTimes.get(slot) : undefined;
  }

  admit(slot: number, tradeMs: number, volume: number): boolean {
    this.admitted = { tradeMs, volume };
    return this.sink.admit(slot, tradeMs, volume);
  }

  commit(slot: number, fields: number): void {
    const { tradeMs, volume } = this.admitted;
    if (tradeMs > 0) this.tradeTimes.set(slot, tradeMs);
    const written = this.store.volume[slot];
    if ((fields & field.volume) !== 0 && written !== volume) {
      this.wrongVolumes.push(`${written} was written, and admit was told ${volume}`);
    }
    this.sink.commit(slot, fields);
  }
}
