import type { Contract } from '../../market/contract';
import type { Chain } from '../../market/listing';
import type { Market } from '../../market/market';
import { boardOf } from '../../market/places';
import { shownGreeks } from './greeks';
import { ascii, JsonBytes } from './json-bytes-encoder';

/** What of a chain's text never changes: strikes, and legs that nobody trades. */
interface Fixed {
  /** With what stands before the first leg of the strike. */
  strikes: readonly Uint8Array[];
  deadLegs: (Uint8Array | undefined)[];
}

/** Writes answers to chain requests; one after the other, in one buffer. */
export interface ChainWriter {
  /** The whole body. */
  write(market: Market, chain: Chain, isEmpty: boolean): Uint8Array;
}

const text = {
  data: ascii('{"data":{"last_price":'),
  oc: ascii(',"oc":{'),
  put: ascii(',"pe":'),
  strikeEnd: ascii('}'),
  end: ascii('}},"status":"success"}'),
  average: ascii('{"average_price":'),
  delta: ascii(',"greeks":{"delta":'),
  theta: ascii(',"theta":'),
  gamma: ascii(',"gamma":'),
  vega: ascii(',"vega":'),
  vol: ascii('},"implied_volatility":'),
  last: ascii(',"last_price":'),
  oi: ascii(',"oi":'),
  close: ascii(',"previous_close_price":'),
  previousOi: ascii(',"previous_oi":'),
  previousVolume: ascii(',"previous_volume":'),
  id: ascii(',"security_id":'),
  ask: ascii(',"top_ask_price":'),
  askQuantity: ascii(',"top_ask_quantity":'),
  bid: ascii(',"top_bid_price":'),
  bidQuantity: ascii(',"top_bid_quantity":'),
  volume: ascii(',"volume":'),
  legEnd: ascii('}'),
};

/** A day of a full universe asks for 70,000 chains with hundreds of legs each. */
export function createChainWriter(): ChainWriter {
  const out = new JsonBytes();
  /** Kept as long as the chain itself. */
  const fixedOf = new WeakMap<Chain, Fixed>();
  return {
    write(market, chain, isEmpty) {
      const spot = market.lookSpot(chain.underlying).ltpPaise / 100;
      const msToExpiry = chain.expiryMs - market.standsAtMs(boardOf(chain.underlying));
      let fixed = fixedOf.get(chain);
      if (!fixed) fixedOf.set(chain, (fixed = fixedTexts(chain)));
      const { strikes, deadLegs } = fixed;
      const legs = isEmpty ? [] : market.lookLegs(chain);
      const writeLeg = (position: number): void => {
        const leg = legs[position] as Contract;
        const dead = deadLegs[position];
        if (dead) return out.add(dead);
        const start = out.length;
        addLeg(out, leg, spot, msToExpiry);
        if (leg.life === 'dead') deadLegs[position] = out.since(start);
      };
      out.add(text.data);
      // The price passed through a float32 on its way: 22952.95 comes out as 22952.94921875.
      out.addText(String(Math.fround(spot)));
      out.add(text.oc);
      for (let position = 0; position < legs.length; position += 2) {
        out.add(strikes[position >> 1] as Uint8Array);
        writeLeg(position);
        out.add(text.put);
        writeLeg(position + 1);
        out.add(text.strikeEnd);
      }
      out.add(text.end);
      return out.take();
    },
  };
}

function fixedTexts({ strikesPaise, legs }: Chain): Fixed {
  const strikes = strikesPaise.map((strikePaise, index) =>
    ascii(`${index === 0 ? '' : ','}"${(strikePaise / 100).toFixed(6)}":{"ce":`));
  return { strikes, deadLegs: new Array<Uint8Array | undefined>(legs.length) };
}

function addLeg(out: JsonBytes, leg: Contract, spot: number, msToExpiry: number): void {
  const greeks = shownGreeks(leg, spot, msToExpiry);
  const { depth } = leg;
  out.add(text.average);
  out.addDecimal(Math.round(leg.averagePaise), 2);
  out.add(text.delta);
  out.addDecimal(greeks.delta, 5);
  out.add(text.theta);
  out.addDecimal(greeks.theta, 5);
  out.add(text.gamma);
  out.addDecimal(greeks.gamma, 5);
  out.add(text.vega);
  out.addDecimal(greeks.vega, 5);
  out.add(text.vol);
  out.addText(String(greeks.impliedVolatility));
  out.add(text.last);
  out.addDecimal(leg.ltpPaise, 2);
  out.add(text.oi);
  out.addWhole(leg.oi);
  out.add(text.close);
  out.addDecimal(leg.closePaise, 2);
  out.add(text.previousOi);
  out.addWhole(leg.previousOi);
  out.add(text.previousVolume);
  out.addWhole(leg.previousVolume);
  out.add(text.id);
  out.addWhole(leg.id);
  out.add(text.ask);
  out.addDecimal(depth[5] ?? 0, 2);
  out.add(text.askQuantity);
  out.addWhole(depth[1] ?? 0);
  out.add(text.bid);
  out.addDecimal(depth[4] ?? 0, 2);
  out.add(text.bidQuantity);
  out.addWhole(depth[0] ?? 0);
  out.add(text.volume);
  out.addWhole(leg.volume);
  out.add(text.legEnd);
}
