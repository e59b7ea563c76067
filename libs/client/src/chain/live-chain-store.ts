import { paiseOf, type ChainLayout, type Leg, type LiveChain } from '@strikewire/contracts';
import {
  bookAt,
  bookInts,
  field,
  type FrameFigures,
  type QuoteStore,
} from '@strikewire/market-data';
import type { ChainHead } from './chain-view';

/** The structure that a polled answer describes; it belongs to no stream (0). */
export function layoutOfLive(live: LiveChain): ChainLayout {
  const { generation, underlying, exchange, expiry, expiryClass, lotSize, strikeInterval } = live;
  return {
    type: 'layout',
    stream: 0,
    generation,
    underlying,
    exchange,
    expiry,
    expiryClass,
    lotSize,
    strikeInterval,
    strikes: live.strikes.map(({ strike }) => strike),
    tokens: live.strikes.flatMap(({ CE, PE }) => [CE.token, PE.token]),
    source: live.source,
  };
}

/** Writes a polled answer into a store of the same structure and returns its head. */
export function applyLive(store: QuoteStore, live: LiveChain, wallMs: number): ChainHead {
  live.strikes.forEach(({ CE, PE }, index) => {
    applyLeg(store, 2 * index, CE);
    applyLeg(store, 2 * index + 1, PE);
  });
  const { spot, atmStrike, anchorStrike } = live;
  return {
    version: live.version,
    asOfMs: live.lastUpdated === null ? wallMs : Date.parse(live.lastUpdated),
    isStale: live.stale,
    isAtmOutsideWindow: live.atmOutsideWindow,
    spotPaise: paiseOf(spot.ltp ?? 0),
    spotClosePaise: paiseOf(spot.close ?? 0),
    spotMs: spot.updatedAt === null ? 0 : Date.parse(spot.updatedAt),
    atmPaise: paiseOf(atmStrike ?? 0),
    anchorIndex: live.strikes.findIndex(({ strike }) => strike === anchorStrike),
    ...figuresOf(live),
  };
}

function figuresOf({ forward, metrics }: LiveChain): FrameFigures {
  return {
    forward: forward?.value ?? NaN,
    forwardSource: forward?.source ?? 'none',
    atmIv: metrics.atmIv ?? NaN,
    skew: metrics.skew ?? NaN,
    straddle: metrics.straddle ?? NaN,
    expectedMove: metrics.expectedMove ?? NaN,
    gammaExposure: metrics.gammaExposure ?? NaN,
    maxPainPaise: paiseOf(metrics.maxPain ?? 0),
  };
}

function applyLeg(store: QuoteStore, row: number, leg: Leg): void {
  const best = row * bookInts;
  store.ltpPaise[row] = paiseOf(leg.ltp ?? 0);
  store.book[best + bookAt.bidPaise] = paiseOf(leg.bid ?? 0);
  store.book[best + bookAt.askPaise] = paiseOf(leg.ask ?? 0);
  store.book[best + bookAt.bidQty] = leg.bidQty ?? 0;
  store.book[best + bookAt.askQty] = leg.askQty ?? 0;
  store.volume[row] = leg.volume ?? 0;
  store.oi[row] = leg.oi ?? 0;
  store.previousOi[row] = (leg.oi ?? 0) - (leg.oiChange ?? 0);
  const broker = leg.brokerGreeks;
  const greeks = [broker?.iv, broker?.delta, broker?.gamma, broker?.theta, broker?.vega];
  store.brokerGreeks.set([...greeks, broker?.rho].map((value) => value ?? NaN), row * 6);
  store.brokerGreeksAtMs[row] = broker ? Date.parse(broker.asOf) : 0;
  store.iv[row] = leg.iv ?? NaN;
  store.delta[row] = leg.greeks?.delta ?? NaN;
  store.gamma[row] = leg.greeks?.gamma ?? NaN;
  store.theta[row] = leg.greeks?.theta ?? NaN;
  store.vega[row] = leg.greeks?.vega ?? NaN;
  store.rho[row] = leg.greeks?.rho ?? NaN;
  store.receivedMs[row] = leg.updatedAt === null ? 0 : Date.parse(leg.updatedAt);
  // The close is not in the answer: one that a frame has told stays.
  store.known[row] = knownOf(leg) | (store.known[row]! & field.close);
  store.touch(row);
}

function knownOf(leg: Leg): number {
  const told: readonly [unknown, number][] = [
    [leg.ltp, field.ltp],
    [leg.bid ?? leg.ask, field.top],
    [leg.volume, field.volume],
    [leg.oi, field.oi],
    [leg.oiChange, field.previousOi],
    [leg.brokerGreeks, field.brokerGreeks],
  ];
  return told.reduce((bits, [value, bit]) => (value === null ? bits : bits | bit), 0);
}
