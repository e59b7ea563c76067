import { field } from '@strikewire/market-data';
import type { FeedItem } from '../../core/feed-protocol';
import { tokenKey } from '../../core/market-data-port';
import type { ConformanceBench } from '../bench';
import { defineCases } from '../case';
import { claim, claimEqual, claimNone } from '../claims';
import { marketRun, nearMoney, spotItems } from '../market-run';

const watchMs = 10_000;

/** Group E, first half: what is subscribed ticks, and as it really is. */
export const feedCases = defineCases([
  {
    id: 'E01',
    title: 'what is subscribed ticks',
    async run(bench) {
      const { legs, known } = await marketRun(bench);
      claim(legs > 0, 'the main chain has no leg');
      const needed = Math.min(10, legs);
      claim(known >= needed, `of ${legs} legs ${known} had a tick, needs ${needed} at least`);
    },
  },
  {
    id: 'E02',
    title: 'after the market has come to rest every figure of a leg is what it is',
    run: async (bench) => claimNone('figures', (await marketRun(bench)).wrong),
  },
  {
    id: 'E03',
    title: 'so is each level of its book',
    needs: 'depth',
    run: async (bench) => claimNone('levels', (await marketRun(bench)).wrongLevels),
  },
  {
    id: 'E04',
    title: 'so are the spots, indices in mode quote',
    async run(bench) {
      const { spotsKnown, wrongSpots } = await marketRun(bench);
      claim(spotsKnown > 0, 'no spot had a tick');
      claimNone('figures', wrongSpots);
    },
  },
  {
    id: 'E05',
    title: 'a healthy feed has no malformed and no unknown packet, and does not end',
    async run(bench) {
      const { counters: { malformed, unknownInstrument, packets }, ended } = await marketRun(bench);
      claim(packets > 0, 'no packet was counted');
      claimEqual('malformed and unknown', [malformed, unknownInstrument], [0, 0]);
      claimEqual('its end', ended, undefined);
    },
  },
  {
    id: 'E06',
    title: 'subscriptions are dealt out over messages within the limit',
    async run(bench) {
      const { instrumentsPerMessageMax: most } = bench.plugin.limits.feed;
      const tokens = (await bench.mainPairs()).map(({ leg }) => leg.token);
      claim(tokens.length > 0, 'the main chain has no leg');
      const items = Array.from({ length: 2 * most + 1 }, (_, index): FeedItem =>
        ({ token: tokens[index % tokens.length] ?? { segment: '', id: '' }, mode: 'full' }));
      const { feed } = bench.instance;
      for (const name of ['subscribe', 'unsubscribe'] as const) {
        const { length } = feed[name](items);
        claim(length >= 3, `${name} put ${items.length} into ${length} messages, needs 3`);
        claimEqual(`messages of ${name} for one`, feed[name](items.slice(0, 1)).length, 1);
      }
    },
  },
  {
    id: 'E07',
    title: 'subscribing to nothing says nothing',
    run({ instance: { feed } }) {
      claimEqual('messages', [feed.subscribe([]).length, feed.unsubscribe([]).length], [0, 0]);
    },
  },
  {
    id: 'E08',
    title: 'an instrument that nobody holds is counted, and written nowhere',
    async run(bench) {
      const items = await spotItems(bench);
      const watch = await bench.openFeed([], { atReady: items.map(({ item }) => item) });
      await trade(bench);
      const { unknownInstrument, malformed } = watch.counters();
      claim(unknownInstrument > 0, 'no unknown instrument was counted');
      claimEqual('ticks and malformed', [watch.ticks(), malformed], [0, 0]);
    },
  },
  {
    id: 'E09',
    title: 'what is unsubscribed ticks no more, and again once it is subscribed again',
    async run(bench) {
      const item = await mainSpot(bench);
      const watch = await bench.openFeed([item]);
      await trade(bench);
      claim(watch.ticks() > 0, 'no tick came at first');
      watch.unsubscribe([item]);
      await bench.harness.advance(1_000);
      const before = watch.ticks();
      await trade(bench);
      claimEqual('ticks after unsubscribing', watch.ticks() - before, 0);
      watch.subscribe([item]);
      await trade(bench);
      claim(watch.ticks() > before, 'no tick came after subscribing again');
    },
  },
  {
    id: 'E10',
    title: 'unsubscribing one leaves the others',
    async run(bench) {
      const legs = nearMoney(bench, await bench.mainPairs());
      const [first, ...others] = legs.map(({ leg }): FeedItem =>
        ({ token: leg.token, mode: 'full' }));
      claim(first !== undefined && others.length > 0, 'the main chain has too few legs');
      const watch = await bench.openFeed([first, ...others]);
      watch.unsubscribe([first]);
      await bench.harness.advance(1_000);
      const before = watch.ticks();
      await trade(bench);
      claim(watch.ticks() > before, 'nothing else ticked any more');
    },
  },
  {
    id: 'E11',
    title: 'a contract that goes from quote to full brings its book',
    needs: 'depth',
    async run(bench) {
      const tokens = nearMoney(bench, await bench.mainPairs()).map(({ leg }) => leg.token);
      const quotes = tokens.map((token): FeedItem => ({ token, mode: 'quote' }));
      const full = tokens.map((token): FeedItem => ({ token, mode: 'full' }));
      const watch = await bench.openFeed(quotes);
      await trade(bench);
      watch.unsubscribe(quotes);
      watch.subscribe(full);
      await trade(bench);
      const withBook = full.filter((item) => watch.knows(item, field.top | field.depth));
      claim(withBook.length > 0, `none of ${full.length} contracts had a book`);
    },
  },
  {
    id: 'E12',
    title: 'two connections know nothing of each other',
    async run(bench) {
      const { socketsMax } = bench.plugin.limits.feed;
      const [one, other] = nearMoney(bench, await bench.mainPairs())
        .map(({ leg }): FeedItem => ({ token: leg.token, mode: 'full' }));
      claim(one !== undefined && other !== undefined, 'the main chain has too few legs');
      const first = await bench.openFeed([one, other], { atReady: [one] });
      // Where only one connection is allowed, the second decoder has none.
      const hasTwo = socketsMax > 1;
      const second = hasTwo ? await bench.openFeed([one, other], { atReady: [other] }) : undefined;
      await trade(bench);
      const strange = [first.knows(other), second?.knows(one) ?? false];
      claimEqual('prices of what the other has subscribed', strange, [false, false]);
    },
  },
  {
    id: 'E13',
    title: 'the wire\'s numbers are the same each time, and no two instruments share theirs',
    async run(bench) {
      const { feed } = bench.instance;
      const tokens = (await bench.mainPairs()).map(({ leg }) => leg.token);
      const numbers = tokens.map((token) => {
        const { segment, id } = feed.wireId(token);
        const isFit = Number.isInteger(segment) && segment >= 0 && segment < 32_768 &&
          Number.isInteger(id) && id >= 0 && id < 2 ** 32;
        claim(isFit, `${tokenKey(token)} had the numbers ${segment} and ${id}`);
        return `${segment}:${id}`;
      });
      claimEqual('different numbers', new Set(numbers).size, new Set(tokens.map(tokenKey)).size);
      const again = tokens.map((token) => feed.wireId(token));
      claimEqual('numbers again', again.map(({ segment, id }) => `${segment}:${id}`), numbers);
    },
  },
]);

async function mainSpot(bench: ConformanceBench): Promise<FeedItem> {
  const { spot, kind } = await bench.named(bench.main());
  return { token: spot, mode: kind === 'index' ? 'quote' : 'full' };
}

/** Lets the market go on for some time; at the end it rests. */
async function trade({ harness }: ConformanceBench): Promise<void> {
  await harness.pause(false);
  await harness.advance(watchMs);
  await harness.pause(true);
  await harness.advance(500);
}

