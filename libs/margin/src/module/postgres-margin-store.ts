import type { Clock } from '@strikewire/runtime';
import type { DataSource } from 'typeorm';
import { marginShapes } from '../core/position-shape';
import type { MarginStore, StoredRatios } from '../engine/margin-store';
import { marginRatioEntity } from './entities';

/** Accounts and shapes that are read back: those that were compared last. */
const rowsMax = 10_000;

/** What was learned of brokers' margins, in the database. */
export class PostgresMarginStore implements MarginStore {
  private readonly database: DataSource;
  private readonly clock: Pick<Clock, 'wallMs'>;

  constructor(database: DataSource, clock: Pick<Clock, 'wallMs'>) {
    this.database = database;
    this.clock = clock;
  }

  async ratios(): Promise<StoredRatios[]> {
    const order = { updatedAt: 'desc' } as const;
    const rows = await this.database
      .getRepository(marginRatioEntity)
      .find({ order, take: rowsMax });
    return rows
      .filter((row) => marginShapes.includes(row.shape))
      .map(({ account, shape, ratios, isOutside }) => ({ account, shape, ratios, isOutside }));
  }

  async saveRatios({ account, shape, ratios, isOutside }: StoredRatios): Promise<void> {
    const updatedAt = new Date(this.clock.wallMs());
    const row = { account, shape, ratios: [...ratios], isOutside, updatedAt };
    await this.database.getRepository(marginRatioEntity).upsert(row, ['account', 'shape']);
  }
}
