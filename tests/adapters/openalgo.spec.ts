import type { FeedItem, ListedUnderlying } from '@strikewire/broker';
import { tokenKey } from '@strikewire/broker';
import { openalgoBroker } from '@strikewire/broker-openalgo';
import { futureKey, paiseOf } from '@strikewire/contracts';
import { defaultOpenalgoAccount } from '@strikewire/simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAdapterBench, type AdapterBench } from './adapter-bench';
import {
  fullItems,
  legDifferences,
  namesOf,
  optionable,
  pairLegs,
  type PairedLeg,
} from './broker-truth';

const host = 'openalgo.test';
const credentials = { apiKey: defaultOpenalgoAccount.token };

let bench: AdapterBench;
let listed: ReadonlyMap<string, ListedUnderlying>;

beforeEach(async () => {
  bench = createAdapterBench({
    plugin: openalgoBroker,
    face: 'openalgo',
    host,
    credentials,
    endpoints: { rest: `http://${host}`, feed: `ws://${host}` },
  });
  const all = await bench.ask(bench.instance.marketData.underlyings());
  listed = new Map(all.map((one) => [one.symbol, one]));
});

afterEach(() => {
  bench.simulator.stop();
  expect(bench.simulator.violations()).toMatchObject({ total: 0 });
});

const named = (symbol: string): ListedUnderlying => {
  const found = listed.get(symbol);
  if (!found) throw new Error(`${symbol} is not listed`);
  return found;
};

async function nearest(symbol: string): Promise<{ expiry: string; pairs: PairedLeg[] }> {
  const { marketData } = bench.instance;
  const [expiry = ''] = await bench.ask(marketData.expiries(named(symbol)));
  bench.simulator.pause(true);
  const chain = await bench.ask(marketData.chain(named(symbol), expiry));
  return { expiry, pairs: pairLegs(named(symbol), expiry, chain, bench.simulator) };
}

describe('market data', () => {
  it('lists the underlyings that there are', () => {
    expect(namesOf([...listed.values()])).toEqual(namesOf(optionable(bench.simulator)));
  });

  it.each(['NIFTY', 'SENSEX', 'M&M', '360ONE'])('has the expiries of %s', async (symbol) => {
    const { marketData } = bench.instance;
    const real = optionable(bench.simulator).find((one) => one.symbol === symbol);
    expect(await bench.ask(marketData.expiries(named(symbol)))).toEqual(real?.expiries);
  });

  it.each(['NIFTY', 'SENSEX', 'BAJAJ-AUTO', 'M&M'])('has the whole chain of %s', async (symbol) => {
    const { expiry, pairs } = await nearest(symbol);
    const truth = bench.simulator.truth.chain(symbol, expiry);
    expect(pairs.length).toBe(2 * (truth?.strikes.length ?? 0));
    expect(pairs.flatMap(legDifferences)).toEqual([]);
    expect(pairs.some(({ leg }) => leg.ltpPaise > 0)).toBe(true);
  });

  it('has last prices of spots and options', async () => {
    const { pairs } = await nearest('NIFTY');
    const real = optionable(bench.simulator);
    const options = pairs.filter((pair) => pair.truth.ltp > 0);
    const tokens = [
      ...real.map(({ symbol }) => named(symbol).spot), ...options.map(({ leg }) => leg.token),
    ];
    const prices = await bench.ask(bench.instance.marketData.lastPrices(tokens));
    const expected = [...real, ...options.map((pair) => pair.truth)].map(({ ltp }) => paiseOf(ltp));
    expect(tokens.map((token) => prices.get(tokenKey(token)))).toEqual(expected);
  });

  it.each(['NIFTY', 'M&M', '360ONE'])(
    'finds contracts of %s by their canonical keys, and knows their lots',
    async (symbol) => {
      const { marketData } = bench.instance;
      const { pairs } = await nearest(symbol);
      const missing = futureKey({ exchange: 'NSE', symbol, expiry: '2026-11-25' });
      const keys = [...pairs.map(({ key }) => key), missing];
      const found = await bench.ask(marketData.resolve(keys));
      expect(found.size).toBe(pairs.length);
      for (const { key, leg } of pairs) expect(found.get(key)).toEqual(leg.token);
      const table = await bench.ask(marketData.instruments([named(symbol)]));
      const lot = optionable(bench.simulator).find((one) => one.symbol === symbol)?.lot;
      for (const { leg } of pairs) expect(table.get(leg.token)?.lotSize).toBe(lot);
    },
  );
});

