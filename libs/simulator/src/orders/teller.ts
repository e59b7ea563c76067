import type { Clock, Timer } from '@strikewire/runtime';
import { isLive, type Order, type OrderView, type Trade } from './order';
import type { AccountBook } from './order-books';

/** What was told of an order, with the fills that were told with it. */
export interface OrderNews {
  order: Order;
  view: OrderView;
  trades: readonly Trade[];
}

export type NewsListener = (news: OrderNews) => void;

interface Held {
  timer: Timer;
  showsCancelled: boolean;
}

export interface TellerDeps {
  clock: Clock;
  bookOf(account: string): AccountBook;
}

/** What the broker's books and its news say of orders, which may lag behind what is so. */
export class Teller {
  private readonly deps: TellerDeps;
  private readonly held = new Map<Order, Held>();
  private readonly listeners: NewsListener[] = [];

  constructor(deps: TellerDeps) {
    this.deps = deps;
  }

  listen(listener: NewsListener): void {
    this.listeners.push(listener);
  }

  /** Says how the order stands, unless news of it is held back. */
  tell(order: Order): void {
    if (!this.held.has(order)) this.say(order, { ...order.now });
  }

  /** Nothing of the order is told until then. */
  hold(order: Order, { delayMs, showsCancelled }: {
    delayMs: number; showsCancelled: boolean;
  }): void {
    if (this.held.has(order)) return;
    const timer = this.deps.clock.after(delayMs, () => {
      this.held.delete(order);
      this.tell(order);
    });
    this.held.set(order, { timer, showsCancelled });
  }

  /** A cancellation while news is held back: it is taken, and what becomes of it comes later. */
  cancelled(order: Order): void {
    if (!this.held.get(order)?.showsCancelled || !isLive(order.told)) return;
    const updatedMs = this.deps.clock.wallMs();
    this.say(order, { ...order.told, state: 'cancelled', updatedMs }, []);
  }

  /** Ends all waiting; what is held back stays untold. */
  stop(): void {
    for (const { timer } of this.held.values()) timer.cancel();
    this.held.clear();
  }

  private say(order: Order, view: OrderView, given?: Trade[]): void {
    order.told = view;
    order.history.push(view);
    const trades = given ?? this.untold(order);
    for (const trade of trades) trade.isTold = true;
    for (const listener of this.listeners) listener({ order, view, trades });
  }

  private untold(order: Order): Trade[] {
    // The newest are last, and few orders have many.
    if (order.now.filled === 0) return [];
    return this.deps.bookOf(order.account).trades
      .filter((trade) => trade.order === order && !trade.isTold);
  }
}
