import {
  isWireRow,
  nettedLegs,
  noMargin,
  wireRupees,
  type AccountFunds,
  type LegRules,
  type MarginFigures,
  type MarginLeg,
  type MarginPort,
  type WireRow,
} from '@strikewire/broker';
import { paiseOf, rupeesOf } from '@strikewire/contracts';
import { marginLegsMax } from '../limits';
import { productWord } from '../map/order-words';
import { dataOf, isOfAnalyzer, malformedAnswer, type OpenalgoRest } from './openalgo-rest';

const marginPath = '/margin';
const fundsPath = '/funds';
const slot = { class: 'api' };

/**
 * Margin and funds as the broker behind OpenAlgo counts them. Not every broker is asked there
 * (then it is `not_supported`), and with some the legs are added up without their hedges.
 */
export function createOpenalgoMargin(rest: OpenalgoRest): MarginPort {
  return {
    legsMax: marginLegsMax,
    async required(legs) {
      const positions = positionsOf(legs);
      if (positions.length === 0) return noMargin;
      const { body } = await rest.ask({ path: marginPath, body: { positions }, slot });
      return readMargin(dataOf(body));
    },
    async funds() {
      const { body } = await rest.ask({ path: fundsPath, body: {}, slot });
      if (isOfAnalyzer(body)) throw malformedAnswer(fundsPath, 'funds but those of its sandbox');
      return readFunds(dataOf(body));
    },
  };
}

/** Legs of one instrument are added up, because some brokers count each by itself. */
function positionsOf(legs: readonly MarginLeg[]): object[] {
  const rules: LegRules = {
    label: '[broker-openalgo]',
    legsMax: marginLegsMax,
    keyOf: ({ token, product }) => `${token.segment}:${token.id}:${product}`,
    nameOf: ({ token }) => token.id,
  };
  return nettedLegs(legs, rules).map(({ token, side, product, quantity, pricePaise }) => ({
    symbol: token.id,
    exchange: token.segment,
    action: side,
    product: productWord(product),
    pricetype: pricePaise === null ? 'MARKET' : 'LIMIT',
    // Numbers are texts on this route.
    quantity: String(quantity),
    price: String(rupeesOf(pricePaise ?? 0)),
  }));
}

/** When the broker has refused every leg by itself the sum is 0: that is no margin. */
function readMargin(data: unknown): MarginFigures {
  const wire = isWireRow(data) ? data : {};
  const requiredPaise = paiseIn(wire, 'total_margin_required');
  if (!requiredPaise) throw malformedAnswer(marginPath, '"total_margin_required" above 0');
  return {
    requiredPaise,
    spanPaise: paiseIn(wire, 'span_margin'),
    exposurePaise: paiseIn(wire, 'exposure_margin'),
    premiumPaise: null,
    benefitPaise: paiseIn(wire, 'margin_benefit'),
  };
}

/** Null when it is not told. */
function paiseIn(wire: WireRow, name: string): number | null {
  if (wire[name] === undefined || wire[name] === null) return null;
  const rupees = wireRupees(wire[name]);
  if (rupees !== null && rupees >= 0) return paiseOf(rupees);
  throw malformedAnswer(marginPath, `"${name}" that can be`);
}

/** Cash alone: what a pledge adds is not the same at every broker. */
function readFunds(data: unknown): AccountFunds {
  const wire = isWireRow(data) ? data : {};
  const available = wireRupees(wire['availablecash']);
  const used = wireRupees(wire['utiliseddebits']);
  // What is free may be below zero: a debit. Some brokers tell what is used as one, too.
  const isGood = available !== null && used !== null;
  if (!isGood) throw malformedAnswer(fundsPath, '"availablecash" and "utiliseddebits"');
  return { availablePaise: paiseOf(available), usedPaise: paiseOf(Math.abs(used)) };
}
