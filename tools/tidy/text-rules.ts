import { basename } from 'node:path';
import { isCode, isSpec, linesWhere, type FileRule } from './source-file';

const columnsMax = 100;
const linesMax = 400;
const importsMax = 15;

/** Data kept as it was recorded, and the lists of these rules themselves. */
const isData = (path: string): boolean => path.includes('/fixtures/');
const namesTheBanned = (path: string): boolean => /^tools\/(tidy|lint)\//.test(path);

/** Code fits on a screen beside other code; an address may be as long as it is. */
export const lineLength: FileRule = (file) => {
  if (!isCode(file.path) || isData(file.path)) return [];
  return linesWhere(file, (line) => {
    const columns = [...line].length;
    const tooLong = columns > columnsMax && !/https?:\/\/\S{40}/.test(line);
    return tooLong ? `${columns} columns, at most ${columnsMax}` : undefined;
  });
};

/** A file is about one thing. */
export const fileLength: FileRule = ({ path, text }) => {
  const lines = text.trimEnd().split('\n').length;
  if (!isCode(path) || isData(path) || lines <= linesMax) return [];
  return [{ path, line: 0, what: `${lines} lines, at most ${linesMax}` }];
};

/** A file that needs more than this knows too much. */
export const importsPerFile: FileRule = ({ path, text }) => {
  if (!isCode(path) || isSpec(path)) return [];
  const count = text.match(/^import\b[^(]/gm)?.length ?? 0;
  return count <= importsMax
    ? []
    : [{ path, line: 0, what: `${count} imports, at most ${importsMax}` }];
};

const bannedWords: ReadonlyArray<readonly [RegExp, string]> = [
  [/\bFIXME\b/, 'FIXME: mend it, or open an issue and write TODO #number'],
  [/\bTODO\b(?!.{0,3}#\d+)/, 'TODO without an issue: write TODO #number'],
  [/\bdebugger;/, 'debugger left behind'],
  [/@ts-(ignore|nocheck)\b/, 'the compiler is silenced'],
  [/\b(describe|it|test)\.only\(/, '.only leaves all other tests out'],
  [/\b(describe|it|test)\.skip\(/, '.skip: mend the test or remove it'],
  [/\b\w+_(old|v2|fixed|backup)\b/i, 'a name that tells of its past: say what it is'],
  [/^(<{7}|={7}|>{7})( |$)/, 'mark of a merge'],
];

/** Words that are notes to self, and not meant to stay. */
export const words: FileRule = (file) => {
  if (namesTheBanned(file.path) || file.path.endsWith('package-lock.json')) return [];
  return linesWhere(file, (line) => bannedWords.find(([pattern]) => pattern.test(line))?.[1]);
};

const emptyCatches = [
  /\bcatch\s*(\([^)]*\))?\s*\{\s*\}/,
  /\.catch\(\s*\(\w*\)\s*=>\s*\{\s*\}\s*\)/,
];

/** An error that nobody sees; where that is right, a comment or a value says so. */
export const emptyCatch: FileRule = (file) => {
  if (!isCode(file.path) || namesTheBanned(file.path)) return [];
  return linesWhere(file, (line) =>
    emptyCatches.some((pattern) => pattern.test(line)) ? 'an error is dropped' : undefined,
  );
};

const kebab = /^[a-z0-9]+([-.][a-z0-9]+)*$/;
const past = /[-_.](old|v2|fixed|backup|copy|new)\.[a-z.]+$/i;

/** File names are kebab-case and do not tell of their past. */
export const fileNames: FileRule = ({ path }) => {
  const name = basename(path);
  if (!isCode(path) || name.startsWith('.')) return [];
  if (!kebab.test(name)) return [{ path, line: 0, what: 'a file name is kebab-case' }];
  return past.test(name) ? [{ path, line: 0, what: 'a file name tells of its past' }] : [];
};

/** All rules that look at one file by itself. */
export const textRules = {
  lineLength,
  fileLength,
  importsPerFile,
  words,
  emptyCatch,
  fileNames,
} satisfies Record<string, FileRule>;
