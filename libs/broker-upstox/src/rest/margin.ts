import {
  isWireRow,
  nettedLegs,
  noMargin,
  wireRupees,
  type AccountFunds,
  type MarginFigures,
  type MarginLeg,
  type MarginPort,
  type WireRow,
} from '@strikewire/broker';
import { paiseOf, rupeesOf } from '@strikewire/contracts';
import { marginLegsMax } from '../limits';
import { instrumentKeyOf } from '../map/instrument-key';
import { productWord } from '../map/order-words';
import { dataOf, malformedAnswer, type UpstoxRest } from './upstox-rest';

const marginPath = '/v2/charges/margin';
const fundsPath = '/v2/user/get-funds-and-margin';
const slot = { class: 'margin' };

/** Margin and funds as Upstox counts them. */
export function createUpstoxMargin(rest: UpstoxRest): MarginPort {
  return {
    legsMax: marginLegsMax,
    async required(legs) {
      const instruments = instrumentsOf(legs);
      if (instruments.length === 0) return noMargin;
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

/** One for each instrument, because none may be named twice. */
function instrumentsOf(legs: readonly MarginLeg[]): object[] {
  const keyOf = ({ token }: MarginLeg): string => instrumentKeyOf(token);
  const rules = { label: '[broker-upstox]', legsMax: marginLegsMax, keyOf, nameOf: keyOf };
  return nettedLegs(legs, rules).map((leg) => ({
    instrument_key: keyOf(leg),
    quantity: leg.quantity,
    product: productWord(leg.product),
    transaction_type: leg.side,
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
  const rupees = wireRupees(wire[name]);
  if (rupees !== null && rupees >= 0) return rupees;
  throw malformedAnswer(marginPath, `"${name}" that can be`);
}

/** Since July 2025 `equity` is all of the account, commodities too. */
function readFunds(data: unknown): AccountFunds {
  const wire = isWireRow(data) && isWireRow(data['equity']) ? data['equity'] : {};
  const available = wireRupees(wire['available_margin']);
  const used = wireRupees(wire['used_margin']);
  // What is free may be below zero: a debit.
  const isGood = available !== null && used !== null && used >= 0;
  if (!isGood) throw malformedAnswer(fundsPath, '"available_margin" and "used_margin" of "equity"');
  return { availablePaise: paiseOf(available), usedPaise: paiseOf(used) };
}
