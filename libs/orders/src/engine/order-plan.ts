import type { InstrumentToken, OrderRequest, OrderType } from '@strikewire/broker';
import { indiaDateOf, isIsoDate, paiseOf, type Exchange, type OrderTicket }
  from '@strikewire/contracts';
import type { ContractDesk, ContractFacts, ContractReading }
  from '@strikewire/option-chain/engine';
import { errorCodeOf, errorMessageOf, type Clock } from '@strikewire/runtime';
import type { TradingHoursCalendar } from '@strikewire/trading-hours';
import { touchOf, type Touch } from '../core/book';
import { checkOrder, type OrderContract } from '../core/order-checks';
import {
  futureProtection,
  optionProtection,
  protectPrice,
  type ProtectionSettings,
} from '../core/price-protection';
import { sliceQuantity } from '../core/slicing';
import { smartOrder, smartOrderSettings, type SmartOrderSettings } from '../core/smart-order';
import {
  bookOf,
  feasibilitySettings,
  whyInfeasible,
  type FeasibilitySettings,
} from './feasibility';
import type { OrderVenue } from './order-venue';

/** Hours of an exchange, as orders ask for them. */
export type OrderCalendar = Pick<
  TradingHoursCalendar,
  | 'name' | 'from' | 'to' | 'fromMs' | 'toMs'
  | 'phaseAt' | 'nextOpen' | 'nextClose' | 'sessionOn'
>;

/** Numbers that plans are made by. */
export interface PlanSettings {
  option: ProtectionSettings;
  future: ProtectionSettings;
  smart: SmartOrderSettings;
  feasibility: FeasibilitySettings;
}

/** As each of them says. */
export const planSettings: PlanSettings = {
  option: optionProtection,
  future: futureProtection,
  smart: smartOrderSettings,
  feasibility: feasibilitySettings,
};

/** What plans are made from. */
export interface PlanDeps {
  clock: Pick<Clock, 'wallMs'>;
  contracts: Pick<ContractDesk, 'find' | 'read'>;
  /** Undefined: nothing is known of its hours. */
  calendarOf(exchange: Exchange): OrderCalendar | undefined;
  settings: PlanSettings;
}

/** What is wrong with one leg; null: with all together. */
export interface LegProblem {
  leg: number | null;
  code: string;
  message: string;
}

/** One leg as it would be sent. */
export interface PlannedLeg {
  leg: number;
  ticket: OrderTicket;
  facts: ContractFacts | undefined;
  reading: ContractReading | undefined;
  token: InstrumentToken | undefined;
  type: OrderType;
  limitPaise: number | null;
  triggerPaise: number | null;
  /** Units of each order. */
  slices: number[];
  problems: LegProblem[];
}

interface Pricing {
  type: OrderType;
  limitPaise: number | null;
  triggerPaise: number | null;
  /** Why the market gives no price. */
  refused: { code: string; message: string } | null;
}

/**
 * A ticket as it would be sent, with all that is wrong with it. Orders at the market become limits
 * that are protected; quantities are cut below the freeze quantity. `closes`: it only lowers a
 * risk, so a wide or thin market does not hold it back.
 */
export function planLeg(
  deps: PlanDeps,
  venue: Pick<OrderVenue, 'tokenOf' | 'label' | 'refuses'>,
  { ticket, leg, closes }: { ticket: OrderTicket; leg: number; closes: boolean },
): PlannedLeg {
  const facts = deps.contracts.find(ticket.contract);
  const reading = deps.contracts.read(ticket.contract);
  const token = facts && venue.tokenOf(facts.key);
  const at = (code: string, message: string): LegProblem => ({ leg, code, message });
  const planned: PlannedLeg = {
    leg, ticket, facts, reading, token,
    type: 'LIMIT', limitPaise: null, triggerPaise: null, slices: [ticket.quantity], problems: [],
  };
  const { problems } = planned;
  if (!facts) problems.push(unknownContract(deps, ticket.contract, leg));
  else if (!token) {
    problems.push(at('contract_unknown', `${venue.label} has no name for ${facts.key}`));
  }
  const refusal = facts && venue.refuses?.(facts);
  if (refusal) problems.push(at('contract_not_traded', refusal));
  const pricing = priceOf(deps, planned);
  Object.assign(planned, {
    type: pricing.type, limitPaise: pricing.limitPaise, triggerPaise: pricing.triggerPaise,
  });
  if (!facts || !token) return planned;
  const found = checkLeg(deps, planned, facts, pricing);
  problems.push(...found.map(({ code, message }) => at(code, message)));
  if (pricing.refused) problems.push(at(pricing.refused.code, pricing.refused.message));
  if (problems.length > 0) return planned;
  const takes = ticket.type === 'MARKET' || ticket.type === 'SMART';
  const infeasible = takes && !closes
    ? whyInfeasible({ facts, reading }, ticket, deps.settings.feasibility)
    : null;
  if (infeasible) problems.push(at(infeasible.code, infeasible.message));
  return cut(planned, facts);
}

/** What has expired is not served any more: that is a better reason than not being known. */
function unknownContract(deps: PlanDeps, key: string, leg: number): LegProblem {
  const expiry = key.split(':')[2] ?? '';
  const today = indiaDateOf(deps.clock.wallMs());
  if (isIsoDate(expiry) && expiry < today) {
    const message = `${key} expired on ${expiry}, today is ${today}`;
    return { leg, code: 'contract_expired', message };
  }
  return { leg, code: 'contract_unknown', message: `nobody serves ${key}` };
}

function cut(planned: PlannedLeg, facts: ContractFacts): PlannedLeg {
  try {
    return { ...planned, slices: sliceQuantity(planned.ticket.quantity, facts) };
  } catch (error) {
    const { leg } = planned;
    planned.problems.push({ leg, code: errorCodeOf(error), message: errorMessageOf(error) });
    return planned;
  }
}

