import type { OrderRules } from '../../orders/order-desk';

/** Lots of derivatives in one order, as its symbols say; shares without a rule of theirs. */
const lotsMost = 27;
const sharesMost = 100_000;

export const openalgoOrderRules: OrderRules = {
  quantityMost: ({ kind, lot }) => (kind === 'cash' ? sharesMost : lot * lotsMost),
  modificationsMost: Infinity,
};
