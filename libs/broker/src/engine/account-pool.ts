import { StrikewireError, type Clock, type Http, type Log, type Random } from '@strikewire/runtime';
import type { AnyBrokerPlugin, BrokerInstance } from '../core/plugin';
import { ConnectionBudget } from './connection-budget';
import { createRateBudget, type RateBudget } from './rate-budget';

/** An account that can be used, as it is set up. */
export interface AccountSetup {
  id: string;
  label: string;
  plugin: AnyBrokerPlugin;
  /** As the plugin's schema gives them. */
  credentials: unknown;
  endpoints: Readonly<Record<string, string>>;
}

/** An account at work: its connection to the broker, and its own limits. */
export interface LiveAccount {
  readonly id: string;
  readonly label: string;
  readonly plugin: AnyBrokerPlugin;
  readonly instance: BrokerInstance;
  readonly budget: RateBudget;
  readonly connections: ConnectionBudget;
  /** Of the feed of full books, which its broker counts by themselves; left out without one. */
  readonly depthConnections?: ConnectionBudget;
}

/** What belongs to the broker's account, whoever uses it. */
type AccountBudgets = Pick<LiveAccount, 'budget' | 'connections' | 'depthConnections'>;

/** What accounts reach the outside with. */
export interface AccountPoolDeps {
  clock: Clock;
  random: Random;
  http: Http;
  log: Log;
}

/** Budgets of accounts that are remembered, those of accounts that are gone included. */
const budgetsMax = 200;

/**
 * The accounts that are switched on, side by side, each with its own budget. A budget belongs to
 * the broker's account, not to an entry or a token: it stays as it is when credentials are
 * replaced, or an account is taken out and put back.
 */
export class AccountPool {
  private readonly deps: AccountPoolDeps;
  private readonly accounts = new Map<string, LiveAccount>();
  private readonly budgets = new Map<string, AccountBudgets>();
  /** How each account reaches its broker: plugin, credentials and endpoints. */
  private readonly ways = new Map<string, string>();
  private primaryId: string | undefined;

  constructor(deps: AccountPoolDeps) {
    this.deps = deps;
  }

  /** Puts an account in, or replaces it; nothing is sent. */
  put(setup: AccountSetup): LiveAccount {
    const held = this.accounts.get(setup.id);
    const way = wayOf(setup);
    // Another name is no other way to the broker: what is connected stays so.
    const isSameWay = held !== undefined && this.ways.get(setup.id) === way;
    const account = isSameWay ? { ...held, label: setup.label } : this.connect(setup);
    this.accounts.set(setup.id, account);
    this.ways.set(setup.id, way);
    return account;
  }

  /** An account over the same budgets that is not put in: to try credentials. */
  connect({ id, label, plugin, credentials, endpoints }: AccountSetup): LiveAccount {
    const { clock, random, http, log } = this.deps;
    const { key, ...held } = this.limitsOf(plugin, credentials);
    const config = { credentials, endpoints } as never;
    const instance = plugin.create(config, { clock, random, http, log, gate: held.budget });
    const budgets = withDepth(clock, held, instance);
    this.budgets.set(key, budgets);
    return { id, label, plugin, instance, ...budgets };
  }

  remove(id: string): void {
    this.accounts.delete(id);
    this.ways.delete(id);
  }

  get(id: string): LiveAccount | undefined {
    return this.accounts.get(id);
  }

  all(): LiveAccount[] {
    return [...this.accounts.values()];
  }

  /** The account whose data are used; undefined when it is switched off or there is none. */
  get primary(): LiveAccount | undefined {
    return this.primaryId === undefined ? undefined : this.accounts.get(this.primaryId);
  }

  setPrimary(id: string | undefined): void {
    this.primaryId = id;
  }

  /** Budgets of which nothing is used belong to nobody who is counted by the broker. */
  private forgetIdle(): void {
    const inUse = new Set(this.all().map(({ budget }) => budget));
    for (const [key, { budget, connections, depthConnections }] of this.budgets) {
      const isIdle = budget.use().every(({ used, waiting }) => used === 0 && waiting === 0);
      const sockets = connections.used + (depthConnections?.used ?? 0);
      if (isIdle && sockets === 0 && !inUse.has(budget)) this.budgets.delete(key);
    }
  }

  private limitsOf(
    plugin: AnyBrokerPlugin,
    credentials: unknown,
  ): AccountBudgets & { key: string } {
    const key = `${plugin.id}:${plugin.accountOf(credentials as never)}`;
    const held = this.budgets.get(key);
    if (held) return { key, ...held };
    if (this.budgets.size >= budgetsMax) this.forgetIdle();
    if (this.budgets.size >= budgetsMax) {
      throw new StrikewireError({
        kind: 'throttled',
        code: 'accounts_full',
        message: `${budgetsMax} accounts were used within a day, the most there may be`,
      });
    }
    const { clock } = this.deps;
    return {
      key,
      budget: createRateBudget(clock, plugin.limits.rest),
      connections: new ConnectionBudget(clock, plugin.limits.feed),
    };
  }
}

/** Limits of full books come with an instance; the first one's count from then on. */
function withDepth(
  clock: Clock,
  held: AccountBudgets,
  { depthFeed }: BrokerInstance,
): AccountBudgets {
  if (held.depthConnections || !depthFeed) return held;
  return { ...held, depthConnections: new ConnectionBudget(clock, depthFeed.limits) };
}

function wayOf({ plugin, credentials, endpoints }: AccountSetup): string {
  return JSON.stringify([plugin.id, credentials, endpoints]);
}
