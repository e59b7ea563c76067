import { QuoteStore } from '@strikewire/market-data';
import { createSeededRandom, silentLog, type Clock } from '@strikewire/runtime';
import { createVirtualClock, type VirtualClock } from '@strikewire/runtime/virtual';
import type { BrokerInstance } from '../../core/plugin';
import { ConnectionBudget } from '../connection-budget';
import type { PooledAccount } from '../feed-dealing';
import { FeedPool } from '../feed-pool';
import type { FeedState } from '../feed-types';
import { benchLimits } from './feed-bench';
import { ScriptedBroker, scriptedProtocol } from './scripted-broker';

export const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** Five sockets. */
export const budget = (clock: Clock): ConnectionBudget =>
  new ConnectionBudget(clock, { ...benchLimits, socketsMax: 5 });

/** A pool, and all that a test looks at. */
export interface PoolBench {
  clock: VirtualClock;
  brokers: ReadonlyMap<string, ScriptedBroker>;
  pool: FeedPool;
  accounts: Record<'a' | 'b' | 'c' | 'd' | 'e', PooledAccount>;
  store: QuoteStore;
  /** What a broker is asked for. */
  at(id: string): number[];
  redealt: number[][];
  refusals: string[];
  states: Map<string, FeedState>;
}

/** Accounts a to e of brokers of their own, so that each one's subscriptions can be seen. */
export function createPoolBench(): PoolBench {
  const clock = createVirtualClock(Date.parse('2026-11-24T04:30:00Z'));
  const brokers = new Map(['a', 'b', 'c', 'd', 'e'].map((id) => [id, new ScriptedBroker(clock)]));
  const brokerOf = (id: string): ScriptedBroker => {
    const broker = brokers.get(id);
    if (!broker) throw new Error(`there is no broker ${id}`);
    return broker;
  };
  const redealt: number[][] = [];
  const refusals: string[] = [];
  const states = new Map<string, FeedState>();
  const pool = new FeedPool({
    clock,
    random: createSeededRandom(1),
    log: silentLog,
    openSocket: (url, options, handlers) =>
      brokerOf(url.slice(-1)).openSocket('ws://broker.test/', options, handlers),
    isMarketOpen: () => true,
    onRedealt: (sockets) => void redealt.push([...sockets]),
    onRefused: (id, refusal) => void refusals.push(`${id} ${refusal?.kind ?? 'let in'}`),
    onState: (id, state) => void states.set(id, state),
  });
  const account = (id: string): PooledAccount => {
    const feed = { ...scriptedProtocol(), address: () => ({ url: `ws://broker.test/${id}` }) };
    const instance = { feed, check: async () => ({}) } as unknown as BrokerInstance;
    const connections = new ConnectionBudget(clock, benchLimits);
    return { id, label: id.toUpperCase(), instance, connections, limits: benchLimits };
  };
  const accounts = {
    a: account('a'), b: account('b'), c: account('c'), d: account('d'), e: account('e'),
  };
  const store = new QuoteStore({
    capacity: 64, groupCount: 0, tickDepth: 0, baseWallMs: clock.wallMs(),
  });
  const at = (id: string): number[] => brokerOf(id).subscribed();
  return { clock, brokers, pool, accounts, store, at, redealt, refusals, states };
}
