import { StrikewireError } from '@strikewire/runtime';
import { z } from 'zod';

/**
 * A backup is gzip of UTF-8 lines: the manifest; for each table a line that names it, then a line
 * for each row; last the counts and the SHA-256 of all lines before. A row is a JSON array with
 * each column as PostgreSQL writes it in text, or null: no number is rounded on the way, and JSON's
 * own null stays apart from none.
 */
const manifestSchema = z.object({
  format: z.literal('strikewire-backup'),
  version: z.literal(1),
  /** When it was made. */
  at: z.iso.datetime(),
  /** Names of the migrations that the database had, oldest first. */
  migrations: z.array(z.string()),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()) })),
  /** What each sequence gives next. */
  sequences: z.array(z.object({ name: z.string(), next: z.string().regex(/^-?\d+$/) })),
});

/** The first line. */
export type Manifest = z.infer<typeof manifestSchema>;

const tableSchema = z.strictObject({ table: z.string() });

const endSchema = z.strictObject({
  end: z.object({ rows: z.record(z.string(), z.number().int()), sha256: z.string() }),
});

/** The last line. */
export type BackupEnd = z.infer<typeof endSchema>['end'];

/** One row with all its columns; a longer one is refused, when written and when read. */
export const lineBytesMax = 64 * 1024 * 1024;

/** What is known of a line by its first letters, before it is parsed. */
export function isRow(line: string): boolean {
  return line.startsWith('[');
}

/** @throws StrikewireError when it is no manifest, or one of another version. */
export function parseManifest(line: string): Manifest {
  const parsed = manifestSchema.safeParse(jsonOf(line));
  if (parsed.success) return parsed.data;
  throw damaged('it does not begin as a backup of this version of the format does');
}

/** A line between rows: the next table, or the end. @throws StrikewireError on anything else. */
export function parseMark(line: string): { table: string } | { end: BackupEnd } {
  const json = jsonOf(line);
  const parsed = tableSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const end = endSchema.safeParse(json);
  if (end.success) return end.data;
  throw damaged('it has a line that belongs to no backup');
}

/** A backup that cannot be trusted, and why; nothing of its content. */
export function damaged(reason: string): StrikewireError {
  return new StrikewireError({
    kind: 'invalid',
    code: 'backup_damaged',
    message: `this is not a whole backup: ${reason}`,
  });
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
