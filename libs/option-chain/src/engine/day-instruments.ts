import type { InstrumentTable } from '@strikewire/broker';
import type { UnderlyingRef } from '@strikewire/contracts';
import type { CommonMarketData } from './current-market-data';

/** The instrument master, read at most once a day; a failed reading is tried again when asked. */
export class DayInstruments {
  private readonly marketData: CommonMarketData;
  private readonly wanted: readonly UnderlyingRef[];
  private reading: Promise<InstrumentTable> | undefined;

  constructor(marketData: CommonMarketData, wanted: readonly UnderlyingRef[]) {
    this.marketData = marketData;
    this.wanted = wanted;
  }

  table(): Promise<InstrumentTable> {
    this.reading ??= this.marketData.instruments(this.wanted).catch((error) => {
      this.reading = undefined;
      throw error;
    });
    return this.reading;
  }
}
