import { indiaIsoOf, type LiveChain as LiveChainJson } from '@strikewire/contracts';
import { field, tagOf } from '@strikewire/market-data';
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
    forward: null,
    strikes: skeleton.strikes.map(({ strikePaise }, index) => ({
      strike: strikePaise / 100,
      tag: tagOf(index, anchorIndex, 'CE'),
      CE: fullLeg(chain, index, 'CE'),
      PE: fullLeg(chain, index, 'PE'),
    })),
    metrics: chainTotals(chain),
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

/** Sums over the skeleton's strikes; a ratio without a denominator is null. */
function chainTotals({ store, slots }: LiveChain): LiveChainJson['metrics'] {
  const totals = { ceOi: 0, peOi: 0, ceVolume: 0, peVolume: 0 };
  for (let row = 0; row < slots.legCount; row += 2) {
    const slot = slots.firstSlot + row;
    totals.ceOi += store.oi[slot] ?? 0;
    totals.peOi += store.oi[slot + 1] ?? 0;
    totals.ceVolume += store.volume[slot] ?? 0;
    totals.peVolume += store.volume[slot + 1] ?? 0;
  }
  return {
    scope: 'window',
    pcrOi: totals.ceOi > 0 ? totals.peOi / totals.ceOi : null,
    pcrVolume: totals.ceVolume > 0 ? totals.peVolume / totals.ceVolume : null,
    totalCeOi: totals.ceOi,
    totalPeOi: totals.peOi,
    totalCeVolume: totals.ceVolume,
    totalPeVolume: totals.peVolume,
  };
}
