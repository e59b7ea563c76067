import type { Exchange } from '@strikewire/contracts';
import type { BrokerInstance, BrokerLimits } from '../core/plugin';
import type { AccountPool, LiveAccount } from './account-pool';
import type { ConnectionBudget } from './connection-budget';
import type { RateBudget } from './rate-budget';

/** What is said of everything that needs an account while there is none. */
export const noAccount = 'no broker account is in use: add one, or switch the primary one on';

/** An account whose market data are used. */
export interface DataAccount {
  readonly id: string;
  /** Its name for people. */
  readonly label: string;
  /** The plugin's id. */
  readonly broker: string;
  readonly instance: BrokerInstance;
  readonly limits: BrokerLimits;
  /** Exchanges whose derivatives it serves. */
  readonly exchanges: readonly Exchange[];
  readonly budget: RateBudget;
  readonly connections: ConnectionBudget;
}

/**
 * The accounts whose data are used, the primary one first: it, and the others of the same broker
 * that are switched on, in the order of their names. None while the primary one is off.
 */
export function dataAccounts(pool: AccountPool): DataAccount[] {
  const { primary } = pool;
  if (!primary) return [];
  const others = pool
    .all()
    .filter(({ id, plugin }) => id !== primary.id && plugin.id === primary.plugin.id)
    .sort((a, b) => (a.label < b.label ? -1 : 1));
  return [primary, ...others].map(dataAccount);
}

function dataAccount(account: LiveAccount): DataAccount {
  const { id, label, plugin, instance, budget, connections } = account;
  const { limits, capabilities } = plugin;
  const { exchanges } = capabilities;
  return { id, label, broker: plugin.id, instance, limits, exchanges, budget, connections };
}
