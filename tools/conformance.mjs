// @ts-check
// `npm run conformance [broker] [case ...]`: the plugins that are built in before the simulated
// faces of their brokers; a case is an id like E03 or the letter of a group.
import { checkNodeVersion } from './lib/node-version.mjs';
import { install } from './lib/install.mjs';
import { runCommand } from './lib/run-command.mjs';

checkNodeVersion();
process.exitCode = await conformance(process.argv.slice(2));

/** @param {readonly string[]} args */
async function conformance(args) {
  if (!(await install())) return 1;
  const file = 'tests/conformance/print-report.ts';
  const { code } = await runCommand(process.execPath, ['--import', 'tsx', file, ...args], {});
  return code ?? 1;
}
