// @ts-check
import { mkdirSync } from 'node:fs';
import { install } from '../lib/install.mjs';
import { runCommand, seconds } from '../lib/run-command.mjs';
import { portsProblem } from './ports.mjs';

/**
 * Everything before the programs run: ports, packages, build. Prints its progress and what went
 * wrong.
 * @param {import('./settings.mjs').Settings} settings
 */
export async function prepare(settings) {
  const problem = await portsProblem(settings);
  if (problem !== undefined) {
    console.error(problem);
    return false;
  }
  mkdirSync(settings.stateDir, { recursive: true });
  return (await install()) && build();
}

async function build() {
  console.log('Building what changed ...');
  const args = ['run-many', '-t', 'build', '--output-style=static'];
  const { code, output, tookMs } = await runCommand('nx', args, { quiet: true });
  if (code !== 0) {
    console.error(`${output}\nThe build failed.`);
    return false;
  }
  console.log(`Built in ${seconds(tookMs)}.`);
  return true;
}
