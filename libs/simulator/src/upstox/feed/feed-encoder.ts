import { depthFields, depthLevels, type Contract } from '../../market/contract';
import type { UpstoxGreeks } from '../greeks';
import { feedModes, type UpstoxFeedMode } from './feed-request';
import { ProtoWriter } from './proto-encoder';

/** What is told of a contract beside its own figures. */
export interface FeedFigures {
  key: string;
  mode: UpstoxFeedMode;
  /** Of options; else undefined. */
  greeks: UpstoxGreeks | undefined;
  /** Start of the day's candle, epoch ms. */
  dayMs: number;
  /** How far the times that are told are ahead. */
  skewMs: number;
}

/** Kinds of messages; the first is never written: zeros are not on the wire. */
export const feedTypes = { initial_feed: 0, live_feed: 1, market_info: 2 } as const;

/** States of segments, as numbered on the wire. */
export const marketStates = { NORMAL_OPEN: 2, NORMAL_CLOSE: 3 } as const;

/** Serves one message after the other. */
const writer = new ProtoWriter();

/** One entry of the map of feeds, with its tag: frames are put together from such. */
export function encodeFeed(contract: Contract, figures: FeedFigures): Uint8Array {
  const entry = writer.open(2);
  writer.text(1, figures.key);
  const feed = writer.open(2);
  if (figures.mode === 'ltpc') addLtpc(1, contract, figures);
  else if (figures.mode === 'option_greeks') addFirstLevel(contract, figures);
  else addFullFeed(contract, figures);
  writer.whole(4, feedModes[figures.mode]);
  writer.close(feed);
  writer.close(entry);
  return writer.take();
}

/** A message of entries that `encodeFeed` has made. */
export function encodeFeeds(
  type: 'initial_feed' | 'live_feed',
  entries: readonly Uint8Array[],
  nowMs: number,
): Uint8Array {
  writer.whole(1, feedTypes[type]);
  for (const entry of entries) writer.written(entry);
  writer.whole(3, nowMs);
  return writer.take();
}

/** The message that comes first on every connection: which segments trade. */
export function encodeMarketInfo(
  states: Readonly<Record<string, keyof typeof marketStates>>,
  nowMs: number,
): Uint8Array {
  writer.whole(1, feedTypes.market_info);
  writer.whole(3, nowMs);
  const info = writer.open(4);
  for (const [segment, state] of Object.entries(states)) {
    const entry = writer.open(1);
    writer.text(1, segment);
    writer.whole(2, marketStates[state]);
    writer.close(entry);
  }
  writer.close(info);
  return writer.take();
}

function addLtpc(field: number, contract: Contract, { skewMs }: FeedFigures): void {
  const start = writer.open(field);
  writer.double(1, contract.ltpPaise / 100);
  writer.whole(2, contract.tradeMs && contract.tradeMs + skewMs);
  writer.whole(3, contract.lastQuantity);
  writer.double(4, contract.closePaise / 100);
  writer.close(start);
}

function addFirstLevel(contract: Contract, figures: FeedFigures): void {
  const start = writer.open(3);
  addLtpc(1, contract, figures);
  addLevel(2, contract, 0);
  addGreeks(3, figures.greeks);
  writer.whole(4, contract.volume);
  writer.double(5, contract.oi);
  writer.double(6, figures.greeks?.iv ?? 0);
  writer.close(start);
}

/** An index has neither orders nor interest: another message of the two. */
function addFullFeed(contract: Contract, figures: FeedFigures): void {
  const fullFeed = writer.open(2);
  const isIndex = contract.kind === 'index';
  const start = writer.open(isIndex ? 2 : 1);
  addLtpc(1, contract, figures);
  if (!isIndex) addLevels(contract);
  if (!isIndex) addGreeks(3, figures.greeks);
  addDay(isIndex ? 2 : 4, contract, figures);
  if (!isIndex) {
    writer.double(5, Math.round(contract.averagePaise) / 100);
    writer.whole(6, contract.volume);
    writer.double(7, contract.oi);
    writer.double(8, figures.greeks?.iv ?? 0);
    writer.double(9, contract.buyQuantity);
    writer.double(10, contract.sellQuantity);
  }
  writer.close(start);
  writer.close(fullFeed);
}

function addLevels(contract: Contract): void {
  const start = writer.open(2);
  for (let level = 0; level < depthLevels; level++) addLevel(1, contract, level);
  writer.close(start);
}

/** Bid and ask of a level; nothing at all where there is no order. */
function addLevel(field: number, { depth }: Contract, level: number): void {
  const at = level * depthFields;
  if (depth[at] === 0 && depth[at + 1] === 0) return;
  const start = writer.open(field);
  writer.whole(1, depth[at]!);
  writer.double(2, depth[at + 4]! / 100);
  writer.whole(3, depth[at + 1]!);
  writer.double(4, depth[at + 5]! / 100);
  writer.close(start);
}

/** Delta, theta, gamma, vega: in this order. */
function addGreeks(field: number, greeks: UpstoxGreeks | undefined): void {
  if (!greeks) return;
  const start = writer.open(field);
  writer.double(1, greeks.delta);
  writer.double(2, greeks.theta);
  writer.double(3, greeks.gamma);
  writer.double(4, greeks.vega);
  writer.double(5, greeks.rho);
  writer.close(start);
}

function addDay(field: number, contract: Contract, figures: FeedFigures): void {
  if (contract.openPaise === 0) return;
  const candles = writer.open(field);
  const candle = writer.open(1);
  writer.text(1, '1d');
  writer.double(2, contract.openPaise / 100);
  writer.double(3, contract.highPaise / 100);
  writer.double(4, contract.lowPaise / 100);
  writer.double(5, contract.ltpPaise / 100);
  writer.whole(6, contract.volume);
  writer.whole(7, figures.dayMs + figures.skewMs);
  writer.close(candle);
  writer.close(candles);
}
