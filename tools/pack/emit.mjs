// @ts-check
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import ts from 'typescript';
import { root } from '../lib/root.mjs';
import { packages } from './packages.mjs';

const libs = join(root, 'libs');
const relativeImport = /(from\s*|import\s*\(?\s*)(['"])(\.{1,2}\/[^'"]*)\2/g;

/**
 * Compiles what the entries of the packages reach to `<folder>/<package>/dist`: modules and their
 * declarations, with whole file names, as Node and its types need them. Throws where something
 * cannot be declared.
 * @param {string} folder
 */
export async function emitPackages(folder) {
  const entries = packages.flatMap(({ name, entries: list }) =>
    Object.values(list).map((file) => join(libs, name, 'src', `${file}.ts`)));
  const program = ts.createProgram(entries, { ...baseOptions(), ...emitOptions(folder) });
  const sources = program.getSourceFiles().filter(({ fileName, isDeclarationFile }) =>
    !isDeclarationFile && packageOf(fileName) !== undefined);
  /** @type {Map<string, string>} */
  const texts = new Map();
  for (const source of sources) {
    const { diagnostics } = program.emit(source, (path, text) => {
      texts.set(path, withWholeNames(text, dirname(source.fileName)));
    });
    const [fault] = diagnostics;
    if (fault) throw new Error(`${source.fileName}: ${textOf(fault)}`);
  }
  for (const [path, text] of texts) {
    // `<folder>/broker/src/core/index.js` is `<folder>/broker/dist/core/index.js`.
    const [name = '', , ...rest] = relative(folder, path).split(sep);
    const target = join(folder, name, 'dist', ...rest);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }
}

function baseOptions() {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile);
  return ts.convertCompilerOptionsFromJson(config.compilerOptions, root).options;
}

/**
 * @param {string} folder
 * @returns {import('typescript').CompilerOptions}
 */
function emitOptions(folder) {
  return { noEmit: false, declaration: true, rootDir: libs, outDir: folder };
}

/** @param {string} fileName */
function packageOf(fileName) {
  const [name, room] = relative(libs, fileName).split(sep);
  return packages.find((one) => one.name === name && room === 'src');
}

/**
 * @param {string} text
 * @param {string} from folder of the source
 */
function withWholeNames(text, from) {
  return text.replace(relativeImport, (_whole, start, quote, name) => {
    const isFile = existsSync(join(from, `${name}.ts`));
    return `${start}${quote}${name}${isFile ? '' : '/index'}.js${quote}`;
  });
}

/** @param {import('typescript').Diagnostic} fault */
function textOf({ messageText }) {
  return ts.flattenDiagnosticMessageText(messageText, ' ');
}
