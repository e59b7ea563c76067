import { describe, expect, it } from 'vitest';
import { createHarness, optionNear } from '../../testing/harness';
import { defaultAccount } from '../accounts';

const { clientId } = defaultAccount;
type Row = Record<string, unknown>;

describe('margins of Dhan', () => {
  const made = () => {
    const { call, simulator } = createHarness();
    const leg = (away: number, transactionType: string): Row => ({
      exchangeSegment: 'NSE_FNO', transactionType, quantity: 65, productType: 'MARGIN',
      securityId: String(optionNear(simulator, 'NIFTY', 'CE', away).id), price: 100,
    });
    const one = async (fields: Row): Promise<Row> =>
      (await call('POST', '/v2/margincalculator', { dhanClientId: clientId, ...fields })).json();
    const multi = async (fields: Row): Promise<Row> =>
      (await call('POST', '/v2/margincalculator/multi', fields)).json();
    const spot = simulator.truth.underlyings()[0]?.ltp ?? 0;
    return { simulator, leg, one, multi, spot };
  };

  it('are a share of the underlying where sold, and the price where bought', async () => {
    const { one, leg, spot } = made();
    const sold = await one(leg(0, 'SELL'));
    expect(sold).toMatchObject({ brokerage: 20, leverage: '1.00', insufficientBalance: 0 });
    expect(sold['totalMargin']).toBeCloseTo(0.12 * 65 * spot, 1);
    expect(await one(leg(0, 'BUY'))).toMatchObject({ totalMargin: 6_500, spanMargin: 0 });
    expect(await one({ ...leg(0, 'BUY'), quantity: '65' })).toMatchObject({ errorCode: 'DH-905' });
  });

  it('of several legs are less, by either form of their names', async () => {
    const { one, multi, leg } = made();
    const legs = [leg(0, 'SELL'), leg(4, 'BUY')];
    const alone = Number((await one(leg(0, 'SELL')))['totalMargin']);
    const live = { dhanClientId: clientId, includePosition: true, includeOrder: true };
    const told = await multi({ ...live, scripList: legs });
    expect(Object.keys(told)).toEqual([
      'clientId', 'totalMargin', 'spanMargin', 'exposure', 'equityMargin', 'foMargin', 'commodity',
      'currency',
    ]);
    expect(told['totalMargin']).toBeLessThan(0.6 * alone);
    const printed = { includePosition: true, includeOrders: true, scripts: legs };
    expect(await multi(printed)).toEqual(told);
    expect(await multi(live)).toMatchObject({ errorCode: 'DH-905' });
  });

  it('can be told in texts, as nothing at all, and as errors that look well', async () => {
    const { simulator, one, multi, leg } = made();
    const legs = { scripList: [leg(0, 'SELL'), leg(4, 'BUY')] };
    simulator.faults.add({ kind: 'marginShape', shape: 'snake', count: 1 });
    expect(await multi(legs)).toMatchObject({
      total_margin: expect.stringMatching(/^\d+\.\d\d$/), currency: 'INR',
      hedge_benefit: expect.stringMatching(/^\d+\.\d\d$/),
    });
    simulator.faults.add({ kind: 'marginShape', shape: 'sentinel', count: 1 });
    expect((await one(leg(0, 'SELL')))['totalMargin']).toBeLessThan(-3.4e38);
    simulator.faults.add({ kind: 'marginShape', shape: 'error200', count: 1 });
    expect(await one(leg(0, 'SELL'))).toMatchObject({ errorCode: 'DH-907' });
  });
});
