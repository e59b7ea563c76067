// @ts-check
import { join } from 'node:path';

/**
 * @typedef {object} Settings
 * @property {number} port where the platform listens
 * @property {number | undefined} simulatorPort undefined when the real broker is used
 * @property {string} stateDir the database and the logs
 * @property {Program} api
 * @property {Program} simulator
 * @property {NodeJS.ProcessEnv} env what the programs get
 */

/** @typedef {{ name: string, file: string }} Program */

/**
 * Reads the settings, or tells in one line what is wrong with them.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} root
 * @returns {Settings | string}
 */
export function settingsFrom(env, root) {
  const port = portFrom(env, 'PORT', 3000);
  if (typeof port === 'string') return port;
  const simulatorPort = portFrom(env, 'SIMULATOR_PORT', 4000);
  if (typeof simulatorPort === 'string') return simulatorPort;
  if (port !== 0 && port === simulatorPort) return `PORT and SIMULATOR_PORT are both ${port}.`;
  const given = [env['DHAN_CLIENT_ID'], env['DHAN_ACCESS_TOKEN']].filter(Boolean).length;
  if (given === 1) {
    return 'Set both DHAN_CLIENT_ID and DHAN_ACCESS_TOKEN for the real Dhan, none for a simulator.';
  }
  return {
    port,
    simulatorPort: given === 2 ? undefined : simulatorPort,
    stateDir: env['STRIKEWIRE_STATE_DIR'] || join(root, '.strikewire'),
    api: { name: 'platform', file: join(root, 'apps/api/dist/main.js') },
    simulator: {
      name: 'market simulator',
      file: join(root, 'apps/market-simulator/dist/main.js'),
    },
    env,
  };
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} name
 * @param {number} usual
 * @returns {number | string}
 */
function portFrom(env, name, usual) {
  const text = env[name];
  if (text === undefined || text === '') return usual;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  return `${name} is "${text}": it must be a port number, 0 to 65535.`;
}
