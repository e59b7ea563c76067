import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
let folder = '';

// Inside the repository, so that the specs find vitest.
beforeEach(() => {
  folder = mkdtempSync(join(root, 'node_modules', '.totals-spec-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function totalsOf(specs: Record<string, string>): unknown {
  for (const [name, source] of Object.entries(specs)) {
    const head = `import { beforeAll, expect, it } from 'vitest';`;
    writeFileSync(join(folder, `${name}.case.ts`), `${head}\n${source}`);
  }
  const path = join(folder, 'totals.json');
  const config = join(folder, 'vitest.config.mjs');
  const options = { test: { include: ['*.case.ts'], exclude: [] } };
  writeFileSync(config, `export default ${JSON.stringify(options)};`);
  const reporter = `--reporter=${join(here, 'totals-reporter.mjs')}`;
  const args = ['run', '--root', folder, '--config', config, reporter];
  spawnSync(join(root, 'node_modules', '.bin', 'vitest'), args, {
    env: { ...process.env, STRIKEWIRE_TEST_TOTALS: path },
  });
  return JSON.parse(readFileSync(path, 'utf8'));
}

describe('TotalsReporter', () => {
  it('adds up the files of a run', () => {
    const good = `it('a', () => expect(1).toBe(1)); it('b', () => expect(1).toBe(1));`;
    const mixed = `it('c', () => expect(1).toBe(1)); it('d', () => expect(1).toBe(2));`;
    expect(totalsOf({ good, mixed })).toEqual({ passed: 3, failed: 1 });
  });

  it('counts what breaks outside of tests', () => {
    const doesNotLoad = `throw new Error('broken');`;
    const hook = `beforeAll(() => { throw new Error('no server'); });
      it('a', () => expect(1).toBe(1));`;
    const stray = `it('b', () => { void Promise.reject(new Error('stray')); expect(1).toBe(1); });`;
    expect(totalsOf({ doesNotLoad })).toEqual({ passed: 0, failed: 1 });
    expect(totalsOf({ doesNotLoad, hook })).toEqual({ passed: 0, failed: 2 });
    rmSync(join(folder, 'doesNotLoad.case.ts'));
    rmSync(join(folder, 'hook.case.ts'));
    expect(totalsOf({ stray })).toEqual({ passed: 1, failed: 1 });
  });
});
