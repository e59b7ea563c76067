import { field, QuoteStore } from '@strikewire/market-data';
import { describe, expect, it } from 'vitest';
import { polledChain } from '../testing/polled-chain';
import { createView } from './chain-view';
import { emptyLegFigures, readLeg, sumChain } from './leg-figures-store';
import { applyLive, layoutOfLive } from './live-chain-store';

const live = polledChain({ generation: 1, version: 1, ltp: 12.35 });

describe('readLeg', () => {
  it('tells a zero from no data', () => {
    const store = new QuoteStore({ capacity: 1, groupCount: 0, tickDepth: 0, baseWallMs: 0 });
    store.known[0] = field.volume;
    const leg = readLeg(store, 0, emptyLegFigures());
    expect(leg.volume).toBe(0);
    expect([leg.ltpPaise, leg.oi, leg.bidPaise, leg.brokerIv]).toEqual([NaN, NaN, NaN, NaN]);
  });

  it('computes changes from close and previous OI', () => {
    const store = new QuoteStore({ capacity: 1, groupCount: 0, tickDepth: 0, baseWallMs: 0 });
    store.known[0] = field.ltp | field.close | field.oi | field.previousOi;
    store.ltpPaise[0] = 9_000;
    store.closePaise[0] = 10_000;
    store.oi[0] = 500;
    store.previousOi[0] = 650;
    const leg = readLeg(store, 0, emptyLegFigures());
    expect([leg.changePaise, leg.changePercent, leg.oiChange]).toEqual([-1_000, -10, -150]);
  });
});

describe('a polled chain in a store', () => {
  it('reads back as it was answered, unknown figures as unknown', () => {
    const { store } = createView(layoutOfLive(live), 0);
    const head = applyLive(store, live, 0);
    const call = readLeg(store, 0, emptyLegFigures());
    expect(call).toMatchObject({ ltpPaise: 1_235, bidPaise: 1_230, oi: 6_500, oiChange: -650 });
    expect(call.volume).toBe(0);
    expect(call).toMatchObject({ iv: 11.5, delta: 0.51, theta: -12.5, rho: -0.1 });
    expect(head).toMatchObject({ forward: 26_021.5, forwardSource: 'parity', atmIv: 11.5 });
    expect(head).toMatchObject({ maxPainPaise: 2_605_000, skew: NaN, straddle: 180.25 });
    const put = readLeg(store, 1, emptyLegFigures());
    expect([put.oi, put.oiChange, put.bidPaise]).toEqual([NaN, NaN, NaN]);
    expect(head).toMatchObject({ spotPaise: 2_601_000, spotClosePaise: 2_590_000, anchorIndex: 1 });
  });

  it('sums what is known', () => {
    const { store } = createView(layoutOfLive(live), 0);
    applyLive(store, live, 0);
    expect(sumChain(store)).toMatchObject({ ceOi: 19_500, peOi: 0, pcrOi: 0, oiMax: 6_500 });
  });
});
