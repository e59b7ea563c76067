import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { brokerNames } from './broker-names';
import { deadFiles } from './dead-files';
import { readPublicExports, snapshotOf } from './public-exports';
import type { FileRule } from './source-file';
import {
  emptyCatch,
  fileLength,
  fileNames,
  importsPerFile,
  lineLength,
  words,
} from './text-rules';

const path = 'libs/a/src/thing.ts';

function linesOf(rule: FileRule, text: string, where = path): number[] {
  return rule({ path: where, text }).map(({ line }) => line);
}

describe('lineLength', () => {
  it('takes 100 columns and no more, counting characters', () => {
    expect(linesOf(lineLength, `${'→'.repeat(100)}\n${'x'.repeat(101)}`)).toEqual([2]);
  });

  it('lets an address, recorded data and prose be', () => {
    expect(linesOf(lineLength, `// https://example.org/${'x'.repeat(100)}`)).toEqual([]);
    expect(linesOf(lineLength, 'x'.repeat(101), 'libs/a/src/fixtures/b.ts')).toEqual([]);
    expect(linesOf(lineLength, 'x'.repeat(101), 'docs/a.md')).toEqual([]);
  });
});

describe('fileLength', () => {
  it('takes 400 lines and no more', () => {
    expect(linesOf(fileLength, 'x\n'.repeat(400))).toEqual([]);
    expect(linesOf(fileLength, 'x\n'.repeat(401))).toEqual([0]);
  });
});

describe('importsPerFile', () => {
  it('takes 15 and no more, but for tests', () => {
    expect(linesOf(importsPerFile, `import './a';\n`.repeat(15))).toEqual([]);
    expect(linesOf(importsPerFile, `import './a';\n`.repeat(16))).toEqual([0]);
    const spec = 'libs/a/src/thing.spec.ts';
    expect(linesOf(importsPerFile, `import './a';\n`.repeat(16), spec)).toEqual([]);
  });
});

describe('words', () => {
  it.each([
    '// FIXME',
    '// TODO: later',
    'debugger;',
    '// @ts-ignore',
    'it.only(a)',
    'describe.skip(a)',
    'const price_old = 1;',
    'function parse_v2() {}',
    '<<<<<<< HEAD',
  ])('finds %s', (text) => {
    expect(linesOf(words, `const a = 1;\n${text}`)).toEqual([2]);
  });

  it.each(['// TODO #12: later', '// TODO(#12) later', 'const skipped = a.skip;', '======'])(
    'lets %s be',
    (text) => {
      expect(linesOf(words, text)).toEqual([]);
    },
  );
});

describe('emptyCatch', () => {
  it.each(['try { a(); } catch {}', 'try { a(); } catch (e) { }', 'a().catch(() => {})'])(
    'finds %s',
    (text) => {
      expect(linesOf(emptyCatch, text)).toEqual([1]);
    },
  );

  it('lets a reason or a value be', () => {
    expect(linesOf(emptyCatch, 'try { a(); } catch {\n  // It is gone.\n}')).toEqual([]);
    expect(linesOf(emptyCatch, 'a().catch(() => undefined)')).toEqual([]);
  });
});

describe('fileNames', () => {
  it.each(['libs/a/src/thingStore.ts', 'libs/a/src/Page.vue', 'libs/a/src/thing-old.ts'])(
    'finds %s',
    (where) => {
      expect(linesOf(fileNames, '', where)).toEqual([0]);
    },
  );

  it.each(['libs/a/src/quote-store.spec.ts', 'apps/api/src/a.controller.ts', 'vite.config.ts'])(
    'lets %s be',
    (where) => {
      expect(linesOf(fileNames, '', where)).toEqual([]);
    },
  );
});

