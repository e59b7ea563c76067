import { field } from '@strikewire/market-data';
import type { DecoderCounters, FeedItem } from '../core/feed-protocol';
import { tokenKey } from '../core/market-data-port';
import type { ConformanceBench, PairedLeg } from './bench';
import type { FeedWatch, SeenFrame } from './feed-watch';
import type { ConformanceEnd, TrueLeg, TrueQuote } from './harness';

const runMs = 15_000;
/** Some brokers tell whole seconds. */
const tradeTimeStepMs = 1_000;
const nearMoneyCount = 12;
/** More than a book of five levels is not kept in a store. */
const levelsMax = 5;

/** What a feed has brought of a trading market. */
export interface MarketRun {
  legs: number;
  /** Legs that had a price, and spots. */
  known: number;
  spotsKnown: number;
  wrong: string[];
  wrongLevels: string[];
  wrongSpots: string[];
  /** Legs that have traded meanwhile. */
  traded: number;
  /** Of legs and spots. */
  wrongTimes: string[];
  wrongVolumes: readonly string[];
  counters: DecoderCounters;
  ended: ConformanceEnd | undefined;
  frames: readonly SeenFrame[];
}

/** A spot's subscription, and how to look at what it is. */
export interface SpotItem {
  item: FeedItem;
  truth(): TrueQuote | undefined;
}

/** The spots of all underlyings: indices as quotes, others in full. */
export async function spotItems(bench: ConformanceBench): Promise<SpotItem[]> {
  const all = bench.listings();
  return Promise.all(all.map(async ({ exchange, symbol, kind }) => {
    const { spot } = await bench.named({ exchange, symbol });
    const mode = kind === 'index' ? 'quote' : 'full';
    const truth = (): TrueQuote | undefined => bench.listings().find((one) =>
      one.exchange === exchange && one.symbol === symbol)?.spot;
    return { item: { token: spot, mode }, truth };
  }));
}

/** Of the main chain's legs those that trade most: around the spot. */
export function nearMoney(bench: ConformanceBench, pairs: readonly PairedLeg[]): PairedLeg[] {
  const { ltpPaise } = bench.main().spot;
  const far = ({ strikePaise }: PairedLeg): number => Math.abs(strikePaise - ltpPaise);
  return [...pairs].sort((a, b) => far(a) - far(b)).slice(0, nearMoneyCount);
}

/** What the legs of the main underlying's nearest expiry are now, by their tokens. */
export function currentLegs(bench: ConformanceBench): ReadonlyMap<string, TrueLeg> {
  const main = bench.main();
  const real = bench.harness.truth().chain(main, main.expiries[0] ?? '') ?? [];
  return new Map(real.flatMap(({ CE, PE }) =>
    [CE, PE].map((leg) => [tokenKey(leg.token), leg] as const)));
}

/** The volumes of the same legs. */
function currentVolumes(bench: ConformanceBench): ReadonlyMap<string, number> {
  return new Map([...currentLegs(bench)].map(([key, { volume }]) => [key, volume]));
}

/** Where legs that have ticked differ from the market. */
export function wrongLegs(
  bench: ConformanceBench,
  watch: FeedWatch,
  items: readonly FeedItem[],
): string[] {
  const real = currentLegs(bench);
  return items.filter((item) => watch.knows(item)).flatMap((item) => {
    const truth = real.get(tokenKey(item.token));
    return truth ? watch.differences(item, truth) : [`${tokenKey(item.token)} is not listed`];
  });
}

/** The main chain and all spots through some seconds of trading; run once for several cases. */
export function marketRun(bench: ConformanceBench): Promise<MarketRun> {
  return bench.once('market run', () => runMarket(bench));
}

async function runMarket(bench: ConformanceBench): Promise<MarketRun> {
  const { harness, plugin } = bench;
  const pairs = await bench.mainPairs();
  const items = pairs.map(({ leg }): FeedItem => ({ token: leg.token, mode: 'full' }));
  const spots = await spotItems(bench);
  const watch = await bench.openFeed([...spots.map(({ item }) => item), ...items]);
  const before = currentVolumes(bench);
  await harness.pause(false);
  await harness.advance(runMs);
  await harness.pause(true);
  await harness.advance(1_000);
  const real = currentLegs(bench);
  const known = items.filter((item) => watch.knows(item));
  const knownSpots = spots.filter(({ item }) => watch.knows(item));
  const traded = known.filter(({ token }) =>
    real.get(tokenKey(token))?.volume !== before.get(tokenKey(token)));
  const untold = traded.filter((item) => !watch.knows(item, field.volume));
  const levels = Math.min(levelsMax, plugin.capabilities.depthLevels);
  return {
    legs: items.length,
    known: known.length,
    spotsKnown: knownSpots.length,
    wrong: wrongLegs(bench, watch, items),
    wrongLevels: known.flatMap((item) => {
      const truth = real.get(tokenKey(item.token));
      return truth ? watch.depthDifferences(item, truth, levels) : [];
    }),
    wrongSpots: knownSpots.flatMap(({ item, truth }) => {
      const now = truth();
      return now ? watch.differences(item, now) : [];
    }),
    traded: traded.length,
    wrongTimes: [
      ...known.flatMap((item) =>
        timeFaults(watch, item, real.get(tokenKey(item.token)), traded.includes(item))),
      ...knownSpots.flatMap(({ item, truth }) => timeFaults(watch, item, truth(), false)),
    ],
    wrongVolumes: [
      ...untold.map(({ token }) => `${tokenKey(token)} has traded, and told no volume`),
      ...watch.wrongVolumes(),
    ],
    counters: watch.counters(),
    ended: watch.ended(),
    frames: watch.frames,
  };
}

/** What is wrong with the time of a last trade; one that `isNeeded` has to be told. */
function timeFaults(
  watch: FeedWatch,
  item: FeedItem,
  truth: TrueQuote | undefined,
  isNeeded: boolean,
): string[] {
  const [told, real] = [watch.tradeMs(item), truth?.tradeMs];
  const name = tokenKey(item.token);
  if (isNeeded && real === undefined) return [`${name}: the harness does not tell tradeMs`];
  if (isNeeded && told === undefined) return [`${name} has traded, and told no time of it`];
  if (!told || !real || Math.abs(told - real) < tradeTimeStepMs) return [];
  return [`${name} was ${told}, is ${real}`];
}
