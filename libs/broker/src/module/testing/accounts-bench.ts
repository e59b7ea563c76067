import type { NewAccount } from '@strikewire/contracts';
import { CreateAccessTables1795305500000 } from '@strikewire/access/module';
import { openDatabase, type ActivityEntry } from '@strikewire/platform';
import { createVault, masterKeyOf } from '@strikewire/platform/secrets';
import {
  createSeededRandom,
  silentLog,
  StrikewireError,
  type Clock,
  type Http,
} from '@strikewire/runtime';
import { createNodeClock, createNodeSecureRandom } from '@strikewire/runtime/node';
import type { DataSource } from 'typeorm';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's database is a tool
import { createTestDatabase, type TestDatabase } from '../../../../../tools/services/database';
import { AccountPool } from '../../engine/account-pool';
import { AccountStore } from '../account-store';
import { Accounts } from '../accounts';
import { CreateAccountTables1795305650000 } from '../create-account-tables.migration';
import { CreateFailoverTables1795306000001 } from '../create-failover-tables.migration';
import { brokerEntities } from '../entities';
import { createBenchBroker, type BenchAuth, type BenchBroker } from './bench-broker';

/** Accounts of the desk broker over a database of their own. */
export interface AccountsBench {
  accounts: Accounts;
  pool: AccountPool;
  readonly database: DataSource;
  readonly behaviour: BenchBroker['behaviour'];
  /** What was written to the activity log. */
  readonly entries: ActivityEntry[];
  /** While it is true nothing can be stored. */
  isAway: boolean;
  /** How often that was tried meanwhile. */
  failedStores: number;
  /** What the broker is told to have refused, by account, kind and why. */
  readonly refusals: string[];
  /** Accounts that a person has found good. */
  readonly found: string[];
  /** Throws when an account may not leave; nothing is refused until a test says so. */
  refuseLast(id: string): void;
  /** How often the account in use became another. */
  changes(): number;
  /** As after a restart of the process; `adopt` names an account by settings. */
  reopen(): Promise<void>;
  /** Empties everything. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}

/** A body of `POST /api/accounts`. */
export function newAccount(client: string, more: Partial<NewAccount> = {}): NewAccount {
  const credentials = { client, token: `token-of-${client}` };
  const label = `Desk ${client}`;
  return { broker: 'desk', label, enabled: true, credentials, traders: [], ...more };
}

/** Nobody is known, and nothing else is told. */
const unheard = {
  usernameOf: () => undefined, feedProblem: () => null, answered: () => undefined,
};

async function openBenchDatabase(): Promise<{ test: TestDatabase; database: DataSource }> {
  const test = await createTestDatabase();
  const migrations = [
    CreateAccessTables1795305500000,
    CreateAccountTables1795305650000,
    CreateFailoverTables1795306000001,
  ];
  const entities = brokerEntities as Parameters<typeof openDatabase>[0]['entities'];
  const options = { url: test.url, entities, migrations, log: silentLog };
  return { test, database: await openDatabase(options) };
}

const away = new StrikewireError({
  kind: 'retryable', code: 'away', message: 'the database is away',
});

/** Opens it without an account; `clock`: other than the real one. */
export async function openAccountsBench(
  auth?: BenchAuth,
  clock: Clock = createNodeClock(),
): Promise<AccountsBench> {
  const { test, database } = await openBenchDatabase();
  const random = createNodeSecureRandom();
  const keys = { current: masterKeyOf(random.bytes(32)), previous: [] };
  const vault = createVault(keys, (count) => random.bytes(count));
  const { plugin, behaviour } = createBenchBroker(auth);
  const entries: ActivityEntry[] = [];
  const [refusals, found]: [string[], string[]] = [[], []];
  let changes = 0;
  const open = (): { accounts: Accounts; pool: AccountPool } => {
    const outside = { clock, random: createSeededRandom(1), http: {} as Http, log: silentLog };
    const pool = new AccountPool(outside);
    const record = (_manager: unknown, _by: unknown, entry: ActivityEntry): Promise<void> => {
      if (bench.isAway) {
        bench.failedStores++;
        return Promise.reject(away);
      }
      entries.push(entry);
      return Promise.resolve();
    };
    const accounts = new Accounts({
      clock,
      log: silentLog,
      random,
      store: new AccountStore(database, { record }),
      pool,
      vault,
      brokers: [{ plugin, endpoints: plugin.endpoints }],
      accountsChanged: () => void changes++,
      foundGood: (id) => void found.push(id),
      refused: (...refusal) => void refusals.push(refusal.join(' ')),
      ...unheard,
      refuseLast: (id) => bench.refuseLast(id),
    });
    return { accounts, pool };
  };
  const bench: AccountsBench = {
    ...open(),
    database,
    behaviour,
    entries,
    refusals, found,
    isAway: false,
    failedStores: 0,
    refuseLast: () => undefined,
    changes: () => changes,
    async reopen() {
      Object.assign(bench, open());
      await bench.accounts.load();
    },
    async clear() {
      await database.query('delete from broker_account');
      entries.length = 0;
      refusals.length = found.length = 0;
      bench.isAway = false;
      bench.failedStores = 0;
      bench.refuseLast = () => undefined;
      behaviour.dead.clear();
      await bench.reopen();
    },
    async stop() {
      await database.destroy();
      await test.drop();
    },
  };
  return bench;
}
