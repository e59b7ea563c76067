import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';

/** A text file of the repository; `path` is relative to its top, with `/` between folders. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Something to put right. `line` counts from 1; 0 stands for the file as a whole. */
export interface Offence {
  readonly path: string;
  readonly line: number;
  readonly what: string;
}

/** Looks at one file by itself. */
export type FileRule = (file: SourceFile) => Offence[];

const skippedFolders = new Set(['node_modules', 'dist', 'coverage', '.git', '.nx', '.strikewire']);
const codeEndings = new Set(['.ts', '.mts', '.mjs', '.cjs', '.vue']);
const textEndings = new Set([
  ...codeEndings,
  ...['.md', '.json', '.yaml', '.yml', '.html', '.css', '.sql', '.sh'],
]);

/** Reads every text file below `root`, but for what is installed or built. */
export function readSources(root: string): SourceFile[] {
  return walk(root)
    .map((path) => ({ path: relative(root, path), text: readFileSync(path, 'utf8') }))
    .sort((a, b) => a.path.localeCompare(b.path));
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : walk(path);
    return entry.isFile() && textEndings.has(extname(entry.name)) ? [path] : [];
  });
}

/** Whether a file is program text, in any of the languages used here. */
export function isCode(path: string): boolean {
  return codeEndings.has(extname(path));
}

/** Whether a file is a test. */
export function isSpec(path: string): boolean {
  return path.endsWith('.spec.ts');
}

/** What is wrong with a line, or undefined. */
export type LineTest = (line: string) => string | undefined;

/** Each line of a file that `test` finds fault with becomes an offence. */
export function linesWhere(file: SourceFile, test: LineTest): Offence[] {
  return file.text.split('\n').flatMap((text, index) => {
    const what = test(text);
    return what === undefined ? [] : [{ path: file.path, line: index + 1, what }];
  });
}
