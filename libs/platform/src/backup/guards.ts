import { escapeIdentifier } from 'pg';
import type { QueryRunner } from 'typeorm';

interface Trigger {
  table: string;
  name: string;
  /** When it fires: `O` as usual, `R` on replicas, `A` always. */
  enabled: 'O' | 'R' | 'A';
}

interface ForeignKey {
  table: string;
  name: string;
  definition: string;
}

const enablings = { O: 'enable', R: 'enable replica', A: 'enable always' } as const;

/**
 * Runs `work` with triggers (append-only tables have some) and foreign keys out of force, then puts
 * them back, which checks every row against its foreign keys. Needs the account that owns the
 * tables, and a transaction: nobody else ever sees them without.
 */
export async function withoutGuards(
  runner: QueryRunner,
  work: () => Promise<void>,
): Promise<void> {
  const triggers = await listTriggers(runner);
  const foreignKeys = await listForeignKeys(runner);
  for (const { table, name } of triggers) await alter(runner, table, 'disable trigger', name);
  for (const { table, name } of foreignKeys) await alter(runner, table, 'drop constraint', name);
  await work();
  for (const { table, name, definition } of foreignKeys) {
    await alter(runner, table, 'add constraint', name, definition);
  }
  for (const { table, name, enabled } of triggers) {
    await alter(runner, table, `${enablings[enabled]} trigger`, name);
  }
}

async function alter(
  runner: QueryRunner,
  table: string,
  ...[action, name, definition = '']: [action: string, name: string, definition?: string]
): Promise<void> {
  const what = `${action} ${escapeIdentifier(name)} ${definition}`;
  await runner.query(`alter table ${escapeIdentifier(table)} ${what}`);
}

async function listTriggers(runner: QueryRunner): Promise<Trigger[]> {
  return runner.query(
    `select c.relname as table, t.tgname as name, t.tgenabled as enabled
     from pg_trigger t join pg_class c on c.oid = t.tgrelid
     where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
       and not c.relispartition and not t.tgisinternal and t.tgenabled <> 'D'
     order by 1, 2`,
  );
}

async function listForeignKeys(runner: QueryRunner): Promise<ForeignKey[]> {
  return runner.query(
    `select c.relname as table, k.conname as name, pg_get_constraintdef(k.oid) as definition
     from pg_constraint k join pg_class c on c.oid = k.conrelid
     where c.relnamespace = current_schema()::regnamespace
       and k.contype = 'f' and k.conparentid = 0
     order by 1, 2`,
  );
}
