import {
  futureKey,
  isIsoDate,
  optionKey,
  underlyingKey,
  type ContractKey,
  type Exchange,
  type OptionType,
} from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';

/** A future, a call or a put. */
export type MarginKind = 'FUT' | OptionType;

/** One line of a position set: what is held, or would be held, of one contract. */
export interface MarginPosition {
  /** Canonical; it has to agree with the fields below. */
  key: ContractKey;
  exchange: Exchange;
  /** Symbol of the underlying: `NIFTY`. */
  underlying: string;
  /** ISO date. */
  expiry: string;
  /** Epoch ms of the last moment of trading, from which time to expiry is counted. */
  expiryMs: number;
  kind: MarginKind;
  /** In paise; 0 for a future. */
  strikePaise: number;
  /** Units, not lots: bought positive, sold negative. */
  quantity: number;
  /** Price of the contract in paise a unit, as the market has it. */
  pricePaise: number;
  /** Volatility as a fraction a year, used when the price implies none; null: not known. */
  iv: number | null;
  /**
   * Of a commodity's option: what the future of its own month stands at, in paise. Null or left
   * out: the spot counts, which there is the nearest future.
   */
  forwardPaise?: number | null;
}

/** Bounds of what an estimate is made for; beyond them a number is a mistake. */
export const positionLimits = {
  /** Lines of one set. */
  linesMax: 500,
  /** Units of one line. */
  quantityMax: 1e9,
  /** Ten crore rupees a unit. */
  pricePaiseMax: 1e10,
  /** 1000 % a year. */
  ivMax: 10,
} as const;

/**
 * One line per contract, sorted by key, without those that add up to nothing.
 * @throws StrikewireError `invalid` for what no exchange could have.
 */
export function netPositions(positions: readonly MarginPosition[]): MarginPosition[] {
  const { linesMax } = positionLimits;
  if (positions.length > linesMax) {
    refuse('positions_too_many', `${positions.length} lines were given, at most ${linesMax} fit`);
  }
  const byKey = new Map<ContractKey, MarginPosition>();
  for (const position of positions) {
    checkPosition(position);
    const known = byKey.get(position.key);
    if (known && known.pricePaise !== position.pricePaise) {
      const found = `${known.pricePaise} and ${position.pricePaise} paise`;
      refuse('price_conflict', `${position.key} has the prices ${found}, needs one`);
    }
    const quantity = (known?.quantity ?? 0) + position.quantity;
    byKey.set(position.key, { ...position, quantity });
  }
  return [...byKey.values()]
    .filter((position) => position.quantity !== 0)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Which underlying a line belongs to: `NSE:NIFTY`. */
export function underlyingOf(position: MarginPosition): ContractKey {
  return underlyingKey({ exchange: position.exchange, symbol: position.underlying });
}

/** What an option is on, in paise: the future of its month where that is told, else the spot. */
export function levelPaiseOf({ forwardPaise }: MarginPosition, spotPaise: number): number {
  return forwardPaise ?? spotPaise;
}

/** Calls and puts. */
export function isOption(position: MarginPosition): boolean {
  return position.kind !== 'FUT';
}

function checkPosition(position: MarginPosition): void {
  const { key, quantity, pricePaise, iv } = position;
  const name = String(key).slice(0, 80);
  const { quantityMax, pricePaiseMax, ivMax } = positionLimits;
  if (!Number.isSafeInteger(quantity) || Math.abs(quantity) > quantityMax) {
    const needed = `whole units of at most ${quantityMax}`;
    refuse('quantity_invalid', `quantity of ${name} was ${quantity}, needs ${needed}`);
  }
  // Only an option may be worth nothing.
  const least = isOption(position) ? 0 : 1;
  if (!Number.isFinite(pricePaise) || pricePaise < least || pricePaise > pricePaiseMax) {
    const needed = `${least} to ${pricePaiseMax} paise`;
    refuse('price_invalid', `price of ${name} was ${pricePaise}, needs ${needed}`);
  }
  const forwardPaise = position.forwardPaise ?? 1;
  if (!(forwardPaise > 0 && forwardPaise <= pricePaiseMax)) {
    const needed = `more than 0 and up to ${pricePaiseMax} paise`;
    refuse('forward_invalid', `forward of ${name} was ${forwardPaise}, needs ${needed}`);
  }
  if (iv !== null && !(iv > 0 && iv <= ivMax)) {
    refuse('volatility_invalid', `volatility of ${name} was ${iv}, needs up to ${ivMax} or null`);
  }
  checkContract(position, name);
}

function checkContract(position: MarginPosition, name: string): void {
  const { strikePaise, expiry, expiryMs, key } = position;
  const { pricePaiseMax } = positionLimits;
  const isStrike = isOption(position)
    ? Number.isSafeInteger(strikePaise) && strikePaise > 0 && strikePaise <= pricePaiseMax
    : strikePaise === 0;
  if (!isStrike) {
    const needed = isOption(position) ? `1 to ${pricePaiseMax} whole paise` : '0 for a future';
    refuse('strike_invalid', `strike of ${name} was ${strikePaise}, needs ${needed}`);
  }
  if (!isIsoDate(expiry) || !Number.isFinite(expiryMs)) {
    const needed = 'a date YYYY-MM-DD and epoch ms';
    refuse('expiry_invalid', `expiry of ${name} was ${expiry} (${expiryMs}), needs ${needed}`);
  }
  const needed = keyOf(position);
  if (key !== needed) {
    refuse('contract_key_conflict', `key was ${name}, but its fields say ${needed}`);
  }
}

function keyOf(position: MarginPosition): ContractKey {
  const { exchange, underlying: symbol, expiry, kind, strikePaise } = position;
  if (kind === 'FUT') return futureKey({ exchange, symbol, expiry });
  return optionKey({ exchange, symbol, expiry, strikePaise, type: kind });
}

function refuse(code: string, message: string): never {
  throw new StrikewireError({ kind: 'invalid', code: `margin_${code}`, message });
}
