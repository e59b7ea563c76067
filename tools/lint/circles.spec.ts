import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const config = '.dependency-cruiser.cjs';
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'circles-spec-'));
  copyFileSync(join(root, config), join(folder, config));
  writeFileSync(join(folder, 'tsconfig.json'), '{"include": ["*.ts"]}');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function cruise(files: Record<string, string>): string {
  for (const [name, source] of Object.entries(files)) writeFileSync(join(folder, name), source);
  const program = join(root, 'node_modules', '.bin', 'depcruise');
  const { stdout, stderr } = spawnSync(program, ['--config', config, '.'], { cwd: folder });
  return `${stdout.toString()}${stderr.toString()}`;
}

it('finds a circle of types over three files', () => {
  const found = cruise({
    'a.ts': `import type { B } from './b';\nexport type A = B;`,
    'b.ts': `import type { C } from './c';\nexport type B = C;`,
    'c.ts': `import type { A } from './a';\nexport type C = A;`,
  });
  expect(found).toContain('error no-circular: a.ts');
});

it('finds an import that leads nowhere', () => {
  expect(cruise({ 'a.ts': `import './gone';` })).toContain('error not-to-unresolvable: a.ts');
});

it('passes a straight line', () => {
  const found = cruise({
    'a.ts': `import type { B } from './b';\nexport type A = B;`,
    'b.ts': `export type B = 1;`,
  });
  expect(found).toContain('no dependency violations found');
});
