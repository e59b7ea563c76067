import { healthScore } from '../core/health-score';
import type { AccountState, SupervisorState } from '../core/supervisor/supervisor-state';
import type { HealthReading } from './account-health';
import type { DataAccount } from './data-account';
import type { FeedPool } from './feed-pool';

/** What an account does now. */
export type AccountRole = 'carrier' | 'observer' | 'reserve' | 'resting' | 'drained';

/** An account, for people. */
export interface AccountView
  extends Pick<AccountState, 'id' | 'standing' | 'reason' | 'diverted'>, HealthReading {
  label: string;
  broker: string;
  role: AccountRole;
  /** 0 to 100. */
  score: number;
  sockets: { wanted: number; live: number };
  contracts: number;
  capacity: number;
  ticksPerSecond: number;
  tickAgeMs: number | null;
  failures: number;
  /** The fullest of its limits, as a share of it. */
  budgetUse: number;
}

/** What a view of an account is put together from. */
export interface AccountViewParts {
  state: SupervisorState;
  feed: FeedPool;
  isMarketOpen: boolean;
  /** Packets applied a second, by account. */
  rates: ReadonlyMap<string, number>;
}

/** An account as it is now. */
export function accountView(
  account: DataAccount,
  reading: HealthReading,
  { state, feed, isMarketOpen, rates }: AccountViewParts,
): AccountView | undefined {
  const held = state.accounts.find(({ id }) => id === account.id);
  if (!held) return undefined;
  const { id, label, broker, limits, budget } = account;
  const { standing, reason, diverted, wanted, live, failures } = held;
  const load = feed.loads().find((one) => one.id === id);
  const sockets = feed.sockets().filter((one) => one.account === label);
  const ages = sockets.flatMap(({ tickAgeMs }) => (tickAgeMs === null ? [] : [tickAgeMs]));
  const tickAgeMs = ages.length > 0 ? Math.min(...ages) : null;
  const budgetUse = Math.max(0, ...budget.use().map(({ used, limit }) => used / limit));
  const score = healthScore({
    wanted,
    live,
    isFit: standing === 'fit',
    isMarketOpen,
    tickAgeMs,
    losses: reading.recentLosses,
    failures: failures.length,
    restMs: reading.restMs,
    budgetUse,
  });
  return {
    id,
    label,
    broker,
    standing,
    reason,
    diverted,
    ...reading,
    role: roleOf(held, state, sockets.some((one) => one.role === 'observer')),
    score,
    sockets: { wanted, live },
    contracts: load?.planned ?? 0,
    capacity: limits.feed.socketsPlanned * limits.feed.instrumentsPerSocketMax,
    ticksPerSecond: rates.get(id) ?? 0,
    tickAgeMs,
    failures: failures.length,
    budgetUse,
  };
}

function roleOf(
  { id, standing }: AccountState,
  { carriers, drained }: SupervisorState,
  isObserver: boolean,
): AccountRole {
  if (drained.has(id)) return 'drained';
  if (standing !== 'fit' && standing !== 'lost') return 'resting';
  if (isObserver) return 'observer';
  return carriers.includes(id) ? 'carrier' : 'reserve';
}
