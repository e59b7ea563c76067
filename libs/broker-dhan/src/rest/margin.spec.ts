import type { MarginLeg, MarginPort } from '@strikewire/broker';
import type { HttpRequest } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { html, tradingError } from '../fixtures/answers';
import { createTestAccount, sentBody, type Reply } from '../testing/dhan-account';

const short: MarginLeg = {
  token: { segment: 'NSE_FNO', id: '42528' }, side: 'SELL', quantity: 65, product: 'carry',
  pricePaise: 12_005,
};
const long: MarginLeg = { ...short, side: 'BUY', token: { segment: 'NSE_FNO', id: '42540' } };
const single = {
  totalMargin: 173159.25, spanMargin: 141000.5, exposureMargin: 32158.75, availableBalance: 10500,
  variableMargin: 0, insufficientBalance: 162659.25, brokerage: 20, leverage: '1X',
};
const camel = {
  clientId: '1000000001', totalMargin: 45000.1, spanMargin: 40000.1, exposure: 5000,
  equityMargin: 0, foMargin: 45000.1, commodity: 0, currency: 0,
};
const snake = {
  total_margin: '45000.10', span_margin: '40000.10', exposure_margin: '5000.00',
  equity_margin: '0', fo_margin: '45000.10', commodity_margin: '0', currency: 'INR',
  hedge_benefit: '128159.15',
};
const sentinel = -3.4028234663852886e38;

function setUp(reply: Reply | ((request: HttpRequest) => Reply)) {
  const account = createTestAccount((request) =>
    typeof reply === 'function' ? reply(request) : reply);
  return { ...account, margin: account.instance.margin as MarginPort };
}

