import type { OrderSide } from '@strikewire/broker';
import { indiaDateOf, type Exchange } from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import { isAmount } from './book';
import { chargeTable } from './charge-rates';
import type {
  BrokeragePlan,
  ChargedEvent,
  ChargeName,
  ChargeRule,
  ChargeTable,
} from './charge-rule';
import { mulDivRound } from './exact';

/** A crore of rupees in paise, times rupees per crore: the rates' denominator. */
const crore = 10_000_000;

/** What one order has done so far, or what one exercise is worth. */
export interface ChargedOrder {
  exchange: Exchange;
  /** The underlying. */
  symbol: string;
  event: ChargedEvent;
  side: OrderSide;
  /** Σ price × quantity of its fills, in paise; the intrinsic value of an exercise. */
  valuePaise: number;
  tradedMs: number;
}

/** Charges in whole paise. */
export interface Charges {
  brokeragePaise: number;
  /** Securities (or commodities) transaction tax. */
  sttPaise: number;
  exchangePaise: number;
  ipftPaise: number;
  sebiPaise: number;
  stampPaise: number;
  gstPaise: number;
  totalPaise: number;
}

/** Nothing is charged. */
export const noCharges: Charges = {
  brokeragePaise: 0,
  sttPaise: 0,
  exchangePaise: 0,
  ipftPaise: 0,
  sebiPaise: 0,
  stampPaise: 0,
  gstPaise: 0,
  totalPaise: 0,
};

/**
 * Charges of one order on everything that it has traded so far. Each charge is rounded to the
 * paisa by itself, halves up, GST on the rounded ones. A contract note adds up the day's orders
 * first and rounds STT and stamp duty to the rupee: it may differ from a sum of these by half a
 * rupee per tax and day.
 *
 * An order that fills in pieces is charged the difference to what it was charged before
 * (`chargesSince`), so pieces never cost more than the whole.
 * @throws StrikewireError `invalid` for a value that is none or a day before the table.
 */
export function chargesOf(
  order: ChargedOrder,
  plan: BrokeragePlan,
  table: ChargeTable = chargeTable,
): Charges {
  const { valuePaise, event } = order;
  if (valuePaise === 0) return noCharges;
  if (!isAmount(valuePaise) || !Number.isFinite(order.tradedMs)) {
    const found = `value was ${valuePaise} paise at ${order.tradedMs}`;
    throw invalid('value_malformed', `${found}, needs a whole number and an instant`);
  }
  const date = indiaDateOf(order.tradedMs);
  if (date < table.from) {
    throw invalid('charges_unknown', `charges are known from ${table.from} on, it was ${date}`);
  }
  const of = (name: ChargeName): number => {
    const rule = ruleFor(table.rules, name, order, date);
    return rule === undefined ? 0 : mulDivRound(valuePaise, rule.perCrore, crore);
  };
  const brokeragePaise = event === 'exercise' ? 0 : brokerageOf(valuePaise, plan[event]);
  const named = {
    stt: of('stt'),
    exchange: of('exchange'),
    ipft: of('ipft'),
    sebi: of('sebi'),
    stamp: of('stamp'),
  };
  const gst = table.gst.filter(({ from }) => from <= date).sort(byDate).at(-1);
  const taxed = (gst?.on ?? []).reduce((sum, name) => sum + named[name], brokeragePaise);
  const gstPaise = mulDivRound(taxed, gst?.percent ?? 0, 100);
  return {
    brokeragePaise,
    sttPaise: named.stt,
    exchangePaise: named.exchange,
    ipftPaise: named.ipft,
    sebiPaise: named.sebi,
    stampPaise: named.stamp,
    gstPaise,
    totalPaise: Object.values(named).reduce((sum, one) => sum + one, brokeragePaise + gstPaise),
  };
}

/** What an order owes beyond what it was charged before. */
export function chargesSince(now: Charges, before: Charges): Charges {
  return combine(now, before, -1);
}

/** The sum of two. */
export function addCharges(one: Charges, other: Charges): Charges {
  return combine(one, other, 1);
}

function combine(one: Charges, other: Charges, sign: 1 | -1): Charges {
  const of = (name: keyof Charges): number => one[name] + sign * other[name];
  return {
    brokeragePaise: of('brokeragePaise'),
    sttPaise: of('sttPaise'),
    exchangePaise: of('exchangePaise'),
    ipftPaise: of('ipftPaise'),
    sebiPaise: of('sebiPaise'),
    stampPaise: of('stampPaise'),
    gstPaise: of('gstPaise'),
    totalPaise: of('totalPaise'),
  };
}

/** The newest row of that day; one that names the underlying comes before one for all. */
function ruleFor(
  rules: readonly ChargeRule[],
  name: ChargeName,
  { exchange, symbol, event, side }: ChargedOrder,
  date: string,
): ChargeRule | undefined {
  const fitting = rules
    .filter((rule) => rule.charge === name && rule.exchange === exchange && rule.event === event)
    .filter((rule) => rule.side === 'both' || rule.side === side)
    .filter((rule) => rule.from <= date && (rule.symbols?.includes(symbol) ?? true))
    .sort(byDate);
  return fitting.filter(({ symbols }) => symbols !== null).at(-1) ?? fitting.at(-1);
}

function brokerageOf(valuePaise: number, rate: BrokeragePlan['option']): number {
  const { flatPaise, perCroreMost } = rate;
  if (perCroreMost === null) return flatPaise;
  return Math.min(flatPaise, mulDivRound(valuePaise, perCroreMost, crore));
}

function byDate(one: { from: string }, other: { from: string }): number {
  if (one.from === other.from) return 0;
  return one.from < other.from ? -1 : 1;
}

function invalid(code: string, message: string): StrikewireError {
  return new StrikewireError({ kind: 'invalid', code, message });
}
