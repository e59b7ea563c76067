import type { FeedAddress, FeedItem, ListedUnderlying } from '@strikewire/broker';
import { tokenKey } from '@strikewire/broker';
import { upstoxBroker } from '@strikewire/broker-upstox';
import { futureKey, optionKey, paiseOf } from '@strikewire/contracts';
import { defaultUpstoxAccount, type TrueContract } from '@strikewire/simulator';
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

const host = 'upstox.test';
const account = defaultUpstoxAccount;
const credentials = {
  clientId: account.apiKey,
  clientSecret: account.apiSecret,
  accessToken: account.token,
};

let bench: AdapterBench;
let listed: ReadonlyMap<string, ListedUnderlying>;
/** Rules that a test breaks on purpose. */
let breaches: readonly string[] = [];

beforeEach(async () => {
  breaches = [];
  bench = createAdapterBench({
    plugin: upstoxBroker,
    face: 'upstox',
    host,
    credentials,
    endpoints: {
      rest: `http://${host}`,
      instruments: `http://${host}/market-quote/instruments/exchange`,
    },
  });
  const all = await bench.ask(bench.instance.marketData.underlyings());
  listed = new Map(all.map((one) => [one.symbol, one]));
});

afterEach(() => {
  bench.simulator.stop();
  expect(Object.keys(bench.simulator.violations().byKind)).toEqual(breaches);
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
  const pairs = pairLegs(named(symbol), expiry, chain, bench.simulator);
  return { expiry, pairs };
}

describe('market data', () => {
  it('lists the underlyings that there are', () => {
    expect(namesOf([...listed.values()])).toEqual(namesOf(optionable(bench.simulator)));
  });

  it.each(['NIFTY', 'SENSEX', 'RELIANCE', 'M&M'])('has the expiries of %s', async (symbol) => {
    const { marketData } = bench.instance;
    const real = bench.simulator.truth.underlyings().find((one) => one.symbol === symbol);
    expect(await bench.ask(marketData.expiries(named(symbol)))).toEqual(real?.expiries);
  });

  it.each(['NIFTY', 'SENSEX', 'BAJAJ-AUTO'])('has the whole chain of %s', async (symbol) => {
    const { expiry, pairs } = await nearest(symbol);
    const truth = bench.simulator.truth.chain(symbol, expiry);
    expect(pairs.length).toBe(2 * (truth?.strikes.length ?? 0));
    expect(pairs.flatMap(legDifferences)).toEqual([]);
    const ivs = pairs.flatMap(({ leg }) => leg.greeks?.iv ?? []);
    expect(ivs.length).toBeGreaterThan(10);
    // In percent: a fraction would be below 3.
    expect(Math.max(...ivs)).toBeGreaterThan(5);
  });

  it('has last prices of spots and options', async () => {
    const { marketData } = bench.instance;
    const { pairs } = await nearest('NIFTY');
    const spots = [...listed.values()].map(({ spot }) => spot);
    const options = pairs.filter((pair) => pair.truth.ltp > 0);
    const tokens = [...spots, ...options.map(({ leg }) => leg.token)];
    const prices = await bench.ask(marketData.lastPrices(tokens));
    const real = new Map([
      ...optionable(bench.simulator).map(({ symbol, ltp }) =>
        [tokenKey(named(symbol).spot), paiseOf(ltp)] as const),
      ...options.map(({ leg, truth: { ltp } }) => [tokenKey(leg.token), paiseOf(ltp)] as const),
    ]);
    expect(prices).toEqual(real);
  });

  it('finds contracts by their canonical keys, and knows their lots', async () => {
    const { marketData } = bench.instance;
    const { expiry, pairs } = await nearest('NIFTY');
    const real = bench.simulator.truth.underlyings();
    const crude = real.find(({ symbol }) => symbol === 'CRUDEOIL');
    const [crudeExpiry = ''] = crude?.expiries ?? [];
    const strike = bench.simulator.truth.chain('CRUDEOIL', crudeExpiry)?.strikes[3];
    const crudeKey = optionKey({
      exchange: 'MCX', symbol: 'CRUDEOIL', expiry: crudeExpiry,
      strikePaise: paiseOf(strike?.strike ?? 0), type: 'PE',
    });
    const missing = futureKey({ exchange: 'NSE', symbol: 'NIFTY', expiry: '2026-11-25' });
    const keys = [...pairs.map(({ key }) => key), crudeKey, missing];
    const found = await bench.ask(marketData.resolve(keys));
    expect(found.size).toBe(pairs.length + 1);
    for (const { key, leg } of pairs) expect(found.get(key)).toEqual(leg.token);
    expect(found.get(crudeKey)).toEqual({ segment: 'MCX_FO', id: String(strike?.PE.securityId) });
    const table = await bench.ask(marketData.instruments([named('NIFTY')]));
    const lot = real.find(({ symbol }) => symbol === 'NIFTY')?.lot;
    for (const { leg } of pairs) expect(table.get(leg.token)?.lotSize).toBe(lot);
    expect(table.get(pairs[0]?.leg.token ?? { segment: '', id: '' })?.symbol)
      .toContain(`${expiry.slice(8)} NOV 26`);
  });
});

describe('the feed', () => {
  const spotOf = (symbol: string): TrueContract => {
    const { truth } = bench.simulator;
    const real = truth.underlyings().find((one) => one.symbol === symbol);
    const contract = real && truth.contract(real.segment, real.securityId);
    if (!contract) throw new Error(`${symbol} has no spot`);
    return contract;
  };
  const spotItem = (symbol: string, mode: FeedItem['mode']): FeedItem =>
    ({ token: named(symbol).spot, mode });

  it('brings index, share, future and options to what they are', async () => {
    const { expiry, pairs } = await nearest('NIFTY');
    bench.simulator.pause(false);
    const spots: [string, FeedItem][] = [
      ['NIFTY', spotItem('NIFTY', 'quote')], ['SENSEX', spotItem('SENSEX', 'quote')],
      ['M&M', spotItem('M&M', 'full')], ['CRUDEOIL', spotItem('CRUDEOIL', 'full')],
    ];
    const options = fullItems(pairs);
    const watch = await bench.openFeed([...spots.map(([, item]) => item), ...options]);
    await bench.clock.advance(20_000);
    bench.simulator.pause(true);
    await bench.clock.advance(1_000);
    expect(watch.counters()).toMatchObject({ unknownInstrument: 0, malformed: 0 });
    expect(watch.ticks()).toBeGreaterThan(pairs.length + 500);
    expect(watch.ended()).toBeUndefined();
    const chain = bench.simulator.truth.chain('NIFTY', expiry);
    const wrong = pairs.flatMap(({ leg, truth: { segment, securityId } }) => {
      const real = bench.simulator.truth.contract(segment, securityId);
      return real ? watch.differences({ token: leg.token, mode: 'full' }, real) : ['unknown'];
    });
    expect(wrong).toEqual([]);
    expect(spots.flatMap(([symbol, item]) => watch.differences(item, spotOf(symbol)))).toEqual([]);
    expect(chain?.strikes.length).toBeGreaterThan(50);
  });

  it('brings nothing more of what is unsubscribed', async () => {
    const item = spotItem('NIFTY', 'quote');
    const watch = await bench.openFeed([item]);
    await bench.clock.advance(20_000);
    const before = watch.ticks();
    expect(before).toBeGreaterThan(5);
    watch.send(bench.instance.feed.unsubscribe([item]));
    await bench.clock.advance(500);
    const after = watch.ticks();
    await bench.clock.advance(20_000);
    expect(watch.ticks()).toBe(after);
    watch.send(bench.instance.feed.subscribe([item]));
    await bench.clock.advance(20_000);
    expect(watch.ticks()).toBeGreaterThan(after + 5);
  });

  it('has an address for each connection, and two of them', async () => {
    const items = [spotItem('NIFTY', 'quote')];
    const address = await bench.ask<FeedAddress>(bench.instance.feed.address());
    const first = await bench.openFeed(items, address);
    const again = await bench.openFeed(items, address);
    expect([first.ended(), again.ended()]).toEqual([undefined, 'too_many']);
    const second = await bench.openFeed(items);
    expect(second.ended()).toBeUndefined();
    const third = await bench.openFeed(items);
    expect(third.ended()).toBe('too_many');
    breaches = ['upstox_connections'];
  });

  it.each([
    ['expireToken', 'unauthenticated'],
    ['suspendAccount', 'fatal'],
  ] as const)('names no address after %s', async (kind, expected) => {
    bench.simulator.faults.add({ kind, broker: 'upstox' });
    const { feed, check } = bench.instance;
    for (const ask of [() => feed.address(), () => check()]) {
      const asked: unknown = bench.ask<unknown>(ask());
      await expect(asked).rejects.toMatchObject({ kind: expected });
    }
  });
});

describe('the account', () => {
  it('is the user\'s, with the end of the token', async () => {
    const report = await bench.ask(bench.instance.check());
    expect(report).toMatchObject({ accountId: account.clientId, hasMarketData: true });
    expect(report.tokenExpiresMs).toBe(Math.floor(account.tokenExpiresAt / 1_000) * 1_000);
    expect(upstoxBroker.accountOf(credentials)).toBe(account.clientId);
  });

  it('is signed in at the broker\'s page, until 03:30', async () => {
    const { clientId, clientSecret } = credentials;
    const signedOut = bench.other({ clientId, clientSecret });
    const flow = signedOut.auth?.signIn;
    if (!flow) throw new Error('there is no sign-in');
    const url = flow.url(account.redirectUri, 'st&te');
    const page = await bench.ask(
      bench.http.send({ method: 'GET', url, timeoutMs: 5_000, bytesMax: 10_000 }),
    );
    const back = new URL(page.headers['location'] ?? '');
    expect(back.searchParams.get('state')).toBe('st&te');
    const grant = await bench.ask(flow.complete(account.redirectUri, back.searchParams));
    expect(grant.expiresMs).toBe(Date.parse('2026-11-25T03:30:00+05:30'));
    const signedIn = bench.other({ ...credentials, ...grant.credentials });
    expect(await bench.ask(signedIn.check())).toMatchObject({ accountId: account.clientId });
    // The token of before is no longer good, and the code is spent.
    const refused = { kind: 'unauthenticated' };
    await expect(bench.ask(bench.instance.check())).rejects.toMatchObject(refused);
    const again = flow.complete(account.redirectUri, back.searchParams);
    await expect(bench.ask(again)).rejects.toMatchObject(refused);
  });
});
