// @ts-check
// `npm run bench [name ...]`: each benchmark in a process of its own. `--json` prints one JSON
// object per line and nothing else on the standard output.
import { join } from 'node:path';
import { discover } from './bench/discover.mjs';
import { checkNodeVersion } from './lib/node-version.mjs';
import { install } from './lib/install.mjs';
import { root } from './lib/root.mjs';
import { runCommand } from './lib/run-command.mjs';
import { build, runChecks } from './test/checks.mjs';

checkNodeVersion();
process.exitCode = await bench(process.argv.slice(2));

/** @param {readonly string[]} args */
async function bench(args) {
  // npm takes `npm run bench --json` as an option of its own and passes it on like this.
  const json = args.includes('--json') || process.env['npm_config_json'] === 'true';
  if (json) console.log = console.error;
  const names = args.filter((arg) => arg !== '--json');
  const all = discover(['apps', 'libs', 'tests'].map((name) => join(root, name)));
  const unknown = names.filter((name) => !all.some((known) => known.name === name));
  if (unknown.length > 0) {
    console.error(`No benchmark is named ${unknown.join(', ')}. ${listOf(all)}`);
    return 1;
  }
  // Some measure the built apps.
  if (!(await install()) || (await runChecks([build])).some(({ ok }) => !ok)) return 1;
  return runAll(all.filter(({ name }) => names.length === 0 || names.includes(name)), json);
}

/**
 * @param {readonly import('./bench/discover.mjs').Bench[]} list
 * @param {boolean} json
 */
async function runAll(list, json) {
  let failed = 0;
  for (const { name, file } of list) {
    console.log(`\n${name}`);
    const env = { STRIKEWIRE_BENCH_JSON: json ? '1' : '0' };
    const { code } = await runCommand(
      process.execPath,
      ['--expose-gc', '--import', 'tsx', file],
      { env },
    );
    if (code === 0) continue;
    failed++;
    console.error(`The benchmark ${name} failed with code ${code}.`);
  }
  return failed > 0 ? 1 : 0;
}

/** @param {readonly import('./bench/discover.mjs').Bench[]} list */
function listOf(list) {
  return `There are: ${list.map(({ name }) => name).join(', ') || 'none'}.`;
}
