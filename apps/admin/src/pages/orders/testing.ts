import type {
  BasketMargin,
  ContractTerms,
  Execution,
  MarginEstimateView,
  Order,
  OrderAccount,
  OrderPreview,
  PositionDifferenceView,
  PositionView,
  Trading,
} from '@strikewire/contracts';
import { shallowRef } from 'vue';
import type { Polled } from '../../use-polled';

/** For tests: the accounts that orders go to. */
export const paperOf: OrderAccount = {
  id: 'paper', label: 'Paper', broker: 'paper', mode: 'paper',
};
export const liveOf: OrderAccount = {
  id: '018f0000-0000-7000-8000-0000000000a1', label: 'Main', broker: 'North', mode: 'live',
};
export const callKey = 'NSE:NIFTY:2026-11-24:26000:CE';

export const futureKey = 'NSE:NIFTY:2026-11-24:FUT';

const at = '2026-11-23T09:59:00+05:30';

export function orderOf(id: string, changes: Partial<Order> = {}): Order {
  return {
    id,
    account: paperOf,
    contract: callKey,
    side: 'BUY',
    type: 'LIMIT',
    product: 'intraday',
    validity: 'DAY',
    quantity: 150,
    filledQuantity: 75,
    price: 100,
    triggerPrice: null,
    averagePrice: 99.95,
    status: 'part_filled',
    reason: null,
    ended: false,
    brokerOrderId: 'b1',
    modify: null,
    cancel: null,
    needsPerson: null,
    placedBy: 'asha',
    createdAt: at,
    updatedAt: at,
    version: 1,
    ...changes,
  };
}

export function tradingOf(changes: Partial<Trading> = {}): Trading {
  const rates = [{ name: 'orders', used: 3, limit: 8, windowMs: 1_000 }];
  return {
    accounts: [
      { ...liveOf, open: true, reason: null, rates },
      { ...paperOf, open: true, reason: null, rates },
    ],
    kill: { active: false, reason: null, by: null, at: null },
    ...changes,
  };
}

/** What is provided under `tradingKey`. */
export function polledTrading(trading: Trading | null = tradingOf()): Polled<Trading> {
  return {
    data: shallowRef(trading), error: shallowRef(null), atMonoMs: shallowRef(0),
    refresh: () => undefined,
  };
}

export function estimateOf(changes: Partial<MarginEstimateView> = {}): MarginEstimateView {
  return {
    method: 'scenarios',
    at,
    revision: null,
    shape: 'naked',
    margin: 172_285,
    total: 172_285,
    byUnderlying: [
      {
        underlying: 'NIFTY', method: 'scenarios', scan: 150_000, calendar: 0,
        netOptionValue: -7_500, span: 135_000, exposure: 37_285, expiryDay: 0, premium: 0,
        margin: 172_285, total: 172_285,
        greeks: { delta: -37.5, gamma: -0.12, theta: 850, vega: -640 },
        exposureNotional: -975_000,
      },
    ],
    warnings: [],
    ...changes,
  };
}

export function basketMarginOf(changes: Partial<BasketMargin> = {}): BasketMargin {
  return {
    before: null,
    after: estimateOf(),
    alone: estimateOf(),
    required: 180_899.25,
    available: 500_000,
    basis: 'The local estimate counts, and 5 % on top',
    legOrder: [{ leg: 0, margin: 172_285 }],
    peak: 172_285,
    ...changes,
  };
}

export function executionOf(changes: Partial<Execution> = {}): Execution {
  return {
    contract: callKey, side: 'BUY', quantity: 75, bid: 99.9, ask: 100.1, spread: 0.2,
    spreadPercent: 0.2, liquidityScore: 82, advice: 'ENTER_NOW', price: 100.1, averagePrice: 100.1,
    slippage: 0, impact: 7.5, available: 1_950, reason: null, stale: false,
    ...changes,
  };
}

export function previewOf(changes: Partial<OrderPreview> = {}): OrderPreview {
  return {
    ok: true,
    problems: [],
    legs: [
      {
        contract: callKey,
        price: 100.1,
        slices: [75],
        execution: executionOf(),
        charges: {
          brokerage: 20, stt: 0, exchange: 2.63, ipft: 0, sebi: 0.01, stamp: 0.23, gst: 4.07,
          total: 26.94,
        },
      },
    ],
    margin: basketMarginOf(),
    charges: 26.94,
    ...changes,
  };
}

export function positionOf(changes: Partial<PositionView> = {}): PositionView {
  return {
    account: paperOf, contract: callKey, product: 'intraday', netQuantity: -75, averagePrice: 100,
    ltp: 96, stale: false, realised: 0, unrealised: 300, charges: 26.94, net: 273.06, delta: -37.5,
    ...changes,
  };
}

/** Terms of a future as the platform tells them: lots of 75, steps of 5 paise. */
export function termsOf(changes: Partial<ContractTerms> = {}): ContractTerms {
  return {
    key: futureKey, underlying: 'NIFTY', exchange: 'NSE', expiry: '2026-11-24', kind: 'FUT',
    strike: null, symbol: 'NIFTY26NOVFUT', lotSize: 75, tickSize: 0.05, freezeQuantity: 1_800,
    ltp: 26_060, previousClose: 25_950, spot: 26_000, iv: null,
    bids: [{ price: 26_059.5, quantity: 150, orders: 2 }],
    asks: [{ price: 26_061.5, quantity: 300, orders: 3 }],
    receivedAt: at, stale: false,
    ...changes,
  };
}

export function differenceOf(
  changes: Partial<PositionDifferenceView> = {},
): PositionDifferenceView {
  return {
    account: liveOf, contract: callKey, product: 'carry', here: -75, there: 150,
    averagePrice: 101.25, ltp: 96, readAt: at, blocked: null,
    ...changes,
  };
}