describe('the feed', () => {
  const spot = (symbol: string, mode: FeedItem['mode']): FeedItem =>
    ({ token: named(symbol).spot, mode });

  it('brings whatever has changed to what it is', async () => {
    const { pairs } = await nearest('NIFTY');
    bench.simulator.pause(false);
    const [index, share] = [spot('NIFTY', 'quote'), spot('M&M', 'full')];
    const watch = await bench.openFeed([index, share, ...fullItems(pairs)]);
    await bench.clock.advance(20_000);
    bench.simulator.pause(true);
    await bench.clock.advance(1_000);
    expect(watch.counters()).toMatchObject({ unknownInstrument: 0, malformed: 0 });
    expect(watch.ended()).toBeUndefined();
    expect([watch.knows(index), watch.knows(share)]).toEqual([true, true]);
    // Nothing is sent on subscribing: what has not traded since is not known.
    const known = pairs.filter(({ leg }) => watch.knows({ token: leg.token, mode: 'full' }));
    expect(known.length).toBeGreaterThan(50);
    const { truth } = bench.simulator;
    const wrong = known.flatMap(({ leg, truth: { segment, securityId } }) => {
      const real = truth.contract(segment, securityId);
      return real ? watch.differences({ token: leg.token, mode: 'full' }, real) : ['unknown'];
    });
    expect(wrong).toEqual([]);
    const spots = ([['NIFTY', index], ['M&M', share]] as const).flatMap(([symbol, item]) => {
      const found = truth.underlyings().find((one) => one.symbol === symbol);
      const real = found && truth.contract(found.segment, found.securityId);
      return real ? watch.differences(item, real) : ['unknown'];
    });
    expect(spots).toEqual([]);
  });

  it('brings nothing more of what is unsubscribed', async () => {
    const item = spot('NIFTY', 'quote');
    const watch = await bench.openFeed([item]);
    await bench.clock.advance(20_000);
    expect(watch.ticks()).toBeGreaterThan(5);
    watch.send(bench.instance.feed.unsubscribe([item]));
    await bench.clock.advance(500);
    const after = watch.ticks();
    await bench.clock.advance(20_000);
    expect(watch.ticks()).toBe(after);
  });

  it.each([
    ['expireToken', 'auth', 'unauthenticated'],
    ['suspendAccount', 'suspended', 'fatal'],
  ] as const)('tells why it is refused after %s', async (kind, end, refused) => {
    bench.simulator.faults.add({ kind, broker: 'openalgo' });
    const watch = await bench.openFeed([spot('NIFTY', 'quote')]);
    expect([watch.ended(), watch.ticks()]).toEqual([end, 0]);
    await expect(bench.ask(bench.instance.check())).rejects.toMatchObject({ kind: refused });
    watch.close();
  });

  it('ends as refused when no key is shown', async () => {
    const { feed } = bench.instance;
    const silent = { ...feed, hello: () => [] };
    const watch = await bench.openFeed([], undefined, silent);
    await bench.clock.advance(16_000);
    expect(watch.ended()).toBe('auth');
  });
});

describe('the account', () => {
  it('is that of the broker behind it', async () => {
    expect(await bench.ask(bench.instance.check())).toEqual({
      accountId: 'simulated', hasMarketData: true, tokenExpiresMs: null,
    });
  });
});
