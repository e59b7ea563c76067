import { universeRulesSchema } from '@strikewire/contracts';
import { actorName, type ActedBy, type ActivityRecorder } from '@strikewire/platform';
import { StrikewireError } from '@strikewire/runtime';
import { LessThanOrEqual, type DataSource } from 'typeorm';
import { universeDifference } from '../core/universe-difference';
import { universeRulesEntity, type UniverseRulesRow } from './universe-entity';

/** Revisions that are kept; what each changed stays in the activity log. */
const revisionsMax = 20;
const uniqueViolation = '23505';
const subject = { kind: 'universe', id: 'universe', name: 'Universe' };

/** Rules of the universe in the database; every change comes with its entry in the log. */
export class UniverseStore {
  private readonly database: DataSource;
  private readonly activity: ActivityRecorder;

  constructor(database: DataSource, activity: ActivityRecorder) {
    this.database = database;
    this.activity = activity;
  }

  /** The newest revision; undefined until somebody has saved one. */
  async load(): Promise<UniverseRulesRow | undefined> {
    const order = { revision: 'desc' } as const;
    const [row] = await this.database.getRepository(universeRulesEntity).find({ order, take: 1 });
    return row && { ...row, rules: universeRulesSchema.parse(row.rules) };
  }

  /** Writes the revision that follows on `before`; `rejected` when another one does already. */
  async save(
    by: ActedBy,
    change: Pick<UniverseRulesRow, 'rules' | 'at'>,
    before: Pick<UniverseRulesRow, 'revision' | 'rules'>,
  ): Promise<UniverseRulesRow> {
    const row = { ...change, revision: before.revision + 1, by: actorName(by) };
    const difference = universeDifference(before.rules, row.rules);
    try {
      await this.database.transaction(async (manager) => {
        await manager.insert(universeRulesEntity, row as never);
        const old = { revision: LessThanOrEqual(row.revision - revisionsMax) };
        await manager.delete(universeRulesEntity, old);
        await this.activity.record(manager, by, {
          action: 'universe.changed',
          subject,
          before: { revision: before.revision, ...difference.before },
          after: { revision: row.revision, ...difference.after },
        });
      });
    } catch (thrown) {
      const { code } = thrown as { code?: unknown };
      throw code === uniqueViolation ? universeChanged(row.revision, before.revision) : thrown;
    }
    return row;
  }
}

/** Somebody else has saved meanwhile. */
export function universeChanged(current: number, edited: number): StrikewireError {
  const message =
    `revision ${current} of the universe was saved meanwhile, this change is of ${edited}: ` +
    'load it again';
  const details = { revision: current };
  return new StrikewireError({ kind: 'rejected', code: 'universe_changed', message, details });
}
