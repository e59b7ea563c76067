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
import { productWord } from '../map/order-words';
import { dataOf, isOfAnalyzer, malformedAnswer, type OpenalgoRest } from './openalgo-rest';

const marginPath = '/margin';
const fundsPath = '/funds';
/** A thousand crore rupees: more is no margin of one account. */
const rupeesMax = 10_000_000_000;
const slot = { class: 'api' };

/**
 * Margin and funds as the broker behind OpenAlgo counts them. Not every broker is asked there
 * (then it is `not_supported`), and with some the legs are added up without their hedges.
 */
export function createOpenalgoMargin(rest: OpenalgoRest): MarginPort {
  return {
    legsMax: marginLegsMax,
    async required(legs) {
      if (legs.length === 0 || legs.length > marginLegsMax) throw badLegs(legs.length);
      const positions = positionsOf(legs);
      if (positions.length === 0) return nothing;
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

const nothing: MarginFigures = {
  requiredPaise: 0, spanPaise: 0, exposurePaise: 0, premiumPaise: 0, benefitPaise: 0,
};

/** Legs of one instrument are added up, because some brokers count each by itself. */
function positionsOf(legs: readonly MarginLeg[]): object[] {
  const sums = new Map<string, { leg: MarginLeg; units: number }>();
  for (const leg of legs) {
    const { token, product, side, quantity } = leg;
    if (!wireUnits(quantity)) throw emptyLeg(token.id);
    const name = `${token.segment}:${token.id}:${product}`;
    const { units, leg: first } = sums.get(name) ?? { units: 0, leg };
    const pricePaise = first.pricePaise === leg.pricePaise ? leg.pricePaise : null;
    const sum = units + (side === 'BUY' ? quantity : -quantity);
    sums.set(name, { leg: { ...leg, pricePaise }, units: sum });
  }
  return [...sums.values()].filter(({ units }) => units !== 0).map(({ leg, units }) => ({
    symbol: leg.token.id,
    exchange: leg.token.segment,
    action: units > 0 ? 'BUY' : 'SELL',
    product: productWord(leg.product),
    pricetype: leg.pricePaise === null ? 'MARKET' : 'LIMIT',
    // Numbers are texts on this route.
    quantity: String(Math.abs(units)),
    price: String(rupeesOf(leg.pricePaise ?? 0)),
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
  const rupees = wireNumber(wire[name]);
  if (rupees !== null && rupees >= 0 && rupees <= rupeesMax) return paiseOf(rupees);
  throw malformedAnswer(marginPath, `"${name}" that can be`);
}

/** Cash alone: what a pledge adds is not the same at every broker. */
function readFunds(data: unknown): AccountFunds {
  const wire = isWireRow(data) ? data : {};
  const available = wireNumber(wire['availablecash']);
  const used = wireNumber(wire['utiliseddebits']);
  // What is free may be below zero: a debit. Some brokers tell what is used as one, too.
  const isGood = available !== null && Math.abs(available) <= rupeesMax &&
    used !== null && Math.abs(used) <= rupeesMax;
  if (!isGood) throw malformedAnswer(fundsPath, '"availablecash" and "utiliseddebits"');
  return { availablePaise: paiseOf(available), usedPaise: paiseOf(Math.abs(used)) };
}

function badLegs(count: number): StrikewireError {
  return invalid('legs_unfit', `margin of ${count} legs, needs 1 to ${marginLegsMax}`);
}

function emptyLeg(symbol: string): StrikewireError {
  return invalid('quantity_unfit', `margin of ${symbol} needs whole units above 0`);
}

function invalid(code: string, text: string): StrikewireError {
  return new StrikewireError({ kind: 'invalid', code, message: `[broker-openalgo] ${text}` });
}
