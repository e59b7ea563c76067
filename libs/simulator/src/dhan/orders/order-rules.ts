import type { OrderRules } from '../../orders/order-desk';

/** Lots of derivatives in one order, as the instrument file says; and shares, about which not. */
const lotsMost = 27;
const commodityLotsMost = 100;
const sharesMost = 100_000;

export const dhanOrderRules: OrderRules = {
  quantityMost({ kind, board, lot }) {
    if (kind === 'cash') return sharesMost;
    return lot * (board === 'commodities' ? commodityLotsMost : lotsMost);
  },
  modificationsMost: 25,
};
