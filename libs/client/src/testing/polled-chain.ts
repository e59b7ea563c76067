import type { Leg, LiveChain } from '@strikewire/contracts';

/** For tests: an answer of `GET /api/optionchain/live` with three strikes; `ltp` in rupees. */
export function polledChain(options: {
  generation: number;
  version: number;
  ltp: number;
}): LiveChain {
  const { generation, version, ltp } = options;
  const strikes = [25_950, 26_000, 26_050];
  return {
    underlying: 'NIFTY',
    exchange: 'NSE',
    expiry: '2026-11-24',
    expiryClass: 'weekly',
    lotSize: 65,
    strikeInterval: 50,
    atmStrike: 26_000,
    anchorStrike: 26_000,
    atmOutsideWindow: false,
    spot: { ltp: 26_010, bid: null, ask: null, close: 25_900, updatedAt: at },
    forward: null,
    strikes: strikes.map((strike, index) => ({
      strike,
      tag: null,
      CE: leg(String(2 * index + 1), ltp),
      PE: { ...leg(String(2 * index + 2), ltp), oi: null, oiChange: null, bid: null, ask: null },
    })),
    metrics: {
      scope: 'window',
      pcrOi: null,
      pcrVolume: null,
      totalCeOi: 0,
      totalPeOi: 0,
      totalCeVolume: 0,
      totalPeVolume: 0,
    },
    lastUpdated: at,
    stale: false,
    source: { broker: 'demo', account: 'main' },
    generation,
    version,
  };
}

const at = '2026-11-23T10:00:00.000+05:30';

function leg(token: string, ltp: number): Leg {
  return {
    token,
    symbol: `NIFTY ${token}`,
    key: `NSE:NIFTY:2026-11-24:26000:${Number(token) % 2 === 1 ? 'CE' : 'PE'}`,
    tag: null,
    ltp,
    bid: ltp - 0.05,
    ask: ltp + 0.05,
    bidQty: 65,
    askQty: 130,
    spread: 0.1,
    spreadPercent: 0.1,
    volume: 0,
    oi: 6_500,
    oiChange: -650,
    iv: null,
    greeks: null,
    brokerGreeks: null,
    updatedAt: at,
  };
}
