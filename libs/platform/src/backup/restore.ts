import { errorKindOf, errorMessageOf, StrikewireError } from '@strikewire/runtime';
import { escapeIdentifier } from 'pg';
import type { QueryRunner } from 'typeorm';
import type { Manifest } from './backup-format';
import { identifiers, listTables, useTextSettings, type Table } from './catalogue';
import { inTransaction, type MigrationClass } from './connection';
import { withoutGuards } from './guards';
import { refuseOtherSessions } from './other-sessions';
import { readBackup, verifyBackup } from './backup-reader';
import { RowLoader } from './row-loader';
import { bringSchemaTo, runSteps, stepsOf, stepsOfBackup } from './schema-steps';

/** What to restore, and where to. */
export interface RestoreOptions {
  url: string;
  file: string;
  /** All of this version, in any order. */
  migrations: readonly MigrationClass[];
  /** Whether what the database has now may be given up. */
  replace: boolean;
  /** Whether to refuse while anybody else is connected to the database. */
  alone: boolean;
}

/** What was restored. */
export interface RestoreSummary {
  /** When the backup was made. */
  at: string;
  /** By table. */
  rows: Record<string, number>;
}

/** Nobody should hold a table while it is restored. */
const lockTimeout = '15s';

/**
 * Puts a backup in place of what a database holds, all of it or nothing: in one transaction, and
 * only after the whole file was read and found complete. An older backup gets the newer
 * migrations after its rows are in.
 * @throws StrikewireError that says what stands in the way; the database is then as before
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreSummary> {
  const { url, file, migrations } = options;
  const manifest = await verifyBackup(file);
  const steps = stepsOf(migrations);
  const ofBackup = stepsOfBackup(steps, manifest.migrations);
  const restore = async (runner: QueryRunner): Promise<RestoreSummary> => {
    await runner.query(`set local lock_timeout = '${lockTimeout}'`);
    await useTextSettings(runner);
    if (options.alone) await refuseOtherSessions((sql) => runner.query(sql));
    const before = await listTables(runner);
    if (!options.replace) await refuseRows(runner, before);
    await withoutGuards(runner, () => empty(runner, before));
    await bringSchemaTo(runner, ofBackup, steps);
    const tables = await listTables(runner);
    checkTables(tables, manifest);
    const rows: Record<string, number> = {};
    await withoutGuards(runner, async () => {
      // Migrations may have put rows in; the backup has them as they were last.
      await empty(runner, tables);
      await load(runner, file, tables, rows);
    });
    for (const { name, next } of manifest.sequences) {
      await runner.query(`alter sequence ${escapeIdentifier(name)} restart with ${next}`);
    }
    await runSteps(runner, steps.slice(ofBackup.length));
    return { at: manifest.at, rows };
  };
  return inTransaction(url, 'READ COMMITTED', (runner) => restore(runner).catch(explain));
}

async function refuseRows(runner: QueryRunner, tables: readonly Table[]): Promise<void> {
  const full: string[] = [];
  for (const { name } of tables) {
    const [row] = await runner.query(
      `select exists (select 1 from ${escapeIdentifier(name)}) as "hasRows"`,
    );
    if ((row as { hasRows: boolean }).hasRows) full.push(name);
  }
  if (full.length === 0) return;
  throw new StrikewireError({
    kind: 'invalid',
    code: 'database_not_empty',
    message:
      `the database has rows in ${full.join(', ')}: restore into an empty one, or say --replace ` +
      'to give up what is in it now',
  });
}

async function empty(runner: QueryRunner, tables: readonly Table[]): Promise<void> {
  if (tables.length === 0) return;
  await runner.query(`truncate ${identifiers(tables.map(({ name }) => name))}`);
}

/** After the same migrations the same tables must be there: nothing is left out in silence. */
function checkTables(tables: readonly Table[], manifest: Manifest): void {
  const shapeOf = (name: string, columns: readonly string[]): string =>
    `${name} (${[...columns].sort().join(', ')})`;
  const here = tables.map(({ name, columns }) => shapeOf(name, columns.map((one) => one.name)));
  const there = manifest.tables.map(({ name, columns }) => shapeOf(name, columns));
  const lost = there.filter((shape) => !here.includes(shape));
  const strange = here.filter((shape) => !there.includes(shape));
  const differing = [
    ...lost.map((shape) => `only the backup has ${shape}`),
    ...strange.map((shape) => `only the database has ${shape}`),
  ];
  if (differing.length === 0) return;
  throw new StrikewireError({
    kind: 'invalid',
    code: 'backup_tables_differ',
    message:
      `the tables are not those of the backup: ${differing.join('; ')}; the platform needs a ` +
      'database of its own',
  });
}

async function load(
  runner: QueryRunner,
  file: string,
  tables: readonly Table[],
  rows: Record<string, number>,
): Promise<void> {
  let loader: RowLoader | undefined;
  const orders = new Map<string, readonly string[]>();
  // Read anew, and checked anew: the file may have changed since.
  for await (const item of readBackup(file)) {
    if ('manifest' in item) {
      for (const { name, columns } of item.manifest.tables) orders.set(name, columns);
    } else if ('table' in item) {
      await loader?.finish();
      const table = tables.find(({ name }) => name === item.table);
      const order = orders.get(item.table);
      if (!table || !order) throw new Error(`${item.table} is in the backup alone`);
      rows[item.table] = 0;
      loader = new RowLoader(runner, table, order);
    } else if (loader) {
      rows[loader.table] = (rows[loader.table] ?? 0) + 1;
      await loader.add(item.row);
    }
  }
  await loader?.finish();
}

/** Errors of the database carry the rows with them: only their message goes on. */
function explain(error: unknown): never {
  if (errorKindOf(error) !== 'assertion') throw error;
  const { code } = error as { code?: string };
  const needs: Record<string, string> = {
    '42501': ' (the restore needs the account that owns the tables)',
    '55P03': ' (somebody else uses the tables: stop the platform first)',
  };
  throw new StrikewireError({
    kind: 'invalid',
    code: 'restore_failed',
    message: `nothing was restored: ${errorMessageOf(error)}${needs[code ?? ''] ?? ''}`,
  });
}
