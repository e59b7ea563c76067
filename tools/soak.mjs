// @ts-check
// `npm run soak <name> [-- --seconds N]`: the built platform for a long time, in real time.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkNodeVersion } from './lib/node-version.mjs';
import { install } from './lib/install.mjs';
import { root } from './lib/root.mjs';
import { runCommand } from './lib/run-command.mjs';
import { build, runChecks } from './test/checks.mjs';

const folder = join(root, 'tests/soak');
const suffix = '.soak.ts';

checkNodeVersion();
process.exitCode = await soak(process.argv.slice(2));

/** @param {readonly string[]} args */
async function soak([name = '', ...rest]) {
  const file = join(folder, `${name}${suffix}`);
  if (name === '' || !existsSync(file)) {
    const known = readdirSync(folder).filter((one) => one.endsWith(suffix));
    const names = known.map((one) => one.slice(0, -suffix.length)).join(', ');
    console.error(`No soak is named "${name}". There are: ${names}.`);
    return 1;
  }
  if (!(await install()) || (await runChecks([build])).some(({ ok }) => !ok)) return 1;
  const { code } = await runCommand(process.execPath, ['--import', 'tsx', file, ...rest], {});
  return code ?? 1;
}
