import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LogFile } from './log-file.mjs';

let folder = '';
let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-spec-'));
  path = join(folder, 'a.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('keeps two files of limited size', () => {
  const log = new LogFile(path, 10);
  for (const name of ['first', 'second', 'third']) log.write(Buffer.from(`${name} line\n`));
  log.close();
  expect(readFileSync(path, 'utf8')).toBe('third line\n');
  expect(readFileSync(`${path}.1`, 'utf8')).toBe('second line\n');
});

it('goes on with the file of the last run, and tells the last 20 lines of this one', () => {
  const before = new LogFile(path);
  before.write(Buffer.from('before\n'));
  before.close();
  const log = new LogFile(path);
  for (let n = 1; n <= 30; n++) log.write(Buffer.from(`line ${n}\n`));
  log.close();
  expect(readFileSync(path, 'utf8')).toMatch(/^before\nline 1\n/);
  expect(log.tail().split('\n')).toEqual(Array.from({ length: 20 }, (_, n) => `line ${n + 11}`));
});
