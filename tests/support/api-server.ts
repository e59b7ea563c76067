import type { KeyScope, Role } from '@strikewire/contracts';
import { openAccess, type Access } from '@strikewire/access/module';
import type { Accounts } from '@strikewire/broker/module';
import type { SeatLimits } from '@strikewire/option-chain/module';
import { byPlatform, createOriginPolicy, openDatabase } from '@strikewire/platform';
import { createMetrics } from '@strikewire/platform/metrics';
import type { NotificationCentre } from '@strikewire/platform/notifications';
import { createMemoryStateStore, silentLog, type Clock, type Log } from '@strikewire/runtime';
import { createNodeClock, createNodeSecureRandom } from '@strikewire/runtime/node';
/* eslint-disable @nx/enforce-module-boundaries -- the composition root itself is under test */
import { entities, migrations } from '../../apps/api/src/database';
import { createServer } from '../../apps/api/src/server';
/* eslint-enable @nx/enforce-module-boundaries */
import { createTestDatabase } from '../../tools/services/database';
import {
  brokersOf,
  hoursOf,
  notificationsOf,
  universeOf,
  type Database,
} from './api-services';
import { tradingOf } from './api-trading';
import { createVirtualPlatform, type VirtualPlatform } from './virtual-platform';

/** How a server for tests differs from the usual one. */
export interface ApiServerOptions {
  log?: Log;
  publicUrl?: string;
  allowedOrigins?: readonly string[];
  trustedProxies?: readonly string[];
  requestsPerMinute?: number;
  seats?: SeatLimits;
}

/** The whole HTTP and socket server in this process, over a database of its own. */
export interface ApiServer {
  access: Access;
  accounts: Accounts;
  /** The market behind it, whose time stands still unless it is moved. */
  market: VirtualPlatform;
  notifications: NotificationCentre;
  routes: Awaited<ReturnType<typeof createServer>>['routes'];
  /** `http://127.0.0.1:port`. */
  base: string;
  databaseUrl: string;
  /** Moves the wall clock of the server. */
  shift(ms: number): void;
  /** Makes a person and signs it in; `isConfirmed`: as if the password had just been given. */
  person(role: Role, isConfirmed?: boolean): Promise<Record<string, string>>;
  /** A session of its own, of one person for each role: quicker than another person. */
  session(role: Role, isConfirmed?: boolean): Promise<Record<string, string>>;
  /** Makes a key of an admin. */
  key(scopes: KeyScope[]): Promise<Record<string, string>>;
  stop(): Promise<void>;
}

export const testPassword = 'a password for tests only';

/** Starts it; chains are those of a virtual market at rest. */
export async function startApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const real = createNodeClock();
  let shiftMs = 0;
  const clock: Clock = { ...real, wallMs: () => real.wallMs() + shiftMs };
  const shift = (ms: number): void => void (shiftMs += ms);
  const log = options.log ?? silentLog;
  const random = createNodeSecureRandom();
  const test = await createTestDatabase();
  const database = await openDatabase({ url: test.url, entities, migrations, log });
  const access = await openAccess({
    clock,
    log,
    random,
    database,
    state: createMemoryStateStore(clock, { entriesMax: 10_000 }),
    activityKey: random.bytes(32),
    firstPassword: testPassword,
    mayMakeUpPassword: false,
    isSecure: options.publicUrl?.startsWith('https:') ?? false,
  });
  const market = createVirtualPlatform();
  void market.start();
  await market.clock.advance(30_000);
  const shared = { clock, log, random, database, access };
  const notifications = await notificationsOf(shared);
  const brokers = brokersOf(shared, market, notifications);
  const { stopTrading, ...trading } = await tradingOf(shared, market, brokers, notifications);
  const { app, routes } = await createServer({
    engine: market.engine,
    ...trading,
    access,
    brokers,
    hours: await hoursOf(shared),
    ...(await universeOf(shared)),
    clock,
    log,
    notifications,
    metrics: createMetrics(log),
    health: healthOfNobody,
    consoleDir: '/nowhere',
    origins: createOriginPolicy({ allowedOrigins: [], ...options }),
    ...limitsOf(options),
  });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as { port: number };
  const people = createPeople(access, database, shift);
  return {
    ...people,
    shift,
    access,
    accounts: brokers.accounts,
    market,
    notifications,
    routes,
    base: `http://127.0.0.1:${port}`,
    databaseUrl: test.url,
    async stop() {
      await app.close();
      await stopTrading();
      await notifications.stop();
      await access.stop();
      market.engine.stop();
      market.simulator.stop();
      await database.destroy();
      await test.drop();
    },
  };
}

const healthOfNobody: Parameters<typeof createServer>[0]['health'] = {
  whole: () => Promise.reject(new Error('not asked here')),
  isReady: () => true,
  stopping: () => undefined,
  servers: () => ({}),
};

function limitsOf(
  { trustedProxies = [], requestsPerMinute = 1_000_000, seats }: ApiServerOptions,
): Pick<Parameters<typeof createServer>[0], 'trustedProxies' | 'requestsPerMinute' | 'seats'> {
  return { trustedProxies, requestsPerMinute, ...(seats && { seats }) };
}

/** Keys that one admin is given. */
const keysEach = 20;

function createPeople(
  access: Access,
  database: Database,
  shift: ApiServer['shift'],
): Pick<ApiServer, 'person' | 'session' | 'key'> {
  const { directory, sessions, keys, cookie } = access;
  const place = { address: '127.0.0.1', agent: 'test' };
  let count = 0;
  let keyCount = 0;
  let owner = '';
  const add = async (role: Role): Promise<string> => {
    const user = { username: `user${++count}`, name: `User ${count}`, role };
    return (await directory.add(user, byPlatform, testPassword)).user.id;
  };
  const open = async (id: string): Promise<string> => {
    const record = directory.byId(id);
    const opened = await database.transaction((manager) => sessions.open(manager, record, place));
    opened.admit();
    return opened.token;
  };
  const make = async (role: Role): Promise<string> => open(await add(role));
  const oneOf = new Map<Role, Promise<string>>();
  const cookieOf = async (isConfirmed: boolean, token: () => Promise<string>) => {
    // Whoever is not confirmed has signed in an hour ago.
    const agoMs = isConfirmed ? 0 : 3_600_000;
    shift(-agoMs);
    try {
      return { cookie: `${cookie.name}=${await token()}` };
    } finally {
      shift(agoMs);
    }
  };
  return {
    person: (role, isConfirmed = true) => cookieOf(isConfirmed, () => make(role)),
    async session(role, isConfirmed = true) {
      const id = oneOf.get(role) ?? add(role);
      oneOf.set(role, id);
      const owner = await id;
      return cookieOf(isConfirmed, () => open(owner));
    },
    async key(scopes) {
      // There may not be as many users as keys.
      if (keyCount++ % keysEach === 0) owner = await make('admin');
      const person = sessions.identify(owner);
      if (!person) throw new Error('nobody');
      const wanted = { name: 'key', scopes, expiresAt: null };
      const { secret } = await keys.create(wanted, person, byPlatform);
      return { authorization: `Bearer ${secret}` };
    },
  };
}
