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
    forward: { value: 26_021.5, source: 'parity' },
    pricing: {
      convention: 'calendar365',
      model: 'black76',
      rate: 0,
      dayCount: 'calendar365',
      yearsToExpiry: 0.003,
    },
    strikes: strikes.map((strike, index) => ({
      strike,
      tag: null,
      iv: 11.5,
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
      totalCeOiChange: null,
      totalPeOiChange: null,
      maxPain: 26_050,
      atmIv: 11.5,
      skew: null,
      straddle: 180.25,
      expectedMove: 165.5,
      gammaExposure: null,
      reasons: { skew: 'no put of delta 0.25' },
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
    iv: 11.5,
    ivReason: null,
    ivBid: 11.4,
    ivAsk: 11.6,
    ivMarks: [],
    greeks: { delta: 0.51, gamma: 0.001, theta: -12.5, vega: 6.25, rho: -0.1 },
    buildUp: null,
    brokerGreeks: null,
    updatedAt: at,
  };
}
