import type { OrderRules } from '../../orders/order-desk';

/** Lots of derivatives in one order, and shares, as the instrument file says. */
const lotsMost = 54;
const sharesMost = 100_000;

export const upstoxOrderRules: OrderRules = {
  quantityMost: ({ kind, lot }) => (kind === 'cash' ? sharesMost : lot * lotsMost),
  modificationsMost: Infinity,
};
