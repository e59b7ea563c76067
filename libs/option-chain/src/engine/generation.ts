import { tokenKey, type BrokerChain, type BrokerLeg } from '@strikewire/broker';
import { copySlot, field, QuoteScratch, QuoteStore, SnapshotWriter } from '@strikewire/market-data';
import type { GenerationLayout } from '../core/generation-layout';

/** One layout of slots with its store; replaced whole, never changed. */
export interface Generation {
  number: number;
  layout: GenerationLayout;
  store: QuoteStore;
}

/** Makes the store of a layout, with what the previous generation knows of the same contracts. */
export function createGeneration(
  number: number,
  layout: GenerationLayout,
  options: { tickDepth: number; baseWallMs: number; previous?: Generation },
): Generation {
  const { tickDepth, baseWallMs, previous } = options;
  const { slotCount, groupCount } = layout;
  const store = new QuoteStore({ capacity: slotCount, groupCount, tickDepth, baseWallMs });
  for (const spot of layout.underlyings) store.groupOf[spot.slot] = spot.group;
  for (const chain of layout.chains) {
    store.groupOf.fill(chain.group, chain.firstSlot, chain.firstSlot + chain.legCount);
  }
  if (previous) {
    for (const [key, slot] of layout.slotByToken) {
      const from = previous.layout.slotByToken.get(key);
      if (from !== undefined) copySlot({ store: previous.store, slot: from }, { store, slot });
    }
  }
  return { number, layout, store };
}

const restFields =
  field.ltp | field.volume | field.oi | field.top | field.previousOi | field.close;

/** Writes a REST chain's figures to the slots of its contracts. */
export function writeChainSnapshot(generation: Generation, chain: BrokerChain): void {
  const writer = new SnapshotWriter(generation.store);
  const at = { wallMs: chain.receivedMs, sentMonoMs: chain.sentMonoMs };
  for (const strike of chain.strikes) {
    for (const leg of [strike.CE, strike.PE]) {
      const slot = leg ? generation.layout.slotByToken.get(tokenKey(leg.token)) : undefined;
      if (leg && slot !== undefined) writer.apply(slot, fillScratch(writer.scratch, leg), at);
    }
  }
}

function fillScratch(scratch: QuoteScratch, leg: BrokerLeg): number {
  const { ints, units, book, greeks } = scratch;
  ints[QuoteScratch.ltp] = leg.ltpPaise;
  ints[QuoteScratch.close] = leg.closePaise ?? 0;
  units[QuoteScratch.volume] = leg.volume;
  units[QuoteScratch.oi] = leg.oi;
  units[QuoteScratch.previousOi] = leg.previousOi ?? 0;
  book.set([leg.bidPaise, leg.askPaise, leg.bidQty, leg.askQty, 0, 0]);
  let fields = restFields;
  if (leg.closePaise === null) fields &= ~field.close;
  if (leg.previousOi === null) fields &= ~field.previousOi;
  if (!leg.greeks) return fields;
  const { iv, delta, gamma, theta, vega, rho } = leg.greeks;
  greeks.set([iv, delta, gamma, theta, vega, rho].map((value) => value ?? NaN));
  return fields | field.brokerGreeks;
}
