import type { InstrumentToken, ListedUnderlying } from '@strikewire/broker';
import { createRateBudget } from '@strikewire/broker/engine';
import { optionKey, paiseOf, underlyingKey, type ContractKey } from '@strikewire/contracts';
import { createSeededRandom, silentLog } from '@strikewire/runtime';
import type { FaceName, Simulator } from '@strikewire/simulator';
import { credentials, endpoints, openWorld, plugins, symbols, type World } from './failover-world';

const strikesEach = 10;
/** How many contracts a run has: of each underlying its spot, and a call and a put of a strike. */
export const contractCount = symbols.length * (2 * strikesEach + 1);

/** What a broker calls the contracts of a run, and what it lists. */
export interface BrokerNames {
  tokens: ReadonlyMap<ContractKey, InstrumentToken>;
  listed: readonly ListedUnderlying[];
}

/** The contracts of a run, in their order, and their names. */
export interface KnownNames {
  keys: readonly ContractKey[];
  of: Readonly<Record<FaceName, BrokerNames>>;
}

let known: Promise<KnownNames> | undefined;

/**
 * They are the same in every run: read once, in a world of their own, so that it makes no
 * difference to a run whether others were before it.
 */
export function knownNames(): Promise<KnownNames> {
  return (known ??= readNames());
}

async function readNames(): Promise<KnownNames> {
  const world = openWorld();
  const keys = contractKeys(world.simulator);
  // Ids are given by now: lists of what no run has need not be written and read.
  const { market, truth } = world.simulator;
  for (const { symbol, expiries } of truth.underlyings()) {
    market.overrideExpiries(symbol, expiries.slice(0, 1));
  }
  const of = {
    dhan: await learn(world, 'dhan', keys),
    upstox: await learn(world, 'upstox', keys),
    openalgo: await learn(world, 'openalgo', keys),
  };
  world.simulator.stop();
  return { keys, of };
}

/** The underlyings, and of each a few strikes of the nearest expiry around the middle. */
function contractKeys({ truth }: Simulator): ContractKey[] {
  const exchange = 'NSE' as const;
  return symbols.flatMap((symbol) => {
    const expiry = truth.underlyings().find((one) => one.symbol === symbol)?.expiries[0] ?? '';
    const chain = truth.chain(symbol, expiry);
    const strikes = chain?.strikes ?? [];
    const middle = strikes.findIndex(({ strike }) => strike >= (chain?.spot.ltp ?? 0));
    const near = strikes.slice(middle - strikesEach / 2, middle + strikesEach / 2);
    return [
      underlyingKey({ exchange, symbol }),
      ...near.flatMap(({ strike }) => (['CE', 'PE'] as const).map((type) =>
        optionKey({ exchange, symbol, expiry, strikePaise: paiseOf(strike), type }))),
    ];
  });
}

async function learn(
  { clock, network }: World,
  face: FaceName,
  keys: readonly ContractKey[],
): Promise<BrokerNames> {
  const until = async <T>(asked: Promise<T>): Promise<T> => {
    let isDone = false;
    const done = asked.finally(() => (isDone = true));
    done.catch(() => undefined);
    while (!isDone) await clock.advance(10);
    return done;
  };
  const name = face === 'dhan' ? 'dhan 1' : face;
  const config = { credentials: credentials[name], endpoints: endpoints[face] } as never;
  const { marketData } = plugins[face].create(config, {
    clock, random: createSeededRandom(1), http: network.http, log: silentLog,
    gate: createRateBudget(clock, plugins[face].limits.rest),
  });
  const listed = await until(marketData.underlyings());
  const tokens = new Map(await until(marketData.resolve(keys)));
  for (const one of listed) tokens.set(underlyingKey(one), one.spot);
  return { tokens, listed };
}
