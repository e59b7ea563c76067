import type {
  BrokerInstance, OrderOutcome, OrderRequest, OrdersPort,
} from '@strikewire/broker';
import { OrderFeedRunner, type OrderFeedNews } from '@strikewire/broker/engine';
import { optionKey, paiseOf } from '@strikewire/contracts';
import { createSeededRandom, silentLog } from '@strikewire/runtime';
import type { Fault, FaceName, TrueOrders } from '@strikewire/simulator';
import type { AdapterBench } from './adapter-bench';

/** What was asked for in a story, and how it ended. */
export interface StoryCall {
  call: 'place' | 'modify' | 'cancel';
  clientOrderId: string;
  /** Of the order that stands; null: it is placed. */
  about: string | null;
  outcome: OrderOutcome;
}

/** The orders of an adapter's account, and what the simulated broker has of them. */
export interface OrderBench {
  orders: OrdersPort;
  truth(): TrueOrders;
  /** A bid for one lot of a call near the money that nobody hits. */
  bid(changes?: Partial<OrderRequest>): OrderRequest;
  lot: number;
  /** Paise, at this moment. */
  askPaise(): number;
}

export async function createOrderBench(
  bench: AdapterBench,
  of: { account: string; broker: FaceName },
): Promise<OrderBench> {
  const { simulator, instance, ask } = bench;
  const underlying = simulator.truth.underlyings().find(({ symbol }) => symbol === 'NIFTY');
  const expiry = underlying?.expiries[0] ?? '';
  const strikes = simulator.truth.chain('NIFTY', expiry)?.strikes ?? [];
  const near = strikes[Math.floor(strikes.length / 2)];
  if (!underlying || !near) throw new Error('NIFTY has no chain');
  const strikePaise = paiseOf(near.strike);
  const key = optionKey({ exchange: 'NSE', symbol: 'NIFTY', expiry, strikePaise, type: 'CE' });
  const token = (await ask(instance.marketData.resolve([key]))).get(key);
  if (!token) throw new Error(`${key} has no token`);
  const { segment, securityId } = near.CE;
  const askPaise = (): number => paiseOf(simulator.truth.contract(segment, securityId)?.ask ?? 0);
  let count = 0;
  return {
    orders: ordersOf(instance),
    truth: () => simulator.orders.truth(of),
    lot: underlying.lot,
    askPaise,
    bid: (changes = {}) => ({
      clientOrderId: `t-${++count}`, token, side: 'BUY', type: 'LIMIT', product: 'intraday',
      validity: 'DAY', quantity: underlying.lot, limitPaise: atTick(askPaise() / 2),
      triggerPaise: null, ...changes,
    }),
  };
}

function ordersOf({ orders }: BrokerInstance): OrdersPort {
  if (!orders) throw new Error('there is no order side');
  return orders;
}

const answers = ['hang', 'drop', 'status', 'html', 'empty', 'torn', 'twice'] as const;
const calls = ['place', 'modify', 'cancel'] as const;

/**
 * A day of seeded orders at a broker that is not itself: half of what is asked for is answered
 * badly, before or after it was done. In the end nothing is wrong any more.
 */
export async function runOrderStory(
  bench: AdapterBench,
  { orders, bid, lot, askPaise }: OrderBench,
  of: { seed: number; steps: number; broker: FaceName },
): Promise<StoryCall[]> {
  const random = createSeededRandom(of.seed);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random.next() * all.length)] as T;
  const told: StoryCall[] = [];
  const add = (fault: Fault): void => {
    bench.simulator.faults.add({ ...fault, broker: of.broker });
  };
  for (let step = 0; step < of.steps; step++) {
    bench.simulator.faults.clear();
    const on = pick(calls);
    const when = pick(['before', 'after'] as const);
    if (random.next() < 0.5) add({ kind: 'orderAnswer', when, answer: pick(answers), on });
    if (random.next() < 0.2) add({ kind: 'partFills', lots: 1 });
    if (random.next() < 0.1) add({ kind: 'slowTransit', delayMs: 500 });
    if (random.next() < 0.2) add({ kind: 'duplicateOrderNews', probability: 0.5 });
    if (random.next() < 0.2) add({ kind: 'outOfOrderNews', probability: 0.5 });
    if (random.next() < 0.1) add({ kind: 'breakOrderSocket', on: 'taken', count: 1 });
    if (random.next() < 0.1) add({ kind: 'strangeStatus', in: 'news' });
    const known = told.flatMap(({ outcome }) =>
      (outcome.kind === 'accepted' ? [outcome.brokerOrderId] : []));
    const call = known.length === 0 ? 'place' : pick(calls);
    const about = call === 'place' ? null : pick(known);
    const share = pick([0.5, 0.9, 1, 1.1]);
    const limitPaise = atTick(askPaise() * share);
    const order = bid({ quantity: lot * pick([1, 2, 3]), limitPaise });
    const change = { quantity: null, limitPaise, triggerPaise: null };
    const outcome = await bench.ask(about === null ? orders.place(order)
      : call === 'modify' ? orders.modify(about, change) : orders.cancel(about));
    told.push({ call, clientOrderId: order.clientOrderId, about, outcome });
    await bench.clock.advance(100 + Math.floor(random.next() * 400));
  }
  bench.simulator.faults.clear();
  await bench.clock.advance(5_000);
  return told;
}

/** What the feed tells of the account's orders, over all of its connections. */
export async function hearOrders(
  { clock, openSocket, instance: { orderFeed: feed } }: AdapterBench,
): Promise<{ news: OrderFeedNews[]; losses(): number; stop(): void }> {
  if (!feed) throw new Error('there is no feed of orders');
  const news: OrderFeedNews[] = [];
  const runner = new OrderFeedRunner({
    clock, random: createSeededRandom(13), log: silentLog, openSocket, feed,
    told: (one) => news.push(one), parked: (reason) => { throw new Error(reason); },
  });
  runner.start();
  await clock.advance(2_000);
  return { news, losses: () => runner.status.losses, stop: () => runner.stop() };
}

/** Rows of the feed that the broker cannot have told: of others, or of more than there is. */
export function falseNews(news: readonly OrderFeedNews[], truth: TrueOrders): OrderFeedNews[] {
  return news.filter((one) => {
    if (one.kind !== 'row') return false;
    const { row } = one;
    const real = truth.orders.find(({ orderId }) => orderId === row.brokerOrderId);
    return real?.side !== row.side || row.filledQuantity > real.filled ||
      row.quantity !== real.quantity || row.clientOrderId !== (real.clientOrderId || null);
  });
}

function atTick(paise: number): number {
  return Math.max(1, Math.floor(paise / 5)) * 5;
}
