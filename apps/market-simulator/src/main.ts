import { fstatSync } from 'node:fs';
import { errorMessageOf } from '@strikewire/runtime';
import { createNodeClock, serveSite, type ServedSite } from '@strikewire/runtime/node';
import {
  accountsBeside,
  createSimulator,
  defaultAccount,
  defaultUnderlyings,
  defaultUpstoxAccount,
  faceNames,
  type AccountSeed,
  type FaceName,
  type Simulator,
} from '@strikewire/simulator';
import { exchangeSessions, holidays } from './exchange-days';
import { readSettings, type Settings } from './settings';

const host = '127.0.0.1';
/** The largest request is a quote of 1,000 ids. */
const bodyBytesMax = 1024 * 1024;

function simulatorFrom(settings: Settings): Simulator {
  return createSimulator({
    clock: createNodeClock(),
    seed: settings.SIM_SEED,
    sessions: settings.SIM_CALENDAR === 'nse' ? exchangeSessions : { kind: 'always' },
    holidays,
    underlyings: [
      ...defaultUnderlyings.filter(({ kind }) => kind === 'index'),
      ...defaultUnderlyings.filter(({ kind }) => kind === 'stock').slice(0, settings.SIM_STOCKS),
      ...defaultUnderlyings.filter(({ kind }) => kind === 'commodity'),
    ],
    rates: {
      ticksPerSecond: settings.SIM_TICKS_PER_SECOND,
      contractTicksPerSecondMax: settings.SIM_CONTRACT_TICKS_PER_SECOND,
    },
    feed: {
      snapshotOnSubscribe: settings.SIM_SNAPSHOT_ON_SUBSCRIBE,
      pingMs: settings.SIM_PING_MS,
    },
    chainRule: settings.SIM_CHAIN_RULE,
    accounts: accountsFrom(settings),
    upstox: {
      accounts: [{ ...defaultUpstoxAccount, redirectUri: settings.SIM_UPSTOX_REDIRECT_URI }],
    },
  });
}

function accountsFrom(settings: Settings): AccountSeed[] {
  const { SIM_ACCOUNTS: accounts, SIM_CLIENT_ID: clientId, SIM_ACCESS_TOKEN: token } = settings;
  return typeof accounts === 'number'
    ? accountsBeside({ ...defaultAccount, clientId, token }, accounts)
    : accounts.map((account) => ({ ...defaultAccount, ...account }));
}

type Served = readonly (readonly [FaceName, ServedSite])[];

/**
 * Each face on a port of its own, for their paths are alike: one after the other from the first, or
 * any free ones.
 */
async function serveFaces({ sites }: Simulator, firstPort: number): Promise<Served> {
  const served: [FaceName, ServedSite][] = [];
  for (const [index, name] of faceNames.entries()) {
    const port = firstPort === 0 ? 0 : firstPort + index;
    served.push([name, await serveSite(sites[name], { host, port, bodyBytesMax })]);
  }
  return served;
}

/** Stops once, on a signal or when the parent that started this process is gone. */
function stopWhenTold(simulator: Simulator, served: Served): void {
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    simulator.stop();
    void Promise.all(served.map(([, site]) => site.close())).then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  process.once('disconnect', stop);
  // A pipe as input is a parent's; a terminal or /dev/null says nothing about who is there.
  const input = fstatSync(0);
  if (input.isFIFO() || input.isSocket()) process.stdin.resume().once('end', stop);
}

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const simulator = simulatorFrom(settings);
  const served = await serveFaces(simulator, settings.SIMULATOR_PORT);
  stopWhenTold(simulator, served);
  for (const [name, { port }] of served) {
    console.log(`Market simulator, ${name}: http://${host}:${port} (${settings.SIM_CALENDAR})`);
  }
  const ports = Object.fromEntries(served.map(([name, { port }]) => [name, port]));
  process.send?.({ ready: true, port: ports['dhan'], ports });
}

main().catch((error: unknown) => {
  console.error(`Market simulator: ${errorMessageOf(error)}`);
  process.exit(1);
});
