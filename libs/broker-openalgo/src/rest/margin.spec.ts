import type { MarginLeg, MarginPort } from '@strikewire/broker';
import type { HttpRequest } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { failure, html, success } from '../fixtures/answers';
import {
  createAccount, credentials, type Answer, type TestAccount,
} from '../testing/openalgo-account';

const legOf = (id: string, change: Partial<MarginLeg> = {}): MarginLeg => ({
  token: { segment: 'NFO', id }, side: 'SELL', quantity: 65, product: 'carry',
  pricePaise: 13_405, ...change,
});

function accountOf(reply: (request: HttpRequest) => Answer): TestAccount & { margin: MarginPort } {
  const account = createAccount(reply);
  const { margin } = account;
  if (!margin) throw new Error('there is no margin side');
  return { ...account, margin };
}

describe('margin', () => {
  it('is asked for in texts, and is told in rupees', async () => {
    const { margin, requests } = accountOf(() => success({
      total_margin_required: 174_248.05, span_margin: '142310.5', exposure_margin: 31_937.55,
    }));
    const legs = [legOf('A'), legOf('B', { side: 'BUY', product: 'intraday', pricePaise: null })];
    expect(await margin.required(legs)).toEqual({
      requiredPaise: 17_424_805, spanPaise: 14_231_050, exposurePaise: 3_193_755,
      premiumPaise: null, benefitPaise: null,
    });
    expect(requests[0]?.url).toBe('http://algo.example/api/v1/margin');
    expect(JSON.parse(String(requests[0]?.body))).toEqual({
      apikey: credentials.apiKey,
      positions: [
        {
          symbol: 'A', exchange: 'NFO', action: 'SELL', product: 'NRML', pricetype: 'LIMIT',
          quantity: '65', price: '134.05',
        },
        {
          symbol: 'B', exchange: 'NFO', action: 'BUY', product: 'MIS', pricetype: 'MARKET',
          quantity: '65', price: '0',
        },
      ],
    });
  });

  it('tells what hedges save where the broker does', async () => {
    const { margin } = accountOf(() =>
      success({ total_margin_required: 5, margin_benefit: 12.5 }));
    expect(await margin.required([legOf('A')]))
      .toMatchObject({ spanPaise: null, benefitPaise: 1_250 });
  });

  it('adds up legs of one instrument, and asks nothing of nothing', async () => {
    const { margin, requests } = accountOf(() => success({ total_margin_required: 5 }));
    await margin.required([legOf('A'), legOf('A', { side: 'BUY', quantity: 130 })]);
    expect(JSON.parse(String(requests[0]?.body))).toMatchObject({
      positions: [{ symbol: 'A', action: 'BUY', quantity: '65', price: '134.05' }],
    });
    expect(await margin.required([legOf('A'), legOf('A', { side: 'BUY' })]))
      .toMatchObject({ requiredPaise: 0 });
    expect(requests).toHaveLength(1);
  });

  it('is not asked for with no legs, too many, and legs of nothing', async () => {
    const { margin, requests } = accountOf(() => html);
    const many = Array.from({ length: margin.legsMax + 1 }, (_, index) => legOf(`${index}`));
    for (const legs of [[], many, [legOf('A', { quantity: 0 })]]) {
      await expect(margin.required(legs)).rejects.toMatchObject({ kind: 'invalid' });
    }
    expect(requests).toEqual([]);
  });

  it('is not supported where the broker has none', async () => {
    const answer = { status: 501, body: failure('Margin calculation is not supported') };
    await expect(accountOf(() => answer).margin.required([legOf('A')]))
      .rejects.toMatchObject({ kind: 'invalid', code: 'not_supported' });
  });

  it.each([
    ['zero', { total_margin_required: 0 }], ['below zero', { total_margin_required: -1 }],
    ['absurd', { total_margin_required: 1e15 }], ['a word', { total_margin_required: 'NA' }],
    ['absurd in a part', { total_margin_required: 5, span_margin: -99 }], ['nothing', null],
  ])('that is %s is none', async (_what, data) => {
    const { margin } = accountOf(() => success(data));
    await expect(margin.required([legOf('A')])).rejects.toMatchObject({ kind: 'retryable' });
  });
});

describe('funds', () => {
  it('are the cash that is free', async () => {
    const { margin } = accountOf(() => success({
      availablecash: '98765.05', collateral: '5000.00', m2mrealized: '0.00',
      m2munrealized: '0.00', utiliseddebits: '1000.55',
    }));
    expect(await margin.funds()).toEqual({ availablePaise: 9_876_505, usedPaise: 100_055 });
  });

  it.each([
    success({}), success({ availablecash: 'x', utiliseddebits: '0' }),
    success({ availablecash: '1e14', utiliseddebits: '0' }),
    JSON.stringify({
      status: 'success', mode: 'analyze', data: { availablecash: '1', utiliseddebits: '0' },
    }),
  ])('are not there in %s', async (body) => {
    const { margin } = accountOf(() => body);
    await expect(margin.funds()).rejects.toMatchObject({ kind: 'retryable' });
  });
});
