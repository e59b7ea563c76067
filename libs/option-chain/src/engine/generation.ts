import { tokenKey, type BrokerChain, type BrokerLeg } from '@strikewire/broker';
import {
  optionKey,
  underlyingKey,
  type ContractKey,
  type UnderlyingRef,
} from '@strikewire/contracts';
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
  if (previous) copyKnown(previous, { layout, store });
  const sheet = createPricingSheet(store, layout.chains, convention);
  return { number, layout, store, sheet };
}

/** What is known of the same contracts; of two that are one slot by now, the newer figures. */
function copyKnown(
  previous: Generation,
  { layout, store }: Pick<Generation, 'layout' | 'store'>,
): void {
  const others = otherSpots(previous.layout, layout);
  const copied = new Set<number>();
  for (const [key, slot] of layout.slotByKey) {
    const from = previous.layout.slotByKey.get(key);
    if (from === undefined || others.has(key)) continue;
    const touchedMono = previous.store.touchedMonoMs[from] ?? -Infinity;
    if (copied.has(slot) && touchedMono <= (store.touchedMonoMs[slot] ?? -Infinity)) continue;
    copySlot({ store: previous.store, slot: from }, { store, slot });
    copied.add(slot);
  }
}

/**
 * Writes a REST chain's figures to the slots of its contracts, whatever its broker calls them.
 * `of`: the chain that was asked for.
 */
export function writeChainSnapshot(
  generation: Generation,
  of: UnderlyingRef & { expiry: string },
  chain: BrokerChain,
): void {
  const { layout, store } = generation;
  const { exchange, symbol, expiry } = of;
  const at = { wallMs: chain.receivedMs, sentMonoMs: chain.sentMonoMs };
  for (const { strikePaise, CE, PE } of chain.strikes) {
    for (const [type, leg] of [['CE', CE], ['PE', PE]] as const) {
      const key = optionKey({ exchange, symbol, expiry, strikePaise, type });
      const slot = layout.slotByKey.get(key);
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

/** Underlyings whose spot is another contract than before: a commodity's nearest future. */
function otherSpots(before: GenerationLayout, layout: GenerationLayout): ReadonlySet<ContractKey> {
  const held = new Map(before.underlyings.map((one) => [underlyingKey(one), one]));
  const others = layout.underlyings.filter((one) => {
    const was = held.get(underlyingKey(one));
    // Only by one broker's names can that be seen.
    if (was?.broker === undefined || was.broker !== one.broker) return false;
    return tokenKey(was.token) !== tokenKey(one.token);
  });
  return new Set(others.map((one) => underlyingKey(one)));
}
