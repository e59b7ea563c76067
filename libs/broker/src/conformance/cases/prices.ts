import { tokenKey, type InstrumentToken } from '../../core/market-data-port';
import type { ConformanceBench } from '../bench';
import { defineCases } from '../case';
import { claim, claimEqual, claimNone } from '../claims';

type Priced = readonly [token: InstrumentToken, ltpPaise: number];
/** More than any one request of the brokers that are known takes. */
const manyTokens = 1_100;

/** Group D: last prices. */
export const priceCases = defineCases([
  {
    id: 'D01',
    title: 'the last price of every spot, in paise',
    run: async (bench) => claimPrices(bench, await spots(bench)),
  },
  {
    id: 'D02',
    title: 'the last price of every option that has one',
    run: async (bench) => claimPrices(bench, await options(bench)),
  },
  {
    id: 'D03',
    title: 'more than one request carries, in any order of segments',
    async run(bench) {
      const all = [...await spots(bench), ...await options(bench)];
      for (const listing of bench.chained()) {
        for (const expiry of listing.expiries) {
          if (all.length >= manyTokens) break;
          const real = bench.harness.truth().chain(listing, expiry) ?? [];
          const legs = real.flatMap(({ CE, PE }) => [CE, PE]);
          all.push(...legs.map(({ token, ltpPaise }) => [token, ltpPaise] as const));
        }
      }
      const byKey = new Map(all.map((one) => [tokenKey(one[0]), one]));
      await claimPrices(bench, [...byKey.values()].filter(([, paise]) => paise > 0));
    },
  },
  {
    id: 'D04',
    title: 'what the broker does not know is left out, and takes nothing with it',
    async run(bench) {
      const [known] = await options(bench);
      claim(known !== undefined, 'no option has a price');
      const nothing = { ...known[0], id: `9${known[0].id}9`.slice(0, 30) };
      const asked = [nothing, known[0]];
      const found = await bench.ask(() => bench.instance.marketData.lastPrices(asked));
      claimEqual('what was found', [...found], [[tokenKey(known[0]), known[1]]]);
    },
  },
  {
    id: 'D05',
    title: 'who asks for nothing gets nothing, and no request is sent',
    async run(bench) {
      const before = bench.evidence.requests;
      const found = await bench.ask(() => bench.instance.marketData.lastPrices([]));
      claimEqual('prices and requests', [found.size, bench.evidence.requests - before], [0, 0]);
    },
  },
]);

async function spots(bench: ConformanceBench): Promise<Priced[]> {
  await bench.harness.pause(true);
  const all = bench.listings();
  return Promise.all(all.map(async (one): Promise<Priced> =>
    [(await bench.named(one)).spot, one.spot.ltpPaise]));
}

async function options(bench: ConformanceBench): Promise<Priced[]> {
  const pairs = await bench.mainPairs();
  const main = bench.main();
  const real = bench.harness.truth().chain(main, main.expiries[0] ?? '') ?? [];
  const legs = new Map(real.flatMap(({ CE, PE }) =>
    [CE, PE].map((leg) => [tokenKey(leg.token), leg.ltpPaise] as const)));
  return pairs
    .map(({ leg }): Priced => [leg.token, legs.get(tokenKey(leg.token)) ?? 0])
    .filter(([, paise]) => paise > 0);
}

async function claimPrices(bench: ConformanceBench, wanted: readonly Priced[]): Promise<void> {
  claim(wanted.length > 0, 'the harness has no price to ask for');
  const tokens = wanted.map(([token]) => token);
  const found = await bench.ask(() => bench.instance.marketData.lastPrices(tokens));
  const wrong = wanted.flatMap(([token, paise]) => {
    const ours = found.get(tokenKey(token));
    return ours === paise ? [] : [`${tokenKey(token)} was ${ours}, is ${paise}`];
  });
  claimNone('prices', wrong);
}
