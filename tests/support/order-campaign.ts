import { hasEnded } from '@strikewire/orders';
import type { OrderRecord } from '@strikewire/orders/engine';
import { createSeededRandom } from '@strikewire/runtime';
import type { TrueOrder, TrueOrders } from '@strikewire/simulator';
import { busyMs, calmMs, orderStory } from './order-story';
import { OrderRun, trader } from './order-run';

/** How a run of a seed went: what happened, and what is wrong about it. */
export interface OrderOutcome {
  story: readonly string[];
  doubts: readonly string[];
}

/** What may leave for one segment of an account within a second. */
const callsASecondMax = 8;

/**
 * Lives some minutes of a trader with whatever a seed brings, then a while in which all is right,
 * cancels what is open, and compares with the broker. The same seed gives the same run.
 */
export async function liveOrders(
  seed: number,
  sabotage?: (run: OrderRun) => void,
): Promise<OrderOutcome> {
  const deeds = orderStory(createSeededRandom(seed));
  const story = deeds.map(({ atMs, text }) => `${(atMs / 1_000).toFixed(1)} s: ${text}`);
  const run = new OrderRun(seed);
  try {
    await during(run, run.open());
    await run.clock.advance(3_000);
    sabotage?.(run);
    await act(run, deeds);
    run.simulator.faults.clear();
    await run.clock.advance(calmMs / 2);
    run.orders.desk.cancelAll(trader, run.account).catch(() => undefined);
    await run.clock.advance(calmMs / 2);
    return { story, doubts: doubtsOf(run) };
  } finally {
    run.stop();
  }
}

async function act(run: OrderRun, deeds: ReturnType<typeof orderStory>): Promise<void> {
  const { clock } = run;
  const startMono = clock.monoMs();
  for (const deed of deeds) {
    await clock.advance(Math.max(0, startMono + deed.atMs - clock.monoMs()));
    deed.act(run);
    if (deed.downMs === undefined) continue;
    await clock.advance(deed.downMs);
    await during(run, run.open());
  }
  await clock.advance(Math.max(0, startMono + busyMs - clock.monoMs()));
}

/** Time goes on while it is waited for. */
async function during(run: OrderRun, asked: Promise<void>): Promise<void> {
  let isDone = false;
  const done = asked.finally(() => (isDone = true));
  done.catch(() => undefined);
  while (!isDone) await run.clock.advance(10);
  await done;
}

function doubtsOf(run: OrderRun): string[] {
  const truth = run.truth();
  const ours = run.orders.floor.all.map(({ record }) => record);
  const { total, byKind } = run.simulator.violations();
  return [
    ...(total > 0 ? [`limits were broken: ${JSON.stringify(byKind)}`] : []),
    ...rateDoubts(run.sentMono),
    ...orderDoubts(ours, truth),
    ...fillDoubts(run, truth),
  ];
}

function rateDoubts(sentMono: readonly number[]): string[] {
  const isOver = sentMono.some((at, index) =>
    (sentMono[index + callsASecondMax] ?? Infinity) - at < 1_000);
  return isOver ? [`more than ${callsASecondMax} requests left within a second`] : [];
}

/** Nothing was sent twice, nothing is lost, and each order is what the broker has. */
function orderDoubts(ours: readonly OrderRecord[], { orders }: TrueOrders): string[] {
  const doubts: string[] = [];
  const byId = new Map<string, TrueOrder[]>();
  for (const order of orders) {
    if (order.source === 'other') continue;
    byId.set(order.clientOrderId, [...(byId.get(order.clientOrderId) ?? []), order]);
  }
  for (const [id, found] of byId) {
    if (found.length > 1) doubts.push(`order ${id} is ${found.length} times at the broker`);
    if (!ours.some(({ state }) => state.order.clientOrderId === id)) {
      doubts.push(`order ${id} is at the broker, and nobody here knows of it`);
    }
  }
  for (const { state } of ours) {
    const id = state.order.clientOrderId;
    doubts.push(...stateDoubts(state, byId.get(id)?.[0]).map((one) => `order ${id} ${one}`));
  }
  return doubts;
}

function stateDoubts(state: OrderRecord['state'], truth: TrueOrder | undefined): string[] {
  const { status, filledQuantity, needsPerson, brokerOrderId } = state;
  if (!truth) {
    const isNone = status === 'denied' || status === 'rejected';
    const isAsked = status === 'unknown' && needsPerson !== null;
    return isNone || isAsked ? [] : [`is ${status}, and the broker never had it`];
  }
  // The broker took our cancellation and called it the end; that an older row of its says
  // rejected does not undo that, as long as both agree on what was filled.
  const isCancelled = status === 'cancelled' && state.cancel?.status === 'accepted';
  const isRight = truth.state === status || (isCancelled && truth.state === 'rejected');
  return [
    ...(brokerOrderId === truth.orderId ? [] : [`is ${brokerOrderId}, not ${truth.orderId}`]),
    ...(filledQuantity === truth.filled ? [] : [`has ${filledQuantity} of ${truth.filled} filled`]),
    ...(isRight ? [] : [`is ${status}, at the broker ${truth.state}`]),
    ...(hasEnded(state) ? [] : ['has not ended']),
  ];
}

/** Trades are the broker's, each once, and positions are what they add up to. */
function fillDoubts(run: OrderRun, { orders, trades }: TrueOrders): string[] {
  const others = new Set(orders.filter(({ source }) => source === 'other').map((o) => o.orderId));
  const theirs = trades.filter(({ orderId }) => !others.has(orderId));
  const fills = [...run.journal.fills.values()];
  const doubts: string[] = [];
  for (const { tradeId, quantity, price } of theirs) {
    // An id is unique within its order alone: the plugin puts that before it.
    const known = fills.filter((fill) => fill.tradeId.endsWith(`-${tradeId}`));
    const isSame = known.length === 1 && known[0]?.quantity === quantity &&
      known[0].pricePaise === Math.round(price * 100);
    if (!isSame) doubts.push(`trade ${tradeId} of ${quantity} is there ${known.length} times`);
  }
  if (fills.length !== theirs.length) {
    doubts.push(`${fills.length} fills are kept of ${theirs.length} trades`);
  }
  const net = new Map<string, number>();
  for (const { segment, securityId, side, quantity } of theirs) {
    const key = run.contracts.keyOf({ segment, id: String(securityId) }) ?? String(securityId);
    net.set(key, (net.get(key) ?? 0) + (side === 'BUY' ? quantity : -quantity));
  }
  const { positions } = run.orders.floor.ledger(run.account);
  const held = new Map(positions.map(({ key, netQuantity }) => [key, netQuantity]));
  for (const key of new Set([...net.keys(), ...held.keys()])) {
    const [here, there] = [held.get(key) ?? 0, net.get(key) ?? 0];
    if (here !== there) doubts.push(`${key}: ${here} held here, ${there} at the broker`);
  }
  return doubts;
}
