import { isIsoDate, underlyingKey } from '@strikewire/contracts';
import { tokenKey, type ListedUnderlying } from '../../core/market-data-port';
import type { ConformanceBench, PairedLeg } from '../bench';
import { defineCases } from '../case';
import { claim, claimEqual, claimKind, claimNone } from '../claims';
import { legDifferences } from '../differences';

const nameOf = ({ expiry, strikePaise, type }: PairedLeg): string =>
  `${expiry} ${strikePaise / 100} ${type}`;
/** In percent; a fraction of one is below this wherever options trade. */
const ivPercentMin = 3;
const ofChains = (bench: ConformanceBench): Promise<PairedLeg[]> => bench.mainPairs();

/** Group C: expiries and chains are what the broker's own lists say. */
export const chainCases = defineCases([
  {
    id: 'C01',
    title: 'the expiries of every underlying are those that the broker lists',
    async run(bench) {
      for (const listing of bench.chained()) {
        const found = await expiriesOf(bench, await bench.named(listing));
        claimEqual(`expiries of ${underlyingKey(listing)}`, found, listing.expiries);
      }
    },
  },
  {
    id: 'C02',
    title: 'expiries are ISO dates, ascending, each once',
    async run(bench) {
      const found = await expiriesOf(bench, await bench.named(bench.main()));
      claimNone('no dates', found.filter((one) => !isIsoDate(one)));
      claimEqual('their order', found, [...new Set(found)].sort());
    },
  },
  {
    id: 'C03',
    title: 'expiries come from the broker\'s list each time, never from a rule of the calendar',
    faults: ['listExpiries'],
    async run(bench) {
      const main = bench.main();
      const underlying = await bench.named(main);
      // Every other one: no weekday and no rule of months gives these.
      const expiries = main.expiries.filter((_, index) => index % 2 === 1);
      claim(expiries.length > 0, `${main.symbol} needs two expiries at least`);
      claimEqual('the expiries at first', await expiriesOf(bench, underlying), main.expiries);
      await bench.harness.inject({ kind: 'listExpiries', underlying: main, expiries });
      claimEqual('the expiries', await expiriesOf(bench, underlying), expiries);
    },
  },
  {
    id: 'C04',
    title: 'the strikes of a chain are all that are listed, ascending',
    async run(bench) {
      for (const listing of bench.chained()) await claimStrikes(bench, listing, 0);
    },
  },
  {
    id: 'C05',
    title: 'so are those of the last listed expiry',
    async run(bench) {
      const main = bench.main();
      await claimStrikes(bench, main, main.expiries.length - 1);
    },
  },
  {
    id: 'C06',
    title: 'each leg has the token of that very contract',
    async run(bench) {
      const pairs = await ofChains(bench);
      const wrong = pairs.filter(({ leg, truth }) => tokenKey(leg.token) !== tokenKey(truth.token));
      claimNone('legs with another token', wrong.map(nameOf));
    },
  },
  {
    id: 'C07',
    title: 'no leg is left out',
    async run(bench) {
      const main = bench.main();
      const pairs = await ofChains(bench);
      const real = bench.harness.truth().chain(main, main.expiries[0] ?? '') ?? [];
      claimEqual('the number of legs', pairs.length, 2 * real.length);
    },
  },
  {
    id: 'C08',
    title: 'the figures of each leg are what they are: prices, quantities, volume, OI',
    async run(bench) {
      for (const listing of bench.chained()) {
        const pairs = await bench.pairs(listing);
        claimNone(`figures of ${underlyingKey(listing)}`, pairs.flatMap((pair) =>
          legDifferences(pair.leg, pair.truth).map((line) => `${nameOf(pair)} ${line}`)));
      }
    },
  },
  {
    id: 'C09',
    title: 'prices are whole paise, quantities whole units, and nothing is below 0 or no number',
    async run(bench) {
      const wrong = (await ofChains(bench)).filter(({ leg }) => {
        const { ltpPaise, bidPaise, askPaise, bidQty, askQty, volume, oi } = leg;
        return ![ltpPaise, bidPaise, askPaise, bidQty, askQty, volume, oi].every((value) =>
          Number.isInteger(value) && value >= 0);
      });
      claimNone('legs', wrong.map(nameOf));
    },
  },
  {
    id: 'C10',
    title: 'a chain says when it was asked for and when it came',
    async run(bench) {
      const { clock } = bench.deps;
      const [beforeMono, beforeMs] = [clock.monoMs(), clock.wallMs()];
      const { sentMonoMs, receivedMs } = await bench.chain(bench.main());
      const isSent = sentMonoMs >= beforeMono && sentMonoMs <= clock.monoMs();
      claim(isSent, `sentMonoMs was ${sentMonoMs}, needs ${beforeMono} to ${clock.monoMs()}`);
      const isReceived = receivedMs >= beforeMs && receivedMs <= clock.wallMs();
      claim(isReceived, `receivedMs was ${receivedMs}, needs ${beforeMs} to ${clock.wallMs()}`);
    },
  },
  {
    id: 'C11',
    title: 'the spot that a chain tells is the underlying\'s, or none',
    async run(bench) {
      await bench.harness.pause(true);
      const { spotPaise } = await bench.chain(bench.main());
      const real = bench.main().spot.ltpPaise;
      claim(spotPaise === null || spotPaise === real, `spot was ${spotPaise}, is ${real}`);
    },
  },
  {
    id: 'C12',
    title: 'the broker\'s Greeks are there, with IV in percent',
    needs: 'brokerGreeks',
    async run(bench) {
      const ivs = (await ofChains(bench)).flatMap(({ leg }) => leg.greeks?.iv ?? []);
      claim(ivs.length > 0, 'no leg had an IV');
      claim(Math.max(...ivs) >= ivPercentMin, `IVs were up to ${Math.max(...ivs)}, needs percent`);
      claimNone('IVs that are none', ivs.filter((iv) => !(iv >= 0)).map(String));
    },
  },
  {
    id: 'C13',
    title: 'Greeks that are not declared are not made up',
    needs: 'noBrokerGreeks',
    async run(bench) {
      const made = (await ofChains(bench)).filter(({ leg }) => leg.greeks !== null);
      claimNone('legs with Greeks', made.map(nameOf));
    },
  },
  {
    id: 'C14',
    title: 'an underlying that the broker does not have is not_found, or invalid',
    async run(bench) {
      const main = await bench.named(bench.main());
      const nobody = { ...main, symbol: 'NOSUCHNAME', chain: { ...main.chain, id: '999999999' } };
      const { marketData } = bench.instance;
      const kinds = ['not_found', 'invalid'] as const;
      await bench.refused('expiries', () => marketData.expiries(nobody), kinds);
      const [expiry = ''] = bench.main().expiries;
      await bench.refused('the chain', () => marketData.chain(nobody, expiry), kinds);
    },
  },
  {
    id: 'C15',
    title: 'an expiry that is not listed is not_found or invalid, or has no strike',
    async run(bench) {
      const main = await bench.named(bench.main());
      const ask = () => bench.instance.marketData.chain(main, '2031-01-01');
      // Brokers that answer nothing here answer the same before a listed chain has strikes.
      const strikes = await bench.ask(ask).then(
        (chain) => chain.strikes.length,
        (error: unknown) => claimKind('the chain', error, ['not_found', 'invalid']),
      );
      claimEqual('the number of strikes', strikes ?? 0, 0);
    },
  },
]);

function expiriesOf(bench: ConformanceBench, one: ListedUnderlying): Promise<string[]> {
  return bench.ask(() => bench.instance.marketData.expiries(one));
}

async function claimStrikes(
  bench: ConformanceBench,
  listing: ReturnType<ConformanceBench['main']>,
  index: number,
): Promise<void> {
  const expiry = listing.expiries[index] ?? '';
  const { strikes } = await bench.chain(listing, expiry);
  const real = bench.harness.truth().chain(listing, expiry) ?? [];
  claimEqual(
    `strikes of ${underlyingKey(listing)} ${expiry}`,
    strikes.map(({ strikePaise }) => strikePaise),
    real.map(({ strikePaise }) => strikePaise),
  );
}
