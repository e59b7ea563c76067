import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

// On a CI machine the parser would read files once from disk; here their text is made up.
process.env['TSESTREE_SINGLE_RUN'] = 'false';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const eslint = new ESLint({ cwd: root });

/** The rules that `source` breaks when it stands in `file`; a real one, for rules with types. */
async function broken(file: string, source: string): Promise<string[]> {
  const [result] = await eslint.lintText(`${source}\n`, { filePath: join(root, file) });
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
}

const pure = 'libs/market-data/src/index.ts';
const core = 'libs/broker/src/core/index.ts';
const engine = 'libs/broker/src/engine/index.ts';
const processes = 'libs/platform/src/postgres/index.ts';

describe('seams', () => {
  it.each([
    ['export const a = Date.now();', 'no-restricted-properties'],
    ['export const a = Math.random();', 'no-restricted-properties'],
    ['export const a = process.env;', 'no-restricted-properties'],
    ['export const a = new Date();', 'no-restricted-syntax'],
    ["export const a = 'select now()';", 'no-restricted-syntax'],
    ['export const a = (b: string): string => `${b} > now()`;', 'no-restricted-syntax'],
    ['setTimeout(() => undefined, 5);', 'no-restricted-globals'],
    ["console.log('a');", 'no-console'],
    ["import 'node:timers/promises';", 'no-restricted-imports'],
  ])('%s is an offence in a library', async (source, rule) => {
    expect(await broken(core, source)).toContain(rule);
  });

  it('lets composition roots be real', async () => {
    const source = 'setTimeout(() => console.log(Date.now(), process.env), 5);';
    expect(await broken(processes, source)).toEqual([]);
  });
});

describe('rooms', () => {
  it.each([
    [core, "import 'node:fs';"],
    [core, "import '@nestjs/common';"],
    [core, "import '../engine/index';"],
    [core, "import '@strikewire/runtime/node';"],
    [engine, "import '@nestjs/common';"],
    [engine, "import 'typeorm';"],
    [engine, "import '../module/index';"],
    [engine, "import 'ws';"],
    [pure, "import 'node:fs';"],
    ['libs/runtime/src/node/index.ts', "import { CreateDateColumn } from 'typeorm';"],
    ['apps/admin/src/a.ts', "import { ref } from 'vue';"],
    ['apps/admin/src/a.ts', "import '@strikewire/broker/engine';"],
  ])('%s may not: %s', async (file, source) => {
    expect(await broken(file, source)).toContain('no-restricted-imports');
  });

  it('lets a core use other cores', async () => {
    const rules = await broken(core, "import '@strikewire/market-data';");
    expect(rules).not.toContain('no-restricted-imports');
  });
});

describe('projects', () => {
  const rule = '@nx/enforce-module-boundaries';

  it.each([
    [pure, "import '@strikewire/broker';"],
    [pure, "import '@strikewire/platform/postgres';"],
    ['libs/broker-dhan/src/index.ts', "import '@strikewire/option-chain';"],
    ['libs/simulator/src/dhan/segments.ts', "import '@strikewire/market-data';"],
    [core, "import '../../../market-data/src/index';"],
  ])('%s may not: %s', async (file, source) => {
    expect(await broken(file, source)).toContain(rule);
  });

  it('lets a library import those left of it', async () => {
    expect(await broken(core, "import '@strikewire/market-data';")).not.toContain(rule);
  });
});

describe('style', () => {
  const longFunction = `export function a(): void {\n${'Object();\n'.repeat(71)}}`;
  const lostPromise = 'const wait = async (): Promise<void> => {}; wait();';
  const typeAsValue = "import { Log } from '@strikewire/runtime'; export type A = Log;";

  it.each([
    ['@typescript-eslint/no-explicit-any', 'export const a = (b: any): void => b;'],
    ['@typescript-eslint/no-non-null-assertion', 'export const a = (b?: string): string => b!;'],
    ['@typescript-eslint/ban-ts-comment', '// @ts-ignore\nexport const a = 1;'],
    ['@typescript-eslint/no-floating-promises', lostPromise],
    ['@typescript-eslint/consistent-type-imports', typeAsValue],
    ['no-restricted-syntax', 'export default 1;'],
    ['no-empty', 'try { Object.keys({}); } catch {}'],
    ['max-params', 'export const a = (b = 0, c = 0, d = 0, e = 0, f = 0): number => b;'],
    ['max-len', `export const a = '${'x'.repeat(100)}';`],
    ['max-lines', '// a\n'.repeat(401)],
    ['max-lines-per-function', longFunction],
  ])('%s', async (rule, source) => {
    expect(await broken(core, source)).toContain(rule);
  });

  it('allows ! in the hot files', async () => {
    const source = 'export const a = (b?: string): string => b!;';
    expect(await broken('libs/market-data/src/quote-store.ts', source)).toEqual([]);
  });

  it('wants a component as script, template, style, with the short form of setup', async () => {
    const page = `<template><p>a</p></template>\n<script setup lang="ts">const a = 1;</script>`;
    expect(await broken('apps/admin/src/a.vue', page)).toContain('vue/block-order');
    const old = `<script lang="ts">export default { data: () => ({}) };</script>`;
    expect(await broken('apps/admin/src/a.vue', old)).toContain('vue/component-api-style');
  });
});
