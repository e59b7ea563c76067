import { tokenKey, type InstrumentToken } from '@strikewire/broker';
import { optionKey, underlyingKey, type UnderlyingRef } from '@strikewire/contracts';
import type { Skeleton } from './skeleton';

/** An underlying's place in a generation. */
export interface UnderlyingSlot extends UnderlyingRef {
  slot: number;
  group: number;
  token: InstrumentToken;
}

/** A chain's place: row `2 i` is the call of strike `i`, `2 i + 1` its put, from `firstSlot` on. */
export interface ChainSlots {
  skeleton: Skeleton;
  firstSlot: number;
  legCount: number;
  group: number;
  spotSlot: number;
  strikesPaise: Int32Array;
  /** Canonical contract key of each row. */
  legKeys: readonly string[];
}

/** Every slot of a generation and whose it is. */
export interface GenerationLayout {
  underlyings: readonly UnderlyingSlot[];
  chains: readonly ChainSlots[];
  slotCount: number;
  groupCount: number;
  /** Slot by `tokenKey`, of everything that is subscribed. */
  slotByToken: ReadonlyMap<string, number>;
}

/** Lays contracts out in slots: underlyings first, then each chain's legs side by side. */
export function layOutGeneration(
  spots: readonly (UnderlyingRef & { token: InstrumentToken })[],
  skeletons: readonly Skeleton[],
): GenerationLayout {
  const underlyings = spots.map((spot, index) => ({ ...spot, slot: index, group: index }));
  const spotSlots = new Map(underlyings.map((spot) => [underlyingKey(spot), spot.slot]));
  const slotByToken = new Map(underlyings.map((spot) => [tokenKey(spot.token), spot.slot]));
  let slotCount = underlyings.length;
  const chains = skeletons.map((skeleton, index): ChainSlots => {
    const firstSlot = slotCount;
    skeleton.strikes.forEach(({ CE, PE }, strike) => {
      slotByToken.set(tokenKey(CE.token), firstSlot + 2 * strike);
      slotByToken.set(tokenKey(PE.token), firstSlot + 2 * strike + 1);
    });
    slotCount += skeleton.strikes.length * 2;
    return {
      skeleton,
      firstSlot,
      legCount: skeleton.strikes.length * 2,
      group: underlyings.length + index,
      spotSlot: spotSlots.get(underlyingKey(skeleton)) ?? -1,
      strikesPaise: Int32Array.from(skeleton.strikes, (strike) => strike.strikePaise),
      legKeys: skeleton.strikes.flatMap(({ strikePaise }) => [
        optionKey({ ...skeleton, strikePaise, type: 'CE' }),
        optionKey({ ...skeleton, strikePaise, type: 'PE' }),
      ]),
    };
  });
  const groupCount = underlyings.length + chains.length;
  return { underlyings, chains, slotCount, groupCount, slotByToken };
}
