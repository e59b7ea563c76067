import { describe, expect, it } from 'vitest';
import { createHarness, type Harness } from '../../testing/harness';

const nifty = { UnderlyingScrip: 13, UnderlyingSeg: 'IDX_I' };

interface Leg {
  average_price: number;
  greeks: { delta: number; theta: number; gamma: number; vega: number };
  implied_volatility: number;
  last_price: number;
  oi: number;
  security_id: number;
  top_ask_price: number;
  top_bid_price: number;
  volume: number;
}
interface ChainBody {
  data: { last_price: number; oc: Record<string, { ce: Leg; pe: Leg }> };
  status: string;
}

async function expiriesOf(harness: Harness): Promise<string[]> {
  const answer = await harness.call('POST', '/v2/optionchain/expirylist', nifty);
  return (answer.json() as { data: string[] }).data;
}

describe('POST /v2/optionchain/expirylist', () => {
  it('lists dates ascending and ignores keys it does not know', async () => {
    const harness = createHarness();
    const asked = { ...nifty, dhanClientId: '1000000001' };
    const answer = await harness.call('POST', '/v2/optionchain/expirylist', asked);
    const body = answer.json() as { data: string[]; status: string };
    expect([answer.status, body.status, body.data[0]]).toEqual([200, 'success', '2026-11-23']);
    expect(body.data).toEqual([...body.data].sort());
  });

  it('lists shares by their cash id', async () => {
    const harness = createHarness();
    const asked = { UnderlyingScrip: 2885, UnderlyingSeg: 'NSE_EQ' };
    const answer = await harness.call('POST', '/v2/optionchain/expirylist', asked);
    expect((answer.json() as { data: string[] }).data).toEqual([
      '2026-11-23', '2026-12-29', '2027-01-26',
    ]);
  });

  it.each([
    [{ UnderlyingScrip: 'NIFTY', UnderlyingSeg: 'IDX_I' }, 400, '814'],
    [{ UnderlyingScrip: 26_000, UnderlyingSeg: 'IDX_I' }, 400, '813'],
    [{ UnderlyingScrip: 13, UnderlyingSeg: 'NSE_EQ' }, 400, '813'],
    [{ UnderlyingScrip: 21, UnderlyingSeg: 'IDX_I' }, 400, '813'],
    ['{"UnderlyingScrip":13', 400, '814'],
  ])('answers %j with %i and %s', async (body, status, code) => {
    const answer = await createHarness().call('POST', '/v2/optionchain/expirylist', body);
    expect([answer.status, Object.keys((answer.json() as { data: object }).data)]).toEqual([
      status, [code],
    ]);
  });
});

describe('POST /v2/optionchain', () => {
  it('answers the chain with the oddities of the wire', async () => {
    const harness = createHarness();
    const [expiry] = await expiriesOf(harness);
    const answer = await harness.call('POST', '/v2/optionchain', { ...nifty, Expiry: expiry });
    const { data, status } = answer.json() as ChainBody;
    expect([answer.status, status]).toEqual([200, 'success']);
    const keys = Object.keys(data.oc);
    expect(keys.every((key) => /^\d+\.\d{6}$/.test(key))).toBe(true);
    expect(keys.map(Number)).toEqual(keys.map(Number).sort((a, b) => a - b));
    expect(data.last_price).toBe(Math.fround(data.last_price));
    expect(answer.text).toContain('"theta":-0,');
    expect(answer.text).toMatch(/"last_price":\d+,/);
    const legs = Object.values(data.oc).flatMap(({ ce, pe }) => [ce, pe]);
    const dead = legs.filter((leg) => leg.last_price === 0 && leg.top_ask_price === 0);
    const junk = dead.filter((leg) => leg.implied_volatility > 0);
    expect(dead.length).toBeGreaterThan(100);
    expect(junk.length).toBeGreaterThan(30);
    expect(junk.every(({ greeks }) => greeks.delta === 0 && greeks.vega === 0)).toBe(true);
    expect(legs.some((leg) => leg.last_price > 0 && leg.implied_volatility === 0)).toBe(true);
    expect(legs.some((leg) => leg.last_price === 0 && leg.top_bid_price > 0)).toBe(true);
  });

  it('has greeks of spot and 10 %: call vol under put vol at the money', async () => {
    const harness = createHarness();
    const expiry = (await expiriesOf(harness))[2];
    const answer = await harness.call('POST', '/v2/optionchain', { ...nifty, Expiry: expiry });
    const { data } = answer.json() as ChainBody;
    const distance = (key: string): number => Math.abs(Number(key) - data.last_price);
    const [atm = ''] = Object.keys(data.oc).sort((a, b) => distance(a) - distance(b));
    const { ce, pe } = data.oc[atm] as { ce: Leg; pe: Leg };
    expect(ce.implied_volatility).toBeLessThan(pe.implied_volatility);
    expect(ce.implied_volatility).toBeGreaterThan(6);
    expect(ce.greeks.delta).toBeGreaterThan(0.4);
    expect(pe.greeks.delta).toBeLessThan(-0.3);
    expect(ce.greeks.theta).toBeLessThan(0);
    const scaled = ce.greeks.delta * 1e5;
    expect(Math.abs(scaled - Math.round(scaled))).toBeLessThan(1e-6);
  });

  it.each([
    ['2020-01-02', '811'],
    ['2026-11-25', '811'],
    ['23-11-2026', '812'],
    ['2026-02-30', '812'],
    [20_261_123, '814'],
  ])('answers expiry %j with %s', async (Expiry, code) => {
    const answer = await createHarness().call('POST', '/v2/optionchain', { ...nifty, Expiry });
    expect([answer.status, Object.keys((answer.json() as { data: object }).data)]).toEqual([
      400, [code],
    ]);
  });
});
