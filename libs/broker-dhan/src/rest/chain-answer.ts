import {
  wireNumber,
  type BrokerChain,
  type BrokerGreeks,
  type BrokerLeg,
  type BrokerStrike,
} from '@strikewire/broker';
import { paiseOf } from '@strikewire/contracts';
import { malformedAnswer } from './dhan-rest';

type Json = Record<string, unknown>;

/**
 * Reads the answer of `/optionchain`. Strike keys are text with six decimals (`"25650.000000"`);
 * prices are rupees, an index spot a widened float32; quantities are units.
 * @throws StrikewireError `retryable` when the shape is not a chain's.
 */
export function readChainAnswer(
  body: unknown,
  times: { sentMonoMs: number; receivedMs: number },
  segment: string,
): BrokerChain {
  const data = (body as Json | undefined)?.['data'] as Json | undefined;
  const oc = data?.['oc'];
  if (typeof oc !== 'object' || oc === null) throw malformedAnswer('optionchain', '"data.oc"');
  const strikes: BrokerStrike[] = [];
  for (const [text, legs] of Object.entries(oc as Record<string, Json | null>)) {
    const strike = Number(text);
    if (!Number.isFinite(strike) || strike <= 0) continue;
    strikes.push({
      strikePaise: paiseOf(strike),
      CE: readLeg(legs?.['ce'], segment),
      PE: readLeg(legs?.['pe'], segment),
    });
  }
  strikes.sort((a, b) => a.strikePaise - b.strikePaise);
  const spot = wireNumber(data?.['last_price']);
  return { spotPaise: spot !== null && spot > 0 ? paiseOf(spot) : null, strikes, ...times };
}

function readLeg(value: unknown, segment: string): BrokerLeg | null {
  if (typeof value !== 'object' || value === null) return null;
  const leg = value as Json;
  const id = wireNumber(leg['security_id']);
  if (id === null || id <= 0) return null;
  const ltpPaise = paiseOf(wireNumber(leg['last_price']) ?? 0);
  return {
    token: { segment, id: String(id) },
    ltpPaise,
    bidPaise: paiseOf(wireNumber(leg['top_bid_price']) ?? 0),
    askPaise: paiseOf(wireNumber(leg['top_ask_price']) ?? 0),
    bidQty: wireNumber(leg['top_bid_quantity']) ?? 0,
    askQty: wireNumber(leg['top_ask_quantity']) ?? 0,
    volume: wireNumber(leg['volume']) ?? 0,
    oi: wireNumber(leg['oi']) ?? 0,
    previousOi: wireNumber(leg['previous_oi']),
    closePaise: mapped(wireNumber(leg['previous_close_price']), paiseOf),
    greeks: ltpPaise > 0 ? readGreeks(leg) : null,
  };
}

/**
 * IV 0 with all Greeks 0 is how Dhan says "could not be computed" (a price at or below intrinsic
 * value); legs that never traded carry a meaningless IV and are read as having none.
 */
function readGreeks(leg: Json): BrokerGreeks | null {
  const greeks = (leg['greeks'] ?? {}) as Json;
  const iv = wireNumber(leg['implied_volatility']);
  if (iv === null || iv <= 0) return null;
  return {
    iv,
    delta: wireNumber(greeks['delta']),
    gamma: wireNumber(greeks['gamma']),
    theta: wireNumber(greeks['theta']),
    vega: wireNumber(greeks['vega']),
    rho: null,
  };
}

function mapped(value: number | null, map: (value: number) => number): number | null {
  return value === null ? null : map(value);
}