/** What the checks take for the contract. Circuit limits are not told by any feed that is read. */
export function checkedContract(facts: ContractFacts): OrderContract {
  const { key, lotSize, tickPaise, freezeQuantity, expiry } = facts;
  return {
    key, lotSize, tickPaise, freezeQuantity, expiry,
    products: ['intraday', 'carry'],
    lowerCircuitPaise: null,
    upperCircuitPaise: null,
  };
}

/** The numbers, the session, the contract; a whole quantity may be above the freeze quantity. */
function checkLeg(
  deps: PlanDeps,
  { ticket, token, type, limitPaise, triggerPaise }: PlannedLeg,
  facts: ContractFacts,
  { refused }: Pricing,
): { code: string; message: string }[] {
  const calendar = deps.calendarOf(facts.exchange);
  if (!token) return [];
  if (!calendar) {
    return [{ code: 'session_unknown', message: `the hours of ${facts.exchange} are not known` }];
  }
  const request = {
    clientOrderId: '', token, type, limitPaise, triggerPaise,
    side: ticket.side, product: ticket.product, quantity: ticket.quantity,
    validity: ticket.validity ?? 'DAY',
  } satisfies OrderRequest;
  const contract = { ...checkedContract(facts), freezeQuantity: null };
  const nowMs = deps.clock.wallMs();
  const context = { contract, calendar, nowMs, neededPaise: null, availablePaise: null };
  const found: { code: string; message: string }[] = checkOrder(request, context)
    // The market gives the price: that it gives none is said by itself.
    .filter(({ code }) => refused === null || code !== 'price_missing');
  return [...found, ...unwantedPrices(ticket)];
}

/** Prices that the type of the ticket does not take. */
function unwantedPrices({ type, price, triggerPrice }: OrderTicket): LegProblem[] {
  const takesPrice = type === 'LIMIT' || type === 'SL';
  const takesTrigger = type === 'SL' || type === 'SL-M';
  const found: LegProblem[] = [];
  if (!takesPrice && price !== undefined) {
    const message = `a ${type} order has no price, it was ₹${price}`;
    found.push({ leg: null, code: 'price_unwanted', message });
  }
  if (!takesTrigger && triggerPrice !== undefined) {
    const message = `a ${type} order has no trigger, it was ₹${triggerPrice}`;
    found.push({ leg: null, code: 'trigger_unwanted', message });
  }
  return found;
}

function priceOf(deps: PlanDeps, planned: PlannedLeg): Pricing {
  const { ticket } = planned;
  const takesTrigger = ticket.type === 'SL' || ticket.type === 'SL-M';
  const triggerPaise = takesTrigger ? paiseOrNull(ticket.triggerPrice) : null;
  const limitPaise = paiseOrNull(ticket.price);
  switch (ticket.type) {
    case 'LIMIT':
      return { type: 'LIMIT', limitPaise, triggerPaise, refused: null };
    case 'SL':
      return { type: 'SL', limitPaise, triggerPaise, refused: null };
    case 'SL-M':
      // No exchange takes it for options: a stop with a limit, protected from its trigger on.
      return { type: 'SL', triggerPaise, ...protectedFrom(deps, planned, triggerPaise) };
    case 'MARKET':
      return { type: 'LIMIT', triggerPaise, ...protectedFrom(deps, planned) };
    case 'SMART':
      return { type: 'LIMIT', triggerPaise, ...smartPrice(deps, planned) };
  }
}

/** `paise`: protected from that price on in the place of the touch. */
function protectedFrom(
  { clock, settings }: PlanDeps,
  { ticket, facts, reading }: PlannedLeg,
  paise?: number | null,
): Pick<Pricing, 'limitPaise' | 'refused'> {
  if (!facts || paise === null) return { limitPaise: null, refused: null };
  const nowMs = clock.wallMs();
  const touch: Touch = paise !== undefined
    ? { bidPaise: paise, askPaise: paise }
    : reading ? touchOf(bookOf(reading)) : { bidPaise: null, askPaise: null };
  const terms = {
    side: ticket.side,
    touch,
    touchMs: paise === undefined ? (reading?.confirmedMs ?? 0) : nowMs,
    nowMs,
    tickPaise: facts.tickPaise,
    lowerCircuitPaise: null,
    upperCircuitPaise: null,
  };
  const found = protectPrice(terms, facts.kind === 'FUT' ? settings.future : settings.option);
  if (found.kind === 'limit') return { limitPaise: found.limitPaise, refused: null };
  return { limitPaise: null, refused: { code: found.code, message: found.reason } };
}

function smartPrice(
  { clock, settings }: PlanDeps,
  { ticket, facts, reading }: PlannedLeg,
): Pick<Pricing, 'limitPaise' | 'refused'> {
  if (!facts) return { limitPaise: null, refused: null };
  const { side, quantity } = ticket;
  const terms = { side, quantity, tickPaise: facts.tickPaise, nowMs: clock.wallMs() };
  const book = reading ? bookOf(reading) : { bids: [], asks: [], atMs: 0 };
  const found = smartOrder(book, terms, settings.smart);
  if (found.kind === 'limit') return { limitPaise: found.limitPaise, refused: null };
  return { limitPaise: null, refused: { code: found.code, message: found.reason } };
}

/** Absurd rupees stay what they are, so that the checks can say so. */
function paiseOrNull(rupees: number | undefined): number | null {
  if (rupees === undefined) return null;
  const paise = paiseOf(rupees);
  // A part of a paisa is no tick of anything.
  return Math.abs(paise - rupees * 100) < 1e-6 ? paise : rupees * 100;
}
