import {
  indiaIsoOf,
  underlyingKey,
  type ChainState,
  type ContractKey,
  type PlatformStatus,
} from '@strikewire/contracts';
import type { ChainServiceDeps } from './chain-service-deps';
import type { PlannedUnderlying } from './day-plan';

type Feed = PlatformStatus['feed'];

/** Silence of all sockets in an open market that is called so. */
const tickSilentMs = 15_000;

/** The answer of `GET /api/optionchain/status`. */
export function platformStatus(
  deps: ChainServiceDeps,
  chainsOf: (underlying: PlannedUnderlying) => ChainState[],
): PlatformStatus {
  const { clock, calendar, board, accounts, hub, greeksHub, source } = deps;
  const nowMs = clock.wallMs();
  const plan = deps.plan();
  const isOpen = plan.underlyings.some(({ row }) => calendar.isOpen(row.exchange, nowMs));
  const feed = feedStatus(deps, isOpen);
  const isWhole = plan.underlyings.every(
    ({ state, chains }) => state === 'built' && chains.every((chain) => chain.state === 'built'),
  );
  const isFeeding = feed.state === 'live' || !isOpen;
  const running = isWhole && isFeeding ? 'live' : 'degraded';
  const starting = board.generation.number === 0 ? 'starting' : 'building';
  return {
    phase: deps.isStarting() ? starting : running,
    market: { open: isOpen, calendar: calendar.name, now: indiaIsoOf(nowMs) },
    source,
    generation: board.generation.number,
    feed,
    budget: accounts()[0]?.budget.use() ?? [],
    requests: requestStatus(deps),
    restOnly: board.unplaced.length,
    load: loadStatus(deps),
    underlyings: plan.underlyings.map((underlying) => ({
      symbol: underlying.row.symbol,
      exchange: underlying.row.exchange,
      state: underlying.state,
      reason: underlying.reason,
      chains: chainsOf(underlying),
    })),
    clients: {
      sockets: hub.clientCount() + greeksHub.clientCount(),
      subscriptions: hub.counters.subscriptions,
    },
  };
}

function requestStatus({ plan, requests }: ChainServiceDeps): PlatformStatus['requests'] {
  const chains = plan().underlyings.flatMap((underlying) => underlying.chains);
  const built = chains.filter(({ state }) => state === 'built').length;
  const waiting = requests.waiting();
  return {
    chains: chains.length,
    built,
    percent: chains.length === 0 ? 0 : Math.floor((100 * built) / chains.length),
    leftMs: requests.estimateMs(waiting.admin + waiting.build + waiting.gap),
    waiting,
    stretch: requests.stretch(),
  };
}

function loadStatus({ load }: ChainServiceDeps): PlatformStatus['load'] {
  const { step, reasons, load: last } = load.state;
  return {
    step,
    reasons: [...reasons],
    memoryMb: Math.round(last.memoryBytes / 1_048_576),
    cpuPercent: Math.round(100 * last.cpu),
    loopDelayMs: Math.round(last.loopDelayMs),
  };
}

function feedStatus(deps: ChainServiceDeps, isOpen: boolean): Feed {
  const { feed } = deps;
  const confirmed = confirmedBySocket(deps);
  const sockets = feed.sockets().map((socket, index) => ({
    socket: index + 1,
    account: socket.account,
    state: socket.state,
    reason: socket.reason,
    role: socket.role,
    instruments: socket.instruments,
    instrumentsMax: socket.instrumentsMax,
    ticksPerSecond: socket.ticksPerSecond,
    lastError: socket.lastError && {
      reason: socket.lastError.reason,
      at: indiaIsoOf(socket.lastError.atMs),
    },
    reconnects: socket.reconnects,
    byteAgeMs: rounded(socket.byteAgeMs),
    tickAgeMs: rounded(socket.tickAgeMs),
    confirmed: confirmed.get(socket.number) ?? 0,
  }));
  const used = sockets.filter(({ role }) => role === 'carrier');
  return {
    state: feedState(used, { isOpen, isParked: feed.isParked() }),
    sockets,
    ticksPerSecond: feed.appliedPerSecond(),
    tickAgeMs: newestTickAge(used),
    packets: feed.counters(),
  };
}

/** Sockets that rest are not wanted now: the others tell how the feed is. */
function feedState(
  used: Feed['sockets'],
  { isOpen, isParked }: { isOpen: boolean; isParked: boolean },
): Feed['state'] {
  if (isParked) return 'down';
  const sockets = used.filter(({ state }) => state !== 'resting');
  if (used.length > 0 && sockets.length === 0) return 'closed';
  if (sockets.length === 0 || sockets.every(({ state }) => state === 'connecting')) {
    return 'connecting';
  }
  if (!sockets.every(({ state }) => state === 'live')) return 'down';
  if (!isOpen) return 'closed';
  const tickAgeMs = newestTickAge(sockets);
  return tickAgeMs === null || tickAgeMs > tickSilentMs ? 'silent' : 'live';
}

function newestTickAge(sockets: Feed['sockets']): number | null {
  const ages = sockets.flatMap(({ tickAgeMs }) => (tickAgeMs === null ? [] : [tickAgeMs]));
  return ages.length > 0 ? Math.min(...ages) : null;
}

/** Instruments of each socket that have ticked: only then is a subscription known to be made. */
function confirmedBySocket({ feed, board }: ChainServiceDeps): Map<number, number> {
  const { layout, store } = board.generation;
  const confirmed = new Map<number, number>();
  const count = (key: ContractKey, slot: number): void => {
    if ((store.touchedMonoMs[slot] ?? -Infinity) === -Infinity) return;
    const socket = feed.socketOf(key) ?? 0;
    confirmed.set(socket, (confirmed.get(socket) ?? 0) + 1);
  };
  for (const spot of layout.underlyings) count(underlyingKey(spot), spot.slot);
  for (const { legKeys, firstSlot } of layout.chains) {
    legKeys.forEach((key, index) => count(key, firstSlot + index));
  }
  return confirmed;
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}
