import type { OrderFeed } from '@strikewire/broker';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ordersRootOf, upstoxEndpoints } from '../config';
import { success } from '../fixtures/answers';
import { orderRow } from '../fixtures/orders';
import { createAccount } from '../testing/upstox-account';

function feedOf(body = success({})): { feed: OrderFeed; urls: () => string[] } {
  const account = createAccount(() => body);
  const { orderFeed: feed } = account;
  if (!feed) throw new Error('there is no order feed');
  return { feed, urls: () => account.requests.map(({ url }) => url) };
}
const { feed } = feedOf();
const read = (text: string): unknown[] => feed.read(new TextEncoder().encode(text), false);
const update = (cells: Record<string, unknown> = {}): string =>
  JSON.stringify(orderRow({ update_type: 'order', ...cells }));

describe('the order feed', () => {
  it('asks for an address that is good once', async () => {
    const address = 'wss://feeder.example/feeds?requestId=1&code=2';
    const one = feedOf(success({ authorized_redirect_uri: address }));
    expect(await one.feed.address()).toEqual({ url: address });
    expect(one.urls()).toEqual([
      'https://rest.example/v2/feed/portfolio-stream-feed/authorize?update_types=order',
    ]);
    await expect(feedOf().feed.address()).rejects.toMatchObject({ kind: 'retryable' });
  });

  it('tells of an order as the book has it', () => {
    expect(read(update({ status: 'complete', filled_quantity: 65, average_price: 134 })))
      .toMatchObject([{
        kind: 'row',
        row: { clientOrderId: 'sw-1', status: 'filled', filledQuantity: 65, averagePaise: 13_400 },
      }]);
  });

  it('has the book looked at for what it cannot tell', () => {
    expect(read(update({ status: 'odd' })))
      .toEqual([{ kind: 'look', brokerOrderId: '261124025562880' }]);
    expect(read(update({ quantity: null })))
      .toEqual([{ kind: 'look', brokerOrderId: '261124025562880' }]);
    for (const text of ['', 'x', '[]', '{}', '7', update().slice(0, 50)]) {
      expect(read(text)).toEqual([{ kind: 'look', brokerOrderId: null }]);
    }
  });

  it('says nothing of positions, holdings and orders that wait for a price', () => {
    for (const kind of ['position', 'holding', 'gtt_order']) {
      expect(read(update({ update_type: kind }))).toEqual([]);
    }
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.json(), (bytes, text) => {
        expect(feed.read(bytes, true)).toHaveLength(1);
        expect(feed.read(new TextEncoder().encode(text), false).length).toBeLessThan(2);
      }),
      { seed: 65, numRuns: 500 },
    );
  });

  it('parks the account when it is not let in', () => {
    expect(feed.classifyEnd({ httpStatus: 401 })).toBe('auth');
    expect(feed.classifyEnd({ httpStatus: 403 })).toBe('too_many');
    expect(feed.classifyEnd({ closeCode: 1006 })).toBe('other');
  });
});

describe('the host of orders', () => {
  it('is its own, and that of all else when all else is replaced', () => {
    expect(ordersRootOf(upstoxEndpoints)).toBe(upstoxEndpoints.orders);
    const moved = { ...upstoxEndpoints, rest: 'http://127.0.0.1:7' };
    expect(ordersRootOf(moved)).toBe('http://127.0.0.1:7');
    expect(ordersRootOf({ ...moved, orders: 'http://127.0.0.1:8' })).toBe('http://127.0.0.1:8');
  });
});
