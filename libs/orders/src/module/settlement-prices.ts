import type { Exchange } from '@strikewire/contracts';
import { byPlatform, type ActedBy, type ActivityRecorder } from '@strikewire/platform';
import type { DataSource } from 'typeorm';
import type { OrderAct } from '../engine/order-journal';

/** The expiry of an underlying. */
export interface ExpiryOf {
  exchange: Exchange;
  underlying: string;
  /** ISO date. */
  expiry: string;
}

/** Settlement prices that people have stated; in memory as they are stored. */
export interface SettlementPrices {
  /** Paise; null: nobody has stated one. */
  of(expiry: ExpiryOf): number | null;
  /** False: one is stated already, and that stays. */
  state(expiry: ExpiryOf, stated: { paise: number; atMs: number }, act: OrderAct): Promise<boolean>;
}

interface Row {
  exchange: Exchange;
  underlying: string;
  expiry: string;
  price_paise: string;
}

/** Reads what was stated before. */
export async function createSettlementPrices(
  database: DataSource,
  activity: ActivityRecorder,
): Promise<SettlementPrices> {
  const prices = new Map<string, number>();
  const read = async (): Promise<void> => {
    const rows: Row[] = await database.query(
      'select exchange, underlying, expiry, price_paise from paper_settlement_price',
    );
    for (const row of rows) prices.set(keyOf(row), Number(row.price_paise));
  };
  await read();
  return {
    of: (expiry) => prices.get(keyOf(expiry)) ?? null,
    async state(expiry, { paise, atMs }, { by, ...entry }) {
      const { exchange, underlying, expiry: date } = expiry;
      const isNew = await database.transaction(async (manager) => {
        const added: unknown[] = await manager.query(
          `insert into paper_settlement_price (exchange, underlying, expiry, price_paise, stated_at)
           values ($1, $2, $3, $4, $5) on conflict do nothing returning exchange`,
          [exchange, underlying, date, paise, new Date(atMs)],
        );
        if (added.length === 0) return false;
        await activity.record(manager, (by as ActedBy | null) ?? byPlatform, entry);
        return true;
      });
      if (isNew) prices.set(keyOf(expiry), paise);
      // It may have been stored by a write that nobody heard the answer of: that counts.
      else await read();
      return isNew;
    },
  };
}

function keyOf({ exchange, underlying, expiry }: ExpiryOf): string {
  return `${exchange}:${underlying}:${expiry}`;
}
