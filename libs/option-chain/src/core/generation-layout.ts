import { tokenKey, type InstrumentToken } from '@strikewire/broker';
import {
  optionKey,
  underlyingKey,
  type ContractKey,
  type Exchange,
  type UnderlyingRef,
} from '@strikewire/contracts';
import type { Skeleton } from './skeleton';

/** An underlying, and what some broker calls its spot. */
export interface NamedSpot extends UnderlyingRef {
  token: InstrumentToken;
  /** Whose token that is: the plugin's id; not known when not given. */
  broker?: string;
}

/** An underlying's place in a generation. */
export interface UnderlyingSlot extends NamedSpot {
  slot: number;
  group: number;
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

/** A contract that is needed by somebody, whether or not a chain's window has it. */
export interface HeldContract {
  /** Canonical contract key. */
  key: string;
  exchange: Exchange;
  token: InstrumentToken;
  /** Whose token that is: the plugin's id. */
  broker: string;
}

/** Every slot of a generation and whose it is. */
export interface GenerationLayout {
  underlyings: readonly UnderlyingSlot[];
  chains: readonly ChainSlots[];
  held: readonly HeldContract[];
  slotCount: number;
  groupCount: number;
  /** Slot by canonical key, of everything that is to be live, whatever brokers call it. */
  slotByKey: ReadonlyMap<ContractKey, number>;
}

/**
 * Lays contracts out in slots: underlyings first, then each chain's legs side by side, last the
 * held contracts that are in none of them.
 */
export function layOutGeneration(
  spots: readonly NamedSpot[],
  skeletons: readonly Skeleton[],
  held: readonly HeldContract[] = [],
): GenerationLayout {
  const underlyings = spots.map((spot, index) => ({ ...spot, slot: index, group: index }));
  const spotSlots = new Map(underlyings.map((spot) => [underlyingKey(spot), spot.slot]));
  const slotByKey = new Map<ContractKey, number>(spotSlots);
  let slotCount = underlyings.length;
  const chains = skeletons.map((skeleton, index): ChainSlots => {
    const firstSlot = slotCount;
    const legKeys = skeleton.strikes.flatMap(({ strikePaise }) => [
      optionKey({ ...skeleton, strikePaise, type: 'CE' }),
      optionKey({ ...skeleton, strikePaise, type: 'PE' }),
    ]);
    legKeys.forEach((key, leg) => slotByKey.set(key, firstSlot + leg));
    slotCount += skeleton.strikes.length * 2;
    return {
      skeleton,
      firstSlot,
      legCount: skeleton.strikes.length * 2,
      group: underlyings.length + index,
      spotSlot: spotSlots.get(underlyingKey(skeleton)) ?? -1,
      strikesPaise: Int32Array.from(skeleton.strikes, (strike) => strike.strikePaise),
      legKeys,
    };
  });
  // A commodity's spot is a future, which may be held as well: one subscription, one slot. What
  // another broker calls the same is another contract.
  const nameOf = (broker: string, token: InstrumentToken): string => `${broker} ${tokenKey(token)}`;
  const spotByName = new Map(underlyings.flatMap(({ broker, token, slot }) =>
    broker === undefined ? [] : [[nameOf(broker, token), slot]]));
  for (const { key, broker, token } of held) {
    if (slotByKey.has(key)) continue;
    slotByKey.set(key, spotByName.get(nameOf(broker, token)) ?? slotCount++);
  }
  const groupCount = underlyings.length + chains.length;
  return { underlyings, chains, held, slotCount, groupCount, slotByKey };
}
