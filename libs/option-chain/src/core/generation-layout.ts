import { tokenKey, type InstrumentToken } from '@strikewire/broker';
import { optionKey, underlyingKey, type Exchange, type UnderlyingRef } from '@strikewire/contracts';
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

/** A contract that is needed by somebody, whether or not a chain's window has it. */
export interface HeldContract {
  /** Canonical contract key. */
  key: string;
  exchange: Exchange;
  token: InstrumentToken;
}

/** Every slot of a generation and whose it is. */
export interface GenerationLayout {
  underlyings: readonly UnderlyingSlot[];
  chains: readonly ChainSlots[];
  held: readonly HeldContract[];
  slotCount: number;
  groupCount: number;
  /** Slot by `tokenKey`, of everything that is subscribed. */
  slotByToken: ReadonlyMap<string, number>;
}

/**
 * Lays contracts out in slots: underlyings first, then each chain's legs side by side, last the
 * held contracts that are in none of them.
 */
export function layOutGeneration(
  spots: readonly (UnderlyingRef & { token: InstrumentToken })[],
  skeletons: readonly Skeleton[],
  held: readonly HeldContract[] = [],
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
  for (const { token } of held) {
    if (!slotByToken.has(tokenKey(token))) slotByToken.set(tokenKey(token), slotCount++);
  }
  const groupCount = underlyings.length + chains.length;
  return { underlyings, chains, held, slotCount, groupCount, slotByToken };
}
