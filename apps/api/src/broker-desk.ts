import {
  AccountPool,
  dataAccounts,
  type AccountPoolDeps,
  type DataAccount,
} from '@strikewire/broker/engine';
import {
  Accounts,
  AccountStore,
  FailoverDesk,
  FailoverRecord,
  FailoverStore,
  SignIns,
  TokenKeeper,
  type AccountsDeps,
  type BrokerServices,
  type ReadinessFacts,
} from '@strikewire/broker/module';
import type { OptionChainEngine, OptionChainEngineOptions } from '@strikewire/option-chain/engine';
import type { Notifier } from '@strikewire/platform/notifications';
import { errorMessageOf, type SecureRandom } from '@strikewire/runtime';
import type { DataSource } from 'typeorm';
import type { BrokerInUse } from './environment';
import type { Security } from './security';

/** Accounts, those of them whose data the engine uses, and who carries them. */
export interface BrokerDesk extends BrokerServices {
  record: FailoverRecord;
  /** For the engine: the accounts of now. */
  data(): readonly DataAccount[];
  /** For the engine: what people wish of the accounts, and who is told what became of them. */
  wishes: NonNullable<OptionChainEngineOptions['failover']>;
  /** From now on the engine follows every change of the accounts. */
  attach(engine: OptionChainEngine, readiness: () => ReadinessFacts): void;
  /** Accounts, their connections or their order are others. */
  onChanged(listener: () => void): void;
  /** Before the engine stops: nothing is asked of brokers any more. */
  stop(): void;
  /** After it has: what brokers grant in these seconds, and what it told last, is stored. */
  settle(): Promise<void>;
}

/** What the desk is made of. */
export interface BrokerDeskDeps extends AccountPoolDeps {
  ids: SecureRandom;
  database: DataSource;
  security: Security;
  notifier: Notifier;
  brokers: readonly BrokerInUse[];
  /** What is said of each package of a broker that is not used. */
  leftOut: readonly string[];
}

/** Reads the accounts, takes up those that the settings name, and puts them to work. */
export async function openBrokerDesk(deps: BrokerDeskDeps): Promise<BrokerDesk> {
  const { clock, log, leftOut, ids: random, database, security: { access, vault } } = deps;
  const pool = new AccountPool(deps);
  const store = new FailoverStore(database, access.activity);
  const record = new FailoverRecord({ ...deps, store });
  const follow = createFollower(deps, pool);
  const accounts: Accounts = new Accounts({
    clock, log, random, leftOut,
    store: new AccountStore(database, access.activity),
    pool,
    vault,
    brokers: deps.brokers.map(servedOf),
    usernameOf: (id) => access.directory.find(id)?.username,
    feedProblem: (id) => problemOf(follow.engine, id),
    accountsChanged() {
      follow.changed(failover, { isTold: false });
      tokens.accountsChanged();
    },
    refused: (id, kind, why) => follow.engine?.supervision.refused(id, kind, why),
    foundGood: (id) => follow.engine?.supervision.foundGood(id),
    answered: (id, brokerMs) => follow.engine?.supervision.answeredIn(id, brokerMs),
    refuseLast: (id) => failover.refuseLast(id),
  });
  let readiness: (() => ReadinessFacts) | undefined;
  const failover: FailoverDesk = new FailoverDesk({
    clock,
    store,
    record,
    accounts,
    watched: () => follow.engine?.supervision,
    depth: () => follow.engine?.depth.status() ?? [],
    wished: () => follow.changed(failover, { isTold: true }),
    judged: () => follow.changed(failover, { isTold: false }),
    readiness: () => readiness?.(),
  });
  const tokens = new TokenKeeper({ clock, log, accounts });
  await failover.load().then(() => accounts.load());
  await adoptAll(accounts, deps.brokers);
  follow.changed(failover, { isTold: false });
  return {
    accounts,
    failover,
    signIns: new SignIns({ clock, random, log, accounts }),
    record,
    data: () => follow.data,
    wishes: {
      wishes: () => failover.wishes(),
      renew: (id) => tokens.renew(id),
      onEvent: (event) => record.add(event),
      onDegraded: (is) => record.degraded(is),
    },
    onChanged: (listener) => void follow.listeners.push(listener),
    attach(engine, facts) {
      follow.engine = engine;
      readiness = facts;
      failover.start();
      tokens.start();
    },
    stop() {
      failover.stop();
      void tokens.stop();
    },
    async settle() {
      await tokens.stop();
      await accounts.stop();
      await record.stop();
    },
  };
}

/** A plugin with the limits of the settings, and where its broker is. */
function servedOf(
  { plugin, settings: { endpoints, limits } }: BrokerInUse,
): AccountsDeps['brokers'][number] {
  return { plugin: { ...plugin, limits }, endpoints };
}

/** One account of each broker whose variables name one; the first of them may become primary. */
async function adoptAll(accounts: Accounts, brokers: readonly BrokerInUse[]): Promise<void> {
  let isFirst = true;
  for (const { plugin, settings: { credentials } } of brokers) {
    if (!credentials) continue;
    await accounts.adopt(plugin.id, credentials, { isFirst });
    isFirst = false;
  }
}

/** What the engine has been told of the accounts. */
interface Follower {
  engine: OptionChainEngine | undefined;
  data: readonly DataAccount[];
  readonly listeners: (() => void)[];
  /** `isTold`: the engine is told even when the accounts are in the same order. */
  changed(failover: FailoverDesk, how: { isTold: boolean }): void;
}

/** Chains are built anew only when credentials are others, or another account is primary. */
function createFollower({ log }: BrokerDeskDeps, pool: AccountPool): Follower {
  return {
    engine: undefined,
    data: [],
    listeners: [],
    changed(failover, { isTold }) {
      const before = this.data;
      this.data = dataAccounts(pool, failover.order());
      for (const listener of this.listeners) listener();
      if (!isSameWays(before, this.data)) {
        this.engine?.accountsChanged().catch((error: unknown) =>
          log.error('the change of the accounts failed', { reason: errorMessageOf(error) }),
        );
        return;
      }
      if (isTold || !isSameList(before, this.data)) this.engine?.accountsRenamed();
    },
  };
}

/** The same accounts by the same credentials: at most their names and their order differ. */
function isSameWays(before: readonly DataAccount[], after: readonly DataAccount[]): boolean {
  const instances = new Set(before.map(({ instance }) => instance));
  return (
    before.length === after.length &&
    before[0]?.instance === after[0]?.instance &&
    after.every(({ instance }) => instances.has(instance))
  );
}

function isSameList(before: readonly DataAccount[], after: readonly DataAccount[]): boolean {
  return before.every(
    ({ id, label }, index) => id === after[index]?.id && label === after[index]?.label,
  );
}

/** Why an account is parked; null while nothing speaks against it. */
function problemOf(engine: OptionChainEngine | undefined, id: string): string | null {
  const held = engine?.supervision.standing.accounts.find((one) => one.id === id);
  if (held?.standing !== 'parked' && held?.standing !== 'suspended') return null;
  return held.reason ?? 'its broker refused it';
}
