// @ts-check
import { mallocEnvironment } from '../lib/malloc.mjs';

/** @typedef {import('./settings.mjs').Settings} Settings */

/**
 * The account of the simulated broker, known to both sides; it opens nothing but the simulator.
 * @param {NodeJS.ProcessEnv} env
 */
function simulatedAccount(env) {
  return {
    clientId: env['SIM_CLIENT_ID'] || '1000000001',
    accessToken: env['SIM_ACCESS_TOKEN'] || 'strikewire-simulator-access-token',
  };
}

/** @param {Settings} settings */
export function simulatorEnvironment({ env, simulatorPort }) {
  const { clientId, accessToken } = simulatedAccount(env);
  return {
    ...env,
    PORT: undefined,
    SIMULATOR_PORT: String(simulatorPort),
    SIM_CLIENT_ID: clientId,
    SIM_ACCESS_TOKEN: accessToken,
  };
}

/**
 * @param {Settings} settings
 * @param {Record<string, unknown> | undefined} simulator its ready message, when it runs; it may
 *   name another account
 */
export function apiEnvironment({ env, port, stateDir }, simulator) {
  const base = {
    ...mallocEnvironment, ...env, PORT: String(port), STRIKEWIRE_STATE_DIR: stateDir,
  };
  if (simulator === undefined) return base;
  const account = { ...simulatedAccount(env), ...simulator };
  const host = `127.0.0.1:${simulator['port']}`;
  const { upstox, openalgo } = /** @type {Record<string, number>} */ (simulator['ports'] ?? {});
  return {
    ...base,
    DHAN_REST_URL: `http://${host}/v2`,
    DHAN_FEED_URL: `ws://${host}`,
    DHAN_DEPTH_URL: `ws://${host}/twentydepth`,
    DHAN_ORDERS_URL: `ws://${host}/order-update`,
    DHAN_MASTER_URL: `http://${host}/api-data/api-scrip-master-detailed.csv`,
    DHAN_AUTH_URL: `http://${host}`,
    ...(upstox && {
      UPSTOX_REST_URL: `http://127.0.0.1:${upstox}`,
      UPSTOX_ORDERS_URL: `http://127.0.0.1:${upstox}`,
      UPSTOX_INSTRUMENTS_URL: `http://127.0.0.1:${upstox}/market-quote/instruments/exchange`,
    }),
    ...(openalgo && {
      OPENALGO_REST_URL: `http://127.0.0.1:${openalgo}`,
      OPENALGO_FEED_URL: `ws://127.0.0.1:${openalgo}`,
    }),
    DHAN_CLIENT_ID: account.clientId,
    DHAN_ACCESS_TOKEN: account.accessToken,
  };
}
