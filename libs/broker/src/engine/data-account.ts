import type { Exchange } from '@strikewire/contracts';
import type { BrokerInstance, BrokerLimits } from '../core/plugin';
import type { AccountPool, LiveAccount } from './account-pool';
import type { ConnectionBudget } from './connection-budget';
import type { RateBudget } from './rate-budget';

/** What is said of everything that needs an account while there is none. */
export const noAccount = 'no broker account is in use: add one, or switch one on';

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
  /** False: its book does not tell the platform's ids of orders. True when not given. */
  readonly orderTags?: boolean;
  /** Of its feed of full books, when it has one. */
  readonly depthConnections?: ConnectionBudget;
}

/** What decides about the order of failover beside the brokers. */
export interface AccountOrder {
  /** Ids in the order that a person wants; none: ordered by brokers and scores. */
  order: readonly string[];
  /** 0 to 100, by id; whoever was never judged counts as well. */
  scores: ReadonlyMap<string, number>;
}

const noOrder: AccountOrder = { order: [], scores: new Map() };
/** Scores within one step count alike: the order does not follow each small change. */
const scoreStep = 10;

/**
 * The accounts that may be used, in the order of failover: the primary one, then as a person wants
 * them; those that are not named, the others of the primary one's broker before those of other
 * brokers, each by how well they do, then by name. While the primary one is off the next of the
 * order, or the first by name, stands in its place.
 */
export function dataAccounts(
  pool: AccountPool,
  { order, scores }: AccountOrder = noOrder,
): DataAccount[] {
  const first = pool.primary ?? nextOf(pool, order);
  if (!first) return [];
  const placeOf = ({ id }: LiveAccount): number => {
    if (id === first.id) return -1;
    const place = order.indexOf(id);
    return place < 0 ? order.length : place;
  };
  const isAbroad = ({ plugin }: LiveAccount): number => Number(plugin.id !== first.plugin.id);
  const stepOf = ({ id }: LiveAccount): number => Math.floor((scores.get(id) ?? 100) / scoreStep);
  return pool
    .all()
    .sort((a, b) =>
      placeOf(a) - placeOf(b) ||
      isAbroad(a) - isAbroad(b) ||
      stepOf(b) - stepOf(a) ||
      (a.label < b.label ? -1 : 1))
    .map(dataAccount);
}

function nextOf(pool: AccountPool, order: readonly string[]): LiveAccount | undefined {
  const all = pool.all().sort((a, b) => (a.label < b.label ? -1 : 1));
  const wished = order.flatMap((id) => all.filter((one) => one.id === id));
  return wished[0] ?? all[0];
}

function dataAccount(account: LiveAccount): DataAccount {
  const { id, label, plugin, instance, budget, connections, depthConnections } = account;
  const { limits, capabilities } = plugin;
  const { exchanges, orderTags = true } = capabilities;
  return {
    id, label, broker: plugin.id, instance, limits, exchanges, orderTags, budget, connections,
    ...(depthConnections && { depthConnections }),
  };
}
