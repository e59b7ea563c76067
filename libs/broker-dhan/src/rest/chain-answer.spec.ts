import { describe, expect, it } from 'vitest';
import { chainBody, deadLeg, intrinsicLeg, legOf } from '../fixtures/answers';
import { readChainAnswer } from './chain-answer';

const times = { sentMonoMs: 12, receivedMs: 34 };

const read = (oc: Record<string, unknown>, spot?: unknown) =>
  readChainAnswer(JSON.parse(chainBody(oc, spot)), times, 'NSE_FNO');

const readLeg = (figures: Record<string, unknown>) =>
  read({ '100.000000': { ce: legOf(1, figures), pe: null } }).strikes[0]?.CE;

describe('readChainAnswer', () => {
  it('reads a documented strike, in paise and units', () => {
    const chain = read({ '25650.000000': { ce: legOf(42528), pe: legOf(42529) } });
    expect(chain).toMatchObject({ spotPaise: 2_295_295, ...times });
    expect(chain.strikes[0]?.strikePaise).toBe(2_565_000);
    expect(chain.strikes[0]?.PE?.token).toEqual({ segment: 'NSE_FNO', id: '42529' });
    expect(chain.strikes[0]?.CE).toEqual({
      token: { segment: 'NSE_FNO', id: '42528' },
      ltpPaise: 13_400,
      bidPaise: 13_355,
      askPaise: 13_410,
      bidQty: 1_625,
      askQty: 1_365,
      volume: 117_567_970,
      oi: 3_786_445,
      previousOi: 402_220,
      closePaise: 24_485,
      greeks: {
        iv: 9.789193798280868,
        delta: 0.53871,
        gamma: 0.00132,
        theta: -15.1539,
        vega: 12.18593,
        rho: null,
      },
    });
  });

  it('sorts six-decimal keys as numbers and keeps adjusted strikes exact', () => {
    const both = { ce: legOf(1), pe: legOf(2) };
    const keys = ['10000.000000', '9950.000000', '1012.500000', '25650', '0.000000', 'NaN', '-5.0'];
    const { strikes } = read(Object.fromEntries(keys.map((key) => [key, both])));
    const paise = strikes.map((strike) => strike.strikePaise);
    expect(paise).toEqual([101_250, 995_000, 1_000_000, 2_565_000]);
  });

  it('lists legs that never traded, without the IV that they carry', () => {
    expect(readLeg(deadLeg)).toMatchObject({
      ltpPaise: 0, bidPaise: 0, askPaise: 0, oi: 0, previousOi: 0, volume: 0, greeks: null,
    });
  });

  it('takes IV 0 for "could not be computed", not for zero Greeks', () => {
    expect(readLeg(intrinsicLeg)).toMatchObject({ ltpPaise: 49_060, greeks: null });
  });

  it('reads -0 as 0', () => {
    const greeks = { delta: 0.1, gamma: 0.1, theta: 0, vega: 0.1 };
    const body = chainBody({ '1.0': { ce: legOf(1, { greeks, oi: 7 }) } });
    const negative = body.replace('"oi":7', '"oi":-0').replace('"theta":0', '"theta":-0');
    const leg = readChainAnswer(JSON.parse(negative), times, 'NSE_FNO').strikes[0]?.CE;
    expect(leg?.oi).toBe(0);
    expect(Object.is(leg?.oi, -0)).toBe(false);
    expect(Object.is(leg?.greeks?.theta, -0)).toBe(false);
  });

  it('reads numbers that come as text', () => {
    const leg = readLeg({ security_id: '42528', last_price: '134.05', oi: '65' });
    expect(leg).toMatchObject({ token: { id: '42528' }, ltpPaise: 13_405, oi: 65 });
    expect(read({}, '25642.8').spotPaise).toBe(2_564_280);
  });

  it.each([
    ['a missing leg', {}],
    ['a leg that is null', { ce: null }],
    ['a leg that is text', { ce: 'none' }],
    ['a missing security_id', { ce: legOf(1, { security_id: undefined }) }],
    ['a security_id of 0', { ce: legOf(0) }],
    ['an unreadable security_id', { ce: legOf(1, { security_id: 'abc' }) }],
    ['an empty security_id', { ce: legOf(1, { security_id: '' }) }],
  ])('has no call for %s, and keeps the put', (_what, legs) => {
    const { strikes } = read({ '100.000000': { ...legs, pe: legOf(2) } });
    expect(strikes[0]?.CE).toBeNull();
    expect(strikes[0]?.PE?.token.id).toBe('2');
  });

  it('tells figures that are not there from zeros', () => {
    const absent = { previous_oi: undefined, previous_close_price: null, greeks: undefined };
    expect(readLeg(absent)).toMatchObject({
      previousOi: null,
      closePaise: null,
      greeks: { iv: 9.789193798280868, delta: null, gamma: null, theta: null, vega: null },
    });
  });

  it.each([[0], [-1], [null], ['none'], [{}]])('has no spot for %o', (spot) => {
    expect(read({}, spot).spotPaise).toBeNull();
  });

  it('keeps a strike whose legs are null, and survives an empty chain', () => {
    expect(read({ '5.000000': null }).strikes).toEqual([{ strikePaise: 500, CE: null, PE: null }]);
    expect(read({}).strikes).toEqual([]);
  });

  it.each([[undefined], [null], [{}], [{ data: null }], [{ data: { oc: null } }], [{ data: [] }]])(
    'refuses %o',
    (body) => {
      expect(() => readChainAnswer(body, times, 'NSE_FNO')).toThrow(
        expect.objectContaining({ kind: 'retryable', code: 'answer_malformed' }),
      );
    },
  );
});
