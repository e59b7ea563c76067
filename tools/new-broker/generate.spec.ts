import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../lib/root.mjs';
import { generateBroker } from './generate.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strikewire-new-broker-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Of the files that were generated; libraries are those of the workspace. */
function typeFaults(entries: readonly string[]): string[] {
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile) as {
    config: { compilerOptions: Record<string, unknown> };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, folder);
  const program = ts.createProgram(entries.map((entry) => join(folder, entry)), options);
  const own = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(folder));
  expect(own.length).toBeGreaterThan(20);
  return own
    .flatMap((file) => [
      ...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file),
    ])
    .map(({ file, messageText }) =>
      `${file?.fileName} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
}

describe('a new broker', () => {
  it('is a library of the workspace, or a package of its own, and type-checks', async () => {
    const library = join(folder, 'library');
    const inside = await generateBroker({ id: 'my-broker', folder: library, isAlone: false });
    expect(inside).toContain('src/rest/my-broker-rest.ts');
    expect(inside).not.toContain('tsconfig.json');
    const alone = join(folder, 'alone');
    const outside = await generateBroker({ id: 'acme', folder: alone, isAlone: true });
    expect(outside).toEqual(expect.arrayContaining(['package.json', 'tsconfig.json']));
    const entry = 'src/testing/run-conformance.ts';
    expect(typeFaults([`library/${entry}`, `alone/${entry}`])).toEqual([]);
  });

  it('fails the cases one by one, and says what is still to be written', async () => {
    await generateBroker({ id: 'acme', folder, isAlone: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const script = join(folder, 'src/testing/run-conformance.ts');
    const run = promisify(execFile)(process.execPath, ['--import', 'tsx', script], { cwd: root });
    const { stdout } = await run.then(
      () => ({ stdout: 'it did not fail' }),
      (failure: { stdout: string }) => failure,
    );
    const lines = stdout.split('\n');
    const failed = lines.filter((line) => line.startsWith('FAIL'));
    expect(lines[0]).toMatch(/^acme, contract 1: \d+ passed, \d+ failed, \d+ skipped$/);
    expect(failed.length).toBeGreaterThan(40);
    const clear = /is not written yet|nothing was asked through the gate/;
    const unclear = failed.filter((line) => !clear.test(line));
    expect(unclear).toEqual([]);
    // What the generator has written itself is in order.
    for (const id of ['A01', 'A03', 'A05', 'A06', 'A08', 'A11', 'A12', 'E14']) {
      expect(lines.find((line) => line.includes(`  ${id}  `))).toMatch(/^ok/);
    }
  });

  it.each(['Acme', '1st', 'a_b', '', 'a--b', '../up'])('is not called "%s"', async (id) => {
    await expect(generateBroker({ id, folder, isAlone: false })).rejects.toThrow('the id was');
  });

  it('never writes into a folder that is in use', async () => {
    await generateBroker({ id: 'acme', folder, isAlone: false });
    const again = generateBroker({ id: 'acme', folder, isAlone: false });
    await expect(again).rejects.toThrow('has something in it already');
  });
});
