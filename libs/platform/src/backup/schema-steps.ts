import { StrikewireError } from '@strikewire/runtime';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { listMigrations } from './catalogue';
import type { MigrationClass } from './connection';

/** A migration with what its name tells, as TypeORM reads it. */
export interface Step {
  name: string;
  /** Milliseconds: the last 13 digits of the name. */
  timestamp: number;
  migration: MigrationInterface;
}

/** The migrations of this version, oldest first. */
export function stepsOf(classes: readonly MigrationClass[]): Step[] {
  return classes
    .map((one): Step => {
      const migration = new one();
      const name = migration.name ?? one.name;
      return { name, timestamp: Number(name.slice(-13)), migration };
    })
    .sort((a, b) => a.timestamp - b.timestamp);
}

/**
 * The steps that lead to a backup's schema, which must be the first of ours.
 * @throws StrikewireError when the backup is of a newer version, or of another history
 */
export function stepsOfBackup(steps: readonly Step[], names: readonly string[]): Step[] {
  const unknown = names.find((name) => !steps.some((step) => step.name === name));
  if (unknown !== undefined) {
    throw refused(
      'backup_newer',
      `the backup is of a newer version: it has the migration ${unknown}, which is not known here`,
    );
  }
  const odd = names.find((name, index) => steps[index]?.name !== name);
  if (odd === undefined) return steps.slice(0, names.length);
  throw refused(
    'backup_history_differs',
    `the backup has the migration ${odd} where this version has another one first`,
  );
}

/** Takes back what the database has beyond `wanted`, then runs what it lacks of it. */
export async function bringSchemaTo(
  runner: QueryRunner,
  wanted: readonly Step[],
  all: readonly Step[],
): Promise<void> {
  const names = await listMigrations(runner);
  const unknown = names.find((name) => !all.some((step) => step.name === name));
  if (unknown !== undefined) {
    throw refused(
      'database_newer',
      `the database is of a newer version: its migration ${unknown} is not known here`,
    );
  }
  const surplus = all.filter((step) => names.includes(step.name) && !wanted.includes(step));
  for (const { name, migration } of surplus.reverse()) {
    await migration.down(runner);
    await runner.query('delete from migrations where name = $1', [name]);
  }
  await runSteps(runner, wanted.filter((step) => !names.includes(step.name)));
}

/** As TypeORM would make it, the name of its key included. */
const migrationsTable = `
  create table if not exists migrations (
    id serial not null, timestamp bigint not null, name varchar not null,
    constraint "PK_8c82d7f526340ab734260ea46be" primary key (id)
  )`;

/** Runs migrations and lists them as run, where TypeORM looks for them. */
export async function runSteps(runner: QueryRunner, steps: readonly Step[]): Promise<void> {
  await runner.query(migrationsTable);
  for (const { name, timestamp, migration } of steps) {
    await migration.up(runner);
    const sql = 'insert into migrations (timestamp, name) values ($1, $2)';
    await runner.query(sql, [timestamp, name]);
  }
}

function refused(code: string, message: string): StrikewireError {
  return new StrikewireError({ kind: 'invalid', code, message });
}
