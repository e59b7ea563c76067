import type { OrderType, OrderView, Product } from '../../orders/order';

export const priceTypes: readonly OrderType[] = ['MARKET', 'LIMIT', 'SL', 'SL-M'];
export const products: Readonly<Record<string, Product>> = {
  MIS: 'intraday', NRML: 'carry', CNC: 'delivery',
};

export function productWord(product: Product): string {
  return { intraday: 'MIS', carry: 'NRML', delivery: 'CNC' }[product];
}

/** What is on its way is open already, and what has expired was cancelled. */
export function statusWord({ state }: OrderView): string {
  switch (state) {
    case 'transit':
      return 'open';
    case 'waiting':
      return 'trigger pending';
    case 'filled':
      return 'complete';
    case 'expired':
      return 'cancelled';
    default:
      return state;
  }
}
