import { depthFields, depthLevels, type Contract, type Life, type Place } from './contract';
import type { FutureListing } from './futures';
import { typeAt, type Chain } from './listing';
import { chance, mix, textNumber } from './noise';
import { boardOf } from './places';
import type { Underlying } from './underlying';

/** Standard deviations from the spot beyond which nobody trades. */
const aliveDeviations = 6.5;
/** Trading thins out from the nearest expiry to later ones; the last number holds for the rest. */
const expiryLiquidity = [1, 0.55, 0.3, 0.2, 0.12, 0.07, 0.04] as const;

/** An index or a cash share. */
export function bornCash(underlying: Underlying, seed: number): Contract {
  const isIndex = underlying.kind === 'index';
  return born({
    place: isIndex ? 'INDEX' : 'NSE_CASH',
    id: underlying.id,
    kind: isIndex ? 'index' : 'cash',
    board: 'cash',
    underlying,
    lot: 1,
    tickPaise: !isIndex && underlying.spot > 250 ? 10 : 5,
    liquidity: Math.sqrt(underlying.liquidity),
  }, seed);
}

export function bornFuture(listing: FutureListing, seed: number): Contract {
  const { underlying, expiry, expiryMs, place, id } = listing;
  return born({
    place, id, kind: 'future', board: boardOf(underlying),
    underlying, expiry, expiryMs, forwardMs: expiryMs, lot: underlying.lot,
    tickPaise: underlying.ticks?.futurePaise ?? 10, liquidity: underlying.liquidity * 0.8,
  }, seed);
}

export function bornOption(chain: Chain, position: number, seed: number): Contract {
  const { underlying, expiry, expiryMs, forwardMs, place, rank } = chain;
  const strikePaise = chain.strikesPaise[position >> 1] ?? 0;
  const type = typeAt(position);
  const deviations = deviationsOf(chain, strikePaise, type === 'CE');
  const byExpiry = expiryLiquidity[Math.min(rank, expiryLiquidity.length - 1)] ?? 0;
  const liquidity = underlying.liquidity * byExpiry * Math.exp(-0.12 * deviations * deviations);
  const noise = noiseOf(place, chain.firstId + position, seed);
  return born({
    place, id: chain.firstId + position, kind: 'option', board: boardOf(underlying),
    underlying, expiry, expiryMs, forwardMs, strikePaise, type, lot: underlying.lot,
    tickPaise: underlying.ticks?.optionPaise ?? 5, liquidity,
    life: lifeOf(chain, deviations, noise),
  }, seed);
}

/** How far a strike is, in standard deviations to expiry; in-the-money ones count as farther. */
function deviationsOf(chain: Chain, strikePaise: number, isCall: boolean): number {
  const { underlying, daysListed } = chain;
  const distance = Math.log(strikePaise / (underlying.spot * 100));
  const spread = underlying.vol * Math.sqrt((daysListed + 1) / 365);
  const isInTheMoney = distance < 0 === isCall;
  return (Math.abs(distance) / spread) * (isInTheMoney ? 1.3 : 1);
}

function lifeOf(chain: Chain, deviations: number, noise: number): Life {
  const isNear = chain.daysListed < 100;
  const thin = isNear ? 0 : 0.5;
  const reach = aliveDeviations * (chain.underlying.kind === 'index' ? 1 : 0.6);
  const edge = (deviations / reach) * (0.8 + 0.4 * chance(noise, 1));
  const roll = chance(noise, 2);
  if (edge > 1) return roll < 0.02 ? 'bookOnly' : 'dead';
  if (edge > 0.15 && roll < thin) return 'dead';
  if (edge > 0.6 && chance(noise, 3) < 0.15) return 'untraded';
  return 'live';
}

function noiseOf(place: Place, id: number, seed: number): number {
  const number = (placeNumbers[place] ??= textNumber(place));
  return mix(seed, mix(number, id), 7);
}

const placeNumbers: Partial<Record<Place, number>> = {};

type Told = 'place' | 'id' | 'kind' | 'board' | 'underlying' | 'lot' | 'tickPaise' | 'liquidity';
type MayBeTold = 'expiry' | 'expiryMs' | 'forwardMs' | 'strikePaise' | 'type' | 'life';
type Given = Pick<Contract, Told> & Partial<Pick<Contract, MayBeTold>>;

/** Every field is written out: an object put together from others is slow to make and to use. */
function born(given: Given, seed: number): Contract {
  const { place, id, kind, board, underlying, lot, tickPaise, liquidity, life = 'live' } = given;
  return {
    place, id, kind, board, underlying, lot, tickPaise, liquidity, life,
    expiry: given.expiry,
    expiryMs: given.expiryMs ?? 0,
    forwardMs: given.forwardMs ?? 0,
    strikePaise: given.strikePaise ?? 0,
    type: given.type,
    noise: noiseOf(place, id, seed),
    watchers: 0,
    day: '',
    bookMs: 0,
    ltpPaise: 0, lastQuantity: 0, tradeMs: 0, volume: 0, previousVolume: 0, averagePaise: 0,
    oi: 0, oiHigh: 0, oiLow: 0, previousOi: 0,
    openPaise: 0, highPaise: 0, lowPaise: 0, closePaise: 0, buyQuantity: 0, sellQuantity: 0,
    depth: life === 'dead' ? noDepth : new Int32Array(depthLevels * depthFields),
  };
}

/** Contracts that nobody trades share their empty depth; it is never written to. */
const noDepth = new Int32Array(depthLevels * depthFields);
