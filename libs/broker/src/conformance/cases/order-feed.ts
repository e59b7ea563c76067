import { createSeededRandom } from '@strikewire/runtime';
import type { OrderFeed, OrderNews } from '../../core/order-feed';
import type { ConformanceBench } from '../bench';
import { defineCases } from '../case';
import { claim, claimNone } from '../claims';
import { tryOrders } from '../order-trials';

const spoilt = 300;

/** Group J, last third: what is told of orders without a question. */
export const orderFeedCases = defineCases([
  {
    id: 'J26',
    title: 'the feed tells of an order that was taken, and that it was cancelled',
    needs: 'orderFeed',
    run: (bench) => tryOrders(bench, async (trials) => {
      const watch = await bench.openOrderFeed(feedOf(bench));
      const id = await trials.placed(trials.resting());
      claim(watch.isTold(id), 'nothing was told of the order');
      await trials.outcome('cancel', () => trials.orders.cancel(id));
      await trials.settle();
      const isEnd = (news: OrderNews): boolean =>
        news.kind === 'look' || (news.kind === 'row' && news.row.status === 'cancelled');
      claim(watch.isTold(id, isEnd), 'nothing was told of the cancellation');
      claim(watch.ended() === undefined, `the feed ended as ${watch.ended()}`);
    }),
  },
  {
    id: 'J27',
    title: 'it tells of what is filled, and rows agree with the broker',
    needs: 'orderFeed',
    run: (bench) => tryOrders(bench, async (trials) => {
      const watch = await bench.openOrderFeed(feedOf(bench));
      const order = trials.buying();
      const id = await trials.placed(order);
      await trials.settle();
      const isFill = (news: OrderNews): boolean => news.kind !== 'row' ||
        (news.row.status === 'filled' && news.row.filledQuantity === order.quantity);
      claim(watch.isTold(id, isFill), 'nothing was told of the fill');
      const rows = watch.news.flatMap((news) => (news.kind === 'row' ? [news.row] : []));
      const wrong = rows.filter((row) => row.brokerOrderId === id).filter((row) =>
        row.side !== order.side || row.quantity !== order.quantity ||
        row.token.id !== order.token.id || row.token.segment !== order.token.segment);
      claimNone('rows', wrong.map((row) => JSON.stringify(row)));
    }),
  },
  {
    id: 'J28',
    title: 'a status that was never met is an order to look at',
    needs: 'orderFeed',
    faults: ['strangeStatus'],
    run: (bench) => tryOrders(bench, async (trials) => {
      const watch = await bench.openOrderFeed(feedOf(bench));
      await bench.harness.inject({ kind: 'strangeStatus' });
      await trials.placed(trials.resting());
      const looks = watch.news.filter(({ kind }) => kind === 'look');
      claim(looks.length > 0, 'there was nothing to look at');
    }),
  },
  {
    id: 'J29',
    title: 'a dead token gets no feed of orders',
    needs: 'orderFeed',
    faults: ['expiredToken'],
    async run(bench) {
      await bench.harness.inject({ kind: 'expiredToken' });
      const feed = feedOf(bench);
      const isRefused = await bench.ask(() => feed.address()).then(() => false, () => true);
      if (isRefused) return;
      const watch = await bench.openOrderFeed(feed);
      await bench.harness.advance(10_000);
      claim(watch.ended() !== undefined, 'the feed stands');
    },
  },
  {
    id: 'J30',
    title: 'reading never throws: random, cut and empty messages are news to look at, or none',
    needs: 'orderFeed',
    run(bench) {
      const feed = feedOf(bench);
      const random = createSeededRandom(30);
      const whole = new TextEncoder().encode('{"Data":{"OrderNo":"1"},"Type":"order_alert"}');
      for (let round = 0; round < spoilt; round++) {
        const length = Math.floor(random.next() * 200);
        const noise = Uint8Array.from({ length }, () => Math.floor(random.next() * 256));
        const cut = whole.slice(0, Math.floor(random.next() * whole.length));
        for (const bytes of [noise, cut]) {
          const told = [...feed.read(bytes, true), ...feed.read(bytes, false)];
          const rows = told.filter(({ kind }) => kind === 'row' || kind === 'trade');
          claimNone('rows and trades of nothing', rows.map((news) => JSON.stringify(news)));
        }
      }
    },
  },
]);

function feedOf({ instance: { orderFeed } }: ConformanceBench): OrderFeed {
  claim(orderFeed !== undefined, 'there is no feed of orders');
  return orderFeed;
}
