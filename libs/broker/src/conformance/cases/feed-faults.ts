import type { FeedItem } from '../../core/feed-protocol';
import type { ConformanceBench } from '../bench';
import { defineCases } from '../case';
import { claim, claimEqual, claimNone } from '../claims';
import type { FeedWatch } from '../feed-watch';
import type { ConformanceFault } from '../harness';
import { nearMoney, wrongLegs } from '../market-run';

const faultyMs = 8_000;

/** Group H, second half: the feed is not itself. */
export const feedFaultCases = defineCases([
  {
    id: 'H10',
    title: 'a connection that breaks ends as other, and a new one ticks',
    faults: ['drop'],
    async run(bench) {
      const items = await feedItems(bench);
      const first = await bench.openFeed(items);
      await bench.harness.inject({ kind: 'drop' });
      await bench.harness.advance(1_000);
      claimEqual('the end', first.ended(), 'other');
      await bench.harness.clear();
      const second = await bench.openFeed(items);
      await trade(bench);
      claim(second.ticks() > 0, 'no tick came over the new connection');
    },
  },
  {
    id: 'H11',
    title: 'a connection that is silent is not told as ended, and goes on ticking',
    faults: ['mute'],
    async run(bench) {
      const watch = await bench.openFeed(await feedItems(bench));
      await trade(bench);
      await bench.harness.inject({ kind: 'mute' });
      const before = watch.ticks();
      await trade(bench);
      claimEqual('ticks while silent', watch.ticks() - before, 0);
      claimEqual('its end', watch.ended(), undefined);
      await bench.harness.clear();
      await trade(bench);
      claim(watch.ticks() > before, 'no tick came afterwards');
    },
  },
  {
    id: 'H12',
    title: 'spoilt frames are counted, do no harm, and leave no wrong price',
    faults: ['corrupt'],
    async run(bench) {
      const { watch, items } = await tradeWith(bench, { kind: 'corrupt' });
      const { malformed, unknownInstrument } = watch.counters();
      claim(malformed + unknownInstrument > 0, 'none was counted');
      await claimRight(bench, watch, items);
    },
  },
  {
    id: 'H13',
    title: 'frames that are torn in two do no harm, and leave no wrong price',
    faults: ['torn'],
    async run(bench) {
      const { watch, items } = await tradeWith(bench, { kind: 'torn' });
      await claimRight(bench, watch, items);
    },
  },
  {
    id: 'H14',
    title: 'frames that come twice change nothing',
    faults: ['duplicate'],
    async run(bench) {
      const { watch, items } = await tradeWith(bench, { kind: 'duplicate' });
      claimEqual('malformed', watch.counters().malformed, 0);
      claimNone('figures', wrongLegs(bench, watch, items));
    },
  },
  {
    id: 'H15',
    title: 'frames that come late are no errors, and leave no wrong price',
    faults: ['late'],
    async run(bench) {
      const { watch, items } = await tradeWith(bench, { kind: 'late' });
      claimEqual('malformed', watch.counters().malformed, 0);
      await claimRight(bench, watch, items);
    },
  },
]);

async function feedItems(bench: ConformanceBench): Promise<FeedItem[]> {
  const pairs = nearMoney(bench, await bench.mainPairs());
  return pairs.map(({ leg }) => ({ token: leg.token, mode: 'full' }));
}

async function trade({ harness }: ConformanceBench, ms = faultyMs): Promise<void> {
  await harness.pause(false);
  await harness.advance(ms);
  await harness.pause(true);
  await harness.advance(1_000);
}

async function tradeWith(
  bench: ConformanceBench,
  fault: ConformanceFault,
): Promise<{ watch: FeedWatch; items: FeedItem[] }> {
  const items = await feedItems(bench);
  const watch = await bench.openFeed(items);
  await bench.harness.inject(fault);
  await trade(bench);
  await bench.harness.clear();
  return { watch, items };
}

/** What was lost comes with the next packet of each: after some healthy trading all is right. */
async function claimRight(
  bench: ConformanceBench,
  watch: FeedWatch,
  items: readonly FeedItem[],
): Promise<void> {
  claimEqual('its end', watch.ended(), undefined);
  const before = watch.ticks();
  await trade(bench, 2 * faultyMs);
  claim(watch.ticks() > before, 'no tick came afterwards');
  claimNone('figures', wrongLegs(bench, watch, items));
}
