import { indiaIsoOf, type LiveChain as LiveChainJson } from '@strikewire/contracts';
import { field, tagOf } from '@strikewire/market-data';
import { strikeVol } from '../core/chain-figures-batch';
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
    source,
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
function metricsJson(chain: LiveChain): LiveChainJson['metrics'] {
  const { figures, totals } = chain.pricer;
  return {
    scope: 'window',
    pcrOi: totals.ceOi > 0 ? totals.peOi / totals.ceOi : null,
    pcrVolume: totals.ceVolume > 0 ? totals.peVolume / totals.ceVolume : null,
    totalCeOi: totals.ceOi,
    totalPeOi: totals.peOi,
    totalCeVolume: totals.ceVolume,
    totalPeVolume: totals.peVolume,
    totalCeOiChange: oiChange(chain, 0),
    totalPeOiChange: oiChange(chain, 1),
    ...figuresJson(figures),
    reasons: {
      ...figureReasons(figures),
      ...(totals.ceOi > 0 ? {} : { pcrOi: 'no open interest of calls is known' }),
      ...(totals.ceVolume > 0 ? {} : { pcrVolume: 'no volume of calls is known' }),
    },
  };
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
