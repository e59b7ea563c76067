import { tokenKey, type OrderProduct, type OrderRequest } from '@strikewire/broker';
import { indiaDateOf, type ContractKey } from '@strikewire/contracts';
import type { TradingHoursCalendar } from '@strikewire/trading-hours';
import { isAmount } from './book';
import { sliceCap } from './slicing';
import { tickDown, tickUp } from './tick';

/** What is known of the contract that an order is for. */
export interface OrderContract {
  key: ContractKey;
  lotSize: number;
  tickPaise: number;
  /** Null: the broker does not tell. */
  freezeQuantity: number | null;
  /** ISO date of the last trading day, in India; null: it does not expire. */
  expiry: string | null;
  products: readonly OrderProduct[];
  /** The calendar's class of it, if that has hours of its own. */
  instrumentClass?: string;
  lowerCircuitPaise: number | null;
  upperCircuitPaise: number | null;
}

/** What a calendar has to answer here. */
export type SessionCheck = Pick<
  TradingHoursCalendar,
  'name' | 'fromMs' | 'toMs' | 'phaseAt' | 'nextOpen'
>;

/** What an order is checked against. Null: not known, and then not held against the order. */
export interface OrderCheckContext {
  /** Null: nobody knows this contract; this is held against it. */
  contract: OrderContract | null;
  calendar: SessionCheck;
  nowMs: number;
  /** What the order needs and what is free, in paise. */
  neededPaise: number | null;
  availablePaise: number | null;
  limits?: OrderSizeLimits;
}

/** Numbers above these are slips of the hand. */
export interface OrderSizeLimits {
  quantityMax: number;
  pricePaiseMax: number;
}

/** A million units, and ten lakh rupees for one. */
export const orderSizeLimits: OrderSizeLimits = {
  quantityMax: 1_000_000,
  pricePaiseMax: 100_000_000,
};

/** What may be wrong with an order, the first to mend first. */
export const orderProblemCodes = [
  'quantity_malformed',
  'price_malformed',
  'trigger_malformed',
  'quantity_absurd',
  'price_absurd',
  'contract_unknown',
  'contract_expired',
  'product_not_allowed',
  'session_unknown',
  'market_closed',
  'price_missing',
  'trigger_missing',
  'price_unwanted',
  'trigger_unwanted',
  'lot_multiple',
  'freeze_quantity',
  'price_tick',
  'trigger_tick',
  'price_circuit',
  'trigger_circuit',
  'trigger_beyond_limit',
  'funds_unknown',
  'funds_short',
] as const;

/** One of the things that may be wrong. */
export type OrderProblemCode = (typeof orderProblemCodes)[number];

/** What was found and what is needed. */
export interface OrderProblem {
  code: OrderProblemCode;
  message: string;
}

type Found = OrderProblem | null | false;

/** All that is wrong with an order, in the order in which to mend it; none: it may be sent. */
export function checkOrder(order: OrderRequest, context: OrderCheckContext): OrderProblem[] {
  const { contract } = context;
  const found: Found[] = [
    ...checkNumbers(order, context.limits ?? orderSizeLimits),
    ...checkPricesForType(order),
    ...checkSession(context),
    ...checkFunds(context),
  ];
  if (contract === null) {
    found.push(problem('contract_unknown', `nothing is known of ${tokenKey(order.token)}`));
  } else {
    found.push(...checkContract(order, contract, context));
    found.push(...checkQuantity(order, contract), ...checkPrices(order, contract));
  }
  const all = found.filter((one): one is OrderProblem => Boolean(one));
  const place = ({ code }: OrderProblem): number => orderProblemCodes.indexOf(code);
  return all.sort((a, b) => place(a) - place(b));
}

function checkNumbers(order: OrderRequest, limits: OrderSizeLimits): Found[] {
  const { quantity, limitPaise, triggerPaise } = order;
  const { quantityMax, pricePaiseMax } = limits;
  const isAbsurd = (paise: number | null): boolean => paise !== null && paise > pricePaiseMax;
  const whole = 'needs a whole number above zero';
  return [
    !isAmount(quantity) &&
      problem('quantity_malformed', `quantity was ${quantity}, ${whole}`),
    isAmount(quantity) && quantity > quantityMax &&
      problem('quantity_absurd', `quantity was ${quantity}, needs ${quantityMax} or less`),
    limitPaise !== null && !isAmount(limitPaise) &&
      problem('price_malformed', `price was ${limitPaise} paise, ${whole}`),
    triggerPaise !== null && !isAmount(triggerPaise) &&
      problem('trigger_malformed', `trigger was ${triggerPaise} paise, ${whole}`),
    (isAbsurd(limitPaise) || isAbsurd(triggerPaise)) &&
      problem('price_absurd', `prices were ${rupees(limitPaise)} and trigger ` +
        `${rupees(triggerPaise)}, need ${rupees(pricePaiseMax)} or less`),
  ];
}

