import type { OrderTicket } from '@strikewire/contracts';
import type { Random } from '@strikewire/runtime';
import type { Fault } from '@strikewire/simulator';
import { trader, type OrderRun } from './order-run';

/** Something that somebody does, or that goes wrong. */
export interface OrderDeed {
  atMs: number;
  text: string;
  /** The process ends, and begins anew so many ms later. */
  downMs?: number;
  act(run: OrderRun): void;
}

/** Nothing is begun after this, and nothing goes wrong. */
export const busyMs = 150_000;
/** From then on all is right, and whatever is open has time to be found out and to end. */
export const calmMs = 420_000;

const delays = [300, 2_000, 15_000];
const calls = ['place', 'modify', 'cancel', 'book', 'any'] as const;

/** What may go wrong with orders; each is drawn with its own figures. */
const faults: readonly ((random: Random) => Omit<Fault, 'broker'>)[] = [
  (random) => ({
    kind: 'orderAnswer',
    when: pick(random, ['before', 'after']),
    answer: pick(random, ['hang', 'drop', 'status', 'html', 'empty', 'torn', 'twice']),
    status: pick(random, [429, 500, 502, 503]),
    on: pick(random, calls),
    count: 1 + Math.floor(random.next() * 2),
  }),
  (random) => ({ kind: 'slowTransit', delayMs: pick(random, delays), count: 2 }),
  (random) => ({
    kind: 'lateFill', delayMs: pick(random, delays), count: 2, showCancelled: random.next() < 0.5,
  }),
  () => ({ kind: 'holdFills', forMs: 20_000 }),
  (random) => ({ kind: 'partFills', lots: 1 + Math.floor(random.next() * 3), forMs: 30_000 }),
  () => ({ kind: 'rejectAfterPartFill', count: 1 }),
  (random) => ({ kind: 'hideOrder', hideMs: pick(random, delays), count: 2 }),
  () => ({ kind: 'duplicateRows', forMs: 30_000 }),
  () => ({ kind: 'duplicateOrderNews', probability: 0.5, forMs: 30_000 }),
  () => ({ kind: 'outOfOrderNews', probability: 0.5, forMs: 30_000 }),
  () => ({ kind: 'lostOrderNews', probability: 0.5, forMs: 30_000 }),
  (random) => ({ kind: 'delayOrderNews', delayMs: pick(random, delays), forMs: 30_000 }),
  (random) => ({ kind: 'breakOrderSocket', on: pick(random, ['taken', 'filled']), count: 1 }),
  (random) => ({
    kind: 'strangeStatus', in: pick(random, ['book', 'news', 'both']), count: 2, forMs: 20_000,
  }),
  (random) => ({
    kind: 'restError', path: pick(random, ['orders', 'trades', '*']), answer: 'status',
    status: pick(random, [429, 500]), forMs: 5_000,
  }),
];

/** Two and a half minutes of a trader, by a seed. */
export function orderStory(random: Random): OrderDeed[] {
  const deeds: OrderDeed[] = [];
  const count = 4 + Math.floor(random.next() * 10);
  for (let one = 0; one < count; one++) deeds.push(deedOf(random, one));
  const wrong = Math.floor(random.next() * 6);
  for (let one = 0; one < wrong; one++) {
    const detail = pick(random, faults)(random);
    deeds.push({
      atMs: whenIn(random),
      text: JSON.stringify(detail),
      act: (run) => void run.simulator.faults.add({ ...detail, broker: 'dhan' } as Fault),
    });
  }
  return deeds.sort((a, b) => a.atMs - b.atMs);
}

function deedOf(random: Random, number: number): OrderDeed {
  const atMs = whenIn(random);
  const dice = random.next();
  const [choice, other] = [random.next(), random.next()];
  if (dice < 0.1) {
    const downMs = Math.round(random.next() * 4_000);
    return { atMs, text: `the process ends for ${downMs} ms`, downMs, act: (run) => run.crash() };
  }
  if (dice < 0.25) {
    return { atMs, text: 'a cancellation', act: (run) => doTo(run, choice, (id) =>
      run.orders.desk.cancel(trader, id)) };
  }
  if (dice < 0.35) {
    return { atMs, text: 'another price', act: (run) => doTo(run, choice, (id) =>
      run.orders.desk.modify(trader, id, { price: Math.round(40 + other * 400) })) };
  }
  if (dice < 0.42) {
    const body = { requestId: idOf(random), account: accountId };
    const exit = (run: OrderRun): void => quietly(run.orders.desk.exit(trader, body));
    return { atMs, text: 'all is closed', act: exit };
  }
  const requestId = idOf(random);
  const isTwice = random.next() < 0.15;
  const draw = [random.next(), random.next(), random.next(), random.next()] as const;
  return {
    atMs,
    text: `order ${number}${isTwice ? ', asked for twice' : ''}`,
    act(run) {
      const body = { requestId, account: run.account, legs: [ticketOf(run, draw)] };
      quietly(run.orders.desk.place(trader, body));
      if (isTwice) quietly(run.orders.desk.place(trader, body));
    },
  };
}

const accountId = 'account-1';

function ticketOf(run: OrderRun, [a, b, c, d]: readonly number[]): OrderTicket {
  const { keys } = run.contracts;
  const contract = keys[Math.floor((a ?? 0) * keys.length)] ?? '';
  const reading = run.contracts.read(contract);
  const side = (b ?? 0) < 0.6 ? 'BUY' : 'SELL';
  const lots = (c ?? 0) < 0.05 ? 30 : 1 + Math.floor((c ?? 0) * 4);
  const about = { contract, side, product: 'carry', quantity: lots * 65 } as const;
  const touch = (side === 'BUY' ? reading?.asks : reading?.bids)?.[0]?.pricePaise ?? 10_000;
  const ticks = (factor: number): number => Math.max(1, Math.round((touch * factor) / 5));
  const rupees = (factor: number): number => (5 * ticks(factor)) / 100;
  const kind = d ?? 0;
  if (kind < 0.3) return { ...about, type: 'MARKET' };
  if (kind < 0.45) return { ...about, type: 'SMART' };
  if (kind < 0.55) {
    const trigger = rupees(side === 'BUY' ? 1.02 : 0.98);
    return {
      ...about, type: 'SL', triggerPrice: trigger, price: rupees(side === 'BUY' ? 1.04 : 0.96),
    };
  }
  // At the touch, or where it rests.
  const isPatient = kind > 0.75;
  const factor = isPatient ? (side === 'BUY' ? 0.9 : 1.1) : 1;
  return { ...about, type: 'LIMIT', price: rupees(factor), validity: kind > 0.95 ? 'IOC' : 'DAY' };
}

/** To one of the orders that have not ended. */
function doTo(run: OrderRun, choice: number, act: (id: string) => Promise<unknown>): void {
  const open = run.orders.floor.unfinished(run.account);
  const one = open[Math.floor(choice * open.length)];
  if (one) quietly(act(one.state.order.clientOrderId));
}

/** What is refused says so to whoever asked; here nobody did. */
function quietly(asked: Promise<unknown>): void {
  asked.catch(() => undefined);
}

function whenIn(random: Random): number {
  return Math.round(2_000 + random.next() * (busyMs - 2_000));
}

function idOf(random: Random): string {
  const hex = (): string => Math.floor(random.next() * 0x1_0000).toString(16).padStart(4, '0');
  return `${hex()}${hex()}-${hex()}-4000-8000-${hex()}${hex()}${hex()}`;
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random.next() * list.length)] as T;
}
