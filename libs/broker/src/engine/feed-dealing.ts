import type { ContractKey, Exchange } from '@strikewire/contracts';
import { SlotIndex } from '@strikewire/market-data';
import type { Log } from '@strikewire/runtime';
import type { PlanAccount } from '../core/capacity-plan';
import type { FeedLimits } from '../core/feed-protocol';
import type { InstrumentToken } from '../core/market-data-port';
import type { FeedAccount, FeedTarget } from './feed-types';
import { failureOf } from './guarded-protocol';

/** An account that may carry a part of the subscription. */
export interface PooledAccount extends FeedAccount {
  id: string;
  /** Its name for people. */
  label: string;
  limits: FeedLimits;
  exchanges?: readonly Exchange[];
  /** What its broker calls a contract; as the targets do when not given. */
  tokenOf?(key: ContractKey): InstrumentToken | undefined;
}

/** An account's room, as the capacity plan counts it, `without` some of its sockets. */
export function planAccount(account: PooledAccount, without: ReadonlySet<number>): PlanAccount {
  const { id, limits, exchanges } = account;
  return {
    id,
    socketsPlanned: limits.socketsPlanned,
    instrumentsPerSocketMax: limits.instrumentsPerSocketMax,
    ...(exchanges && { exchanges }),
    ...(without.size > 0 && { without }),
    ...(account.tokenOf && { has: (key) => account.tokenOf?.(key) !== undefined }),
  };
}

/** As the account's broker calls them. */
export function namedBy({ tokenOf }: PooledAccount, items: readonly FeedTarget[]): FeedTarget[] {
  if (!tokenOf) return [...items];
  return items.flatMap((target) => {
    const token = tokenOf(target.key);
    return token ? [{ ...target, token }] : [];
  });
}

/** What another socket carries than did, or none any more. */
export function movedKeys(
  was: ReadonlyMap<ContractKey, number>,
  now: ReadonlyMap<ContractKey, number>,
): ReadonlySet<ContractKey> {
  const left = [...was.keys()].filter((key) => now.get(key) !== was.get(key));
  return new Set(left);
}

/** Sockets that carry what another one, or none, did. */
export function movedSockets(
  was: ReadonlyMap<ContractKey, number>,
  now: ReadonlyMap<ContractKey, number>,
): number[] {
  const moved = [...now].filter(([key, socket]) => was.get(key) !== socket);
  return [...new Set(moved.map(([, socket]) => socket))];
}

/**
 * The slots of an account's instruments, by what the wire calls them. What its plugin has no number
 * for stays out, which is logged: its packets are of an unknown instrument.
 */
export function lookupOf(
  targets: readonly FeedTarget[],
  { instance, label }: PooledAccount,
  log: Log,
): SlotIndex {
  const index = new SlotIndex(Math.max(1, targets.length));
  let left = 0;
  let failure: unknown;
  for (const { token, slot } of targets) {
    try {
      const { segment, id } = instance.feed.wireId(token);
      index.set(segment, id, slot);
    } catch (error) {
      left++;
      failure = error;
    }
  }
  if (left > 0) {
    const facts = { account: label, count: left, reason: failureOf(failure) };
    log.error('instruments have no number on the wire', facts);
  }
  return index;
}

/**
 * The first targets that an account can carry, `countMax` of them. Of spots, which come first, no
 * more than a fifth while there is anything else: they are not what is held, and close earlier.
 */
export function firstFor(
  { exchanges, tokenOf }: PooledAccount,
  targets: readonly FeedTarget[],
  countMax: number,
): FeedTarget[] {
  const spotsMax = Math.ceil(countMax / 5);
  const spots: FeedTarget[] = [];
  const others: FeedTarget[] = [];
  for (const target of targets) {
    if (others.length + Math.min(spots.length, spotsMax) >= countMax) break;
    const isTraded = exchanges?.includes(target.exchange) ?? true;
    if (!isTraded || (tokenOf && tokenOf(target.key) === undefined)) continue;
    if (target.mode === 'full') others.push(target);
    else if (spots.length < countMax) spots.push(target);
  }
  return [...spots.slice(0, Math.max(spotsMax, countMax - others.length)), ...others];
}
