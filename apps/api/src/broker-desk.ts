import type { AnyBrokerPlugin } from '@strikewire/broker';
import {
  AccountPool,
  dataAccounts,
  type AccountPoolDeps,
  type DataAccount,
} from '@strikewire/broker/engine';
import { Accounts, AccountStore } from '@strikewire/broker/module';
import type { OptionChainEngine } from '@strikewire/option-chain/engine';
import { errorMessageOf, type SecureRandom } from '@strikewire/runtime';
import type { DataSource } from 'typeorm';
import type { BrokerSettings } from './environment';
import type { Security } from './security';

/** Accounts, and those of them whose data the engine uses. */
export interface BrokerDesk {
  accounts: Accounts;
  /** For the engine: the accounts of now. */
  data(): readonly DataAccount[];
  /** From now on the engine follows every change of the accounts. */
  attach(engine: OptionChainEngine): void;
}

/** What the desk is made of. */
export interface BrokerDeskDeps extends AccountPoolDeps {
  ids: SecureRandom;
  database: DataSource;
  security: Security;
  plugin: AnyBrokerPlugin;
  settings: BrokerSettings;
}

/** Reads the accounts, takes up the one that the settings name, and puts them to work. */
export async function openBrokerDesk(deps: BrokerDeskDeps): Promise<BrokerDesk> {
  const { clock, log, settings } = deps;
  const plugin = { ...deps.plugin, limits: settings.limits };
  const { access, vault } = deps.security;
  const pool = new AccountPool(deps);
  let engine: OptionChainEngine | undefined;
  let data: readonly DataAccount[] = [];
  const accounts = new Accounts({
    clock,
    random: deps.ids,
    store: new AccountStore(deps.database, access.activity),
    pool,
    vault,
    brokers: [{ plugin, endpoints: settings.endpoints }],
    usernameOf: (id) => access.directory.find(id)?.username,
    feedProblem: (label) =>
      engine?.feed.parked().find(({ account }) => account === label)?.reason ?? null,
    accountsChanged: () => {
      const before = data;
      data = dataAccounts(pool);
      if (isSameWays(before, data)) return engine?.accountsRenamed();
      engine?.accountsChanged().catch((error: unknown) =>
        log.error('the change of the accounts failed', { reason: errorMessageOf(error) }),
      );
    },
  });
  await accounts.load();
  if (settings.credentials) await accounts.adopt(plugin.id, plugin.label, settings.credentials);
  data = dataAccounts(pool);
  return {
    accounts,
    data: () => data,
    attach: (started) => {
      engine = started;
    },
  };
}

/** The same accounts in the same order, with the same credentials: at most their names differ. */
function isSameWays(before: readonly DataAccount[], after: readonly DataAccount[]): boolean {
  return (
    before.length === after.length &&
    before.every(({ instance }, index) => instance === after[index]?.instance)
  );
}
