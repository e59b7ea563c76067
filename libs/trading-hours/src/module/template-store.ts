import { actorName, byPlatform, type ActedBy, type ActivityRecorder } from '@strikewire/platform';
import { StrikewireError } from '@strikewire/runtime';
import type { DataSource, EntityManager } from 'typeorm';
import type { TradingHoursTemplate } from '../core/template';
import { templateEntity, templateVersionEntity, type TemplateRow } from './entities';

/** A template with what it holds. */
export interface StoredTemplate {
  row: TemplateRow;
  body: TradingHoursTemplate;
}

/** Who made a version, when, and why. */
export interface VersionNote {
  version: number;
  at: Date;
  by: string;
  note: string;
}

const uniqueViolation = '23505';
const oneActive = 'one_active_template';

/** Templates in the database; every change comes with its entry in the activity log. */
export class TemplateStore {
  private readonly database: DataSource;
  private readonly activity: ActivityRecorder;

  constructor(database: DataSource, activity: ActivityRecorder) {
    this.database = database;
    this.activity = activity;
  }

  /** Every template in its present version, in order of making. */
  async load(): Promise<StoredTemplate[]> {
    const order = { createdAt: 'asc', name: 'asc' } as const;
    const rows = await this.database.getRepository(templateEntity).find({ order });
    const versions = this.database.getRepository(templateVersionEntity);
    return Promise.all(
      rows.map(async (row) => {
        const { body } = await versions.findOneByOrFail({
          templateId: row.id,
          version: row.version,
        });
        return { row, body };
      }),
    );
  }

  /** Newest first. */
  async versionsOf(templateId: string): Promise<VersionNote[]> {
    return this.database.getRepository(templateVersionEntity).find({
      select: { version: true, at: true, by: true, note: true },
      where: { templateId },
      order: { version: 'desc' },
    });
  }

  /** Writes a template in a new version. Over another one than `row.version - 1`: `rejected`. */
  async save(by: ActedBy, { row, body }: StoredTemplate, note: string): Promise<void> {
    const isNew = row.version === 1;
    const action = isNew ? 'trading_hours.created' : 'trading_hours.changed';
    const after = { version: row.version, note, dates: body.dates.length };
    await this.write(by, { action, row, before: null, after }, async (manager) => {
      if (isNew) await manager.insert(templateEntity, row);
      else await replace(manager, row);
      const { id: templateId, version, updatedAt: at } = row;
      const version1 = { templateId, version, body, at, by: actorName(by), note };
      await manager.insert(templateVersionEntity, version1 as never);
    });
  }

  /** Makes a template count for its exchange and segment, in place of whichever does. */
  async activate(by: ActedBy, row: TemplateRow, former: TemplateRow | undefined): Promise<void> {
    const before = { template: former?.name ?? null };
    const after = { template: row.name, version: row.version };
    const entry = { action: 'trading_hours.applied', row, before, after };
    await this.write(by, entry, async (manager) => {
      const { exchange, segment, id } = row;
      const where = { exchange, segment, isActive: true };
      await manager.update(templateEntity, where, { isActive: false });
      await manager.update(templateEntity, { id }, { isActive: true });
    });
  }

  async remove(by: ActedBy, row: TemplateRow): Promise<void> {
    const before = { version: row.version };
    const entry = { action: 'trading_hours.deleted', row, before, after: null };
    await this.write(by, entry, async (manager) => {
      await manager.delete(templateEntity, { id: row.id });
    });
  }

  /** What the platform brings along, at its first start. */
  async seed(templates: readonly StoredTemplate[]): Promise<void> {
    for (const template of templates) await this.save(byPlatform, template, 'preset');
  }

  private async write(
    by: ActedBy,
    entry: {
      action: string;
      row: TemplateRow;
      before: Record<string, unknown> | null;
      after: Record<string, unknown> | null;
    },
    change: (manager: EntityManager) => Promise<void>,
  ): Promise<void> {
    const { action, row, before, after } = entry;
    const name = `${row.exchange} ${row.segment} ${row.name}`;
    const subject = { kind: 'trading_hours', id: row.id, name };
    try {
      await this.database.transaction(async (manager) => {
        await change(manager);
        await this.activity.record(manager, by, { action, subject, before, after });
      });
    } catch (thrown) {
      const { code, constraint } = thrown as { code?: unknown; constraint?: unknown };
      if (code !== uniqueViolation || constraint === oneActive) throw thrown;
      const needed = `needs another name: ${row.exchange} ${row.segment} has a ${row.name} already`;
      throw new StrikewireError({
        kind: 'invalid',
        code: 'template_name_taken',
        message: `name: ${needed}`,
        details: { fields: [{ field: 'body.name', needed }] },
      });
    }
  }
}

/** Somebody else may have written a version meanwhile. */
async function replace(manager: EntityManager, row: TemplateRow): Promise<void> {
  const { id, version, name, updatedAt } = row;
  const where = { id, version: version - 1 };
  const { affected } = await manager.update(templateEntity, where, { version, name, updatedAt });
  if (affected === 1) return;
  throw new StrikewireError({
    kind: 'rejected',
    code: 'template_changed',
    message: 'somebody has changed this template meanwhile: load it again',
  });
}
