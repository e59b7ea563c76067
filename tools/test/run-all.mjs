// @ts-check
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install } from '../lib/install.mjs';
import { runCommand } from '../lib/run-command.mjs';
import { build, checks, runChecks } from './checks.mjs';

/** @typedef {{ passed: number, failed: number }} Totals */

/**
 * Installs, checks, builds and tests, prints `N passed, N failed` as the very last line, and
 * answers with the exit code. Arguments go to vitest and leave the checks out: a focused run.
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
export async function runAll(args) {
  if (!(await install())) return summary({ passed: 0, failed: 1 });
  const focused = args.length > 0;
  // The system tests run the built apps.
  const before = focused ? [] : await runChecks(checks);
  if (!focused || mayNeedApps(args)) before.push(...(await runChecks([build])));
  const broken = before.filter(({ ok }) => !ok);
  const tests = await runTests(args);
  if (broken.length > 0) {
    console.log(`Checks that failed: ${broken.map(({ name }) => name).join(', ')}.`);
  }
  return summary({ passed: tests.passed, failed: tests.failed + broken.length });
}

/** @param {readonly string[]} args */
function mayNeedApps(args) {
  const line = args.join(' ');
  return line.includes('system') || line.includes('tests/') || !/--project\b/.test(line);
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<Totals>}
 */
async function runTests(args) {
  const folder = mkdtempSync(join(tmpdir(), 'strikewire-test-'));
  const path = join(folder, 'totals.json');
  const reporters = ['--reporter=default', '--reporter=./tools/test/totals-reporter.mjs'];
  const { code } = await runCommand('vitest', ['run', ...reporters, ...args], {
    env: { STRIKEWIRE_TEST_TOTALS: path },
  });
  const totals = readTotals(path);
  rmSync(folder, { recursive: true, force: true });
  // A runner that fails without a failed test (no totals, a broken configuration) is a failure.
  return code !== 0 && totals.failed === 0 ? { ...totals, failed: 1 } : totals;
}

/**
 * @param {string} path
 * @returns {Totals}
 */
function readTotals(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { passed: 0, failed: 0 };
  }
}

/** @param {Totals} totals */
function summary({ passed, failed }) {
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}
