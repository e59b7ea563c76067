import type { Market } from '../../market/market';
import type { Board } from '../../market/trading-time';
import type { marketStates } from './feed-encoder';

const boardOf: Readonly<Record<string, Board>> = {
  NSE_EQ: 'cash', NSE_INDEX: 'cash', BSE_EQ: 'cash', BSE_INDEX: 'cash',
  NSE_FO: 'derivatives', BSE_FO: 'derivatives', MCX_FO: 'commodities', MCX_INDEX: 'commodities',
};

/** Which segments trade now. */
export function segmentStates(market: Market): Record<string, keyof typeof marketStates> {
  return Object.fromEntries(Object.entries(boardOf).map(([segment, board]) =>
    [segment, market.isOpen(board) ? 'NORMAL_OPEN' : 'NORMAL_CLOSE'] as const));
}