describe('brokerNames', () => {
  it.each([
    ['libs/broker/src/core/plugin.ts', '// as Dhan does', [1]],
    ['apps/api/src/main.ts', "import { dhan } from 'x';", [1]],
    ['libs/broker-dhan/src/plugin.ts', 'unlike upstox', [1]],
    ['libs/broker-dhan/src/plugin.ts', 'const dhan = 1;', []],
    ['libs/simulator/src/dhan/face.ts', 'const dhan = 1;', []],
    ['libs/simulator/src/index.ts', 'export {};', []],
    ['apps/api/src/plugins.ts', 'export const plugins = [dhan];', []],
    ['docs/a.md', 'Dhan', []],
    [path, 'const dhanUrl = 1;', [1]],
    [path, 'createDhanFeed();', [1]],
    [path, 'const DHAN_REST_URL = 1;', [1]],
    [path, 'dhan_id and a-dhan-b', [1]],
    [path, 'DhanHQ', [1]],
    [path, 'import dhanhq', [1]],
    [path, 'https://api.dhan.co', [1]],
    [path, 'newOpenAlgo(); OPENALGO', [1]],
    [path, 'openAlgoUrl', [1]],
    [path, 'BANDHANBNK 2263 148 2.5 3600 Bandhan Bank', []],
    [path, 'DHANUKA Dhanuka Agritech', []],
  ])('%s: %s', (where, text, expected) => {
    expect(linesOf(brokerNames, text, where)).toEqual(expected);
  });
});

describe('deadFiles', () => {
  const file = (where: string, text = ''): { path: string; text: string } => ({
    path: where,
    text,
  });

  it('finds a file that only its own spec imports', () => {
    const found = deadFiles([
      file('libs/a/package.json', '{"exports": {".": "./src/index.ts"}}'),
      file('libs/a/src/index.ts', "export { b } from './b';"),
      file('libs/a/src/b.ts'),
      file('libs/a/src/dead.ts', "import { b } from './b';"),
      file('libs/a/src/dead.spec.ts', "import { dead } from './dead';"),
    ]);
    expect(found.map((offence) => offence.path)).toEqual(['libs/a/src/dead.ts']);
  });

  it('follows packages, pages, folders, settings and late imports', () => {
    const found = deadFiles([
      file('apps/admin/index.html', '<script type="module" src="./src/start.ts"></script>'),
      file('apps/admin/src/start.ts', "import('./page.vue'); import './rest';"),
      file('apps/admin/src/page.vue'),
      file('apps/admin/src/rest/index.ts'),
      file('vitest.config.ts', "const globalSetup = './tools/setup/db.ts';"),
      file('tools/setup/db.ts', "new URL('./leash.mjs', here)"),
      file('tools/setup/leash.mjs'),
      file('apps/api/src/main.ts'),
    ]);
    expect(found).toEqual([]);
  });
});

describe('public exports', () => {
  let root = '';
  const put = (name: string, text: string): void => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'exports-spec-'));
    put('tsconfig.base.json', '{"compilerOptions": {"module": "esnext"}}');
    const manifest = { name: '@x/a', exports: { '.': './src/index.ts', './deep': './src/b.ts' } };
    put('libs/a/package.json', JSON.stringify(manifest));
    put('libs/a/src/index.ts', `export { told, type Silent } from './b';`);
    put('libs/a/src/b.ts', '/** Told. */\nexport const told = 1;\nexport interface Silent {}\n');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('are read through re-exports, with their comments', () => {
    const found = readPublicExports(root).get('@x/a');
    expect(found).toEqual([
      { name: 'Silent', documented: false, path: 'libs/a/src/b.ts', line: 3 },
      { name: 'told', documented: true, path: 'libs/a/src/b.ts', line: 2 },
    ]);
  });

  it('change the snapshot when a name comes or goes', () => {
    const before = snapshotOf(readPublicExports(root));
    expect(JSON.parse(before)).toEqual({
      '@x/a': ['Silent', 'told'],
      '@x/a/deep': ['Silent', 'told'],
    });
    put('libs/a/src/index.ts', `export { told } from './b';`);
    expect(snapshotOf(readPublicExports(root))).not.toBe(before);
  });
});
