import type { Market } from '../market/market';
import type { Contract } from '../market/contract';
import type { OrderDraft, OrderTerms, Refusal, RefusalCode } from './order';

const quantityMost = 10_000_000;
const paiseMost = 1_000_000_000;

/** What the broker itself refuses at once. */
export function inputRefusal(
  draft: Pick<OrderDraft, 'contract' | 'product' | 'side'> & OrderTerms,
  market: Market,
): Refusal | undefined {
  const { contract, product, quantity } = draft;
  if (contract.kind === 'index') return refusal('untradable', 'an index is not traded');
  const isDerivative = contract.kind !== 'cash';
  if (isDerivative && product === 'delivery') return refusal('product', 'derivatives have margin');
  if (contract.expiry !== undefined && contract.expiry < market.today()) {
    return refusal('expired', `it has expired on ${contract.expiry}`);
  }
  if (!Number.isInteger(quantity) || quantity <= 0 || quantity > quantityMost) {
    return refusal('quantity', `quantity was ${quantity}, needs to be a whole number above 0`);
  }
  if (quantity % contract.lot !== 0) {
    return refusal('lot', `quantity was ${quantity}, needs to be a multiple of ${contract.lot}`);
  }
  const wrong = priceRefusal(draft);
  if (wrong) return wrong;
  return market.isOpen(contract.board) ? undefined : refusal('closed', 'the market is closed');
}

/** Prices that an order's type needs, and what they are to each other. */
export function priceRefusal(
  { type, side, pricePaise, triggerPaise }: Pick<OrderDraft, 'side'> & OrderTerms,
): Refusal | undefined {
  const isPrice = (paise: number): boolean => paise > 0 && paise <= paiseMost;
  const isLimit = type === 'LIMIT' || type === 'SL';
  if (isLimit && !isPrice(pricePaise)) {
    return refusal('price', `price was ${pricePaise / 100}, needs to be above 0`);
  }
  if (type !== 'SL' && type !== 'SL-M') return undefined;
  if (!isPrice(triggerPaise)) {
    return refusal('trigger', `trigger was ${triggerPaise / 100}, needs to be above 0`);
  }
  const isBeyond = side === 'BUY' ? triggerPaise > pricePaise : triggerPaise < pricePaise;
  return isLimit && isBeyond
    ? refusal('trigger', `trigger was ${triggerPaise / 100}, beyond the price ${pricePaise / 100}`)
    : undefined;
}

/** What the exchange rejects when the order gets there. */
export function exchangeRefusal(
  contract: Contract,
  { quantity, pricePaise, triggerPaise }: OrderTerms,
  quantityMostOfOrder: number,
): Refusal | undefined {
  const { tickPaise } = contract;
  for (const paise of [pricePaise, triggerPaise]) {
    // Prices come as rupees with fractions: what is not a whole number of paise is off the tick.
    if (Math.abs(paise / tickPaise - Math.round(paise / tickPaise)) > 1e-6) {
      return refusal('tick', `price was ${paise / 100}, needs to be on ${tickPaise / 100}`);
    }
  }
  return quantity > quantityMostOfOrder
    ? refusal('freeze', `quantity was ${quantity}, at most ${quantityMostOfOrder} in one order`)
    : undefined;
}

export function refusal(code: RefusalCode, detail: string): Refusal {
  return { code, detail };
}
