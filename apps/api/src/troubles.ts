import { indiaIsoOf, type Account, type Health, type PlatformStatus } from '@strikewire/contracts';
import type { News } from '@strikewire/platform/notifications';

/** Something that people have to know of as long as it lasts. */
export interface Trouble extends Pick<News, 'kind' | 'severity' | 'title' | 'text'> {
  /** The same trouble as before, or another. */
  key: string;
  /** Said when it is over; null when nothing needs to be said. */
  overTitle: string | null;
}

/** A token that ends within this time is told of, or before the close that comes next. */
const tokenSoonMs = 60 * 60_000;
/** The same of one that should have been had anew by then. */
const renewalSoonMs = 30 * 60_000;

/** What troubles the platform now. `nowMs`: epoch ms. */
export function troublesOf(
  { accounts, health, status, renewable = new Set(), closeMs = null }: {
    accounts: readonly Account[];
    health: Health;
    status: PlatformStatus;
    /** Ids of accounts whose token is had anew by itself. */
    renewable?: ReadonlySet<string>;
    /** The close that tokens have to outlive, epoch ms; null when none is known. */
    closeMs?: number | null;
  },
  nowMs: number,
): Trouble[] {
  // What is had anew an hour ahead has had some tries by then.
  const soonMs = (id: string): number =>
    renewable.has(id) ? nowMs + renewalSoonMs : Math.max(nowMs + tokenSoonMs, closeMs ?? -Infinity);
  return [
    ...accounts.flatMap((account) => accountTroubles(account, soonMs(account.id), nowMs)),
    ...serverTroubles(health),
    ...feedTroubles(status),
  ];
}

/** A token that ends up to `soonMs` is told of. */
function accountTroubles(account: Account, soonMs: number, nowMs: number): Trouble[] {
  const { id, label, primary, state, stateReason, tokenExpiresAt } = account;
  if (state === 'parked') {
    return [{
      key: `account.parked:${id}`,
      kind: 'account.parked',
      severity: primary ? 'critical' : 'warning',
      title: `${label} is parked`,
      text: `${stateReason ?? 'Its broker refused it.'} Replace its token under Accounts.`,
      overTitle: `${label} works again`,
    }];
  }
  if (state === 'off' || tokenExpiresAt === null) return [];
  const endsMs = Date.parse(tokenExpiresAt);
  if (endsMs > soonMs) return [];
  return [{
    key: `account.token_expiring:${id}:${tokenExpiresAt}`,
    kind: 'account.token_expiring',
    severity: 'warning',
    title: endsMs > nowMs ? `The token of ${label} ends soon` : `The token of ${label} has ended`,
    text: `It ends at ${indiaIsoOf(endsMs)}. Replace it under Accounts.`,
    overTitle: null,
  }];
}

function serverTroubles({ checks }: Health): Trouble[] {
  const troubles: Trouble[] = [];
  if (checks['database']?.ok === false) {
    troubles.push({
      key: 'database.lost',
      kind: 'database.lost',
      severity: 'critical',
      title: 'The database is away',
      text: 'Chains go on from memory; nobody can sign in and nothing can be changed meanwhile.',
      overTitle: 'The database is back',
    });
  }
  if (checks['redis']?.ok === false) {
    troubles.push({
      key: 'redis.lost',
      kind: 'redis.lost',
      severity: 'warning',
      title: 'Redis is away',
      text: 'Counters are kept in memory, and jobs wait here until it is back.',
      overTitle: 'Redis is back',
    });
  }
  return troubles;
}

function feedTroubles({ market, feed, source }: PlatformStatus): Trouble[] {
  const isDown = feed.state === 'down' || feed.state === 'silent';
  if (!market.open || !isDown) return [];
  return [{
    key: 'feed.lost',
    kind: 'feed.lost',
    severity: 'critical',
    title: feed.state === 'down' ? 'The feed is down' : 'The feed is silent',
    text: `Nothing comes from ${source.account} (${source.broker}); chains are marked stale.`,
    overTitle: 'The feed delivers again',
  }];
}

/** What is to be told when troubles change: those that are new, and those that are over. */
export function newsOf(before: readonly Trouble[], now: readonly Trouble[]): News[] {
  const begun = now.filter(({ key }) => !before.some((one) => one.key === key));
  const over = before.filter(({ key }) => !now.some((one) => one.key === key));
  return [
    ...begun.map(({ key, kind, severity, title, text }) => ({ key, kind, severity, title, text })),
    ...over.flatMap(({ key, kind, overTitle }): News[] =>
      overTitle === null
        ? []
        : [{
            key: `${key}:over`,
            kind: `${kind}.over`,
            severity: 'info',
            title: overTitle,
            text: 'Nothing needs to be done.',
          }],
    ),
  ];
}
