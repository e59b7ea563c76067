import type { OrderRequest } from '@strikewire/broker';
import { OrderFeedRunner, type OrderFeedNews } from '@strikewire/broker/engine';
import { paiseOf } from '@strikewire/contracts';
import { createSeededRandom, silentLog } from '@strikewire/runtime';
import { nodeOpenSocket } from '@strikewire/runtime/node';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startDhanOverSockets, type DhanOverSockets } from './dhan-over-sockets';

/** What takes a moment on a machine with nothing else to do. */
const patience = 30_000;
/** The socket is lost when it is silent for so long; a busy machine may stop for a second. */
const silentMs = 3_600;
let stage: DhanOverSockets;

beforeAll(async () => {
  stage = await startDhanOverSockets();
});

afterAll(() => stage.stop());

it('an order is placed, modified and cancelled over real connections, and told of', async () => {
  const { clock, simulator, instance } = stage;
  const orders = instance.orders!;
  const told: OrderFeedNews[] = [];
  const feed = instance.orderFeed!;
  const runner = new OrderFeedRunner({
    clock, random: createSeededRandom(5), log: silentLog, openSocket: nodeOpenSocket,
    // Signs of life are asked for three times within this.
    feed: { ...feed, limits: { ...feed.limits, silentMs } },
    told: (news) => void told.push(news), parked: () => undefined,
  });
  runner.start();
  const [underlying] = simulator.truth.underlyings();
  // Of the nearest expiry a bid may be of nothing, on its last day.
  const { strikes } = simulator.truth.chain('NIFTY', underlying!.expiries[1]!)!;
  const call = strikes[Math.floor(strikes.length / 2)]!.CE;
  const order: OrderRequest = {
    clientOrderId: 'real-1', token: { segment: 'NSE_FNO', id: String(call.securityId) },
    side: 'BUY', type: 'LIMIT', product: 'intraday', validity: 'DAY', quantity: underlying!.lot,
    limitPaise: 5 * Math.floor(paiseOf(call.bid) / 10), triggerPaise: null,
  };
  await vi.waitFor(() => expect(runner.status.state).toBe('live'), patience);
  const placed = await orders.place(order);
  const brokerOrderId = placed.kind === 'accepted' ? placed.brokerOrderId : '';
  const statuses = (): string[] => told.flatMap((news) =>
    (news.kind === 'row' && news.row.brokerOrderId === brokerOrderId ? [news.row.status] : []));
  await vi.waitFor(() => expect(statuses()).toContain('open'), patience);
  const change = { quantity: null, limitPaise: 100, triggerPaise: null };
  expect(await orders.modify(brokerOrderId, change)).toEqual(placed);
  expect(await orders.orders()).toMatchObject([
    { brokerOrderId, clientOrderId: 'real-1', status: 'open', limitPaise: 100 },
  ]);
  expect(await orders.cancel(brokerOrderId)).toEqual(placed);
  await vi.waitFor(() => expect(statuses()).toContain('cancelled'), patience);
  await new Promise((resolve) => setTimeout(resolve, 1.5 * silentMs));
  expect(runner.status).toMatchObject({ state: 'live', losses: 0 });
  runner.stop();
}, 120_000);
