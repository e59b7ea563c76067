import type { Clock, Timer } from '@strikewire/runtime';
import type { OrderFaults } from '../faults/order-faults';
import type { Contract } from '../market/contract';
import { changed } from '../market/evolution';
import type { Market } from '../market/market';
import type { Order, OrderState, OrderView, Refusal } from './order';
import type { OrderBooks } from './order-books';
import { exchangeRefusal, refusal } from './order-checks';
import { fundsRefusal } from './order-funds';
import { createShownBook } from './shown-book';
import type { Teller } from './teller';

export interface MatchingDeps {
  clock: Clock;
  market: Market;
  faults: OrderFaults;
  books: OrderBooks;
  teller: Teller;
  /** The most of a contract in one order. */
  quantityMost(contract: Contract): number;
}

/** The exchange's side: orders that stand, and what of them is filled by what the market shows. */
export class Matching {
  private readonly deps: MatchingDeps;
  private readonly live = new Map<Contract, Set<Order>>();
  private readonly shown = createShownBook();
  private trades = 0;
  private arrived = 0;
  private close: Timer | undefined;

  constructor(deps: MatchingDeps) {
    this.deps = deps;
    deps.market.listen((contract, what) => this.ticked(contract, what), () => {});
  }

  /** The order gets to the exchange, if it is still on its way. */
  arrive(order: Order): void {
    if (order.now.state !== 'transit') return;
    const refused = this.refusalOf(order);
    if (refused) return this.reject(order, refused);
    order.exchangeId = `11${String(++this.arrived).padStart(14, '0')}`;
    this.add(order);
    this.update(order, { exchangeMs: this.deps.clock.wallMs(), state: 'waiting' });
    this.stand(order);
  }

  /** An order that stands has other terms now. */
  changed(order: Order): void {
    if (order.now.state !== 'transit') this.stand(order);
    else this.deps.teller.tell(order);
  }

  /** Ends it without another fill. */
  end(order: Order, state: OrderState, reason?: Refusal): void {
    this.update(order, { state, reason });
    this.remove(order);
    this.deps.teller.tell(order);
  }

  reject(order: Order, reason: Refusal): void {
    this.end(order, 'rejected', reason);
  }

  stop(): void {
    this.close?.cancel();
    for (const contract of this.live.keys()) this.deps.market.unwatch(contract);
    this.live.clear();
  }

  private refusalOf({ account, contract, side, now }: Order): Refusal | undefined {
    const { market, books, quantityMost } = this.deps;
    if (!market.isOpen(contract.board)) return refusal('closed', 'the market is closed');
    const { quantity, pricePaise } = now;
    return exchangeRefusal(contract, now, quantityMost(contract)) ??
      fundsRefusal(books.of(account), market, { contract, side, quantity, pricePaise });
  }

  /** Waits for its trigger, or is matched against what is shown now. */
  private stand(order: Order): void {
    const { type } = order.now;
    const isStop = type === 'SL' || type === 'SL-M';
    if (isStop && order.now.state === 'waiting' && !isTriggered(order)) {
      return this.deps.teller.tell(order);
    }
    this.update(order, { state: 'open' });
    this.deps.teller.tell(order);
    this.match(order, true);
  }

  private ticked(contract: Contract, what: number): void {
    const orders = this.live.get(contract);
    if (!orders) return;
    for (const order of [...orders]) {
      if (order.now.state === 'waiting') {
        if (isTriggered(order)) this.stand(order);
      } else if (what & changed.book) this.match(order, false);
    }
  }

  private match(order: Order, isArriving: boolean): void {
    const { account, contract, side, now } = order;
    const { faults } = this.deps;
    const isIoc = now.validity === 'IOC' && isArriving;
    const rest = now.quantity - now.filled;
    const limit = limitOf(now);
    const { lot } = contract;
    const first = faults.areFillsHeld(account)
      ? []
      : this.shown.take(contract, side, limit, Math.min(lot, rest));
    if (first.length === 0) return isIoc ? this.end(order, 'cancelled') : undefined;
    const isCut = rest > lot && faults.isRejectedAfterPart(account);
    const most = isCut ? lot : Math.min(rest, faults.lotsMost(account) * lot);
    const more = this.shown.take(contract, side, limit, most - lot);
    for (const { quantity, pricePaise } of [...first, ...more]) {
      // Who comes takes the better price; who stands is taken at his own.
      this.fill(order, quantity, isArriving || limit === 0 ? pricePaise : limit);
    }
    this.filled(order, { isCut, isIoc });
  }

  private filled(order: Order, { isCut, isIoc }: { isCut: boolean; isIoc: boolean }): void {
    const { faults, teller } = this.deps;
    const late = faults.lateFill(order.account);
    const { delayMs = 0, showCancelled = false } = late ?? {};
    if (late) teller.hold(order, { delayMs, showsCancelled: showCancelled });
    if (order.now.filled === order.now.quantity) return this.end(order, 'filled');
    if (isCut) {
      return this.reject(order, refusal('exchange', 'the rest was rejected by the exchange'));
    }
    if (isIoc) return this.end(order, 'cancelled');
    teller.tell(order);
  }

  private fill(order: Order, quantity: number, pricePaise: number): void {
    const { books, clock, market } = this.deps;
    const { filled, filledPaise } = order.now;
    this.update(order, {
      filled: filled + quantity, filledPaise: filledPaise + quantity * pricePaise,
    });
    books.of(order.account).trades.push({
      id: String(70_000_000 + ++this.trades), order, quantity, pricePaise,
      atMs: clock.wallMs(), day: market.today(), isTold: false,
    });
  }

  private update(order: Order, change: Partial<OrderView>): void {
    order.now = { ...order.now, ...change, updatedMs: this.deps.clock.wallMs() };
  }

  private add(order: Order): void {
    const { contract } = order;
    const orders = this.live.get(contract);
    if (orders) orders.add(order);
    else {
      this.live.set(contract, new Set([order]));
      this.deps.market.watch(contract);
    }
    this.watchClose();
  }

  private remove(order: Order): void {
    const orders = this.live.get(order.contract);
    if (!orders?.delete(order) || orders.size > 0) return;
    this.live.delete(order.contract);
    this.deps.market.unwatch(order.contract);
  }

  /** What still stands when its board closes has expired. */
  private watchClose(): void {
    const { market, clock } = this.deps;
    const nextMs = market.nextChangeMs();
    if (this.close || nextMs === undefined || this.live.size === 0) return;
    this.close = clock.at(nextMs, () => {
      this.close = undefined;
      for (const orders of [...this.live.values()]) {
        for (const order of [...orders]) {
          if (!market.isOpen(order.contract.board)) this.end(order, 'expired');
        }
      }
      this.watchClose();
    });
  }
}

function isTriggered({ contract: { ltpPaise }, side, now: { triggerPaise } }: Order): boolean {
  if (ltpPaise === 0) return false;
  return side === 'BUY' ? ltpPaise >= triggerPaise : ltpPaise <= triggerPaise;
}

/** 0: any price. */
function limitOf({ type, pricePaise }: OrderView): number {
  return type === 'LIMIT' || type === 'SL' ? pricePaise : 0;
}
