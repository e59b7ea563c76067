import type { BrokerInstance, FeedDecoder } from '@strikewire/broker';
import type { TrueLeg } from '@strikewire/broker/conformance';
import { dhanBroker } from '@strikewire/broker-dhan';
import { noVolume } from '@strikewire/market-data';
import { errorKindOf, StrikewireError } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { brokenBy, resultsOf, type Change } from './broken-plugin';

const indiaOffsetMs = 19_800_000;

/** Its quotes are told with another time or volume than the packets have. */
function telling(
  decoder: FeedDecoder,
  change: (tradeMs: number, volume: number) => [tradeMs: number, volume: number],
): FeedDecoder {
  return {
    counters: decoder.counters,
    bind: (lookup, sink) => decoder.bind(lookup, {
      store: sink.store,
      admit: (slot, ...told) => sink.admit(slot, ...change(...told)),
      commit: (slot, fields) => sink.commit(slot, fields),
    }),
    decode: (bytes, isBinary) => decoder.decode(bytes, isBinary),
  };
}

/** What decides the age of a packet is told so. */
const aged = (change: Parameters<typeof telling>[1]): Change => ({ feed }) => ({
  feed: { ...feed, createDecoder: () => telling(feed.createDecoder(), change) },
});
const timed = (change: (tradeMs: number) => number): Change =>
  aged((tradeMs, volume) => [tradeMs > 0 ? change(tradeMs) : 0, volume]);

/** Refusals of a suspended account are told as those of a bad token. */
const asBadToken: Change = ({ feed }) => ({
  feed: {
    ...feed,
    createDecoder: () => {
      const decoder = feed.createDecoder();
      return {
        counters: decoder.counters,
        bind: (lookup, sink) => decoder.bind(lookup, sink),
        decode: (bytes, isBinary) => {
          const news = decoder.decode(bytes, isBinary);
          return news?.kind === 'suspended' ? { ...news, kind: 'auth' } : news;
        },
      };
    },
  },
});

const checked = (change: (report: Report) => Partial<Report>): Change => (one) => ({
  check: async () => {
    const report = await one.check();
    return { ...report, ...change(report) };
  },
});
type Report = Awaited<ReturnType<BrokerInstance['check']>>;

const later = (ms: number | null): number | null => ms && ms + indiaOffsetMs;

const faults: readonly (readonly [what: string, id: string, reason: RegExp, change: Change])[] = [
  ['times of trades that are India\'s clock read as UTC', 'E20', /was \d+, is \d+/,
    timed((tradeMs) => tradeMs + indiaOffsetMs)],
  ['times of trades that are 5.5 hours early', 'E20', /was \d+, is \d+/,
    timed((tradeMs) => tradeMs - indiaOffsetMs)],
  ['times of trades in seconds', 'E20', /was \d{10}, is \d{13}/,
    timed((tradeMs) => Math.floor(tradeMs / 1_000))],
  ['times of trades that are told to nobody', 'E20', /has traded, and told no time/,
    timed(() => 0)],
  ['volumes that are not told where age is decided', 'E21', /admit was told -1/,
    aged((tradeMs) => [tradeMs, noVolume])],
  ['volumes of another packet', 'E21', /admit was told/,
    aged((tradeMs, volume) => [tradeMs, volume + 1])],
  ['futures that are never found', 'B11', /with another token or none: NSE:NIFTY/,
    ({ marketData }) => ({
      marketData: {
        ...marketData,
        resolve: async (keys) => {
          const found = await marketData.resolve(keys);
          return new Map([...found].filter(([key]) => !key.endsWith(':FUT')));
        },
      },
    })],
  ['a test that tells the end of the token 5.5 hours late', 'F17', /tokenExpiresMs was/,
    checked(({ tokenExpiresMs }) => ({ tokenExpiresMs: later(tokenExpiresMs) }))],
  ['a test that does not tell the end of the token', 'F17', /tokenExpiresMs was null/,
    checked(() => ({ tokenExpiresMs: null }))],
  ['a token that is read 5.5 hours late', 'F17', /auth\.expiresMs\(\) was/, ({ auth }) => ({
    auth: { expiresMs: () => later(auth?.expiresMs() ?? null) },
  })],
  ['a renewal whose end is 5.5 hours late', 'F14', /expiresMs was \d+/, ({ auth }) => ({
    auth: {
      expiresMs: () => auth?.expiresMs() ?? null,
      renew: async () => {
        const { credentials = {}, expiresMs = null } = await auth?.renew?.() ?? {};
        return { credentials, expiresMs: later(expiresMs) };
      },
    },
  })],
  ['a suspension that is told as a bad token by the feed', 'F18', /ended as auth/, asBadToken],
  ['a suspension that is told as a bad token over REST', 'F18', /failed as unauthenticated/,
    (one) => ({
      check: () => one.check().catch((error: unknown) => {
        if (errorKindOf(error) !== 'fatal') throw error;
        throw new StrikewireError({ kind: 'unauthenticated', code: 'refused', message: 'refused' });
      }),
    })],
  ['data that are always paid for', 'F19', /hasMarketData was true/,
    checked(() => ({ hasMarketData: true }))],
];

