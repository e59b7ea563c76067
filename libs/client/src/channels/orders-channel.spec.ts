import type { Order, Orders } from '@strikewire/contracts';
import { expect, it } from 'vitest';
import { scriptChannels } from '../testing/scripted-channels';
import type { ChannelMessage } from './channel-reader';
import { OrdersReader } from './orders-reader';

const place = { channel: 'orders', stream: 5, epoch: 'e' };
const orderOf = (id: string, version = 1, changes: Partial<Order> = {}): Order => ({
  id,
  account: { id: 'paper', label: 'Paper', broker: 'paper', mode: 'paper' },
  contract: 'NSE:NIFTY:2026-11-24:26000:CE',
  side: 'BUY',
  type: 'LIMIT',
  product: 'intraday',
  validity: 'DAY',
  quantity: 75,
  filledQuantity: 0,
  price: 100,
  triggerPrice: null,
  averagePrice: null,
  status: 'open',
  reason: null,
  ended: false,
  brokerOrderId: null,
  modify: null,
  cancel: null,
  needsPerson: null,
  placedBy: 'asha',
  createdAt: '2026-11-23T10:00:00+05:30',
  updatedAt: '2026-11-23T10:00:00+05:30',
  version,
  ...changes,
});
const event = (sequence: number, order: unknown): object =>
  ({ type: 'event', ...place, sequence, data: { order } });

async function setUp() {
  const server = scriptChannels();
  const list = (...orders: Order[]): void => void (server.rest['/api/orders'] = { orders });
  list(orderOf('b'), orderOf('a'));
  server.answers = () => [{ type: 'subscribed', ...place, sequence: 7 }];
  const states: Orders[] = [];
  server.client.watchOrders({ changed: (state) => void states.push(state) });
  await server.clock.advance(100);
  const held = (): string[] =>
    states.at(-1)?.orders.map(({ id, version, status }) => `${id}${version} ${status}`) ?? [];
  const say = async (message: object): Promise<void> => {
    server.say(message);
    await server.clock.advance(100);
  };
  return { server, list, held, say };
}

it('is what was read, then each order as it changes, the newest first', async () => {
  const { server, held, say } = await setUp();
  expect(held()).toEqual(['b1 open', 'a1 open']);
  await say(event(8, orderOf('c')));
  await say(event(9, orderOf('a', 2, { status: 'filled' })));
  expect(held()).toEqual(['c1 open', 'b1 open', 'a2 filled']);
  expect(server.asked).toHaveLength(1);
});

it('lets the newest version count, whichever way the older one comes', async () => {
  const { list, held, say } = await setUp();
  await say(event(8, orderOf('a', 3, { status: 'filled' })));
  await say(event(9, orderOf('a', 2)));
  expect(held()).toEqual(['b1 open', 'a3 filled']);
  list(orderOf('c'), orderOf('b', 2, { status: 'cancelled' }), orderOf('a', 2));
  await say({ type: 'overflow', ...place, sequence: 60, dropped: 51, resync: 'GET /api/orders' });
  expect(held()).toEqual(['c1 open', 'b2 cancelled', 'a3 filled']);
});

it('reads again after a step that is missing, and after what it cannot read', async () => {
  const { server, list, held, say } = await setUp();
  list(orderOf('d'), orderOf('b'), orderOf('a'));
  await say(event(12, orderOf('a', 2)));
  expect(held()).toEqual(['d1 open', 'b1 open', 'a2 open']);
  await say(event(13, { id: 'a' }));
  expect(server.asked).toHaveLength(3);
});

it('is polled while sockets fail', async () => {
  const { server, list, held } = await setUp();
  server.isRefusing = true;
  server.cut();
  list(orderOf('a', 5, { status: 'filled' }));
  await server.clock.advance(60_000);
  expect(held()).toEqual(['a5 filled']);
});

it('keeps what is told while a list of before is under way', () => {
  const reader = new OrdersReader(() => undefined);
  const told = (sequence: number, order: Order): ChannelMessage =>
    event(sequence, order) as ChannelMessage;
  reader.take({ type: 'subscribed', ...place, sequence: 7 } as ChannelMessage);
  reader.take(told(8, orderOf('a', 3, { status: 'filled' })));
  reader.take(told(9, orderOf('c')));
  reader.takePolled({ orders: [orderOf('b'), orderOf('a')] });
  const held = reader.state?.orders.map(({ id, version }) => `${id}${version}`);
  expect(held).toEqual(['c1', 'b1', 'a3']);
  // Read once more, a list is what it is.
  reader.takePolled({ orders: [orderOf('b')] });
  expect(reader.state?.orders.map(({ id }) => id)).toEqual(['b']);
});
