import { QuoteStore } from '@strikewire/market-data';
import { createSeededRandom, silentLog, type Random } from '@strikewire/runtime';
import { createVirtualClock, type VirtualClock } from '@strikewire/runtime/virtual';
import type { FeedLimits } from '../../core/feed-protocol';
import type { AccountReport, BrokerInstance } from '../../core/plugin';
import type { FeedTarget } from '../feed-types';
import { ConnectionBudget } from '../connection-budget';
import type { PooledAccount } from '../feed-dealing';
import { FeedPool } from '../feed-pool';
import { ScriptedBroker, scriptedProtocol } from './scripted-broker';

export const benchLimits: FeedLimits = {
  socketsMax: 4,
  socketsPlanned: 4,
  instrumentsPerSocketMax: 3,
  instrumentsPerMessageMax: 100,
  lingerMs: 40_000,
  throttledWaitMs: 60_000,
  silentMs: 25_000,
};

export interface FeedBench {
  clock: VirtualClock;
  broker: ScriptedBroker;
  feed: FeedPool;
  /** The one account that the feed has at first. */
  pooled: PooledAccount;
  /** What the account's check answers, and how often it was asked. */
  account: { checks: number; answer: () => Promise<AccountReport> };
  market: { isOpen: boolean; closed: Set<string> };
  /** Sockets by their number, in the order in which they came back. */
  recovered: number[];
  store(capacity?: number): QuoteStore;
}

export interface FeedBenchOptions {
  limits?: Partial<FeedLimits>;
  random?: Random;
  idsPerMessage?: number;
}

/** A feed over a scripted broker on a clock that the test moves. */
export function createFeedBench(options: FeedBenchOptions = {}): FeedBench {
  const clock = createVirtualClock(Date.parse('2026-11-24T04:30:00Z'));
  const broker = new ScriptedBroker(clock);
  const market = { isOpen: true, closed: new Set<string>() };
  const report: AccountReport = { accountId: 'a', hasMarketData: true, tokenExpiresMs: null };
  const account = { checks: 0, answer: () => Promise.resolve(report) };
  const recovered: number[] = [];
  const instance = {
    feed: scriptedProtocol(options.idsPerMessage),
    check: () => {
      account.checks++;
      return account.answer();
    },
  } as Partial<BrokerInstance> as BrokerInstance;
  const limits = { ...benchLimits, ...options.limits };
  const connections = new ConnectionBudget(clock, limits);
  const pooled: PooledAccount = { id: 'a', label: 'A', instance, connections, limits };
  const feed = new FeedPool({
    clock,
    random: options.random ?? createSeededRandom(1),
    log: silentLog,
    openSocket: broker.openSocket,
    isMarketOpen: (exchange) => market.isOpen && !market.closed.has(exchange),
    onRecovered: (socket) => recovered.push(socket),
  });
  feed.setAccounts([pooled]);
  const store = (capacity = 32): QuoteStore =>
    new QuoteStore({ capacity, groupCount: 0, tickDepth: 0, baseWallMs: clock.wallMs() });
  return { clock, broker, feed, pooled, account, market, recovered, store };
}

/** Instruments by id; each lies in the slot of its place in the list. */
export function targetsOf(
  ids: readonly number[],
  exchange: FeedTarget['exchange'] = 'NSE',
): FeedTarget[] {
  return ids.map((id, slot) => ({
    key: String(id), token: { segment: 'X', id: String(id) }, mode: 'full', slot, exchange,
  }));
}

/** Contracts of NSE, and behind them those of MCX. */
export function mixedTargets(nse: readonly number[], mcx: readonly number[] = []): FeedTarget[] {
  const all = [...targetsOf(nse), ...targetsOf(mcx, 'MCX')];
  return all.map((target, slot) => ({ ...target, slot }));
}

/** Lets everything that is subscribed tick every second. */
export async function trade({ clock, broker }: FeedBench, ms: number): Promise<void> {
  for (let at = 0; at < ms; at += 1_000) {
    broker.tick(10_000 + at);
    await clock.advance(1_000);
  }
}

/** Ends every connection at once, without a word. */
export function drop({ broker }: FeedBench): void {
  for (const { socket } of [...broker.open]) socket.terminate();
}
