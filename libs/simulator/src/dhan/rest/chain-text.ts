import { numberText, rupeesText } from '../../json-text';
import type { Contract } from '../../market/contract';
import type { Chain } from '../../market/listing';
import type { Market } from '../../market/market';
import { boardOf } from '../../market/places';
import { shownGreeks } from './greeks';

/** What of a chain's text never changes: strikes, and legs that nobody trades. */
interface Fixed {
  strikes: readonly string[];
  deadLegs: (string | undefined)[];
}

/** Kept as long as the chain itself. */
const fixedOf = new WeakMap<Chain, Fixed>();

/**
 * The chain as JSON text. Written out instead of going through objects: a day of a full universe
 * asks for 70,000 of them, with hundreds of legs each.
 */
export function chainText(market: Market, chain: Chain, isEmpty: boolean): string {
  const spot = market.lookSpot(chain.underlying).ltpPaise / 100;
  const msToExpiry = chain.expiryMs - market.standsAtMs(boardOf(chain.underlying));
  let fixed = fixedOf.get(chain);
  if (!fixed) fixedOf.set(chain, (fixed = fixedTexts(chain)));
  const { strikes, deadLegs } = fixed;
  const legs = isEmpty ? [] : market.lookLegs(chain);
  const textAt = (position: number): string => {
    const leg = legs[position] as Contract;
    if (leg.life !== 'dead') return legText(leg, spot, msToExpiry);
    return (deadLegs[position] ??= legText(leg, spot, msToExpiry));
  };
  let oc = '';
  for (let position = 0; position < legs.length; position += 2) {
    const comma = position === 0 ? '' : ',';
    const pair = `{"ce":${textAt(position)},"pe":${textAt(position + 1)}}`;
    oc += `${comma}"${strikes[position >> 1]}":${pair}`;
  }
  // The price passed through a float32 on its way: 22952.95 comes out as 22952.94921875.
  return `{"last_price":${numberText(Math.fround(spot))},"oc":{${oc}}}`;
}

function fixedTexts({ strikesPaise, legs }: Chain): Fixed {
  const strikes = strikesPaise.map((strikePaise) => (strikePaise / 100).toFixed(6));
  return { strikes, deadLegs: new Array<string | undefined>(legs.length) };
}

function legText(leg: Contract, spot: number, msToExpiry: number): string {
  const { impliedVolatility, delta, theta, gamma, vega } = shownGreeks(leg, spot, msToExpiry);
  const { depth } = leg;
  return `{"average_price":${rupeesText(Math.round(leg.averagePaise))},` +
    `"greeks":{"delta":${numberText(delta)},"theta":${numberText(theta)},` +
    `"gamma":${numberText(gamma)},"vega":${numberText(vega)}},` +
    `"implied_volatility":${impliedVolatility},"last_price":${rupeesText(leg.ltpPaise)},` +
    `"oi":${leg.oi},"previous_close_price":${rupeesText(leg.closePaise)},` +
    `"previous_oi":${leg.previousOi},"previous_volume":${leg.previousVolume},` +
    `"security_id":${leg.id},"top_ask_price":${rupeesText(depth[5] ?? 0)},` +
    `"top_ask_quantity":${depth[1]},"top_bid_price":${rupeesText(depth[4] ?? 0)},` +
    `"top_bid_quantity":${depth[0]},"volume":${leg.volume}}`;
}
