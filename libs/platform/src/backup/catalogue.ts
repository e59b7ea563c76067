import { escapeIdentifier } from 'pg';
import type { QueryRunner } from 'typeorm';

/** A column as it is written and read back. */
export interface Column {
  name: string;
  /** As SQL spells it, with its length or precision. */
  type: string;
}

/** A table with what a backup holds of it: computed columns are left out. */
export interface Table {
  name: string;
  columns: Column[];
}

/** The list of migrations is kept by running them, never copied. */
const migrationsTable = 'migrations';

/** How text is written and read, whatever the server's settings are. */
const textSettings = {
  timezone: 'UTC',
  datestyle: 'ISO, YMD',
  intervalstyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
};

/** For the rest of the transaction. */
export async function useTextSettings(runner: QueryRunner): Promise<void> {
  for (const [name, value] of Object.entries(textSettings)) {
    await runner.query(`set local ${name} = '${value}'`);
  }
}

/** All tables of the schema that is in use; partitions are read and written by their parent. */
export async function listTables(runner: QueryRunner): Promise<Table[]> {
  const rows: (Column & { table: string })[] = await runner.query(
    `select c.relname as table, a.attname as name,
       format_type(a.atttypid, a.atttypmod) as type
     from pg_class c
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = current_schema()::regnamespace
       and c.relkind in ('r', 'p') and not c.relispartition
       and a.attgenerated = '' and c.relname <> $1
     order by c.relname, a.attnum`,
    [migrationsTable],
  );
  const tables = new Map<string, Table>();
  for (const { table: name, ...column } of rows) {
    const table = tables.get(name) ?? { name, columns: [] };
    table.columns.push(column);
    tables.set(name, table);
  }
  return [...tables.values()];
}

/** Names of the migrations that were run, oldest first; none when there is no such list. */
export async function listMigrations(runner: QueryRunner): Promise<string[]> {
  const [found] = await runner.query(`select to_regclass('${migrationsTable}') as place`);
  if ((found as { place: unknown }).place === null) return [];
  const rows: { name: string }[] = await runner.query(
    `select name from ${migrationsTable} order by timestamp, id`,
  );
  return rows.map(({ name }) => name);
}

/** What each sequence gives next, but for the one that numbers migrations. */
export async function listSequences(
  runner: QueryRunner,
): Promise<{ name: string; next: string }[]> {
  const rows: { name: string; step: string }[] = await runner.query(
    `select sequencename as name, increment_by::text as step from pg_sequences
     where schemaname = current_schema() and sequencename <> $1 order by 1`,
    [`${migrationsTable}_id_seq`],
  );
  const sequences: { name: string; next: string }[] = [];
  for (const { name, step } of rows) {
    const [row] = await runner.query(
      `select (last_value + case when is_called then ${step} else 0 end)::text as next
       from ${escapeIdentifier(name)}`,
    );
    sequences.push({ name, next: (row as { next: string }).next });
  }
  return sequences;
}

/** Names as a list in SQL. */
export function identifiers(names: readonly string[]): string {
  return names.map((name) => escapeIdentifier(name)).join(', ');
}
