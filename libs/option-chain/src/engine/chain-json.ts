import { indiaIsoOf, type LiveChain as LiveChainJson } from '@strikewire/contracts';
import { field, tagOf } from '@strikewire/market-data';
import { strikeVol, type ChainTotals } from '../core/chain-figures-batch';
import {
  figureReasons,
  figuresJson,
  forwardJson,
  pricingJson,
  roundedOrNull,
} from './figures-json';
import { fullLeg } from './leg-json';
import type { LiveChain } from './live-chain';

/** Who delivers a chain's figures. */
export interface ChainSource {
  broker: string;
  account: string;
}

/** Who delivers this chain: of several accounts the one whose sockets carry it. */
export function sourceOfChain({ account }: LiveChain, source: ChainSource): ChainSource {
  return { broker: source.broker, account: account ?? source.account };
}

/** The answer of `GET /api/optionchain/live` for one version of a chain. */
export function chainJson(chain: LiveChain, source: ChainSource): LiveChainJson {
  const { skeleton, strikesPaise } = chain.slots;
  const { atmPaise, anchorIndex, isOutsideWindow } = chain.atmPointer;
  chain.pricer.solveQuotes();
  const { figures } = chain.pricer;
  const { convention } = chain.generation.sheet;
  const lastReceivedMs = chain.lastReceivedMs();
  const anchorPaise = anchorIndex < 0 ? null : (strikesPaise[anchorIndex] ?? 0);
  return {
    underlying: skeleton.symbol,
    exchange: skeleton.exchange,
    expiry: skeleton.expiry,
    expiryClass: skeleton.expiryClass,
    lotSize: skeleton.lotSize,
    strikeInterval: skeleton.intervalPaise / 100,
    atmStrike: atmPaise > 0 ? atmPaise / 100 : null,
    anchorStrike: anchorPaise === null ? null : anchorPaise / 100,
    atmOutsideWindow: isOutsideWindow,
    spot: spotJson(chain),
    forward: forwardJson(figures),
    pricing: pricingJson(convention, chain.pricer.terms.yearsToExpiry),
    strikes: skeleton.strikes.map(({ strikePaise }, index) => ({
      strike: strikePaise / 100,
      tag: tagOf(index, anchorIndex, 'CE'),
      iv: roundedOrNull(strikeVol(chain.store, chain.slots, index, figures.forward), 4),
      CE: fullLeg(chain, index, 'CE'),
      PE: fullLeg(chain, index, 'PE'),
    })),
    metrics: metricsJson(chain),
    lastUpdated: lastReceivedMs > 0 ? indiaIsoOf(lastReceivedMs) : null,
    stale: chain.isStale,
    source: sourceOfChain(chain, source),
    generation: chain.generation.number,
    version: chain.version,
  };
}

/** The spot; an index has no bid and ask. */
function spotJson({ store, slots }: LiveChain): LiveChainJson['spot'] {
  const slot = slots.spotSlot;
  const isKnown = slot >= 0 && store.knows(slot, field.ltp);
  if (!isKnown) return { ltp: null, bid: null, ask: null, close: null, updatedAt: null };
  return {
    ltp: (store.ltpPaise[slot] ?? 0) / 100,
    bid: null,
    ask: null,
    close: store.knows(slot, field.close) ? (store.closePaise[slot] ?? 0) / 100 : null,
    updatedAt: indiaIsoOf(store.receivedMs[slot] ?? 0),
  };
}

/** Sums and figures over the skeleton's strikes; a ratio without a denominator is null. */
export function metricsJson(chain: LiveChain): LiveChainJson['metrics'] {
  const { figures, totals } = chain.pricer;
  return {
    scope: 'window',
    pcrOi: ratioOf(totals.peOi, totals.ceOi),
    pcrVolume: ratioOf(totals.peVolume, totals.ceVolume),
    totalCeOi: roundedOrNull(totals.ceOi, 0),
    totalPeOi: roundedOrNull(totals.peOi, 0),
    totalCeVolume: roundedOrNull(totals.ceVolume, 0),
    totalPeVolume: roundedOrNull(totals.peVolume, 0),
    totalCeOiChange: oiChange(chain, 0),
    totalPeOiChange: oiChange(chain, 1),
    ...figuresJson(figures),
    reasons: { ...figureReasons(figures), ...totalReasons(totals) },
  };
}

/** Why a sum or a ratio is null, by its name. */
function totalReasons({ ceOi, peOi, ceVolume, peVolume }: ChainTotals): Record<string, string> {
  const unknown: readonly [name: string, isKnown: boolean, reason: string][] = [
    ['totalCeOi', ceOi >= 0, 'no open interest of calls is known'],
    ['totalPeOi', peOi >= 0, 'no open interest of puts is known'],
    ['totalCeVolume', ceVolume >= 0, 'no volume of calls is known'],
    ['totalPeVolume', peVolume >= 0, 'no volume of puts is known'],
    ['pcrOi', ceOi > 0 && peOi >= 0, 'open interest is unknown, or calls have none'],
    ['pcrVolume', ceVolume > 0 && peVolume >= 0, 'volume is unknown, or calls have none'],
  ];
  return Object.fromEntries(
    unknown.filter(([, isKnown]) => !isKnown).map(([name, , reason]) => [name, reason]),
  );
}

/** Puts per call; null without both, or without calls. */
function ratioOf(puts: number, calls: number): number | null {
  return calls > 0 && puts >= 0 ? puts / calls : null;
}

/** Of the calls (`side` 0) or puts (1) whose previous day is known; null when none is. */
function oiChange({ store, slots }: LiveChain, side: 0 | 1): number | null {
  let sum: number | null = null;
  for (let row: number = side; row < slots.legCount; row += 2) {
    const slot = slots.firstSlot + row;
    if (!store.knows(slot, field.oi) || !store.knows(slot, field.previousOi)) continue;
    sum = (sum ?? 0) + (store.oi[slot] ?? 0) - (store.previousOi[slot] ?? 0);
  }
  return sum;
}
