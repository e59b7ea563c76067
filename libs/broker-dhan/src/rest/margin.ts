import {
  tokenKey,
  wireNumber,
  type AccountFunds,
  type MarginFigures,
  type MarginLeg,
  type MarginPort,
  type MarketDataPort,
} from '@strikewire/broker';
import { paiseOf, rupeesOf } from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import type { DhanConfig } from '../config';
import { isAmount } from '../map/figures';
import { countedInLots, lotsSegment, productWords, tradedSegments } from '../map/order-words';
import { asOfTrading, malformedAnswer, type DhanRest } from './dhan-rest';

/** Not documented; the largest basket of the console is half of it. */
const legsMax = 50;
/** ₹1 lakh crore. Some of Dhan's figures are the lowest float there is, -3.4e38. */
const rupeesMax = 1e12;
const slot = { class: 'margin' };

/** Dhan's margin calculators and funds. */
export function createDhanMargin(
  config: DhanConfig,
  rest: DhanRest,
  { lastPrices }: Pick<MarketDataPort, 'lastPrices'>,
): MarginPort {
  const { clientId } = config.credentials;
  const post = async (path: string, body: Record<string, unknown>): Promise<unknown> =>
    (await rest.callOfTrading({ method: 'POST', path, body, slot })).body;
  return {
    legsMax,
    async required(legs) {
      checkLegs(legs);
      const prices = await pricesOf(legs, lastPrices);
      const scripts = legs.map((leg, index) => writeLeg(leg, prices[index] as number));
      const [first] = scripts;
      const isBought = legs.every(({ side }) => side === 'BUY');
      if (scripts.length === 1) {
        const path = '/margincalculator';
        const body = await post(path, { dhanClientId: clientId, ...first });
        return readFigures(path, body, isBought);
      }
      // What is held is among the legs: it is not to be counted twice.
      const path = '/margincalculator/multi';
      const body = await post(path, {
        dhanClientId: clientId, includePosition: false, includeOrder: false, scripList: scripts,
      });
      return readFigures(path, body, isBought);
    },
    async funds() {
      const path = '/fundlimit';
      return readFunds((await rest.callOfTrading({ method: 'GET', path, slot })).body);
    },
  };
}

function checkLegs(legs: readonly MarginLeg[]): void {
  if (legs.length === 0 || legs.length > legsMax) {
    throw invalid('legs_unfit', `${legs.length} legs, needs 1 to ${legsMax}`);
  }
  for (const { token, quantity, pricePaise } of legs) {
    if (token.segment === lotsSegment) {
      throw invalid('segment_not_served', `${tokenKey(token)}: ${countedInLots}`);
    }
    if (!tradedSegments.has(token.segment) || !/^\d{1,12}$/.test(token.id)) {
      throw invalid('instrument_unfit', `${tokenKey(token)} is no derivative of Dhan's`);
    }
    if (!isAmount(quantity)) throw invalid('quantity_unfit', `${quantity} units, needs 1 or more`);
    const isPrice = pricePaise === null || isAmount(pricePaise);
    if (!isPrice) throw invalid('price_unfit', `a price of ${pricePaise} paise, needs 1 or more`);
  }
}

/** Dhan takes no leg without a price: the last one stands for the market's. */
async function pricesOf(
  legs: readonly MarginLeg[],
  lastPrices: MarketDataPort['lastPrices'],
): Promise<number[]> {
  const unpriced = legs.filter(({ pricePaise }) => pricePaise === null);
  const tokens = unpriced.map(({ token }) => token);
  const last = tokens.length > 0 ? await asOfTrading(() => lastPrices(tokens)) : null;
  return legs.map(({ token, pricePaise }) => {
    const price = pricePaise ?? last?.get(tokenKey(token));
    if (price !== undefined) return price;
    throw new StrikewireError({
      kind: 'not_found',
      code: 'price_not_known',
      message: `[broker-dhan] margin: ${tokenKey(token)} has no last price, and needs one`,
    });
  });
}

function writeLeg({ token, side, quantity, product }: MarginLeg, paise: number): object {
  return {
    exchangeSegment: token.segment,
    transactionType: side,
    quantity,
    productType: productWords[product],
    securityId: token.id,
    price: rupeesOf(paise),
  };
}

/**
 * The calculators' figures, whose names are camel case in one place and snake case in another, and
 * whose values are numbers or texts. An absurd one says that the others are not to be believed;
 * so does a margin of 0 of what is sold.
 */
function readFigures(path: string, body: unknown, mayBeNothing: boolean): MarginFigures {
  const answer = (body ?? {}) as Record<string, unknown>;
  const paise = (...names: string[]): number | null => {
    const found = names.map((name) => answer[name] ?? undefined).find((one) => one !== undefined);
    return found === undefined ? null : moneyOf(path, found, 0);
  };
  const requiredPaise = paise('totalMargin', 'total_margin');
  if (requiredPaise === null) throw malformedAnswer(path, 'total margin');
  if (requiredPaise === 0 && !mayBeNothing) throw malformedAnswer(path, 'total margin above 0');
  return {
    requiredPaise,
    spanPaise: paise('spanMargin', 'span_margin'),
    exposurePaise: paise('exposureMargin', 'exposure', 'exposure_margin'),
    premiumPaise: null,
    benefitPaise: paise('hedgeBenefit', 'hedge_benefit'),
  };
}

/** `availabelBalance` is how Dhan writes it; collateral is in it already. */
function readFunds(body: unknown): AccountFunds {
  const answer = (body ?? {}) as Record<string, unknown>;
  const path = '/fundlimit';
  const available = answer['availabelBalance'] ?? answer['availableBalance'];
  const used = answer['utilizedAmount'];
  if (available === undefined || used === undefined) throw malformedAnswer(path, 'balance');
  return {
    // An account may owe.
    availablePaise: moneyOf(path, available, -rupeesMax),
    usedPaise: moneyOf(path, used, -rupeesMax),
  };
}

function moneyOf(path: string, value: unknown, least: number): number {
  const rupees = wireNumber(value);
  if (rupees !== null && rupees >= least && rupees <= rupeesMax) return paiseOf(rupees);
  const found = typeof value === 'number' || typeof value === 'string' ? value : typeof value;
  throw new StrikewireError({
    kind: 'retryable',
    code: 'figure_absurd',
    message: `[broker-dhan] ${path}: a figure was ${String(found).slice(0, 40)}, needs rupees`,
  });
}

function invalid(code: string, found: string): StrikewireError {
  return new StrikewireError({ kind: 'invalid', code, message: `[broker-dhan] margin: ${found}` });
}
