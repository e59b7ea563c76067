import type { OrderFeed } from '@strikewire/broker';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { success } from '../fixtures/answers';
import { updateOf } from '../fixtures/orders';
import { createAccount, credentials } from '../testing/openalgo-account';

function feedOf(): OrderFeed {
  const { orderFeed } = createAccount(() => success({}));
  if (!orderFeed) throw new Error('there is no order feed');
  return orderFeed;
}
const feed = feedOf();
const read = (text: string): unknown[] => feed.read(new TextEncoder().encode(text), false);
const readJson = (message: object): unknown[] => read(JSON.stringify(message));
const id = '261124000012345';

describe('the order feed', () => {
  it('signs in and asks for updates at once', async () => {
    expect(await feed.address()).toEqual({ url: 'ws://algo.example:8765' });
    expect(feed.hello?.().map((text) => JSON.parse(String(text)) as unknown)).toEqual([
      { action: 'authenticate', api_key: credentials.apiKey }, { action: 'subscribe_orders' },
    ]);
    expect(readJson({ type: 'auth', status: 'success', message: 'in' })).toEqual([]);
    expect(readJson({ type: 'subscribe_orders', status: 'success' })).toEqual([{ kind: 'ready' }]);
  });

  it('tells of an order', () => {
    expect(read(updateOf())).toEqual([{
      kind: 'row',
      row: {
        brokerOrderId: id, clientOrderId: null,
        token: { segment: 'NFO', id: 'NIFTY24NOV2624500CE' }, side: 'BUY', status: 'open',
        quantity: 65, filledQuantity: 0, averagePaise: null, limitPaise: 13_405,
        triggerPaise: null, reason: null, updatedMs: null,
      },
    }]);
    const filled = { order_status: 'complete', filled_quantity: 65, average_price: 134 };
    expect(read(updateOf(filled)))
      .toMatchObject([{ row: { status: 'filled', filledQuantity: 65, averagePaise: 13_400 } }]);
    const refused = { order_status: 'rejected', rejection_reason: 'No funds' };
    expect(read(updateOf(refused))).toMatchObject([{ row: { reason: 'No funds' } }]);
  });

  it('has the book looked at for what it cannot tell', () => {
    for (const cells of [
      { order_status: 'odd' }, { quantity: 'x' }, { filled_quantity: null },
      { order_status: 'complete', filled_quantity: 65, average_price: null },
    ]) {
      expect(read(updateOf(cells))).toEqual([{ kind: 'look', brokerOrderId: id }]);
    }
    for (const text of ['', 'x', '[]', '{}', '7', updateOf().slice(0, 50)]) {
      expect(read(text)).toEqual([{ kind: 'look', brokerOrderId: null }]);
    }
    expect(feed.read(new TextEncoder().encode(updateOf()), true))
      .toEqual([{ kind: 'look', brokerOrderId: null }]);
  });

  it('says nothing of the sandbox, nor of what is no order', () => {
    expect(read(updateOf({ mode: 'analyze' }))).toEqual([]);
    for (const type of ['pong', 'market_data', 'broker_info']) {
      expect(readJson({ type })).toEqual([]);
    }
  });

  it('ends when it is not let in, or not served', () => {
    expect(readJson({ type: 'auth', status: 'error', message: 'Invalid API key' }))
      .toMatchObject([{ kind: 'auth' }]);
    const kindOf = (code: string): unknown => readJson({ status: 'error', code, message: 'm' });
    expect(kindOf('NOT_AUTHENTICATED')).toMatchObject([{ kind: 'auth' }]);
    expect(kindOf('BROKER_CONNECTION_ERROR')).toMatchObject([{ kind: 'other' }]);
    expect(kindOf('INVALID_ACTION'))
      .toEqual([{ kind: 'entitlement', reason: 'INVALID_ACTION: m' }]);
    expect(feed.classifyEnd({ closeCode: 4401 })).toBe('auth');
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.json(), (bytes, text) => {
        expect(feed.read(bytes, false)).toHaveLength(1);
        expect(read(text).length).toBeLessThan(2);
      }),
      { seed: 74, numRuns: 500 },
    );
  });
});
