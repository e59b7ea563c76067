import type { InstrumentInfo } from '@strikewire/broker';
import {
  isIsoDate,
  parseOptionKey,
  type ContractKey,
  type Exchange,
  type OptionType,
  type UnderlyingRef,
} from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import { inUnits } from '../core/commodity-lots';
import type { ChainSlots } from '../core/generation-layout';
import type { Skeleton } from '../core/skeleton';
import type { ContractFacts } from './contract-reading';

/** The tick of derivatives, unless a master says another one. */
const usualTickPaise = 5;

/** What a key says by itself. */
export interface KeyedContract extends UnderlyingRef {
  expiry: string;
  kind: ContractFacts['kind'];
  strikePaise: number;
}

/** Undefined for what is no key of a contract: an underlying's, or none at all. */
export function contractOf(key: ContractKey): KeyedContract | undefined {
  const [exchange = '', symbol = '', expiry = '', last, ...rest] = key.split(':');
  if (last === 'FUT' && rest.length === 0 && isIsoDate(expiry)) {
    return { exchange: exchange as Exchange, symbol, expiry, kind: 'FUT', strikePaise: 0 };
  }
  try {
    const { type, ...ref } = parseOptionKey(key);
    return { ...ref, kind: type };
  } catch (error) {
    if (error instanceof StrikewireError) return undefined;
    throw error;
  }
}

/** Of a chain's leg, by its row; undefined for a commodity whose lot is not known. */
export function legFacts(
  { skeleton, legKeys }: Pick<ChainSlots, 'skeleton' | 'legKeys'>,
  row: number,
  underlyingKind: ContractFacts['underlyingKind'],
): ContractFacts | undefined {
  const strike = skeleton.strikes[row >> 1];
  const key = legKeys[row];
  const sizes = sizesOf(skeleton);
  if (!strike || key === undefined || !sizes) return undefined;
  const kind: OptionType = row % 2 === 0 ? 'CE' : 'PE';
  const { exchange, symbol, expiry } = skeleton;
  return {
    key,
    exchange,
    underlying: symbol,
    underlyingKind,
    expiry,
    kind,
    strikePaise: strike.strikePaise,
    symbol: strike[kind].symbol,
    ...sizes,
  };
}

/**
 * Of a contract that is in no chain: by its own row of the master, else by a chain of the same
 * underlying, whose lot is the same. Undefined when neither is known: nothing is guessed.
 */
export function heldFacts(
  key: ContractKey,
  known: {
    underlyingKind: ContractFacts['underlyingKind'];
    info: InstrumentInfo | undefined;
    alike: Skeleton | undefined;
  },
): ContractFacts | undefined {
  const contract = contractOf(key);
  const { underlyingKind, info, alike } = known;
  const sizes = info ?? (alike && sizesOf(alike));
  if (!contract || !sizes?.lotSize) return undefined;
  const { exchange, symbol: underlying, expiry, kind, strikePaise } = contract;
  const units = inUnits(contract, sizes);
  if (!units) return undefined;
  const { lotSize, freezeQuantity } = units;
  return {
    key,
    exchange,
    underlying,
    underlyingKind,
    expiry,
    kind,
    strikePaise,
    symbol: info?.symbol ?? key,
    lotSize,
    tickPaise: sizes.tickPaise || usualTickPaise,
    freezeQuantity,
  };
}

/** What was stored before ticks and freezes were kept has the usual tick, and no freeze. */
function sizesOf(
  skeleton: Skeleton,
): Pick<ContractFacts, 'lotSize' | 'tickPaise' | 'freezeQuantity'> | undefined {
  const { lotSize, tickPaise, freezeQuantity = null } = skeleton;
  const units = inUnits(skeleton, { lotSize, freezeQuantity });
  return units && { ...units, tickPaise: tickPaise || usualTickPaise };
}
