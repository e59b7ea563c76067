import { createHash } from 'node:crypto';
import { access, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { StrikewireError, type Clock } from '@strikewire/runtime';
import { escapeIdentifier } from 'pg';
import type { QueryRunner } from 'typeorm';
import { lineBytesMax, type BackupEnd, type Manifest } from './backup-format';
import { verifyBackup } from './backup-reader';
import {
  listMigrations,
  listSequences,
  listTables,
  useTextSettings,
  type Table,
} from './catalogue';
import { inTransaction } from './connection';

/** What to back up, and where to. */
export interface BackupOptions {
  url: string;
  /** Must not be there yet. */
  file: string;
  clock: Clock;
}

/** What a backup holds. */
export interface BackupSummary {
  file: string;
  /** Of the file. */
  bytes: number;
  /** By table. */
  rows: Record<string, number>;
}

/** Rows held in memory at a time. */
const pageRows = 100;

/**
 * Writes all tables as they are at one moment, while the platform may go on. The file has mode
 * 0600 and appears under its name only when it is whole. Secrets in it stay sealed.
 */
export async function backUp({ url, file, clock }: BackupOptions): Promise<BackupSummary> {
  if (await isThere(file)) throw fileExists(file);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.part`;
  const rows: Record<string, number> = {};
  try {
    await rm(draft, { force: true });
    const handle = await open(draft, 'wx', 0o600);
    await inTransaction(url, 'REPEATABLE READ', async (runner) => {
      const lines = linesOf(runner, new Date(clock.wallMs()).toISOString(), rows);
      const source = Readable.from(lines, { objectMode: true, highWaterMark: 2 });
      await pipeline(source, createGzip(), handle.createWriteStream({ flush: true }));
    }).finally(() => handle.close().catch(() => undefined));
    // What cannot be read back is no backup.
    await verifyBackup(draft);
    if (await isThere(file)) throw fileExists(file);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  return { file, bytes: (await stat(file)).size, rows };
}

async function* linesOf(
  runner: QueryRunner,
  at: string,
  rows: Record<string, number>,
): AsyncGenerator<string> {
  const hash = createHash('sha256');
  const hashed = (line: string): string => {
    hash.update(line);
    return line;
  };
  await runner.query('set transaction read only');
  await useTextSettings(runner);
  const tables = await listTables(runner);
  yield hashed(lineOf(await manifestOf(runner, at, tables)));
  for (const table of tables) {
    yield hashed(lineOf({ table: table.name }));
    rows[table.name] = 0;
    for await (const page of pagesOf(runner, table)) {
      rows[table.name] = (rows[table.name] ?? 0) + page.length;
      yield hashed(page.map((row) => `${row}\n`).join(''));
    }
  }
  const end: BackupEnd = { rows, sha256: hash.digest('hex') };
  yield lineOf({ end });
}

async function manifestOf(
  runner: QueryRunner,
  at: string,
  tables: readonly Table[],
): Promise<Manifest> {
  const migrations = await listMigrations(runner);
  if (migrations.length === 0) {
    throw new StrikewireError({
      kind: 'invalid',
      code: 'database_unknown',
      message: 'there is nothing of the platform in this database: it lists no migrations',
    });
  }
  return {
    format: 'strikewire-backup',
    version: 1,
    at,
    migrations,
    tables: tables.map(({ name, columns }) => ({ name, columns: columns.map((one) => one.name) })),
    sequences: await listSequences(runner),
  };
}

async function* pagesOf(runner: QueryRunner, table: Table): AsyncGenerator<string[]> {
  const values = table.columns.map(({ name }) => `${escapeIdentifier(name)}::text`).join(', ');
  await runner.query(
    `declare backup_rows no scroll cursor for
     select array_to_json(array[${values}]::text[])::text as row
     from ${escapeIdentifier(table.name)}`,
  );
  for (;;) {
    const rows: { row: string }[] = await runner.query(`fetch ${pageRows} from backup_rows`);
    if (rows.length === 0) break;
    for (const { row } of rows) checkLength(row, table);
    yield rows.map(({ row }) => row);
  }
  await runner.query('close backup_rows');
}

function checkLength(row: string, { name }: Table): void {
  const bytes = Buffer.byteLength(row);
  if (bytes <= lineBytesMax) return;
  throw new StrikewireError({
    kind: 'invalid',
    code: 'row_too_large',
    message: `a row of ${name} has ${bytes} bytes, at most ${lineBytesMax} can be backed up`,
  });
}

function lineOf(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(() => true, () => false);
}

function fileExists(file: string): StrikewireError {
  const message = `${file} exists already: name another file, or move that one away`;
  return new StrikewireError({ kind: 'invalid', code: 'backup_exists', message });
}
