import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** One name that a library offers. */
export interface PublicExport {
  readonly name: string;
  readonly documented: boolean;
  /** Where it is declared, relative to the top of the repository. */
  readonly path: string;
  readonly line: number;
}

/** Entry (`@strikewire/broker/engine`) to what it exports, by name. */
export type PublicExports = Map<string, PublicExport[]>;

interface Manifest {
  readonly name: string;
  readonly exports?: Record<string, string>;
}

/** Reads what each entry of each library under `root`/libs offers; types included. */
export function readPublicExports(root: string): PublicExports {
  const entries = findEntries(root);
  const program = ts.createProgram([...entries.values()], compilerOptions(root));
  const checker = program.getTypeChecker();
  const found: PublicExports = new Map();
  for (const [entry, path] of entries) {
    const source = program.getSourceFile(path);
    const module = source && checker.getSymbolAtLocation(source);
    const symbols = module ? checker.getExportsOfModule(module) : [];
    found.set(entry, symbols.map((symbol) => describe(symbol, checker, root)).sort(byName));
  }
  return found;
}

/** The names alone, as they are committed in public-exports.json. */
export function snapshotOf(exports: PublicExports): string {
  const names = [...exports].map(([entry, list]) => [entry, list.map(({ name }) => name)]);
  return `${JSON.stringify(Object.fromEntries(names), null, 2)}\n`;
}

function findEntries(root: string): Map<string, string> {
  const entries = new Map<string, string>();
  for (const library of readdirSync(join(root, 'libs')).sort()) {
    const folder = join(root, 'libs', library);
    const manifest = readManifest(join(folder, 'package.json'));
    for (const [key, path] of Object.entries(manifest?.exports ?? {})) {
      const file = join(folder, path);
      if (existsSync(file)) entries.set(`${manifest?.name ?? ''}${key.slice(1)}`, file);
    }
  }
  return entries;
}

function readManifest(path: string): Manifest | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Manifest) : undefined;
}

function compilerOptions(root: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile) as {
    config: { compilerOptions: unknown };
  };
  const parsed = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  // Only names and comments are asked for, so the types of packages need not be read.
  return { ...parsed.options, noLib: true, types: [], lib: [] };
}

function describe(symbol: ts.Symbol, checker: ts.TypeChecker, root: string): PublicExport {
  const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
  const target = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
  const declaration = target.declarations?.[0];
  const file = declaration?.getSourceFile();
  const start = declaration && file?.getLineAndCharacterOfPosition(declaration.getStart(file));
  return {
    name: symbol.name,
    documented: target.getDocumentationComment(checker).length > 0,
    path: file === undefined ? '' : relative(root, file.fileName),
    line: (start?.line ?? -1) + 1,
  };
}

function byName(a: PublicExport, b: PublicExport): number {
  return a.name < b.name ? -1 : 1;
}
