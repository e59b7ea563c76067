import type { MarginLeg, MarginPort } from '@strikewire/broker';
import type { HttpRequest } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { failure, html, success } from '../fixtures/answers';
import { marginRow } from '../fixtures/orders';
import { createAccount, type Answer, type TestAccount } from '../testing/upstox-account';

const legOf = (id: string, change: Partial<MarginLeg> = {}): MarginLeg => ({
  token: { segment: 'NSE_FO', id }, side: 'SELL', quantity: 65, product: 'carry',
  pricePaise: 13_405, ...change,
});

function accountOf(reply: (request: HttpRequest) => Answer): TestAccount & { margin: MarginPort } {
  const account = createAccount(reply);
  const { margin } = account;
  if (!margin) throw new Error('there is no margin side');
  return { ...account, margin };
}

const answerOf = (rows: readonly object[], required: unknown, final: unknown): string =>
  success({ margins: rows, required_margin: required, final_margin: final });

describe('margin', () => {
  it('is asked for in units and rupees, and is what hedges have left of it', async () => {
    const rows = [marginRow(), marginRow({
      span_margin: 0, exposure_margin: 0, net_buy_premium: 2_600.5, total_margin: 2_600.5,
    })];
    const { margin, requests, slots } = accountOf(() => answerOf(rows, 176_848.55, 48_330.2));
    const legs = [legOf('1'), legOf('2', { side: 'BUY', product: 'intraday', pricePaise: null })];
    expect(await margin.required(legs)).toEqual({
      requiredPaise: 4_833_020, spanPaise: null, exposurePaise: null, premiumPaise: 260_050,
      benefitPaise: 12_851_835,
    });
    expect(requests[0]?.url).toBe('https://rest.example/v2/charges/margin');
    expect(JSON.parse(String(requests[0]?.body))).toEqual({
      instruments: [
        {
          instrument_key: 'NSE_FO|1', quantity: 65, product: 'D', transaction_type: 'SELL',
          price: 134.05,
        },
        { instrument_key: 'NSE_FO|2', quantity: 65, product: 'I', transaction_type: 'BUY' },
      ],
    });
    expect(slots).toEqual([{ class: 'margin' }]);
  });

  it('has its parts while nothing is hedged', async () => {
    const { margin } = accountOf(() => answerOf([marginRow()], 174_248.05, 174_248.05));
    expect(await margin.required([legOf('1')])).toEqual({
      requiredPaise: 17_424_805, spanPaise: 14_231_050, exposurePaise: 3_193_755,
      premiumPaise: 0, benefitPaise: 0,
    });
  });

  it('names no instrument twice, and is not asked for when there is nothing', async () => {
    const { margin, requests } = accountOf(() => answerOf([marginRow()], 5, 5));
    const back = legOf('1', { side: 'BUY', quantity: 130, pricePaise: 13_000 });
    await margin.required([legOf('1'), back]);
    expect(JSON.parse(String(requests[0]?.body))).toEqual({
      instruments: [
        { instrument_key: 'NSE_FO|1', quantity: 65, product: 'D', transaction_type: 'BUY' },
      ],
    });
    expect(await margin.required([legOf('1'), legOf('1', { side: 'BUY' })]))
      .toMatchObject({ requiredPaise: 0 });
    expect(requests).toHaveLength(1);
  });

  it('is refused for one instrument in two products, and for too many legs', async () => {
    const { margin, requests } = accountOf(() => html);
    await expect(margin.required([legOf('1'), legOf('1', { product: 'intraday' })]))
      .rejects.toMatchObject({ kind: 'invalid', code: 'legs_mixed' });
    const many = Array.from({ length: margin.legsMax + 1 }, (_, index) => legOf(`${index}`));
    for (const legs of [many, []]) {
      await expect(margin.required(legs))
        .rejects.toMatchObject({ kind: 'invalid', code: 'legs_unfit' });
    }
    await expect(margin.required([legOf('1', { quantity: 0 })]))
      .rejects.toMatchObject({ kind: 'invalid', code: 'quantity_unfit' });
    expect(requests).toEqual([]);
  });

  it.each([
    ['zero', answerOf([marginRow()], 0, 0)], ['below zero', answerOf([marginRow()], -1, -1)],
    ['absurd', answerOf([marginRow()], 1e15, 1e15)], ['no number', answerOf([marginRow()], 'x', 5)],
    ['absurd in a part', answerOf([marginRow({ span_margin: -99_999 })], 5, 5)],
    ['of another number of legs', answerOf([], 5, 5)], ['nothing', success(null)], ['a page', html],
  ])('that is %s is none', async (_what, body) => {
    const { margin } = accountOf(() => body);
    await expect(margin.required([legOf('1')])).rejects.toMatchObject({ kind: 'retryable' });
  });
});

describe('funds', () => {
  it('are those of the whole account', async () => {
    const equity = { used_margin: 1_000.55, available_margin: '98765.05', payin_amount: 0 };
    const { margin, requests } = accountOf(() => success({ equity, commodity: {} }));
    expect(await margin.funds()).toEqual({ availablePaise: 9_876_505, usedPaise: 100_055 });
    expect(requests[0]?.url).toBe('https://rest.example/v2/user/get-funds-and-margin');
  });

  it.each([
    success({}), success({ equity: { used_margin: 1 } }),
    success({ equity: { used_margin: -1, available_margin: 5 } }),
    success({ equity: { used_margin: 0, available_margin: 1e14 } }),
    { status: 423, body: failure('UDAPI100072', 'Closed at night') },
  ])('are not there in %o', async (answer) => {
    const { margin } = accountOf(() => answer);
    await expect(margin.funds()).rejects.toMatchObject({ kind: 'retryable' });
  });
});
