import { errorMessageOf } from '@strikewire/runtime';
import type { MarginPort } from '../core/margin-port';
import type { InstrumentToken } from '../core/market-data-port';
import type { OrderOutcome, OrderRequest, OrdersPort } from '../core/orders-port';
import type { ConformanceBench } from './bench';
import { caseFailed, claim } from './claims';
import type { TrueLeg } from './harness';
import type { ConformanceOrders, TrueOrder } from './orders-harness';

/** What is asked arrives, and news of it comes back, within this. */
const settleMs = 2_000;
const tickPaise = 5;

/** A contract to try orders with: near the money, somebody buys it and somebody sells it. */
export interface TriedContract {
  leg: TrueLeg;
  /** Units of one lot. */
  lot: number;
  /** The same type, further from the money by some strikes. */
  further: TrueLeg;
}

/** Orders of the account before the broker's side, as cases try them. */
export class OrderTrials {
  readonly bench: ConformanceBench;
  readonly orders: OrdersPort;
  readonly truth: ConformanceOrders;
  readonly contract: TriedContract;

  constructor(bench: ConformanceBench) {
    const { instance: { orders }, harness } = bench;
    claim(orders !== undefined && harness.orders !== undefined, 'there is no order side');
    this.bench = bench;
    this.orders = orders;
    this.truth = harness.orders;
    this.contract = triedContract(bench);
  }

  /** An order to buy one lot that nobody sells to: it stands in the market. */
  resting(changes: Partial<OrderRequest> = {}): OrderRequest {
    const { leg: { token, bidPaise }, lot } = this.contract;
    return {
      clientOrderId: this.nextId(), token, side: 'BUY', type: 'LIMIT', product: 'intraday',
      validity: 'DAY', quantity: lot, limitPaise: atTick(bidPaise / 2), triggerPaise: null,
      ...changes,
    };
  }

  /** The same that is filled at once. */
  buying(): OrderRequest {
    return this.resting({ limitPaise: atTick(this.contract.leg.askPaise * 1.1 + 100) });
  }

  /** How a request ended; it may not reject, whatever happens. */
  async outcome(what: string, work: () => Promise<OrderOutcome>): Promise<OrderOutcome> {
    const outcome = await this.bench.ask(work).catch((error: unknown) => {
      throw caseFailed(`${what} rejected (${errorMessageOf(error)}), needs to end as an outcome`);
    });
    if (outcome.kind !== 'accepted') {
      this.bench.evidence.noteText(`${what}: ${outcome.kind} ${outcome.reason}`);
    }
    return outcome;
  }

  place(order: OrderRequest): Promise<OrderOutcome> {
    return this.outcome('place', () => this.orders.place(order));
  }

  /** Places what has to be taken, and waits until it has arrived. */
  async placed(order: OrderRequest): Promise<string> {
    const outcome = await this.place(order);
    claimOutcome('a good order', outcome, ['accepted']);
    await this.settle();
    return outcome.kind === 'accepted' ? outcome.brokerOrderId : '';
  }

  settle(): Promise<void> {
    return this.bench.harness.advance(settleMs);
  }

  /** What the broker has of it. */
  found(brokerOrderId: string): TrueOrder {
    const found = this.truth.book().find((one) => one.brokerOrderId === brokerOrderId);
    claim(found !== undefined, `the broker has no order ${brokerOrderId}`);
    return found;
  }

  /** Orders that the broker has got since so many. */
  since(count: number): readonly TrueOrder[] {
    return this.truth.book().slice(count);
  }

  /** Takes back what stands, so that no case finds what another has left. */
  async clean(): Promise<void> {
    await this.bench.harness.clear();
    const standing = this.truth.book().filter(({ status }) =>
      status === 'open' || status === 'triggered' || status === 'pending');
    for (const { brokerOrderId } of standing) {
      await this.outcome('cancel', () => this.orders.cancel(brokerOrderId));
    }
  }

  /** Fits the tag of every broker that is known: letters and digits, 20 at the most. */
  private nextId(): string {
    const count = this.truth.book().length + ++this.ids;
    return `k${this.bench.deps.clock.wallMs().toString(36)}${count.toString(36)}`;
  }

  private ids = 0;
}

/** Tries something with orders; afterwards none of them stands. */
export async function tryOrders(
  bench: ConformanceBench,
  work: (trials: OrderTrials) => Promise<void>,
): Promise<void> {
  const trials = new OrderTrials(bench);
  try {
    await work(trials);
  } finally {
    await trials.clean();
  }
}

/** @throws unless it ended in one of these ways. */
export function claimOutcome(
  what: string,
  outcome: OrderOutcome,
  kinds: readonly OrderOutcome['kind'][],
): void {
  const said = outcome.kind === 'accepted' ? outcome.brokerOrderId : outcome.reason.slice(0, 160);
  claim(kinds.includes(outcome.kind),
    `${what} was ${outcome.kind} (${said}), needs to be ${kinds.join(' or ')}`);
}

/** The account's margin; cases that need it are skipped without. */
export function marginOf({ instance: { margin } }: ConformanceBench): MarginPort {
  claim(margin !== undefined, 'there is no margin');
  return margin;
}

/** Near the money, with both sides of its book, and another one further away. */
export function triedContract(bench: ConformanceBench): TriedContract {
  const main = bench.main();
  const strikes = bench.harness.truth().chain(main, main.expiries[0] ?? '') ?? [];
  const spot = main.spot.ltpPaise;
  const calls = strikes
    .filter(({ strikePaise, CE }) => strikePaise >= spot && CE.bidPaise > 0 && CE.askPaise > 0)
    .map(({ CE }) => CE);
  const [leg] = calls;
  const further = calls[Math.min(10, calls.length - 1)];
  claim(leg !== undefined && further !== undefined && further !== leg,
    'the main chain has no two calls with a book above the spot');
  return { leg, further, lot: main.lotSize };
}

/** A contract that nobody has. */
export function strangeToken({ segment, id }: InstrumentToken): InstrumentToken {
  return { segment, id: /^\d+$/.test(id) ? '999999999' : `${id.slice(0, -2)}XX` };
}

function atTick(paise: number): number {
  return Math.max(1, Math.floor(paise / tickPaise)) * tickPaise;
}
