import {
  futureKey,
  isIsoDate,
  optionKey,
  type ContractKey,
  type Exchange,
} from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import type { CalendarSpread } from './calendar-charge';
import type { RiskContract } from './risk-file';
import { scenarioCount } from './scenarios';

/** Texts of the leaves of one element, by name. */
export type Leaves = ReadonlyMap<string, string>;

/** One contract as it is read. */
export interface ContractRow {
  exchange: Exchange;
  symbol: string;
  isOption: boolean;
  leaves: Leaves;
  /** Of a series: its expiry; of a future its own. */
  expiry: string | undefined;
  /** Units a value stands for; the nearest one that was told. */
  factor: string | undefined;
  array: readonly string[];
  delta: string | undefined;
}

const optionTypes = new Map([
  ['C', 'CE'],
  ['P', 'PE'],
] as const);

/** A contract with its key; refuses what would make a figure mean something else. */
export function contractOf(row: ContractRow): [ContractKey, RiskContract] {
  const { exchange, symbol, leaves } = row;
  const expiry = isoDateOf(row.expiry, `expiry of ${symbol}`);
  const where = `${symbol} ${expiry}`;
  if (numberOf(row.factor ?? '1', `contract factor of ${where}`) !== 1) {
    refuse(`contract factor ${row.factor} of ${where}`, '1: values of one unit');
  }
  if (row.array.length !== scenarioCount) {
    refuse(`${row.array.length} scenarios of ${where}`, `${scenarioCount}`);
  }
  const contract: RiskContract = {
    pricePaise: paiseOf(leaves.get('p'), `price of ${where}`),
    array: Float64Array.from(row.array, (text) => paiseOf(text, `scenario of ${where}`)),
    delta: numberOf(row.delta, `composite delta of ${where}`),
  };
  if (Math.abs(contract.delta) > 1) refuse(`composite delta ${row.delta} of ${where}`, '-1 to 1');
  if (!row.isOption) return [futureKey({ exchange, symbol, expiry }), contract];
  const side = leaves.get('o');
  const type = optionTypes.get(side as 'C' | 'P');
  if (type === undefined) refuse(`option side ${quoted(side)} of ${where}`, 'C or P');
  const strikePaise = paiseOf(leaves.get('k'), `strike of ${where}`);
  return [optionKey({ exchange, symbol, expiry, strikePaise, type }), contract];
}

/** A delta spread as it is read. */
export interface SpreadRow {
  leaves: Leaves;
  rate: string | undefined;
  legs: readonly Leaves[];
  /** What legs are not of the kind that names expiries. */
  otherLegs: number;
}

/** A spread of two expiries with its priority; a text when it is of another kind. */
export function spreadOf(row: SpreadRow): [number, CalendarSpread] | string {
  const [first, second] = row.legs;
  const method = row.leaves.get('chargeMeth') ?? 'F';
  const priority = numberOf(row.leaves.get('spread'), 'priority of a spread');
  if (!first || !second || row.legs.length > 2 || row.otherLegs > 0 || method !== 'F') {
    const legs = `${row.legs.length} + ${row.otherLegs} legs`;
    return `spread ${priority} with method ${quoted(method)} and ${legs} is not of two expiries`;
  }
  const ratio = (leg: Leaves): number => {
    const value = numberOf(leg.get('i') ?? '1', `ratio of spread ${priority}`);
    if (value <= 0) refuse(`ratio ${value} of spread ${priority}`, 'more than 0');
    return value;
  };
  const expiry = (leg: Leaves): string => isoDateOf(leg.get('pe'), `expiry of spread ${priority}`);
  const ratePaise = paiseOf(row.rate, `rate of spread ${priority}`);
  if (ratePaise < 0) refuse(`rate ${row.rate} of spread ${priority}`, 'not below 0');
  const expiries = [expiry(first), expiry(second)] as const;
  return [priority, { expiries, ratios: [ratio(first), ratio(second)], ratePaise }];
}

/** `20260630` as an ISO date. */
export function isoDateOf(text: string | undefined, what: string): string {
  const found = (text ?? '').trim();
  const iso = found.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  if (!isIsoDate(iso)) refuse(`${what} ${quoted(text)}`, 'a date YYYYMMDD');
  return iso;
}

/** Paise of rupees; files have two decimals. */
export function paiseOf(text: string | undefined, what: string): number {
  return Math.round(numberOf(text, what) * 100);
}

/** Over this, in rupees, nothing is a price: sentinels are far above. */
const numberMax = 1e9;

function numberOf(text: string | undefined, what: string): number {
  const found = (text ?? '').trim();
  const value = found === '' ? NaN : Number(found);
  if (!(Math.abs(value) <= numberMax)) {
    refuse(`${what} ${quoted(text)}`, `a number up to ${numberMax}`);
  }
  return value;
}

/** Text for a message, cut and in quotes. */
export function quoted(text: string | undefined): string {
  return text === undefined ? 'missing' : JSON.stringify(text.slice(0, 40));
}

/** Throws what a file has that it must not have. */
export function refuse(found: string, needed: string): never {
  throw new StrikewireError({
    kind: 'invalid',
    code: 'risk_file_invalid',
    message: `risk-parameter file: found ${found}, needs ${needed}`,
  });
}
