import type { ActedBy, ActivityRecorder } from '@strikewire/platform';
import { StrikewireError } from '@strikewire/runtime';
import type { DataSource, EntityManager } from 'typeorm';
import { accountEntity, traderEntity, type AccountRow } from './entities';

/** What an entry of the activity log says of an account; secrets are left out. */
export type AccountFacts = Readonly<Record<string, unknown>>;

/** A change of one account with what is told of it. */
export interface AccountChangeEntry {
  action: string;
  row: AccountRow;
  before: AccountFacts | null;
  after: AccountFacts | null;
}

const uniqueViolation = '23505';
const foreignKeyViolation = '23503';

/** Accounts in the database; every change comes with its entry in the activity log. */
export class AccountStore {
  private readonly database: DataSource;
  private readonly activity: ActivityRecorder;

  constructor(database: DataSource, activity: ActivityRecorder) {
    this.database = database;
    this.activity = activity;
  }

  /** Every account with the ids of who may trade it, in order of making. */
  async load(): Promise<{ row: AccountRow; traders: string[] }[]> {
    const order = { createdAt: 'asc' } as const;
    const rows = await this.database.getRepository(accountEntity).find({ order });
    const traders = await this.database.getRepository(traderEntity).find();
    return rows.map((row) => ({
      row,
      traders: traders.filter(({ accountId }) => accountId === row.id).map((one) => one.personId),
    }));
  }

  /** Writes an account whole, with who may trade it. */
  async save(by: ActedBy, entry: AccountChangeEntry, traders: readonly string[]): Promise<void> {
    const { row } = entry;
    await this.write(by, entry, async (manager) => {
      await manager.upsert(accountEntity, row as never, ['id']);
      await manager.delete(traderEntity, { accountId: row.id });
      const rows = traders.map((personId) => ({ accountId: row.id, personId }));
      if (rows.length > 0) await manager.insert(traderEntity, rows);
    });
  }

  /** Makes an account the primary one, in place of whichever is. */
  async setPrimary(by: ActedBy, entry: AccountChangeEntry): Promise<void> {
    await this.write(by, entry, async (manager) => {
      await manager.update(accountEntity, { isPrimary: true }, { isPrimary: false });
      await manager.update(accountEntity, { id: entry.row.id }, { isPrimary: true });
    });
  }

  async remove(by: ActedBy, entry: AccountChangeEntry): Promise<void> {
    await this.write(by, entry, async (manager) => {
      await manager.delete(accountEntity, { id: entry.row.id });
    });
  }

  private async write(
    by: ActedBy,
    { action, row, before, after }: AccountChangeEntry,
    change: (manager: EntityManager) => Promise<void>,
  ): Promise<void> {
    const subject = { kind: 'account', id: row.id, name: row.label };
    try {
      await this.database.transaction(async (manager) => {
        await change(manager);
        await this.activity.record(manager, by, { action, subject, before, after });
      });
    } catch (thrown) {
      const { code } = thrown as { code?: unknown };
      if (code === uniqueViolation) throw invalidField('label', 'needs another name: it is taken');
      if (code === foreignKeyViolation) throw invalidField('traders', 'needs ids of users');
      throw thrown;
    }
  }
}

/** A refusal that names the field. */
export function invalidField(field: string, needed: string): StrikewireError {
  return new StrikewireError({
    kind: 'invalid',
    code: 'account_invalid',
    message: `${field}: ${needed}`,
    details: { fields: [{ field, needed }] },
  });
}
