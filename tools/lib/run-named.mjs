// @ts-check
// Runs one of the long programs of `tests/<kind>`, by its name, over a fresh build.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build, runChecks } from '../test/checks.mjs';
import { install } from './install.mjs';
import { checkNodeVersion } from './node-version.mjs';
import { root } from './root.mjs';
import { runCommand } from './run-command.mjs';

/**
 * The exit code: that of the program, 1 when there is none of that name.
 * @param {'soak' | 'campaign'} kind
 * @param {readonly string[]} args the name, then what the program is given
 */
export async function runNamed(kind, [name = '', ...rest]) {
  checkNodeVersion();
  // As with the benchmarks: then nothing but what the program prints is on the standard output.
  const json = rest.includes('--json') || process.env['npm_config_json'] === 'true';
  if (json) console.log = console.error;
  const folder = join(root, 'tests', kind);
  const suffix = `.${kind}.ts`;
  const file = join(folder, `${name}${suffix}`);
  if (name === '' || !existsSync(file)) {
    const known = readdirSync(folder).filter((one) => one.endsWith(suffix));
    const names = known.map((one) => one.slice(0, -suffix.length)).join(', ');
    console.error(`No ${kind} is named "${name}". There are: ${names}.`);
    return 1;
  }
  if (!(await install()) || (await runChecks([build])).some(({ ok }) => !ok)) return 1;
  const isCampaign = kind === 'campaign';
  const command = isCampaign ? [...memoryFlags, await bundle(name, file)]
    : ['--import', 'tsx', file];
  const { code } = await runCommand(process.execPath, [...command, ...rest], {});
  return code ?? 1;
}

/**
 * MiB for what lives shortly: a run leaves more than the default at once, and is then copied. It is
 * cleared on the one thread that there is work for: helpers take longer together than it alone.
 */
const memoryFlags = ['--max-semi-space-size=64', '--single-threaded-gc'];

/**
 * A campaign is a matter of CPU alone: in one file, without the names that a loader keeps, it takes
 * a fifth less. Answers with the file's path.
 * @param {string} name
 * @param {string} file
 */
async function bundle(name, file) {
  const { build: buildFile } = await import('vite');
  const outDir = join(root, 'dist', 'campaign');
  const entryFileNames = `${name}.js`;
  await buildFile({
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: file,
      outDir,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rollupOptions: { output: { entryFileNames } },
    },
  });
  return join(outDir, entryFileNames);
}
