// @ts-check
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

const suffix = '.bench.ts';
const skipped = new Set(['node_modules', 'dist']);

/** @typedef {{ name: string, file: string }} Bench */

/**
 * Finds the benchmarks under the folders, in order of their names.
 * @param {readonly string[]} folders
 * @returns {Bench[]}
 */
export function discover(folders) {
  const found = folders.flatMap(walk).map((file) => ({ name: basename(file, suffix), file }));
  return found.sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function walk(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : walk(path);
    return entry.name.endsWith(suffix) ? [path] : [];
  });
}
