import { tokenKey, type AnyBrokerPlugin, type BrokerInstance } from '@strikewire/broker';
import { ConnectionBudget, createRateBudget, type DataAccount } from '@strikewire/broker/engine';
import { upstoxBroker } from '@strikewire/broker-upstox';
import { optionKey, paiseOf, type ContractKey, type Exchange } from '@strikewire/contracts';
import type { Skeleton } from '@strikewire/option-chain';
import type { LiveChain } from '@strikewire/option-chain/engine';
import { createSeededRandom, silentLog } from '@strikewire/runtime';
import { defaultUpstoxAccount } from '@strikewire/simulator';
import type { VirtualClock } from '@strikewire/runtime/virtual';
import {
  createVirtualPlatform,
  type VirtualOptions,
  type VirtualPlatform,
} from './virtual-platform';

/** A platform with an account of Dhan and one of Upstox. */
export interface TwoBrokers extends VirtualPlatform {
  /** By broker: tokens that were ever subscribed there. */
  subscribed: ReadonlyMap<string, Set<string>>;
}

const plugin: AnyBrokerPlugin = upstoxBroker;
const endpoints = {
  rest: 'http://upstox.test',
  instruments: 'http://upstox.test/market-quote/instruments/exchange',
};

/** Whatever is subscribed through an account is written down. */
function recorded(
  account: DataAccount,
  subscribed: Map<string, Set<string>>,
): DataAccount {
  const { broker, instance } = account;
  const own = subscribed.get(broker) ?? new Set();
  subscribed.set(broker, own);
  const { feed } = instance;
  const subscribe: BrokerInstance['feed']['subscribe'] = (items) => {
    for (const { token } of items) own.add(tokenKey(token));
    return feed.subscribe(items);
  };
  return { ...account, instance: { ...instance, feed: { ...feed, subscribe } } };
}

/** The second broker stands behind the first one until a test says otherwise. */
export function createTwoBrokers(options: VirtualOptions = {}): TwoBrokers {
  const subscribed = new Map<string, Set<string>>();
  const platform = createVirtualPlatform({
    ...options,
    others: ({ clock, network, simulator }) => {
      network.host('upstox.test', simulator.sites.upstox);
      const { limits, capabilities: { exchanges } } = plugin;
      const budget = createRateBudget(clock, limits.rest);
      const connections = new ConnectionBudget(clock, limits.feed);
      const credentials = {
        clientId: defaultUpstoxAccount.apiKey, accessToken: defaultUpstoxAccount.token,
      };
      const random = createSeededRandom(17);
      const deps = { clock, random, http: network.http, log: silentLog, gate: budget };
      const instance = plugin.create({ credentials, endpoints } as never, deps);
      const about = { id: 'upstox', label: 'Upstox', broker: 'upstox' };
      return [{ ...about, instance, limits, exchanges, budget, connections }];
    },
  });
  const accounts = platform.accounts.map((one) => recorded(one, subscribed));
  platform.accounts.splice(0, platform.accounts.length, ...accounts);
  return Object.assign(platform, { subscribed });
}

/** The accounts of this broker come first. */
export function putFirst(platform: VirtualPlatform, broker: string): void {
  const isFirst = (one: DataAccount): number => Number(one.broker !== broker);
  platform.accounts.sort((a, b) => isFirst(a) - isFirst(b));
}

/** The chains that are served, by key. */
export function servedChains({ engine }: VirtualPlatform): ReadonlyMap<string, LiveChain> {
  return new Map([...engine.board.all()].map((chain) => [chain.key, chain]));
}

/** All that a client may count on for the day. */
export function windowsOf(platform: VirtualPlatform): Record<string, number[]> {
  const windows = [...servedChains(platform)].map(([key, chain]) => {
    const { strikes }: Skeleton = chain.slots.skeleton;
    return [key, strikes.map(({ strikePaise }) => strikePaise)] as const;
  });
  return Object.fromEntries(windows.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whose tokens the served chains have. */
export function namedBy(platform: VirtualPlatform): string[] {
  const chains = [...servedChains(platform).values()];
  return [...new Set(chains.map(({ slots }) => slots.skeleton.broker))];
}

/** Tokens that were subscribed at a broker and are not its names of anything that is listed. */
export async function strayTokens(platform: TwoBrokers, broker: string): Promise<string[]> {
  const account = platform.accounts.find((one) => one.broker === broker);
  if (!account) return [`no account of ${broker}`];
  const { marketData } = account.instance;
  const keys = listedContracts(platform);
  const asked = Promise.all([marketData.underlyings(), marketData.resolve(keys)]);
  const [listed, found] = await settled(platform.clock, asked);
  const known = new Set([...found.values()].map(tokenKey));
  for (const one of listed) known.add(tokenKey(one.spot));
  return [...(platform.subscribed.get(broker) ?? [])].filter((token) => !known.has(token));
}

/** Served prices that are not the market's, once no truth changes any more. */
export async function wrongPrices(platform: VirtualPlatform): Promise<string[]> {
  const { simulator, clock } = platform;
  simulator.pause(true);
  await clock.advance(1_000);
  const wrong = [...servedChains(platform)].flatMap(([key, { slots, store }]) => {
    const { skeleton, firstSlot } = slots;
    const truth = simulator.truth.chain(skeleton.symbol, skeleton.expiry);
    const paise = new Map<string, number>(truth?.strikes.flatMap(({ strike, CE, PE }) => {
      const at = Math.round(strike * 100);
      return [[`${at} 0`, CE.ltp] as const, [`${at} 1`, PE.ltp] as const];
    }));
    return skeleton.strikes.flatMap(({ strikePaise }, index) =>
      [0, 1].flatMap((leg) => {
        const is = store.ltpPaise[firstSlot + 2 * index + leg] ?? 0;
        const be = Math.round((paise.get(`${strikePaise} ${leg}`) ?? -1) * 100);
        return is === be ? [] : [`${key} ${strikePaise} ${leg} is ${is}, not ${be}`];
      }));
  });
  simulator.pause(false);
  return wrong;
}

/** Chains that are not wholly live. */
export function staleChains(platform: VirtualPlatform): string[] {
  const { board } = platform.engine;
  return [...board.all()].flatMap((chain) => (board.isStale(chain) ? [chain.key] : []));
}

/** Every option of the underlyings that are served. */
function listedContracts({ engine, simulator: { truth } }: VirtualPlatform): ContractKey[] {
  const served = new Set(engine.service.status().underlyings.map(({ symbol }) => symbol));
  return truth.underlyings().filter(({ symbol }) => served.has(symbol)).flatMap((underlying) => {
    const { symbol, expiries } = underlying;
    const exchange = underlying.exchange as Exchange;
    return expiries.flatMap((expiry) =>
      (truth.chain(symbol, expiry)?.strikes ?? []).flatMap(({ strike }) =>
        (['CE', 'PE'] as const).map((type) =>
          optionKey({ exchange, symbol, expiry, strikePaise: paiseOf(strike), type }))));
  });
}

async function settled<T>(clock: VirtualClock, asked: Promise<T>): Promise<T> {
  let isDone = false;
  const done = asked.finally(() => (isDone = true));
  done.catch(() => undefined);
  while (!isDone) await clock.advance(50);
  return done;
}
