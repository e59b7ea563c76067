import {
  wireNumber,
  type BrokerChain,
  type BrokerLeg,
  type BrokerStrike,
} from '@strikewire/broker';
import { paiseOf } from '@strikewire/contracts';
import { malformedAnswer } from './openalgo-rest';

type Json = Record<string, unknown>;

/**
 * Reads the answer of `/optionchain`, whose fields lie at the top. Legs have no token but a symbol;
 * prices are rupees, quantities units. There is no previous OI, and Greeks are not asked for.
 * @throws StrikewireError `retryable` when the shape is not a chain's.
 */
export function readChainAnswer(
  body: unknown,
  times: { sentMonoMs: number; receivedMs: number },
  segment: string,
): BrokerChain {
  const { chain: rows, underlying_ltp: ltp } = (body ?? {}) as Json;
  if (!Array.isArray(rows)) throw malformedAnswer('optionchain', '"chain" list');
  const strikes = new Map<number, BrokerStrike>();
  for (const row of rows as readonly (Json | null)[]) {
    const strike = wireNumber(row?.['strike']);
    if (!row || strike === null || strike <= 0) continue;
    const strikePaise = paiseOf(strike);
    const [CE, PE] = [readLeg(row['ce'], segment), readLeg(row['pe'], segment)];
    strikes.set(strikePaise, { strikePaise, CE, PE });
  }
  const sorted = [...strikes.values()].sort((a, b) => a.strikePaise - b.strikePaise);
  const spot = wireNumber(ltp);
  return { spotPaise: spot !== null && spot > 0 ? paiseOf(spot) : null, strikes: sorted, ...times };
}

function readLeg(value: unknown, segment: string): BrokerLeg | null {
  if (typeof value !== 'object' || value === null) return null;
  const leg = value as Json;
  const id = leg['symbol'];
  if (typeof id !== 'string' || id === '') return null;
  const count = (name: string): number => Math.max(0, wireNumber(leg[name]) ?? 0);
  const close = wireNumber(leg['prev_close']);
  return {
    token: { segment, id },
    ltpPaise: paiseOf(count('ltp')),
    bidPaise: paiseOf(count('bid')),
    askPaise: paiseOf(count('ask')),
    bidQty: count('bid_qty'),
    askQty: count('ask_qty'),
    volume: count('volume'),
    oi: count('oi'),
    previousOi: null,
    closePaise: close === null ? null : paiseOf(close),
    greeks: null,
  };
}
