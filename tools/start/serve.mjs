// @ts-check
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from './child.mjs';
import { apiEnvironment, simulatorEnvironment } from './environment.mjs';
import { stopRequest } from './stop-request.mjs';

/** @typedef {import('./settings.mjs').Settings} Settings */

/** Together within the 5 s that Ctrl-C may take; the platform also stops its database. */
const stopWithinMs = { platform: 3_200, simulator: 600 };

/**
 * Runs the programs until a signal or until one of them dies; answers with the exit code.
 * @param {Settings} settings
 */
export async function serve(settings) {
  const logFolder = join(settings.stateDir, 'logs');
  mkdirSync(logFolder, { recursive: true });
  const stop = stopRequest();
  /** @type {Child[]} in the order they were started */
  const children = [];
  /** @type {Launch} */
  const launch = (program, env) => {
    const child = new Child(program, { env, logFolder });
    children.push(child);
    return child;
  };
  const failed = await Promise.race([stop.asked, runPrograms(settings, launch, stop)]);
  if (failed === undefined) console.log('\nStopping ...');
  else console.error(await obituary(failed));
  stop.onSecond(() => children.forEach((child) => child.kill()));
  // The platform first: it should not see its market go.
  await children[1]?.stop(stopWithinMs.platform);
  await children[0]?.stop(children.length === 1 ? stopWithinMs.platform : stopWithinMs.simulator);
  stop.dispose();
  if (failed === undefined) console.log('Stopped.');
  return failed === undefined ? 0 : 1;
}

/** @typedef {import('./settings.mjs').Program} Program */
/** @typedef {(program: Program, env: NodeJS.ProcessEnv) => Child} Launch */

/**
 * Starts the simulator (unless the real broker is used), then the platform. Resolves with the
 * program that failed or died, and to nothing else but a stop in the middle of it.
 * @param {Settings} settings
 * @param {Launch} launch
 * @param {{ requested: boolean }} stop
 * @returns {Promise<Child | undefined>}
 */
async function runPrograms(settings, launch, stop) {
  let market;
  let simulator;
  if (settings.simulatorPort !== undefined) {
    console.log('Starting the market simulator ...');
    simulator = launch(settings.simulator, simulatorEnvironment(settings));
    market = await simulator.ready();
    if (market === undefined) return simulator;
    if (stop.requested) return undefined;
  }
  console.log('Starting the platform (with its database) ...');
  const platform = launch(settings.api, apiEnvironment(settings, market));
  const ends = [platform, ...(simulator ? [simulator] : [])].map((child) =>
    child.ended.then(() => child),
  );
  const ready = await Promise.race([platform.ready(), ...ends]);
  if (ready instanceof Child) return ready;
  if (ready === undefined) return platform;
  announce(settings, ready, market);
  return Promise.race(ends);
}

/**
 * @param {Settings} settings
 * @param {Record<string, unknown>} platform its ready message
 * @param {Record<string, unknown> | undefined} market the simulator's
 */
function announce(settings, platform, market) {
  const source = market ? `a simulated market (port ${market['port']})` : 'Dhan';
  console.log(`\nStrikewire is running at http://localhost:${platform['port']} with ${source}.`);
  const first = /** @type {{ username: string, password: string } | undefined} */ (
    platform['firstAdmin']
  );
  if (first) {
    console.log(`First sign-in (shown this once): ${first.username}  ${first.password}`);
  }
  console.log('Open that address in a browser and sign in: chains appear there within seconds.');
  console.log(`Logs are in ${join(settings.stateDir, 'logs')}. Ctrl-C stops everything.`);
}

/** What is said of a program that died or did not come up. @param {Child} child */
async function obituary(child) {
  const end = child.isRunning ? 'did not become ready in time' : `ended: ${await child.ended}`;
  const lines = child.log.tail() || '(it printed nothing)';
  return `\nThe ${child.name} ${end}. Its last lines, from ${child.logPath}:\n${lines}\n`;
}
