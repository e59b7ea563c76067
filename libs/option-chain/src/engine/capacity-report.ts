import type { BrokerLimits } from '@strikewire/broker';
import type { Capacity } from '@strikewire/contracts';
import type { ChainServiceDeps } from './chain-service-deps';
import { orderOf } from './day-plan';
import { chainKey } from './live-chain';

/** A pace is taken over so many requests: a time is told in whole milliseconds. */
export const paceRequests = 1_000_000;
const minuteMs = 60_000;

/** What the report reads from. */
export type CapacityReportDeps = Pick<
  ChainServiceDeps,
  'accounts' | 'feed' | 'board' | 'requests' | 'plan'
>;

/** The answer of `GET /api/optionchain/capacity`: who carries what, and what nobody does. */
export function capacityReport(deps: CapacityReportDeps): Capacity {
  const { board, requests } = deps;
  const accounts = accountLoads(deps);
  return {
    accounts,
    planned: accounts.reduce((sum, { planned }) => sum + planned, 0),
    capacity: accounts.reduce((sum, { capacity }) => sum + capacity, 0),
    restOnly: board.unplaced.length,
    restOnlyChains: restOnlyChains(deps),
    requests: {
      stretch: requests.stretch(),
      waiting: requests.waiting(),
      perMinute: perMinute(requests.estimateMs(paceRequests)),
      boundsMs: requests.boundsMs(),
    },
  };
}

function perMinute(paceMs: number | null): number {
  if (paceMs === null) return 0;
  return Math.round((minuteMs * paceRequests) / Math.max(1, paceMs));
}

/** Instruments that the accounts' sockets have room for, also before anything is planned. */
export function roomOf(accounts: readonly { limits: Pick<BrokerLimits, 'feed'> }[]): number {
  return accounts.reduce((sum, { limits: { feed } }) => {
    return sum + feed.socketsPlanned * feed.instrumentsPerSocketMax;
  }, 0);
}

function accountLoads({ accounts, feed }: CapacityReportDeps): Capacity['accounts'] {
  const byId = new Map(accounts().map((one) => [one.id, one]));
  const parked = new Map(feed.parked().map(({ account, reason }) => [account, reason]));
  return feed.loads().map(({ sockets, ...load }) => {
    const account = byId.get(load.id);
    return {
      ...load,
      broker: account?.broker ?? '',
      sockets: [...sockets],
      parkedReason: parked.get(load.label) ?? null,
      budget: account?.budget.use() ?? [],
    };
  });
}

/** By priority; a chain counts when any of its contracts has no socket. */
function restOnlyChains({ plan, board, requests }: CapacityReportDeps): Capacity['restOnlyChains'] {
  return plan()
    .underlyings.flatMap((underlying) =>
      underlying.chains.flatMap(({ expiry }) => {
        const key = chainKey(underlying.row, expiry);
        const chain = board.find(key);
        const contracts = chain ? board.restOnlyOf(chain) : 0;
        if (!chain || contracts === 0) return [];
        const { ageMs, boundMs } = requests.ageOf(key);
        const of = chain.slots.skeleton.strikes.length * 2;
        const told = { chain: key, contracts, of, restAgeMs: ageMs, restBoundMs: boundMs };
        return [{ order: orderOf(underlying, expiry), told }];
      }),
    )
    .sort((a, b) => a.order - b.order)
    .map(({ told }) => told);
}
