import type { Contract } from '../market/contract';
import type { Market } from '../market/market';
import { signOf, type Product, type Trade } from './order';

/** What is held, or was today, of one contract and product. Values are price × quantity. */
export interface Position {
  contract: Contract;
  product: Product;
  /** Below zero: short. */
  net: number;
  /** Of the open side; 0 when there is none. */
  averagePaise: number;
  realisedPaise: number;
  unrealisedPaise: number;
  dayBuyQuantity: number;
  dayBuyPaise: number;
  daySellQuantity: number;
  daySellPaise: number;
  /** Held over night, below zero: short; and its value, never below zero. */
  carried: number;
  carriedPaise: number;
}

/** Folds trades, oldest first, into positions; contracts that are over have none. */
export function positionsOf(trades: readonly Trade[], market: Market): Position[] {
  const today = market.today();
  const positions = new Map<string, Position>();
  for (const trade of trades) {
    const { contract, product } = trade.order;
    if (contract.expiry !== undefined && contract.expiry < today) continue;
    const key = `${contract.place} ${contract.id} ${product}`;
    let position = positions.get(key);
    if (!position) positions.set(key, (position = emptyPosition(contract, product)));
    add(position, trade, trade.day === today);
  }
  const held = [...positions.values()].filter((one) => one.net !== 0 || isOfToday(one));
  for (const one of held) {
    one.unrealisedPaise = one.net * (currentPaise(market, one.contract) - one.averagePaise);
  }
  return held;
}

/** What trades have brought and cost: futures as gains and losses, all else as prices. */
export function cashOf(trades: readonly Trade[], market: Market): number {
  const today = market.today();
  let paise = 0;
  for (const { order: { contract, side }, quantity, pricePaise } of trades) {
    const signed = signOf(side) * quantity;
    paise -= signed * pricePaise;
    const isOver = contract.expiry !== undefined && contract.expiry < today;
    if (isOver) paise += signed * settlementPaise(market, contract);
    else if (contract.kind === 'future') paise += signed * currentPaise(market, contract);
  }
  return Math.round(paise);
}

/** The last price, or the middle of what is offered and asked where there was none. */
export function currentPaise(market: Market, contract: Contract): number {
  const { ltpPaise, depth } = market.look(contract.place, contract.id) ?? contract;
  const [bid = 0, ask = 0] = [depth[4], depth[5]];
  return ltpPaise || (bid && ask ? (bid + ask) / 2 : bid || ask);
}

/** What a contract that is over was worth, by what its underlying costs now. */
function settlementPaise(market: Market, { underlying, type, strikePaise }: Contract): number {
  const spot = market.lookSpot(underlying).ltpPaise;
  if (type === undefined) return spot;
  return Math.max(0, type === 'CE' ? spot - strikePaise : strikePaise - spot);
}

function isOfToday({ dayBuyQuantity, daySellQuantity }: Position): boolean {
  return dayBuyQuantity + daySellQuantity > 0;
}

function emptyPosition(contract: Contract, product: Product): Position {
  return {
    contract, product, net: 0, averagePaise: 0, realisedPaise: 0, unrealisedPaise: 0,
    dayBuyQuantity: 0, dayBuyPaise: 0, daySellQuantity: 0, daySellPaise: 0,
    carried: 0, carriedPaise: 0,
  };
}

function add(position: Position, trade: Trade, isToday: boolean): void {
  const { quantity, pricePaise, order: { side } } = trade;
  const signed = signOf(side) * quantity;
  const { net, averagePaise } = position;
  const closing = net * signed < 0 ? Math.min(Math.abs(net), quantity) : 0;
  if (isToday) position.realisedPaise += closing * (pricePaise - averagePaise) * Math.sign(net);
  position.net = net + signed;
  if (position.net === 0) position.averagePaise = 0;
  else if (closing === quantity) position.averagePaise = averagePaise;
  else if (closing > 0) position.averagePaise = pricePaise;
  else {
    const size = Math.abs(net);
    position.averagePaise = (size * averagePaise + quantity * pricePaise) / (size + quantity);
  }
  if (!isToday) {
    position.carried = position.net;
    position.carriedPaise = Math.abs(position.net) * position.averagePaise;
  } else if (side === 'BUY') {
    position.dayBuyQuantity += quantity;
    position.dayBuyPaise += quantity * pricePaise;
  } else {
    position.daySellQuantity += quantity;
    position.daySellPaise += quantity * pricePaise;
  }
}
