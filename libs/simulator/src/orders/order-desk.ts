import { createSeededRandom, type Clock, type Random, type Timer } from '@strikewire/runtime';
import type { OrderFaults } from '../faults/order-faults';
import type { Contract } from '../market/contract';
import type { Market } from '../market/market';
import { positionsOf, type Position } from './ledger';
import type { MarginParts } from './margin-model';
import { Matching } from './matching';
import {
  isLive, type Order, type OrderDraft, type OrderTerms, type Refusal, type Trade,
} from './order';
import { OrderBooks, ordersMost } from './order-books';
import { inputRefusal, exchangeRefusal, refusal } from './order-checks';
import { fundsOf, marginFor, type Asked, type Funds } from './order-funds';
import { Teller, type NewsListener } from './teller';

export interface OrderDeskDeps {
  clock: Clock;
  market: Market;
  faults: { orders: OrderFaults };
  /** Of what is drawn here; apart from all other chance. */
  orderSeed: number;
}

/** What a broker allows. */
export interface OrderRules {
  /** The most of a contract in one order. */
  quantityMost(contract: Contract): number;
  modificationsMost: number;
}

/** One broker's order desk: what its faces ask, in words of no broker. */
export interface OrderDesk {
  /** What was wrong with it, or the order, on its way to the exchange. */
  place(account: string, draft: OrderDraft): Order | Refusal;
  modify(order: Order, terms: OrderTerms): Refusal | undefined;
  cancel(order: Order): Refusal | undefined;
  /** Of today, as far as the books show it. */
  find(account: string, orderId: string): Order | undefined;
  orders(account: string): Order[];
  trades(account: string): Trade[];
  positions(account: string): Position[];
  funds(account: string): Funds;
  margin(
    account: string,
    asked: readonly Asked[],
    beside: { positions: boolean; orders: boolean },
  ): MarginParts;
  setFunds(account: string, paise: number): void;
  isKilled(account: string): boolean;
  /** @returns what stands in the way: something that is open. */
  kill(account: string, isKilled: boolean): Refusal | undefined;
  listen(listener: NewsListener): void;
  /** Everything as it is, whatever the books show. */
  whole(account: string): { orders: readonly Order[]; trades: readonly Trade[];
    positions: Position[] };
  readonly rules: OrderRules;
  stop(): void;
}

/** Ten lakh rupees, as every account begins with. */
export const openingPaise = 100_000_000;
/** From the broker to the exchange. */
const transitMs = { least: 20, more: 40 };

export function createOrderDesk(deps: OrderDeskDeps, rules: OrderRules): OrderDesk {
  return new Desk(deps, rules);
}

class Desk implements OrderDesk {
  readonly rules: OrderRules;
  private readonly deps: OrderDeskDeps;
  private readonly books = new OrderBooks(openingPaise);
  private readonly teller: Teller;
  private readonly matching: Matching;
  private readonly random: Random;
  private readonly onTheirWay = new Set<Timer>();
  private placed = 0;

  constructor(deps: OrderDeskDeps, rules: OrderRules) {
    this.deps = deps;
    this.rules = rules;
    this.random = createSeededRandom(deps.orderSeed);
    const { books } = this;
    this.teller = new Teller({ clock: deps.clock, bookOf: (account) => books.of(account) });
    const quantityMost = (contract: Contract): number => rules.quantityMost(contract);
    const { clock, market, faults: { orders: faults } } = deps;
    this.matching = new Matching({
      clock, market, faults, books, teller: this.teller, quantityMost,
    });
  }

  place(account: string, draft: OrderDraft): Order | Refusal {
    const { clock, market, faults: { orders: faults } } = this.deps;
    const book = this.books.of(account);
    if (book.isKilled) return refusal('killed', 'the kill switch is on');
    const refused = inputRefusal(draft, market);
    if (refused) return refused;
    if (book.orders.length >= ordersMost) return refusal('exchange', 'the order book is full');
    const order = this.made(account, draft);
    this.books.add(order);
    order.hiddenUntilMs = clock.monoMs() + faults.hiddenMs(account);
    const wayMs = transitMs.least + Math.floor(this.random.next() * transitMs.more);
    const timer = clock.after(wayMs + faults.transitMs(account), () => {
      this.onTheirWay.delete(timer);
      this.matching.arrive(order);
    });
    this.onTheirWay.add(timer);
    this.teller.tell(order);
    return order;
  }

