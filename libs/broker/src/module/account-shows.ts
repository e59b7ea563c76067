import { indiaIsoOf, type Account, type AccountCheck } from '@strikewire/contracts';
import type { AuthPort } from '../core/auth-port';
import type { AccountPool } from '../engine/account-pool';
import type { AccountFacts } from './account-store';
import type { AccountRow } from './entities';
import type { TokenLife } from './readiness';
import type { ServedBroker, ServedBrokers } from './served-brokers';

/** An account with what was found out about it since the start. */
export interface HeldAccount {
  row: AccountRow;
  traders: string[];
  check: AccountCheck | null;
  /** Why its broker refuses it, and what it refused last; null while nothing was refused. */
  refusal: { why: string; by: string } | null;
  /** The same of one whose trading alone is refused. */
  trading: { why: string; by: string } | null;
}

/** An account of which nothing was found out yet. */
export function newlyHeld(row: AccountRow, traders: string[]): HeldAccount {
  return { row, traders, check: null, refusal: null, trading: null };
}

interface ShowsDeps {
  pool: AccountPool;
  brokers: readonly ServedBroker[];
  leftOut?: readonly string[];
  usernameOf(id: string): string | undefined;
  feedProblem(id: string): string | null;
}

/** Accounts as people see them: without secrets, with how they stand. */
export class AccountShows {
  private readonly deps: ShowsDeps;
  private readonly served: ServedBrokers;

  constructor(deps: ShowsDeps, served: ServedBrokers) {
    this.deps = deps;
    this.served = served;
  }

  /** For the activity log. */
  facts(row: AccountRow, traders: readonly string[]): AccountFacts {
    return {
      broker: row.broker,
      label: row.label,
      enabled: row.enabled,
      credentials: this.served.credentialsOf(row.broker).show(row.credentials),
      traders: traders.map((id) => this.deps.usernameOf(id) ?? id),
    };
  }

  /** How long the token lives, as far as it or the broker has said. */
  tokenOf({ row, check }: HeldAccount): TokenLife {
    const { auth } = this.deps.pool.get(row.id)?.instance ?? {};
    const told = check?.tokenExpiresAt ?? null;
    const expiresMs = endSaid(auth) ?? (told === null ? null : Date.parse(told));
    return { expiresMs, canRenew: auth?.renew !== undefined };
  }

  account(held: HeldAccount): Account {
    const { row, traders, check } = held;
    const { id, broker, label, enabled, isPrimary, createdAt, updatedAt } = row;
    const plugin = this.deps.brokers.find((one) => one.plugin.id === broker)?.plugin;
    const { expiresMs } = this.tokenOf(held);
    return {
      id,
      broker,
      brokerLabel: plugin?.label ?? broker,
      label,
      enabled,
      primary: isPrimary,
      credentials: plugin ? this.served.credentialsOf(broker).show(row.credentials) : {},
      traders: traders.map((personId) => ({
        id: personId,
        username: this.deps.usernameOf(personId) ?? personId,
      })),
      ...this.stateOf(held),
      tokenExpiresAt: expiresMs === null ? null : indiaIsoOf(expiresMs),
      lastCheck: check,
      budget: this.deps.pool.get(id)?.budget.use() ?? [],
      createdAt: indiaIsoOf(createdAt.getTime()),
      updatedAt: indiaIsoOf(updatedAt.getTime()),
    };
  }

  private stateOf(held: HeldAccount): Pick<Account, 'state' | 'stateReason'> {
    const { row, refusal, trading } = held;
    if (!this.served.has(row.broker)) {
      const reasons = [`there is no broker plugin ${row.broker}`, ...(this.deps.leftOut ?? [])];
      return { state: 'off', stateReason: reasons.join('; ') };
    }
    if (!row.enabled) return { state: 'off', stateReason: null };
    const problem = this.deps.feedProblem(row.id);
    if (problem !== null) return { state: 'parked', stateReason: problem };
    if (refusal) return { state: 'parked', stateReason: refusal.why };
    const stateReason = trading && `Its broker refuses trading: ${trading.why}`;
    return { state: row.isPrimary ? 'in_use' : 'ready', stateReason };
  }
}

/** A plugin that fails here has said nothing: its account is shown all the same. */
function endSaid(auth: AuthPort | undefined): number | null {
  try {
    const endMs = auth?.expiresMs() ?? null;
    return Number.isFinite(endMs) ? endMs : null;
  } catch {
    return null;
  }
}
