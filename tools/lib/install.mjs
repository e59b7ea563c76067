// @ts-check
import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';
import { runCommand, seconds } from './run-command.mjs';

/** A sign of life for whoever watches a long, silent install. */
const tellEveryMs = 10_000;

/**
 * Installs the packages that package-lock.json lists, unless that was done already.
 * @returns {Promise<boolean>} false when the installation failed; the reason is printed
 */
export async function install() {
  if (isInstalled(root)) return true;
  console.log('Installing packages from the npm registry (about 1-2 minutes the first time) ...');
  const startedMs = performance.now();
  const ticker = setInterval(() => {
    console.log(`  ... still installing, ${seconds(performance.now() - startedMs)}`);
  }, tellEveryMs);
  const [program, ...args] = npm();
  const flags = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output, tookMs } = await runCommand(program, [...args, ...flags], { quiet: true });
  clearInterval(ticker);
  if (code !== 0) {
    console.error(`${output}\nThe installation failed: npm ci ended with code ${code}.`);
    return false;
  }
  markInstalled(root);
  console.log(`Installed in ${seconds(tookMs)}.`);
  return true;
}

/**
 * Whether node_modules holds what the lock file lists: as marked by us, or, where somebody ran
 * npm by hand, when npm finished after the lock file last changed.
 * @param {string} folder
 */
export function isInstalled(folder) {
  if (read(stampOf(folder)) === lockHash(folder)) return true;
  const done = modifiedMs(join(folder, 'node_modules', '.package-lock.json'));
  if (done === 0 || done < modifiedMs(join(folder, 'package-lock.json'))) return false;
  markInstalled(folder);
  return true;
}

/** @param {string} folder */
function markInstalled(folder) {
  writeFileSync(stampOf(folder), lockHash(folder));
}

/** @param {string} folder */
function stampOf(folder) {
  return join(folder, 'node_modules', '.strikewire-installed');
}

/** @param {string} folder */
function lockHash(folder) {
  return createHash('sha256').update(read(join(folder, 'package-lock.json'))).digest('hex');
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** @param {string} path */
function modifiedMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** The npm that runs us, else the one on the path. @returns {[string, ...string[]]} */
function npm() {
  const script = process.env['npm_execpath'];
  return script?.endsWith('npm-cli.js') ? [process.execPath, script] : ['npm'];
}
