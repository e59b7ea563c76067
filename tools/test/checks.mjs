// @ts-check
import { runCommand, seconds } from '../lib/run-command.mjs';

/**
 * @typedef {{ name: string, program: string, args: string[] }} Check
 * @typedef {{ name: string, ok: boolean }} CheckResult
 */

/** What is checked beside the tests. Lint goes through Nx, so that its project graph is fresh. */
/** @type {Check[]} */
export const checks = [
  { name: 'lint', program: 'nx', args: ['run', 'strikewire:lint', '--output-style=static'] },
  { name: 'types', program: 'tsc', args: ['--noEmit', '-p', 'tsconfig.json'] },
  {
    name: 'console types',
    program: 'vue-tsc',
    args: ['--noEmit', '-p', 'apps/admin/tsconfig.json'],
  },
  {
    name: 'import circles',
    program: 'depcruise',
    args: ['--config', '.dependency-cruiser.cjs', 'apps', 'libs', 'tools', 'tests'],
  },
];

/** @type {Check} */
export const build = {
  name: 'build',
  program: 'nx',
  args: ['run-many', '-t', 'build', '--output-style=static'],
};

/** Two at a time: as many as the smallest machine has cores. */
const atOnce = 2;

/**
 * Runs checks, shows the output of those that fail, and tells how each went.
 * @param {readonly Check[]} list
 * @returns {Promise<CheckResult[]>}
 */
export async function runChecks(list) {
  const waiting = [...list];
  /** @type {CheckResult[]} */
  const results = [];
  const worker = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const { code, output, tookMs } = await runCommand(check.program, check.args, { quiet: true });
      if (code !== 0) console.log(output.trimEnd());
      console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${check.name} (${seconds(tookMs)})`);
      results.push({ name: check.name, ok: code === 0 });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