describe('the kit finds', () => {
  it.each(faults)('%s (%s)', async (_what, id, reason, change) => {
    const [result] = await resultsOf(brokenBy(change), [id]);
    expect(result).toMatchObject({ id, outcome: 'failed' });
    expect(result?.reason).toMatch(reason);
  });

  it('an end of the token that is told, and declared as untold', async () => {
    const capabilities = { ...dhanBroker.capabilities, untold: ['tokenEnd'] as const };
    const results = await resultsOf(brokenBy(() => ({}), { capabilities }), ['F01', 'F17']);
    expect(results).toMatchObject([
      { outcome: 'failed', reason: 'tokenExpiresMs is told, and declared as untold' },
      { outcome: 'skipped', reason: 'declared: it does not tell when a token ends' },
    ]);
  });
});

describe('what a broker does not tell', () => {
  it('is not tried, and the report says so', async () => {
    const untold =
      ['tradeTimes', 'volumes', 'futures', 'suspension', 'dataPlan'] as const;
    const capabilities = { ...dhanBroker.capabilities, untold };
    const ids = ['B11', 'E20', 'E21', 'F18', 'F19'];
    const results = await resultsOf(brokenBy(() => ({}), { capabilities }), ids);
    expect(results.map(({ outcome, reason }) => [outcome, reason?.split(':')[0]]))
      .toEqual(ids.map(() => ['skipped', 'declared']));
  });

  it('is not tried by a harness that was made for an earlier kit either', async () => {
    const ids = ['B11', 'E20', 'F17', 'F19'];
    const results = await resultsOf(dhanBroker, ids, (harness) => {
      const earlier = (): ReturnType<typeof harness.truth> => {
        const truth = harness.truth();
        const untimed = (leg: TrueLeg): TrueLeg => {
          const rest = { ...leg };
          delete rest.tradeMs;
          return rest;
        };
        return {
          underlyings: () => truth.underlyings(),
          chain: (...of) => truth.chain(...of)?.map((strike) =>
            ({ ...strike, CE: untimed(strike.CE), PE: untimed(strike.PE) })),
        };
      };
      const without = { tokenEndMs: undefined, credentialsWithoutData: undefined };
      return { ...without, truth: earlier } as unknown as Partial<typeof harness>;
    });
    expect(results.map(({ outcome, reason }) => `${outcome}, ${reason}`)).toEqual([
      'skipped, the harness does not tell: futures',
      'skipped, the harness does not tell: tradeMs',
      'skipped, the harness does not tell: tokenEndMs',
      'skipped, the harness does not tell: credentialsWithoutData',
    ]);
  });
});
