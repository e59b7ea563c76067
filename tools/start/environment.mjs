// @ts-check
/** @typedef {import('./settings.mjs').Settings} Settings */

/** What the simulator accepts when its ready message names nothing else. */
const simulatorAccount = { clientId: '1000000001', accessToken: 'simulator-token' };

/** @param {Settings} settings */
export function simulatorEnvironment({ env, simulatorPort }) {
  return { ...env, SIMULATOR_PORT: String(simulatorPort), PORT: undefined };
}

/**
 * @param {Settings} settings
 * @param {Record<string, unknown> | undefined} simulator its ready message, when it runs
 */
export function apiEnvironment({ env, port, stateDir }, simulator) {
  const base = { ...env, PORT: String(port), STRIKEWIRE_STATE_DIR: stateDir };
  if (simulator === undefined) return base;
  const account = { ...simulatorAccount, ...simulator };
  const host = `127.0.0.1:${simulator['port']}`;
  return {
    ...base,
    DHAN_REST_URL: `http://${host}/v2`,
    DHAN_FEED_URL: `ws://${host}`,
    DHAN_MASTER_URL: `http://${host}/api-data/api-scrip-master-detailed.csv`,
    DHAN_CLIENT_ID: account.clientId,
    DHAN_ACCESS_TOKEN: account.accessToken,
  };
}
