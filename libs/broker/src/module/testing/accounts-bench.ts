import type { NewAccount } from '@strikewire/contracts';
import { CreateAccessTables1795305500000 } from '@strikewire/access/module';
import { openDatabase, type ActivityEntry } from '@strikewire/platform';
import { createVault, masterKeyOf } from '@strikewire/platform/secrets';
import { createSeededRandom, silentLog, type Http } from '@strikewire/runtime';
import { createNodeClock, createNodeSecureRandom } from '@strikewire/runtime/node';
import type { DataSource } from 'typeorm';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's database is a tool
import { createTestDatabase } from '../../../../../tools/services/database';
import { AccountPool } from '../../engine/account-pool';
import { createDeskBroker, type DeskBrokerBehaviour } from '../../engine/testing/desk-broker';
import { AccountStore } from '../account-store';
import { Accounts } from '../accounts';
import { CreateAccountTables1795305650000 } from '../create-account-tables.migration';
import { brokerEntities } from '../entities';

/** Accounts of the desk broker over a database of their own. */
export interface AccountsBench {
  accounts: Accounts;
  pool: AccountPool;
  readonly database: DataSource;
  readonly behaviour: DeskBrokerBehaviour;
  /** What was written to the activity log. */
  readonly entries: ActivityEntry[];
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

/** Opens it without an account. */
export async function openAccountsBench(): Promise<AccountsBench> {
  const test = await createTestDatabase();
  const migrations = [CreateAccessTables1795305500000, CreateAccountTables1795305650000];
  const entities = brokerEntities as Parameters<typeof openDatabase>[0]['entities'];
  const database = await openDatabase({ url: test.url, entities, migrations, log: silentLog });
  const random = createNodeSecureRandom();
  const vault = createVault({ current: masterKeyOf(random.bytes(32)), previous: [] }, (count) =>
    random.bytes(count),
  );
  const clock = createNodeClock();
  const behaviour: DeskBrokerBehaviour = { dead: new Set(), asked: [] };
  // Requests wait for their turn in real time here.
  const plugin = createDeskBroker(behaviour, { windowMs: 1 });
  const entries: ActivityEntry[] = [];
  let changes = 0;
  const open = (): { accounts: Accounts; pool: AccountPool } => {
    const http = {} as Http;
    const pool = new AccountPool({ clock, random: createSeededRandom(1), http, log: silentLog });
    const record = (_manager: unknown, _by: unknown, entry: ActivityEntry): Promise<void> => {
      entries.push(entry);
      return Promise.resolve();
    };
    const accounts = new Accounts({
      clock,
      random,
      store: new AccountStore(database, { record }),
      pool,
      vault,
      brokers: [{ plugin, endpoints: plugin.endpoints }],
      usernameOf: () => undefined,
      accountsChanged: () => void changes++,
      feedProblem: () => null,
    });
    return { accounts, pool };
  };
  const bench: AccountsBench = {
    ...open(),
    database,
    behaviour,
    entries,
    changes: () => changes,
    async reopen() {
      Object.assign(bench, open());
      await bench.accounts.load();
    },
    async clear() {
      await database.query('delete from broker_account');
      entries.length = 0;
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
