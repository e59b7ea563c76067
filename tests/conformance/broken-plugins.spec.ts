import type { FeedDecoder } from '@strikewire/broker';
import { dhanBroker } from '@strikewire/broker-dhan';
import { runConformance } from '@strikewire/broker/conformance';
import { describe, expect, it } from 'vitest';
import { brokenBy, resultsOf, type Change } from './broken-plugin';
import { simulatedBrokers } from './brokers';
import { createSimulatedHarness } from './simulated-harness';

const token = simulatedBrokers.dhan.credentials['accessToken'] ?? '';

/** Its quotes have another last price than the packets. */
function offByOne(decoder: FeedDecoder): FeedDecoder {
  return {
    counters: decoder.counters,
    bind: (lookup, sink) => decoder.bind(lookup, {
      store: sink.store,
      admit: (slot, tradeMs, volume) => sink.admit(slot, tradeMs, volume),
      commit: (slot, fields) => {
        sink.store.ltpPaise[slot] = (sink.store.ltpPaise[slot] ?? 0) + 1;
        sink.commit(slot, fields);
      },
    }),
    decode: (bytes, isBinary) => decoder.decode(bytes, isBinary),
  };
}

const faults: readonly (readonly [what: string, id: string, reason: RegExp, change: Change])[] = [
  ['prices in rupees', 'D01', /prices: .* was .* is /, ({ marketData }) => ({
    marketData: {
      ...marketData,
      lastPrices: async (tokens) => {
        const prices = await marketData.lastPrices(tokens);
        return new Map([...prices].map(([key, paise]) => [key, paise / 100]));
      },
    },
  })],
  ['expiries out of a calendar', 'C03', /the expiries was/, ({ marketData }) => {
    let kept: Promise<string[]> | undefined;
    return {
      marketData: {
        ...marketData,
        expiries: (underlying) => (kept ??= marketData.expiries(underlying)),
      },
    };
  }],
  ['chains without puts', 'C07', /number of legs/, ({ marketData }) => ({
    marketData: {
      ...marketData,
      chain: async (underlying, expiry) => {
        const chain = await marketData.chain(underlying, expiry);
        return { ...chain, strikes: chain.strikes.map((strike) => ({ ...strike, PE: null })) };
      },
    },
  })],
  ['a priority that is dropped', 'G03', /needs 7/, ({ marketData }) => ({
    marketData: {
      ...marketData,
      chain: (underlying, expiry) => marketData.chain(underlying, expiry),
    },
  })],
  ['a decoder that throws', 'E14', /decode threw at/, ({ feed }) => ({
    feed: {
      ...feed,
      createDecoder: () => ({
        counters: { packets: 0, unknownInstrument: 0, malformed: 0 },
        bind: () => undefined,
        decode: (bytes) => void new DataView(bytes.buffer).getUint8(200),
      }),
    },
  })],
  ['prices of the feed that are a paisa off', 'E02', /ltp was .*, is /, ({ feed }) => ({
    feed: { ...feed, createDecoder: () => offByOne(feed.createDecoder()) },
  })],
  ['a renewal that brings the token of before', 'F14', /unauthenticated|401|DH-901/, (one) => ({
    auth: {
      expiresMs: () => null,
      renew: async () => {
        const grant = await one.auth?.renew?.();
        return { credentials: { accessToken: token }, expiresMs: grant?.expiresMs ?? null };
      },
    },
  })],
  ['subscriptions in one message', 'E06', /into 1 messages/, ({ feed }) => ({
    feed: { ...feed, subscribe: (items) => [feed.subscribe(items).join('')] },
  })],
  ['an unsubscription that says nothing', 'E09', /ticks after unsubscribing/, ({ feed }) => ({
    feed: { ...feed, unsubscribe: () => [] },
  })],
  ['refusals that look like lost connections', 'F09', /ended as other/, ({ feed }) => ({
    feed: { ...feed, classifyEnd: () => 'other' },
  })],
  ['a test that always succeeds', 'F03', /was answered/, () => ({
    check: async () => ({ accountId: 'a', hasMarketData: true, tokenExpiresMs: null }),
  })],
  ['errors without a kind', 'H01', /failed as assertion/, ({ marketData }) => ({
    marketData: {
      ...marketData,
      expiries: (underlying) => marketData.expiries(underlying).catch(() => {
        throw new Error('it did not work');
      }),
    },
  })],
  ['failures that are taken for an empty chain', 'H06', /was answered/, ({ marketData }) => ({
    marketData: {
      ...marketData,
      chain: (underlying, expiry) => marketData.chain(underlying, expiry).catch(() =>
        ({ spotPaise: null, strikes: [], sentMonoMs: 0, receivedMs: 0 })),
    },
  })],
];

/** Found when everything is over, after another case has asked something. */
const habits: readonly (readonly [what: string, ids: [string, string], change: Change])[] = [
  ['a request past the gate', ['F01', 'G06'], (instance, { http }) => ({
    check: async () => {
      const url = `http://dhan.test/v2/profile?token=${token}`;
      await http.send({ method: 'GET', url, timeoutMs: 1_000, bytesMax: 1_000 });
      return instance.check();
    },
  })],
  ['a request without a time limit', ['F01', 'G07'], (instance, { http }) => ({
    check: async () => {
      const url = 'http://dhan.test/v2/profile';
      await http.send({ method: 'GET', url, timeoutMs: Infinity, bytesMax: 1_000 });
      return instance.check();
    },
  })],
  ['a token in the log', ['F01', 'G08'], (instance, { log }) => ({
    check: () => {
      log.info('asking', { url: `http://dhan.test/?token=${token}` });
      return instance.check();
    },
  })],
  ['a class of its own making', ['F01', 'G05'], (instance, { gate }) => ({
    check: async () => {
      await Promise.resolve().then(() => gate.run({ class: 'other' }, async () => 1)).catch(Number);
      return instance.check();
    },
  })],
];

describe('the kit finds', () => {
  it.each(faults)('%s (%s)', async (_what, id, reason, change) => {
    const [result] = await resultsOf(brokenBy(change), [id]);
    expect(result).toMatchObject({ id, outcome: 'failed' });
    expect(result?.reason).toMatch(reason);
  });

  it.each(habits)('%s', async (_what, [asking, id], change) => {
    const results = await resultsOf(brokenBy(change), [asking, id]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['passed', 'failed']);
    expect(results[1]?.reason).not.toContain(token);
  });

  it('a capability that is declared and not there', async () => {
    const capabilities = { ...dhanBroker.capabilities, browserSignIn: true };
    const [result] = await resultsOf(brokenBy(() => ({}), { capabilities }), ['A12']);
    expect(result).toMatchObject({ outcome: 'failed' });
  });
});

describe('a case that cannot be tried', () => {
  it('is skipped, and says why', async () => {
    const harness = { ...createSimulatedHarness(simulatedBrokers.dhan), faults: [] };
    const only = ['H07', 'C13'];
    const { results, skipped } = await runConformance(dhanBroker, harness, { only });
    expect(skipped).toBe(2);
    expect(results.map(({ reason }) => reason)).toEqual([
      'declared: Greeks of the broker', 'the harness cannot do: hang',
    ]);
  });
});
