import type { AnyBrokerPlugin } from '@strikewire/broker';
import {
  AccountPool,
  noAccount,
  primaryBroker,
  type AccountPoolDeps,
} from '@strikewire/broker/engine';
import { Accounts, AccountStore } from '@strikewire/broker/module';
import type { OptionChainEngineOptions, OptionChainEngine } from '@strikewire/option-chain/engine';
import { errorMessageOf, type SecureRandom } from '@strikewire/runtime';
import type { DataSource } from 'typeorm';
import type { BrokerSettings } from './environment';
import type { Security } from './security';

/** Accounts, and the engine's one broker behind which the primary account stands. */
export interface BrokerDesk {
  accounts: Accounts;
  /** For the engine: whichever account is primary. */
  broker: OptionChainEngineOptions['broker'];
  budget: OptionChainEngineOptions['budget'];
  /** From now on the engine follows a change of the primary account. */
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
  const { clock, log, plugin, settings } = deps;
  const { access, vault } = deps.security;
  const pool = new AccountPool(deps);
  let engine: OptionChainEngine | undefined;
  const accounts = new Accounts({
    clock,
    random: deps.ids,
    store: new AccountStore(deps.database, access.activity),
    pool,
    vault,
    brokers: [{ plugin, endpoints: settings.endpoints }],
    usernameOf: (id) => access.directory.find(id)?.username,
    feedProblem: () => engine?.feed.parkedReason() ?? null,
    primaryChanged: () => {
      const { primary } = pool;
      const account = primary ? { connections: primary.connections } : { missing: noAccount };
      engine?.accountChanged(account).catch((error: unknown) =>
        log.error('the change of the account failed', { reason: errorMessageOf(error) }),
      );
    },
  });
  await accounts.load();
  if (settings.credentials) await accounts.adopt(plugin.id, plugin.label, settings.credentials);
  const { instance, budget } = primaryBroker(pool);
  const connections = pool.primary?.connections;
  return {
    accounts,
    budget,
    broker: {
      id: plugin.id,
      get account() {
        return pool.primary?.label ?? 'none';
      },
      instance,
      limits: plugin.limits,
      ...(connections && { connections }),
      ...(pool.primary ? {} : { missing: noAccount }),
    },
    attach: (started) => {
      engine = started;
    },
  };
}