describe('margin', () => {
  it('of one leg is asked of the calculator of one', async () => {
    const { margin, requests, slots } = setUp(JSON.stringify(single));
    expect(await margin.required([short])).toEqual({
      requiredPaise: 17_315_925, spanPaise: 14_100_050, exposurePaise: 3_215_875,
      premiumPaise: null, benefitPaise: null,
    });
    expect(requests[0]?.url).toBe('https://rest.example/v2/margincalculator');
    expect(sentBody(requests[0])).toEqual({
      dhanClientId: '1000000001', exchangeSegment: 'NSE_FNO', transactionType: 'SELL',
      quantity: 65, productType: 'MARGIN', securityId: '42528', price: 120.05,
    });
    expect(slots).toEqual([{ class: 'margin' }]);
  });

  it.each([['camel', camel, null], ['snake', snake, 12_815_915]])(
    'of several is asked together, without what is held; the answer in %s case',
    async (_case, answer, benefitPaise) => {
      const { margin, requests } = setUp(JSON.stringify(answer));
      expect(await margin.required([short, long])).toEqual({
        requiredPaise: 4_500_010, spanPaise: 4_000_010, exposurePaise: 500_000,
        premiumPaise: null, benefitPaise,
      });
      expect(requests[0]?.url).toBe('https://rest.example/v2/margincalculator/multi');
      const body = sentBody(requests[0]);
      expect(body).toMatchObject({ includePosition: false, includeOrder: false });
      expect(body['scripList']).toHaveLength(2);
    },
  );

  it('of a leg without a price is asked with the last one', async () => {
    const { margin, requests } = setUp(({ url }) => url.endsWith('/ltp')
      ? '{"data":{"NSE_FNO":{"42528":{"last_price":118.4}}},"status":"success"}'
      : JSON.stringify(single));
    await margin.required([{ ...short, pricePaise: null }]);
    expect(sentBody(requests[1])).toMatchObject({ price: 118.4 });
    const unpriced = [{ ...long, pricePaise: null }];
    await expect(margin.required(unpriced)).rejects.toMatchObject({
      kind: 'not_found', code: 'price_not_known',
    });
  });

  it('of what is sold is not 0, of what is bought it may be', async () => {
    const nothing = JSON.stringify({ totalMargin: 0, spanMargin: 0, exposureMargin: 0 });
    const { margin } = setUp(nothing);
    for (const legs of [[short], [long, short]]) {
      await expect(margin.required(legs)).rejects.toMatchObject({
        kind: 'retryable', code: 'answer_malformed',
      });
    }
    expect(await margin.required([long])).toMatchObject({ requiredPaise: 0 });
  });

  it('without the data plan that a last price needs is no end of the account', async () => {
    const unpaid = '{"data":{"806":"Data APIs not Subscribed"},"status":"failed"}';
    const { margin } = setUp(({ url }) => url.endsWith('/ltp')
      ? { status: 401, body: unpaid } : JSON.stringify(single));
    await expect(margin.required([{ ...short, pricePaise: null }])).rejects.toMatchObject({
      kind: 'rejected', code: 'no_data_subscription',
    });
    expect(await margin.required([short])).toMatchObject({ requiredPaise: 17_315_925 });
  });

  it('of MCX is not asked: its quantities are lots there', async () => {
    const { margin, requests } = setUp(JSON.stringify(single));
    const legs = [{ ...short, token: { segment: 'MCX_COMM', id: '569900' } }];
    await expect(margin.required(legs)).rejects.toMatchObject({
      kind: 'invalid', code: 'segment_not_served',
    });
    expect(requests).toEqual([]);
  });

  it.each([
    ['total', { ...single, totalMargin: sentinel }],
    ['a part', { ...single, spanMargin: sentinel }],
    ['a text', { ...snake, exposure_margin: String(sentinel) }],
    ['below zero', { ...single, totalMargin: -5 }],
    ['no number', { ...single, totalMargin: 'NaN' }],
    ['a list', { ...single, totalMargin: [] }],
    ['above all', { ...single, totalMargin: 1e15 }],
  ])('with a figure that cannot be is refused: %s', async (_what, answer) => {
    const { margin } = setUp(JSON.stringify(answer));
    await expect(margin.required([short])).rejects.toMatchObject({
      kind: 'retryable', code: 'figure_absurd',
    });
  });

  it.each([
    [{ status: 200, body: tradingError('DH-907', 'no data') }, 'not_found'],
    [{ status: 200, body: '{"status":"failed","data":{}}' }, 'retryable'],
    [{ status: 429, body: tradingError('DH-904', 'too many') }, 'throttled'],
    [{ status: 401, body: tradingError('DH-901', 'no') }, 'unauthenticated'],
    [{ status: 200, body: html }, 'retryable'],
    [{ status: 200, body: '{}' }, 'retryable'],
    [{ status: 200, body: '[]' }, 'retryable'],
  ])('that is answered by an error is one, with HTTP 200 too: %o', async (reply, kind) => {
    const { margin } = setUp(reply);
    await expect(margin.required([short])).rejects.toMatchObject({ kind });
    await expect(margin.funds()).rejects.toMatchObject({ kind });
  });

  it.each([
    [[]], [Array.from({ length: 51 }, () => short)], [[{ ...short, quantity: 0 }]],
    [[{ ...short, token: { segment: 'IDX_I', id: '13' } }]], [[{ ...short, pricePaise: 0.5 }]],
  ])('of what cannot be asked is invalid, and not asked', async (legs) => {
    const { margin, requests } = setUp(JSON.stringify(single));
    await expect(margin.required(legs)).rejects.toMatchObject({ kind: 'invalid' });
    expect(requests).toEqual([]);
  });
});

describe('funds', () => {
  const answer = {
    dhanClientId: '1000000009', availabelBalance: 98440.05, sodLimit: 113642, collateralAmount: 0,
    receiveableAmount: 0, utilizedAmount: 15202.5, blockedPayoutAmount: 0,
    withdrawableBalance: 98310,
  };

  it('are read by the names that Dhan gives them', async () => {
    const { margin, requests } = setUp(JSON.stringify(answer));
    expect(await margin.funds()).toEqual({ availablePaise: 9_844_005, usedPaise: 1_520_250 });
    expect(requests[0]).toMatchObject({ method: 'GET', url: 'https://rest.example/v2/fundlimit' });
  });

  it('may be owed', async () => {
    const { margin } = setUp(JSON.stringify({ ...answer, availabelBalance: -120.5 }));
    expect(await margin.funds()).toMatchObject({ availablePaise: -12_050 });
  });

  it.each([
    { ...answer, availabelBalance: sentinel }, { ...answer, utilizedAmount: 'none' },
    { ...answer, utilizedAmount: undefined },
  ])('that cannot be are refused: %o', async (odd) => {
    const { margin } = setUp(JSON.stringify(odd));
    await expect(margin.funds()).rejects.toMatchObject({ kind: 'retryable' });
  });
});
