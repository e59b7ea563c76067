import { indiaIsoOf, type Account, type Health, type PlatformStatus } from '@strikewire/contracts';
import type { News } from '@strikewire/platform/notifications';

/** Something that people have to know of as long as it lasts. */
export interface Trouble extends Pick<News, 'kind' | 'severity' | 'title' | 'text'> {
  /** The same trouble as before, or another. */
  key: string;
  /** Said when it is over; null when nothing needs to be said. */
  overTitle: string | null;
}

/** A token that ends within this time is told of. */
const tokenSoonMs = 60 * 60_000;

/** What troubles the platform now. `nowMs`: epoch ms. */
export function troublesOf(
  { accounts, health, status }: {
    accounts: readonly Account[];
    health: Health;
    status: PlatformStatus;
  },
  nowMs: number,
): Trouble[] {
  return [
    ...accounts.flatMap((account) => accountTroubles(account, nowMs)),
    ...serverTroubles(health),
    ...feedTroubles(status),
  ];
}

function accountTroubles(account: Account, nowMs: number): Trouble[] {
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
  const leftMs = Date.parse(tokenExpiresAt) - nowMs;
  if (leftMs > tokenSoonMs) return [];
  return [{
    key: `account.token_expiring:${id}:${tokenExpiresAt}`,
    kind: 'account.token_expiring',
    severity: 'warning',
    title: leftMs > 0 ? `The token of ${label} ends soon` : `The token of ${label} has ended`,
    text: `It ends at ${indiaIsoOf(Date.parse(tokenExpiresAt))}. Replace it under Accounts.`,
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
