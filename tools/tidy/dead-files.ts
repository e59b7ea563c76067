import { posix } from 'node:path';
import { isCode, isSpec, type Offence, type SourceFile } from './source-file';

const { dirname, join } = posix;

/** Started by name, by hand or by a tool, and so imported by nobody. */
const started = [
  /^[^/]+$/,
  /^tools\/[^/]+\.mjs$/,
  /^apps\/[^/]+\/src\/main\.ts$/,
  /\.(spec|bench|soak|campaign)\.ts$/,
  /\.config\.m?ts$/,
  /\.d\.ts$/,
];

const mention = /(?:from|import|import\(|URL\()\s*'([^']+)'/g;
const pathInText = /[\w./@-]+\.(?:ts|mjs|vue)\b/g;

/** Finds program files that no other file imports or names, their own spec left out. */
export function deadFiles(files: readonly SourceFile[]): Offence[] {
  const known = new Set(files.filter(({ path }) => isCode(path)).map(({ path }) => path));
  const used = new Set(files.flatMap((file) => usedBy(file, known)));
  return [...known]
    .filter((path) => !used.has(path) && !started.some((pattern) => pattern.test(path)))
    .map((path) => ({ path, line: 0, what: 'nothing imports this file' }));
}

function usedBy({ path, text }: SourceFile, known: ReadonlySet<string>): string[] {
  const subject = isSpec(path) ? path.replace('.spec.ts', '.ts') : '';
  const imports = [...text.matchAll(mention)].map((match) => match[1] ?? '');
  // Manifests, pages, settings, tools and system tests also name files in plain text.
  const namesFiles = !isCode(path) || /\.config\.m?[jt]s$|^tools\/.*\.mjs$|^tests\//.test(path);
  const named = namesFiles ? text.match(pathInText) : [];
  return [...imports, ...(named ?? [])]
    .flatMap((target) => [join(dirname(path), target), join('.', target)])
    .flatMap((base) => ['', '.ts', '.mjs', '.vue', '/index.ts'].map((ending) => base + ending))
    .filter((target) => known.has(target) && target !== path && target !== subject);
}
