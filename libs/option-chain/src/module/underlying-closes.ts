import { underlyingKey, type ContractKey, type Exchange } from '@strikewire/contracts';
import { MoreThan, type DataSource } from 'typeorm';
import type { StoredDayEnd } from '../engine/chain-registry';
import { closesOf, type DailyClose } from '../engine/underlying-close';
import { closeEntity } from './close-entity';

/** Days that are kept in memory of each underlying: about two years of sessions. */
const daysMax = 500;
/** Rows that are read at the start: 500 underlyings with all of their days. */
const rowsMax = 250_000;

/** Closes of underlyings, day by day: from the database at the start, in memory from then on. */
export class UnderlyingCloses {
  private readonly database: DataSource;
  private readonly byUnderlying = new Map<ContractKey, DailyClose[]>();

  constructor(database: DataSource) {
    this.database = database;
  }

  /** `since`: ISO date; what is older is not read. */
  async load(since: string): Promise<void> {
    const rows = await this.database.getRepository(closeEntity).find({
      where: { tradingDay: MoreThan(since) },
      order: { tradingDay: 'desc' },
      take: rowsMax,
    });
    for (const { exchange, symbol, ...close } of rows.reverse()) {
      const key = underlyingKey({ exchange: exchange as Exchange, symbol });
      const closes = this.byUnderlying.get(key);
      if (closes) closes.push(close);
      else this.byUnderlying.set(key, [close]);
    }
  }

  /** What the ends of a day's chains say; a day that is told again replaces itself. */
  async keep(ends: readonly StoredDayEnd[]): Promise<void> {
    const closes = closesOf(ends);
    if (closes.length === 0) return;
    const key = ['exchange', 'symbol', 'tradingDay'];
    await this.database.getRepository(closeEntity).upsert(closes, key);
    for (const { exchange, symbol, ...close } of closes) {
      this.add(underlyingKey({ exchange, symbol }), close);
    }
  }

  /** Oldest first. */
  of(underlying: ContractKey): readonly DailyClose[] {
    return this.byUnderlying.get(underlying) ?? [];
  }

  private add(key: ContractKey, close: DailyClose): void {
    const others = this.of(key).filter(({ tradingDay }) => tradingDay !== close.tradingDay);
    const all = [...others, close].sort((a, b) => (a.tradingDay < b.tradingDay ? -1 : 1));
    this.byUnderlying.set(key, all.slice(-daysMax));
  }
}
