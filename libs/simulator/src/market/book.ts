import type { Random } from '@strikewire/runtime';
import { depthFields, depthLevels, type Contract } from './contract';

/** Draws a new two-sided book around the fair price (rupees); indices have none. */
export function drawBook(contract: Contract, fair: number, random: Random): void {
  if (contract.kind === 'index') return;
  const { depth, tickPaise, liquidity, lot } = contract;
  const fairPaise = fair * 100;
  const halfSpread = Math.max(tickPaise * 0.6, fairPaise * (0.0004 + 0.03 * (1 - liquidity) ** 6));
  const gap = tickPaise * (1 + Math.floor((1 - liquidity) ** 4 * fairPaise * 0.0005));
  const lean = (random.next() - 0.5) * halfSpread * 0.5;
  const bid = Math.floor((fairPaise + lean - halfSpread) / tickPaise) * tickPaise;
  const ask = Math.max(
    bid + tickPaise,
    tickPaise,
    Math.ceil((fairPaise + lean + halfSpread) / tickPaise) * tickPaise,
  );
  const lotsTypical = 1 + 30 * liquidity * (contract.kind === 'cash' ? 20 : 1);
  let buyQuantity = 0;
  let sellQuantity = 0;
  for (let level = 0; level < depthLevels; level++) {
    const at = level * depthFields;
    const bidPaise = bid - level * gap;
    const hasBid = bidPaise > 0;
    const bidQuantity = hasBid ? lot * Math.ceil(random.next() * lotsTypical * (1 + level)) : 0;
    const askQuantity = lot * Math.ceil(random.next() * lotsTypical * (1 + level));
    depth[at] = bidQuantity;
    depth[at + 1] = askQuantity;
    depth[at + 2] = hasBid ? ordersIn(bidQuantity, lot, random) : 0;
    depth[at + 3] = ordersIn(askQuantity, lot, random);
    depth[at + 4] = hasBid ? bidPaise : 0;
    depth[at + 5] = ask + level * gap;
    buyQuantity += bidQuantity;
    sellQuantity += askQuantity;
  }
  // Beyond the five levels shown there is more; how much is anybody's guess.
  contract.buyQuantity = buyQuantity * 9;
  contract.sellQuantity = sellQuantity * 9;
}

function ordersIn(quantity: number, lot: number, random: Random): number {
  return Math.min(65_535, 1 + Math.floor(random.next() * (quantity / lot) * 0.5));
}
