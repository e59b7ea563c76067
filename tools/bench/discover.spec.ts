import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { discover } from './discover.mjs';

it('finds benchmarks by the names of their files, in order, none that are installed', () => {
  const root = mkdtempSync(join(tmpdir(), 'discover-spec-'));
  try {
    for (const folder of ['libs/a/src', 'tests/bench', 'libs/a/node_modules/b']) {
      mkdirSync(join(root, folder), { recursive: true });
    }
    const files = ['libs/a/src/z.bench.ts', 'libs/a/src/z.ts', 'tests/bench/a.bench.ts'];
    for (const file of [...files, 'libs/a/node_modules/b/c.bench.ts']) {
      writeFileSync(join(root, file), '');
    }
    expect(discover([join(root, 'libs'), join(root, 'tests')])).toEqual([
      { name: 'a', file: join(root, 'tests/bench/a.bench.ts') },
      { name: 'z', file: join(root, 'libs/a/src/z.bench.ts') },
    ]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