function checkPricesForType({ type, limitPaise, triggerPaise }: OrderRequest): Found[] {
  const needsLimit = type === 'LIMIT' || type === 'SL';
  const needsTrigger = type === 'SL' || type === 'SL-M';
  return [
    needsLimit && limitPaise === null &&
      problem('price_missing', `a ${type} order needs a price, there was none`),
    !needsLimit && limitPaise !== null &&
      problem('price_unwanted', `a ${type} order has no price, it was ${rupees(limitPaise)}`),
    needsTrigger && triggerPaise === null &&
      problem('trigger_missing', `a ${type} order needs a trigger, there was none`),
    !needsTrigger && triggerPaise !== null &&
      problem('trigger_unwanted',
        `a ${type} order has no trigger, it was ${rupees(triggerPaise)}`),
  ];
}

function checkContract(
  order: OrderRequest,
  contract: OrderContract,
  context: OrderCheckContext,
): Found[] {
  const { key, expiry, products } = contract;
  const today = isKnownDate(context) ? indiaDateOf(context.nowMs) : null;
  return [
    expiry !== null && today !== null && expiry < today &&
      problem('contract_expired', `${key} expired on ${expiry}, today is ${today}`),
    !products.includes(order.product) &&
      problem('product_not_allowed',
        `product was ${order.product}, ${key} takes ${products.join(', ') || 'none'}`),
  ];
}

function isKnownDate({ calendar, nowMs }: OrderCheckContext): boolean {
  return nowMs >= calendar.fromMs && nowMs < calendar.toMs;
}

function checkSession(context: OrderCheckContext): Found[] {
  const { calendar, nowMs, contract } = context;
  if (!isKnownDate(context)) {
    return [problem('session_unknown', `${calendar.name} does not know this date`)];
  }
  const { instrumentClass } = contract ?? {};
  const query = instrumentClass === undefined ? undefined : { instrumentClass };
  const { phase, isTradable } = calendar.phaseAt(nowMs, query);
  if (isTradable) return [];
  const nextMs = calendar.nextOpen(nowMs, query);
  const next = nextMs === undefined ? 'not known' : new Date(nextMs).toISOString();
  return [problem('market_closed', `${calendar.name} is in ${phase}, it opens next: ${next}`)];
}

function checkQuantity({ quantity }: OrderRequest, contract: OrderContract): Found[] {
  if (!isAmount(quantity)) return [];
  const { lotSize } = contract;
  const most = sliceCap(contract);
  return [
    quantity % lotSize !== 0 &&
      problem('lot_multiple', `quantity was ${quantity}, needs a multiple of ${lotSize}`),
    quantity > most &&
      problem('freeze_quantity',
        `quantity was ${quantity}, one order may have ${most} (${most / lotSize} lots)`),
  ];
}

function checkPrices(order: OrderRequest, contract: OrderContract): Found[] {
  const { side, limitPaise, triggerPaise } = order;
  const both = isPrice(limitPaise) && isPrice(triggerPaise);
  const isBeyond = both && (side === 'BUY' ? triggerPaise > limitPaise : triggerPaise < limitPaise);
  return [
    ...checkPrice('price', limitPaise, contract),
    ...checkPrice('trigger', triggerPaise, contract),
    isBeyond &&
      problem('trigger_beyond_limit', `a ${side} stop needs its trigger ` +
        `${side === 'BUY' ? 'at or below' : 'at or above'} its price: trigger was ` +
        `${rupees(triggerPaise)}, price ${rupees(limitPaise)}`),
  ];
}

function checkPrice(
  name: 'price' | 'trigger',
  paise: number | null,
  { tickPaise, lowerCircuitPaise, upperCircuitPaise }: OrderContract,
): Found[] {
  if (!isPrice(paise)) return [];
  const lower = lowerCircuitPaise ?? 0;
  const upper = upperCircuitPaise ?? Infinity;
  const near = `${rupees(tickDown(paise, tickPaise))} or ${rupees(tickUp(paise, tickPaise))}`;
  const range = `${rupees(lowerCircuitPaise)} to ${rupees(upperCircuitPaise)}`;
  return [
    paise % tickPaise !== 0 &&
      problem(`${name}_tick`,
        `${name} was ${rupees(paise)}, needs steps of ${rupees(tickPaise)}: ${near}`),
    (paise < lower || paise > upper) &&
      problem(`${name}_circuit`, `${name} was ${rupees(paise)}, today's range is ${range}`),
  ];
}

/** Null is not told: that is no reason. A number that is none is a mistake, and is one. */
function checkFunds({ neededPaise, availablePaise }: OrderCheckContext): Found[] {
  if (neededPaise === null || availablePaise === null) return [];
  if (!Number.isFinite(neededPaise) || !Number.isFinite(availablePaise)) {
    const found = `needed was ${neededPaise} and free ${availablePaise} paise`;
    return [problem('funds_unknown', `${found}, both need to be numbers`)];
  }
  if (neededPaise <= availablePaise) return [];
  const short = rupees(neededPaise - availablePaise);
  const found = `${rupees(neededPaise)} are needed, ${rupees(availablePaise)} are free`;
  return [problem('funds_short', `${found}: ${short} short`)];
}

function isPrice(paise: number | null): paise is number {
  return paise !== null && isAmount(paise);
}

function rupees(paise: number | null): string {
  return paise === null ? 'none' : `₹${(paise / 100).toFixed(2)}`;
}

function problem(code: OrderProblemCode, message: string): OrderProblem {
  return { code, message };
}
