import {
  futureKey, isSymbol, optionKey, underlyingKey, type ContractKey,
} from '@strikewire/contracts';
import { tokenKey, type InstrumentToken } from '../../core/market-data-port';
import type { ConformanceBench, PairedLeg } from '../bench';
import { defineCases } from '../case';
import { claim, claimEqual, claimNone } from '../claims';

const keyOf = ({ underlying, expiry, strikePaise, type }: PairedLeg): string =>
  optionKey({ ...underlying, expiry, strikePaise, type });

/** Group B: what the broker lists, and what it is called. */
export const instrumentCases = defineCases([
  {
    id: 'B01',
    title: 'the underlyings are those that there are, each of its kind',
    async run(bench) {
      const ours = (await bench.listed()).map((one) => `${underlyingKey(one)} ${one.kind}`);
      const real = bench.listings().map((one) => `${underlyingKey(one)} ${one.kind}`);
      claimNone('listed and not real', ours.filter((name) => !real.includes(name)));
      claimNone('real and not listed', real.filter((name) => !ours.includes(name)));
    },
  },
  {
    id: 'B02',
    title: 'symbols are the exchange\'s own, each listed once',
    async run(bench) {
      const listed = await bench.listed();
      claimNone('no symbols', listed.map(({ symbol }) => symbol).filter((one) => !isSymbol(one)));
      const keys = listed.map(underlyingKey);
      claimNone('listed twice', keys.filter((key, index) => keys.indexOf(key) !== index));
    },
  },
  {
    id: 'B03',
    title: 'each underlying has tokens of its spot and its chain, no spot is two underlyings\'',
    async run(bench) {
      const listed = await bench.listed();
      const bare = listed.filter(({ spot, chain }) =>
        [spot.segment, spot.id, chain.segment, chain.id].includes(''));
      claimNone('without a token', bare.map(underlyingKey));
      const spots = listed.map(({ spot }) => tokenKey(spot));
      claimNone('spots twice', spots.filter((key, index) => spots.indexOf(key) !== index));
    },
  },
  {
    id: 'B04',
    title: 'two who ask at once get the same list',
    async run(bench) {
      const { marketData } = bench.create();
      const ask = () => marketData.underlyings();
      const [one = [], two] = await bench.ask(() => Promise.all([ask(), ask()]));
      claim(one.length > 0, 'the list was empty');
      claimEqual('the second list', two, one);
    },
  },
  {
    id: 'B05',
    title: 'every leg of a chain has its metadata, with the lot size that it really has',
    async run(bench) {
      for (const listing of sampled(bench.chained())) {
        const pairs = await bench.pairs(listing);
        const table = await bench.ask(() => bench.instance.marketData.instruments([listing]));
        const wrong = pairs.flatMap(({ leg }) => {
          const lot = table.get(leg.token)?.lotSize;
          return lot === listing.lotSize ? [] : [`${tokenKey(leg.token)} had a lot of ${lot}`];
        });
        claimNone(`legs that need a lot of ${listing.lotSize}`, wrong);
      }
    },
  },
  {
    id: 'B06',
    title: 'metadata have a symbol, a tick above 0, and a freeze quantity of a lot at least',
    async run(bench) {
      const pairs = await bench.mainPairs();
      const table = await bench.ask(() => bench.instance.marketData.instruments([bench.main()]));
      const wrong = pairs.flatMap(({ leg }) => {
        const found = table.get(leg.token);
        if (!found) return [`${tokenKey(leg.token)} is not there`];
        const { symbol, tickPaise, freezeQuantity, lotSize } = found;
        const isFit = symbol !== '' && tickPaise > 0 && (freezeQuantity ?? lotSize) >= lotSize;
        return isFit ? [] : [`${symbol} with a tick of ${tickPaise}, freeze ${freezeQuantity}`];
      });
      claimNone('legs', wrong);
    },
  },
  {
    id: 'B07',
    title: 'every leg is found again by its canonical key',
    async run(bench) {
      const pairs = await bench.mainPairs();
      const keys = pairs.map(keyOf);
      const found = await bench.ask(() => bench.instance.marketData.resolve(keys));
      const wrong = pairs.filter((pair) => {
        const token = found.get(keyOf(pair));
        return !token || tokenKey(token) !== tokenKey(pair.leg.token);
      });
      claimNone('legs with another token or none', wrong.map(keyOf));
    },
  },
  {
    id: 'B08',
    title: 'contracts of all underlyings are found in one question',
    async run(bench) {
      const truth = bench.harness.truth();
      const wanted = bench.listings().flatMap((listing) => {
        const [expiry = ''] = listing.expiries;
        const strike = truth.chain(listing, expiry)?.[0];
        const key = { ...listing, expiry, strikePaise: strike?.strikePaise ?? 0 };
        return strike ? [[optionKey({ ...key, type: 'PE' }), strike.PE.token] as const] : [];
      });
      await claimFound(bench, wanted);
    },
  },
  {
    id: 'B09',
    title: 'what is not listed is left out, and takes nothing with it',
    async run(bench) {
      const main = bench.main();
      const [known] = await bench.mainPairs();
      claim(known !== undefined, 'the main chain has no leg');
      const foreign = { exchange: main.exchange, symbol: 'NOSUCHNAME' };
      const keys = [
        keyOf({ ...known, strikePaise: 1 }),
        keyOf({ ...known, expiry: '2031-01-01' }),
        futureKey({ ...foreign, expiry: known.expiry }),
        keyOf(known),
      ];
      const found = await bench.ask(() => bench.instance.marketData.resolve(keys));
      claimEqual('what was found', [...found.keys()], [keyOf(known)]);
    },
  },
  {
    id: 'B10',
    title: 'who asks for nothing gets nothing',
    async run(bench) {
      const { marketData } = bench.instance;
      const found = await bench.ask(() => marketData.resolve([]));
      const table = await bench.ask(() => marketData.instruments([]));
      claimEqual('sizes', [found.size, table.size], [0, 0]);
    },
  },
  {
    id: 'B11',
    title: 'every future is found by its canonical key',
    needs: 'futures',
    async run(bench) {
      const truth = bench.harness.truth();
      const wanted = bench.listings().flatMap((listing) =>
        (truth.futures?.(listing) ?? []).map(({ expiry, token }): Found =>
          [futureKey({ ...listing, expiry }), token]));
      claim(wanted.length > 0, 'the harness lists no future');
      await claimFound(bench, wanted);
    },
  },
]);

type Found = readonly [key: ContractKey, token: InstrumentToken];

async function claimFound(bench: ConformanceBench, wanted: readonly Found[]): Promise<void> {
  const keys = wanted.map(([key]) => key);
  const found = await bench.ask(() => bench.instance.marketData.resolve(keys));
  const wrong = wanted.filter(([key, token]) =>
    tokenKey(found.get(key) ?? { segment: '', id: 'none' }) !== tokenKey(token));
  claimNone('with another token or none', wrong.map(([key]) => key));
}

/** The first of each kind, and one whose symbol has more than letters in it. */
function sampled<T extends { kind: string; symbol: string }>(all: readonly T[]): T[] {
  const firsts = all.filter(({ kind }, index) =>
    all.findIndex((one) => one.kind === kind) === index);
  const odd = all.find(({ symbol }) => !/^[A-Z]+$/.test(symbol));
  return [...new Set([...firsts, ...(odd ? [odd] : [])])];
}
