import {
  tokenKey,
  type InstrumentTable,
  type InstrumentToken,
  type ListedUnderlying,
  type MarketDataPort,
} from '@strikewire/broker';
import { noAccount, type DataAccount } from '@strikewire/broker/engine';
import { underlyingKey, type ContractKey, type UnderlyingRef } from '@strikewire/contracts';
import { errorKindOf, StrikewireError } from '@strikewire/runtime';

/** What is asked of one account for all: not lists and chains, which are shared out by plan. */
export interface CommonMarketData {
  /** What a broker, by its plugin's id, lists options on. */
  underlyings(broker: string): Promise<ListedUnderlying[]>;
  /** Options of these underlyings from a broker's instrument master. */
  instruments(broker: string, wanted: readonly UnderlyingRef[]): Promise<InstrumentTable>;
  /** What a broker calls these contracts; what it does not have is absent. */
  resolve(
    broker: string,
    keys: readonly ContractKey[],
  ): Promise<ReadonlyMap<ContractKey, InstrumentToken>>;
  /** Last prices of underlyings in paise by their keys, each from the first broker that has it. */
  spotPrices(underlyings: readonly UnderlyingRef[]): Promise<ReadonlyMap<string, number>>;
}

/** Whom it is asked of. */
export interface CurrentMarketDataDeps {
  /** All accounts that may be asked, in order. */
  accounts(): readonly DataAccount[];
  /** Who is asked first for prices, by id. */
  askedFirst(): readonly string[];
  /** What a broker calls an underlying; undefined when that is not known. */
  nameAt(broker: string, underlying: UnderlyingRef): ListedUnderlying | undefined;
}

/** Refusals that another account may not share. */
const ownRefusals = new Set(['unauthenticated', 'fatal', 'throttled']);

/**
 * The first account in order that does not refuse; `fatal`, code `no_account`, while there is
 * none, so that nobody asks on and on.
 */
export function currentMarketData(deps: CurrentMarketDataDeps): CommonMarketData {
  const of = (broker: string): DataAccount[] =>
    deps.accounts().filter((one) => one.broker === broker);
  return {
    underlyings: (broker) => ask(of(broker), (port) => port.underlyings()),
    instruments: (broker, wanted) => ask(of(broker), (port) => port.instruments(wanted)),
    resolve: (broker, keys) => ask(of(broker), (port) => port.resolve(keys)),
    spotPrices: (underlyings) => spotPrices(deps, underlyings),
  };
}

async function ask<T>(
  accounts: readonly DataAccount[],
  call: (port: MarketDataPort) => Promise<T>,
): Promise<T> {
  let refusal = withoutAccount();
  for (const { instance } of accounts) {
    try {
      return await call(instance.marketData);
    } catch (error) {
      refusal = error;
      if (!ownRefusals.has(errorKindOf(error) ?? '')) break;
    }
  }
  throw refusal;
}

/**
 * Of one broker after the other, each for what is still missing; rejects with what the first one
 * said when none has answered.
 */
async function spotPrices(
  { accounts, askedFirst, nameAt }: CurrentMarketDataDeps,
  underlyings: readonly UnderlyingRef[],
): Promise<ReadonlyMap<string, number>> {
  const all = accounts();
  const first = askedFirst().flatMap((id) => all.filter((one) => one.id === id));
  const ordered = [...new Set([...first, ...all])];
  const prices = new Map<string, number>();
  let refusal: unknown;
  let hasAnswer = false;
  for (const broker of new Set(ordered.map((one) => one.broker))) {
    const missing = underlyings.filter((one) => !prices.has(underlyingKey(one)));
    const named = missing.flatMap((one) => nameAt(broker, one) ?? []);
    if (named.length === 0) continue;
    try {
      const quoted = await quotedOf(ordered.filter((one) => one.broker === broker), named);
      for (const [key, paise] of quoted) prices.set(key, paise);
      hasAnswer = true;
    } catch (error) {
      refusal ??= error;
    }
  }
  if (!hasAnswer) throw refusal ?? withoutAccount();
  return prices;
}

/** Of accounts of one broker, by its names; what has no price is left out. */
async function quotedOf(
  accounts: readonly DataAccount[],
  named: readonly ListedUnderlying[],
): Promise<[key: string, paise: number][]> {
  const prices = await ask(accounts, (port) => port.lastPrices(named.map(({ spot }) => spot)));
  return named.flatMap((one) => {
    const paise = prices.get(tokenKey(one.spot));
    return paise === undefined ? [] : [[underlyingKey(one), paise]];
  });
}

function withoutAccount(): unknown {
  return new StrikewireError({ kind: 'fatal', code: 'no_account', message: noAccount });
}