  modify(order: Order, terms: OrderTerms): Refusal | undefined {
    const { market, clock } = this.deps;
    if (!isLive(order.told)) return refusal('done', `the order is ${order.told.state}`);
    if (order.modifications >= this.rules.modificationsMost) {
      return refusal('modifications', `more than ${this.rules.modificationsMost} modifications`);
    }
    const { contract } = order;
    const refused = inputRefusal({ ...order, ...terms }, market) ??
      exchangeRefusal(contract, terms, this.rules.quantityMost(contract));
    if (refused) return refused;
    if (terms.quantity <= order.told.filled) {
      return refusal('quantity', `quantity was ${terms.quantity}, filled is ${order.told.filled}`);
    }
    order.modifications++;
    // What was filled or ended meanwhile and is not told yet stays as it is.
    if (!isLive(order.now) || terms.quantity <= order.now.filled) return undefined;
    const isStop = terms.type === 'SL' || terms.type === 'SL-M';
    const wasStop = order.now.type === 'SL' || order.now.type === 'SL-M';
    const isWaiting = isStop && (!wasStop || order.now.state === 'waiting');
    const state = order.now.state === 'transit' ? 'transit' : isWaiting ? 'waiting' : 'open';
    order.now = { ...order.now, ...terms, state, updatedMs: clock.wallMs() };
    this.matching.changed(order);
    return undefined;
  }

  cancel(order: Order): Refusal | undefined {
    if (!isLive(order.told)) return refusal('done', `the order is ${order.told.state}`);
    if (order.now.state === 'transit') return refusal('transit', 'the order is on its way');
    if (isLive(order.now)) this.matching.end(order, 'cancelled');
    this.teller.cancelled(order);
    return undefined;
  }

  find(account: string, orderId: string): Order | undefined {
    const order = this.books.of(account).byId.get(orderId);
    return order && this.isShown(order) ? order : undefined;
  }

  orders(account: string): Order[] {
    return this.books.of(account).orders.filter((order) => this.isShown(order));
  }

  trades(account: string): Trade[] {
    const today = this.deps.market.today();
    return this.books.of(account).trades.filter(({ isTold, day }) => isTold && day === today);
  }

  positions(account: string): Position[] {
    const told = this.books.of(account).trades.filter(({ isTold }) => isTold);
    return positionsOf(told, this.deps.market);
  }

  funds(account: string): Funds {
    return fundsOf(this.books.of(account), this.deps.market);
  }

  margin(
    account: string,
    asked: readonly Asked[],
    beside: { positions: boolean; orders: boolean },
  ): MarginParts {
    return marginFor(this.books.of(account), this.deps.market, asked, beside);
  }

  setFunds(account: string, paise: number): void {
    this.books.of(account).openingPaise = paise;
  }

  isKilled(account: string): boolean {
    return this.books.of(account).isKilled;
  }

  kill(account: string, isKilled: boolean): Refusal | undefined {
    const book = this.books.of(account);
    const isOpen = book.orders.some(({ now }) => isLive(now)) ||
      positionsOf(book.trades, this.deps.market).some(({ net }) => net !== 0);
    if (isKilled && isOpen) return refusal('killed', 'there are open orders or positions');
    book.isKilled = isKilled;
    return undefined;
  }

  listen(listener: NewsListener): void {
    this.teller.listen(listener);
  }

  whole(account: string): ReturnType<OrderDesk['whole']> {
    const { orders, trades } = this.books.of(account);
    return { orders, trades, positions: positionsOf(trades, this.deps.market) };
  }

  stop(): void {
    for (const timer of this.onTheirWay) timer.cancel();
    this.onTheirWay.clear();
    this.teller.stop();
    this.matching.stop();
  }

  private isShown({ day, hiddenUntilMs }: Order): boolean {
    const { market, clock } = this.deps;
    return day === market.today() && clock.monoMs() >= hiddenUntilMs;
  }

  private made(account: string, draft: OrderDraft): Order {
    const { clock, market } = this.deps;
    const { type, quantity, disclosed, pricePaise, triggerPaise, ...kept } = draft;
    const nowMs = clock.wallMs();
    const day = market.today();
    const view = {
      type, validity: draft.validity, quantity, disclosed, pricePaise, triggerPaise,
      state: 'transit', filled: 0, filledPaise: 0, reason: undefined,
      updatedMs: nowMs, exchangeMs: 0,
    } as const;
    const id = `${day.slice(2).replaceAll('-', '')}${String(++this.placed).padStart(9, '0')}`;
    return {
      ...kept, id, account, placedMs: nowMs, day, exchangeId: '0', now: view, told: view,
      history: [], modifications: 0, hiddenUntilMs: 0,
    };
  }
}
