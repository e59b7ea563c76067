import {
  isWireRow,
  wireNumber,
  wireUnits,
  type AccountFunds,
  type MarginFigures,
  type MarginLeg,
  type MarginPort,
  type WireRow,
} from '@strikewire/broker';
import { paiseOf, rupeesOf } from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import { marginLegsMax } from '../limits';
import { instrumentKeyOf } from '../map/instrument-key';
import { productWord } from '../map/order-words';
import { dataOf, malformedAnswer, type UpstoxRest } from './upstox-rest';

const marginPath = '/v2/charges/margin';
const fundsPath = '/v2/user/get-funds-and-margin';
/** A thousand crore rupees: more is no margin of one account. */
const rupeesMax = 10_000_000_000;
const slot = { class: 'margin' };

/** Margin and funds as Upstox counts them. */
export function createUpstoxMargin(rest: UpstoxRest): MarginPort {
  return {
    legsMax: marginLegsMax,
    async required(legs) {
      if (legs.length === 0 || legs.length > marginLegsMax) throw badLegs(legs.length);
      const instruments = instrumentsOf(legs);
      if (instruments.length === 0) return nothing;
      const json = { instruments };
      const { body } = await rest.ask({ method: 'POST', path: marginPath, json, slot });
      return readMargin(dataOf(body), instruments.length);
    },
    async funds() {
      const { body } = await rest.get({ path: fundsPath, slot });
      return readFunds(dataOf(body));
    },
  };
}

const nothing: MarginFigures = {
  requiredPaise: 0, spanPaise: 0, exposurePaise: 0, premiumPaise: 0, benefitPaise: 0,
};

/** One for each instrument, because none may be named twice: legs of one are added up. */
function instrumentsOf(legs: readonly MarginLeg[]): object[] {
  const byKey = new Map<string, { leg: MarginLeg; units: number }>();
  for (const leg of legs) {
    const key = instrumentKeyOf(leg.token);
    if (!wireUnits(leg.quantity)) throw emptyLeg(key);
    const { units, leg: first } = byKey.get(key) ?? { units: 0, leg };
    if (first.product !== leg.product) throw twoProducts(key);
    const pricePaise = first.pricePaise === leg.pricePaise ? leg.pricePaise : null;
    const sum = units + (leg.side === 'BUY' ? leg.quantity : -leg.quantity);
    byKey.set(key, { leg: { ...leg, pricePaise }, units: sum });
  }
  const netted = [...byKey].filter(([, { units }]) => units !== 0);
  return netted.map(([key, { leg, units }]) => ({
    instrument_key: key,
    quantity: Math.abs(units),
    product: productWord(leg.product),
    transaction_type: units > 0 ? 'BUY' : 'SELL',
    ...(leg.pricePaise !== null && { price: rupeesOf(leg.pricePaise) }),
  }));
}

/**
 * What counts is `final_margin`: hedges have lowered it. The parts are told for each leg by
 * itself, before hedges, so that with a benefit their sum is not the SPAN margin of them all.
 */
function readMargin(data: unknown, count: number): MarginFigures {
  const wire = isWireRow(data) ? data : {};
  const finalRupees = rupeesIn(wire, 'final_margin');
  const beforeRupees = rupeesIn(wire, 'required_margin');
  const margins: unknown = wire['margins'];
  if (!Array.isArray(margins) || margins.length !== count) {
    throw malformedAnswer(marginPath, `"margins" of ${count} legs`);
  }
  // Something is asked for: at the least a premium is paid.
  if (finalRupees === 0) throw malformedAnswer(marginPath, '"final_margin" above 0');
  const sum = (name: string): number =>
    margins.reduce((total: number, leg: unknown) =>
      total + paiseOf(rupeesIn(isWireRow(leg) ? leg : {}, name)), 0);
  const benefitPaise = Math.max(0, paiseOf(beforeRupees) - paiseOf(finalRupees));
  return {
    requiredPaise: paiseOf(finalRupees),
    spanPaise: benefitPaise === 0 ? sum('span_margin') : null,
    exposurePaise: benefitPaise === 0 ? sum('exposure_margin') : null,
    premiumPaise: sum('net_buy_premium'),
    benefitPaise,
  };
}

function rupeesIn(wire: WireRow, name: string): number {
  const rupees = wireNumber(wire[name]);
  if (rupees !== null && rupees >= 0 && rupees <= rupeesMax) return rupees;
  throw malformedAnswer(marginPath, `"${name}" that can be`);
}

/** Since July 2025 `equity` is all of the account, commodities too. */
function readFunds(data: unknown): AccountFunds {
  const wire = isWireRow(data) && isWireRow(data['equity']) ? data['equity'] : {};
  const available = wireNumber(wire['available_margin']);
  const used = wireNumber(wire['used_margin']);
  // What is free may be below zero: a debit.
  const isGood = available !== null && Math.abs(available) <= rupeesMax &&
    used !== null && used >= 0 && used <= rupeesMax;
  if (!isGood) throw malformedAnswer(fundsPath, '"available_margin" and "used_margin" of "equity"');
  return { availablePaise: paiseOf(available), usedPaise: paiseOf(used) };
}

function badLegs(count: number): StrikewireError {
  return invalid('legs_unfit', `margin of ${count} legs, needs 1 to ${marginLegsMax}`);
}

function emptyLeg(key: string): StrikewireError {
  return invalid('quantity_unfit', `margin of ${key} needs whole units above 0`);
}

function twoProducts(key: string): StrikewireError {
  return invalid('legs_mixed', `margin of ${key} cannot be asked in two products at once`);
}

function invalid(code: string, text: string): StrikewireError {
  return new StrikewireError({ kind: 'invalid', code, message: `[broker-upstox] ${text}` });
}
