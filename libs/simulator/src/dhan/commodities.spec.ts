import { describe, expect, it } from 'vitest';
import { createHarness } from '../testing/harness';

const crude = { UnderlyingScrip: 294, UnderlyingSeg: 'MCX_COMM' };

interface Leg {
  last_price: number;
  security_id: number;
}

describe('MCX at Dhan', () => {
  it('lists expiries and chains by the commodity\'s id, and none by another id', async () => {
    const harness = createHarness();
    const listed = await harness.call('POST', '/v2/optionchain/expirylist', crude);
    const [expiry] = (listed.json() as { data: string[] }).data;
    expect(expiry).toBe('2026-12-16');
    const answer = await harness.call('POST', '/v2/optionchain', { ...crude, Expiry: expiry });
    const { data } = answer.json() as {
      data: { last_price: number; oc: Record<string, { ce: Leg; pe: Leg }> };
    };
    const { simulator } = harness;
    const underlying = simulator.market.underlying('CRUDEOIL');
    const future = underlying && simulator.market.lookSpot(underlying);
    expect(data.last_price).toBe(Math.fround((future?.ltpPaise ?? 0) / 100));
    const [strike, { ce }] = Object.entries(data.oc)[40] ?? ['', { ce: undefined }];
    const truth = simulator.truth.contract('MCX_COMM', ce?.security_id ?? 0);
    const chain = simulator.truth.chain('CRUDEOIL', expiry ?? '');
    expect(truth?.ltp).toBe(ce?.last_price);
    expect(chain?.strikes[40]).toMatchObject({ strike: Number(strike), CE: truth });
    expect(chain?.spot).toMatchObject({ segment: 'MCX_COMM', securityId: future?.id });
    for (const wrong of [{ UnderlyingScrip: future?.id }, { UnderlyingSeg: 'NSE_EQ' }]) {
      const refused = await harness.call(
        'POST', '/v2/optionchain/expirylist', { ...crude, ...wrong },
      );
      expect(refused.text).toContain('813');
    }
    expect(simulator.violations().total).toBe(0);
  });

  it('quotes and feeds futures and options as segment 5', async () => {
    const harness = createHarness();
    const { market, truth } = harness.simulator;
    const underlying = market.underlying('CRUDEOIL');
    const chain = underlying && market.chain(underlying, market.expiries(underlying)[0] ?? '');
    if (!chain) throw new Error('CRUDEOIL is listed');
    const future = market.lookSpot(chain.underlying);
    const option = chain.firstId + chain.strikesPaise.length;
    const ids = [future.id, option, 294];
    const quotes = await harness.call('POST', '/v2/marketfeed/quote', { MCX_COMM: ids });
    const { data } = quotes.json() as { data: { MCX_COMM: Record<string, object> } };
    expect(Object.keys(data.MCX_COMM)).toEqual([String(future.id), String(option)]);
    expect(data.MCX_COMM[String(future.id)]).toMatchObject({
      last_price: truth.contract('MCX_COMM', future.id)?.ltp,
    });
    const client = harness.connect();
    await harness.clock.advance(100);
    client.subscribe(21, ids, 'MCX_COMM');
    await harness.clock.advance(2_000);
    const seen = client.ofCode(8).map((packet) =>
      [packet.getUint8(3), packet.getUint32(4, true)].join(':'));
    expect(new Set(seen)).toEqual(new Set([`5:${future.id}`, `5:${option}`]));
    expect(seen.length).toBeGreaterThan(4);
  });

  it('has rows with lots of 1.0, ticks of their own, and a future long expired', async () => {
    const harness = createHarness();
    const { text } = await harness.call('GET', '/api-data/segment/MCX_COMM.csv');
    const rows = text.trimEnd().split('\n').map((line) => line.split(','));
    const crudeRows = rows.filter((cells) => cells[5] === '294');
    expect(crudeRows.filter((cells) => cells[4] === 'FUTCOM').map((cells) => cells[12])).toEqual([
      '2026-11-16', '2026-12-18', '2027-01-19', '2027-02-19', '2027-03-19',
    ]);
    const option = crudeRows.find((cells) => cells[4] === 'OPTFUT');
    expect(option?.slice(0, 2)).toEqual(['MCX', 'M']);
    expect(option?.slice(6, 13)).toEqual([
      'CRUDEOIL', 'CRUDEOIL', expect.stringMatching(/^CRUDEOIL 16 DEC \d+ CALL$/), 'OPTFUT', '2',
      '1.0', '2026-12-16',
    ]);
    expect(option?.slice(14, 16)).toEqual(['CE', '10.0000']);
  });
});
