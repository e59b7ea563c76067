import type { InstrumentTable } from '@strikewire/broker';
import type { UnderlyingRef } from '@strikewire/contracts';
import type { CommonMarketData } from './current-market-data';

/**
 * The instrument masters of brokers, each read at most once a day; a failed reading is tried again
 * when asked.
 */
export class DayInstruments {
  private readonly marketData: Pick<CommonMarketData, 'instruments'>;
  private readonly wanted: readonly UnderlyingRef[];
  private readonly readings = new Map<string, Promise<InstrumentTable>>();

  constructor(
    marketData: Pick<CommonMarketData, 'instruments'>,
    wanted: readonly UnderlyingRef[],
  ) {
    this.marketData = marketData;
    this.wanted = wanted;
  }

  /** Of a broker, by its plugin's id. */
  table(broker: string): Promise<InstrumentTable> {
    const held = this.readings.get(broker);
    if (held) return held;
    const reading = this.marketData.instruments(broker, this.wanted);
    this.readings.set(broker, reading);
    reading.catch(() => this.readings.delete(broker));
    return reading;
  }
}
