import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { errorMessageOf } from '@strikewire/runtime';
import {
  damaged,
  isRow,
  lineBytesMax,
  parseManifest,
  parseMark,
  type BackupEnd,
  type Manifest,
} from './backup-format';

/** A backup's content, in order: the manifest, then each table and its rows. */
export type BackupItem = { manifest: Manifest } | { table: string } | { row: string };

/**
 * Reads a backup from its begin to its end, a line at a time. Only when this comes to its end is
 * what it gave complete and unaltered.
 * @throws StrikewireError `backup_damaged` as soon as something is wrong
 */
export async function* readBackup(file: string): AsyncGenerator<BackupItem> {
  const reading = new Reading();
  for await (const lines of linesOf(file)) {
    for (const line of lines) {
      const item = reading.take(line);
      if (item) yield item;
    }
  }
  reading.finish();
}

/** Reads all of a backup and keeps nothing but its manifest. @throws as `readBackup`. */
export async function verifyBackup(file: string): Promise<Manifest> {
  let manifest: Manifest | undefined;
  for await (const item of readBackup(file)) {
    if ('manifest' in item) manifest = item.manifest;
  }
  if (!manifest) throw damaged('it is empty');
  return manifest;
}

/** Checks each line against those before it. */
class Reading {
  private manifest: Manifest | undefined;
  private end: BackupEnd | undefined;
  private table = '';
  private readonly rows = new Map<string, number>();
  private readonly hash: Hash = createHash('sha256');

  take(line: string): BackupItem | undefined {
    if (this.end) throw damaged('it goes on after its end');
    if (!this.manifest) {
      this.manifest = parseManifest(line);
      this.keep(line);
      return { manifest: this.manifest };
    }
    if (isRow(line)) return this.takeRow(line);
    const mark = parseMark(line);
    if ('end' in mark) {
      this.end = mark.end;
      return undefined;
    }
    const next = this.manifest.tables[this.rows.size]?.name;
    if (mark.table !== next) throw damaged('its tables are not the ones that it announces');
    this.table = mark.table;
    this.rows.set(mark.table, 0);
    this.keep(line);
    return mark;
  }

  finish(): void {
    const { end, manifest } = this;
    if (!end || !manifest) throw damaged('it was cut short');
    const found = Object.fromEntries(this.rows);
    const isComplete =
      this.rows.size === manifest.tables.length &&
      Object.keys(end.rows).length === this.rows.size &&
      Object.entries(end.rows).every(([name, count]) => found[name] === count);
    if (!isComplete) throw damaged('rows are missing');
    if (this.hash.digest('hex') !== end.sha256) throw damaged('it was altered');
  }

  private takeRow(row: string): BackupItem {
    const count = this.rows.get(this.table);
    if (count === undefined) throw damaged('it has a row of no table');
    this.rows.set(this.table, count + 1);
    this.keep(row);
    return { row };
  }

  private keep(line: string): void {
    this.hash.update(line).update('\n');
  }
}

/** The lines of each piece that was read; the last one has to end as the others do. */
async function* linesOf(file: string): AsyncGenerator<string[]> {
  let parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(file)) {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end));
      lines.push(Buffer.concat(parts).toString('utf8'));
      [parts, bytes, start] = [[], 0, end + 1];
    }
    parts.push(chunk.subarray(start));
    bytes += chunk.length - start;
    if (bytes > lineBytesMax) throw damaged(`it has a line of over ${lineBytesMax} bytes`);
    yield lines;
  }
  if (bytes > 0) throw damaged('it was cut short');
}

async function* chunksOf(file: string): AsyncGenerator<Buffer> {
  const source = createReadStream(file);
  const plain = createGunzip();
  // A file that cannot be read ends the whole with its own error.
  source.on('error', (error) => plain.destroy(error));
  try {
    yield* source.pipe(plain) as AsyncIterable<Buffer>;
  } catch (error) {
    const { syscall } = error as NodeJS.ErrnoException;
    throw syscall === undefined ? damaged(errorMessageOf(error)) : error;
  } finally {
    source.destroy();
  }
}
