import type { Access } from '@strikewire/access/module';
import { AccountPool } from '@strikewire/broker/engine';
import {
  Accounts,
  AccountStore,
  FailoverDesk,
  FailoverRecord,
  FailoverStore,
  SignIns,
  type BrokerServices,
} from '@strikewire/broker/module';
import { defaultUniverse } from '@strikewire/option-chain';
import { openUniverse, type UniverseRules } from '@strikewire/option-chain/module';
import type { openDatabase } from '@strikewire/platform';
import { openNotifications, type NotificationCentre } from '@strikewire/platform/notifications';
import { createVault, masterKeyOf, type Vault } from '@strikewire/platform/secrets';
import {
  createMemoryJobs,
  type Clock,
  type Log,
  type SecureRandom,
} from '@strikewire/runtime';
import { SessionRunner } from '@strikewire/trading-hours/engine';
import {
  BeatenWakeUp,
  openTradingHours,
  SessionDesk,
  SessionRunLog,
  type ServedHours,
} from '@strikewire/trading-hours/module';
import { tradingHoursPresets } from '@strikewire/trading-hours/presets';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the composition root is under test
import { brokerPlugins } from '../../apps/api/src/plugins';
import type { VirtualPlatform } from './virtual-platform';

/** A database that is open. */
export type Database = Awaited<ReturnType<typeof openDatabase>>;

/** What every service of a server for tests is made of. */
export interface Shared {
  clock: Clock;
  log: Log;
  random: SecureRandom;
  database: Database;
  access: Access;
}

function vaultOf({ random }: Shared): Vault {
  const keys = { current: masterKeyOf(random.bytes(32)), previous: [] };
  return createVault(keys, (count) => random.bytes(count));
}

/** Accounts whose brokers nobody reaches. */
function accountsOf(shared: Shared): Accounts {
  const { clock, log, random, database, access } = shared;
  return new Accounts({
    clock,
    log,
    random,
    store: new AccountStore(database, access.activity),
    pool: new AccountPool({ clock, random: { next: () => 0.5 }, http: deadHttp, log }),
    vault: vaultOf(shared),
    brokers: brokerPlugins.map((plugin) => ({ plugin, endpoints: plugin.endpoints })),
    usernameOf: (id) => access.directory.find(id)?.username,
    accountsChanged: () => undefined,
    feedProblem: () => null,
    refused: () => undefined,
    foundGood: () => undefined,
    answered: () => undefined,
    refuseLast: () => undefined,
  });
}

/** Accounts, and failover between them as far as the market's engine has any. */
export function brokersOf(
  shared: Shared,
  { engine }: Pick<VirtualPlatform, 'engine'>,
  { notifier }: NotificationCentre,
): BrokerServices {
  const { database, access } = shared;
  const accounts = accountsOf(shared);
  const store = new FailoverStore(database, access.activity);
  const failover = new FailoverDesk({
    ...shared,
    store,
    record: new FailoverRecord({ ...shared, store, notifier }),
    accounts,
    watched: () => engine.supervision,
    depth: () => engine.depth.status(),
    wished: () => undefined,
    judged: () => undefined,
    readiness: () => undefined,
  });
  return { accounts, failover, signIns: new SignIns({ ...shared, accounts }) };
}

/** Trading hours as the first start has them; nothing is scheduled. */
export async function hoursOf(shared: Shared): Promise<ServedHours> {
  const { clock, log, random: ids, database, access } = shared;
  const { hours, halts } = await openTradingHours({
    clock,
    ids,
    database,
    activity: access.activity,
    presets: tradingHoursPresets,
    changed: () => undefined,
  });
  const store = new SessionRunLog(database);
  const duties = {
    activity: () => undefined,
    build: () => Promise.resolve('nothing'),
    endOfDay: () => Promise.resolve('nothing'),
    rollOver: () => Promise.resolve('nothing'),
  };
  const runner = new SessionRunner({ clock, log, ids, segments: [], duties, store });
  const sessions = new SessionDesk({ clock, calendar: 'exchange', runner, log: store });
  return { hours, halts, sessions, wakeUp: new BeatenWakeUp(clock) };
}

/** The three indices, until a test saves something else. */
export async function universeOf(
  { clock, database, access: { activity } }: Shared,
): Promise<{ universe: UniverseRules; database: Database }> {
  const defaults = defaultUniverse;
  return { universe: await openUniverse({ clock, database, activity, defaults }), database };
}

/** Notifications that nobody gets. */
export function notificationsOf(shared: Shared): Promise<NotificationCentre> {
  const { clock, log, access } = shared;
  return openNotifications({
    ...shared,
    vault: vaultOf(shared),
    jobs: createMemoryJobs({ clock, log }),
    http: deadHttp,
    activity: access.activity,
  });
}

const deadHttp = {
  send: () => Promise.reject(new Error('no broker is here')),
  stream: () => Promise.reject(new Error('no broker is here')),
};
