import { tokenKey, type BrokerChain, type BrokerLeg } from '@strikewire/broker';
import { copySlot, QuoteStore, writeSnapshot } from '@strikewire/market-data';
import type { PricingConvention } from '@strikewire/pricing';
import type { GenerationLayout } from '../core/generation-layout';
import { createPricingSheet, type PricingSheet } from '../core/pricing-sheet';

/** One layout of slots with its store; replaced whole, never changed. */
export interface Generation {
  number: number;
  layout: GenerationLayout;
  store: QuoteStore;
  sheet: PricingSheet;
}

/** Makes the store of a layout, with what the previous generation knows of the same contracts. */
export function createGeneration(
  number: number,
  layout: GenerationLayout,
  options: {
    tickDepth: number;
    baseWallMs: number;
    previous?: Generation;
    convention: PricingConvention;
  },
): Generation {
  const { tickDepth, baseWallMs, previous, convention } = options;
  const { slotCount, groupCount } = layout;
  // Without any contract, as without an account, there is still a store.
  const capacity = Math.max(1, slotCount);
  const store = new QuoteStore({ capacity, groupCount, tickDepth, baseWallMs });
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
  const sheet = createPricingSheet(store, layout.chains, convention);
  return { number, layout, store, sheet };
}

/** Writes a REST chain's figures to the slots of its contracts. */
export function writeChainSnapshot(generation: Generation, chain: BrokerChain): void {
  const { layout, store } = generation;
  const at = { wallMs: chain.receivedMs, sentMonoMs: chain.sentMonoMs };
  for (const strike of chain.strikes) {
    for (const leg of [strike.CE, strike.PE]) {
      const slot = leg ? layout.slotByToken.get(tokenKey(leg.token)) : undefined;
      if (leg && slot !== undefined) {
        writeSnapshot(store, slot, { ...leg, greeks: greekList(leg) }, at);
      }
    }
  }
}

function greekList({ greeks }: BrokerLeg): (number | null)[] | null {
  if (!greeks) return null;
  return [greeks.iv, greeks.delta, greeks.gamma, greeks.theta, greeks.vega, greeks.rho];
}
