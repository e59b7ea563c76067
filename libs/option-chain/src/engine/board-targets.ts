import type { FeedItem, FeedMode, InstrumentToken } from '@strikewire/broker';
import type { FeedTarget } from '@strikewire/broker/engine';
import { underlyingKey, type ContractKey, type Exchange } from '@strikewire/contracts';
import type { GenerationLayout, HeldContract, NamedSpot } from '../core/generation-layout';

/** What the broker at home calls what is to be live; undefined while that is not known. */
export interface HomeNames {
  /** The plugin's id. */
  readonly home: string;
  /** Of a contract, or of an underlying's spot. */
  tokenOf(key: ContractKey): InstrumentToken | undefined;
}

/** What is subscribed, and what cannot be. */
export interface BoardTargets {
  targets: FeedTarget[];
  /** What the broker at home has no name for, or none that is known; by the names of another. */
  nameless: (FeedItem & { key: ContractKey })[];
}

/** What is laid out beside chains. */
export interface NamedParts {
  spots: readonly NamedSpot[];
  held: readonly HeldContract[];
}

/**
 * By their names at home, as far as those are known: only by the same broker's names can be seen
 * that a contract which is held is the spot of an underlying.
 */
export function atHome({ spots, held }: NamedParts, names?: HomeNames): NamedParts {
  if (!names) return { spots, held };
  const named = <T extends { token: InstrumentToken }>(one: T, key: ContractKey): T => {
    const token = names.tokenOf(key);
    return token ? { ...one, token, broker: names.home } : one;
  };
  return {
    spots: spots.map((one) => named(one, underlyingKey(one))),
    held: held.map((one) => (one.broker === names.home ? one : named(one, one.key))),
  };
}

/** A contract, and what some broker calls it. */
interface Named {
  key: ContractKey;
  exchange: Exchange;
  token: InstrumentToken;
  /** What the broker at home does; undefined while that is not known. */
  atHome: InstrumentToken | undefined;
}

/**
 * Spots first, then what is held, then chains by priority; spots in quote mode, else full. Only by
 * a name of the broker at home is anything subscribed. Without `names` all is named by it.
 */
export function boardTargets(layout: GenerationLayout, names?: HomeNames): BoardTargets {
  const found: BoardTargets = { targets: [], nameless: [] };
  const taken = new Set<ContractKey>();
  const add = ({ key, exchange, token, atHome }: Named, mode: FeedMode): void => {
    const slot = layout.slotByKey.get(key);
    if (slot === undefined || taken.has(key)) return;
    taken.add(key);
    if (atHome) found.targets.push({ key, token: atHome, mode, slot, exchange });
    else found.nameless.push({ key, token, mode });
  };
  for (const { exchange, symbol, token } of layout.underlyings) {
    const key = underlyingKey({ exchange, symbol });
    add({ key, exchange, token, atHome: names ? names.tokenOf(key) : token }, 'quote');
  }
  const named = (broker: string, key: ContractKey, token: InstrumentToken): Named['atHome'] =>
    !names || names.home === broker ? token : names.tokenOf(key);
  for (const { key, exchange, token, broker } of layout.held) {
    add({ key, exchange, token, atHome: named(broker, key, token) }, 'full');
  }
  for (const { skeleton: { broker, exchange, strikes }, legKeys } of layout.chains) {
    strikes.forEach(({ CE, PE }, index) => {
      [CE, PE].forEach(({ token }, leg) => {
        const key = legKeys[2 * index + leg] ?? '';
        add({ key, exchange, token, atHome: named(broker, key, token) }, 'full');
      });
    });
  }
  return found;
}
