import type { Clock, Timer } from '@strikewire/runtime';
import type { OrderFaults } from '../faults/order-faults';
import type { OrderNews } from './teller';

export interface NewsWireDeps {
  clock: Clock;
  faults: OrderFaults;
  /** Sends one news to an account's connections. */
  send(news: OrderNews): void;
  /** Breaks an account's connections. */
  sever(account: string): void;
}

/** News that waits to be overtaken goes out after this at the latest. */
const overtakenMsMost = 1_000;
/** More than this waiting at once is lost. */
const waitingMost = 10_000;

/** Order news on its way to the connections, with what faults do to it. */
export class NewsWire {
  private readonly deps: NewsWireDeps;
  private readonly overtaken = new Map<string, () => void>();
  private readonly timers = new Set<Timer>();

  constructor(deps: NewsWireDeps) {
    this.deps = deps;
  }

  carry(news: OrderNews): void {
    const { faults, sever } = this.deps;
    const { account } = news.order;
    const { view, trades } = news;
    const isTaken = view.state === 'transit' && faults.isSocketBroken(account, 'taken');
    const isFilled = trades.length > 0 && faults.isSocketBroken(account, 'filled');
    if (isTaken || isFilled) sever(account);
    if (faults.isNewsLost(account)) return;
    const delayMs = faults.newsDelayMs(account);
    if (delayMs > 0) return void this.later(delayMs, () => this.pass(news));
    this.pass(news);
  }

  stop(): void {
    for (const timer of this.timers) timer.cancel();
    this.timers.clear();
    this.overtaken.clear();
  }

  private pass(news: OrderNews): void {
    const { faults, send } = this.deps;
    const { account } = news.order;
    if (!this.overtaken.has(account) && faults.isNewsOutOfOrder(account)) {
      const release = (): void => {
        if (this.overtaken.get(account) === release) this.overtaken.delete(account);
        else return;
        send(news);
      };
      this.overtaken.set(account, release);
      this.later(overtakenMsMost, release);
      return;
    }
    send(news);
    if (faults.isNewsTwice(account)) send(news);
    this.overtaken.get(account)?.();
  }

  private later(delayMs: number, act: () => void): void {
    if (this.timers.size >= waitingMost) return;
    const timer = this.deps.clock.after(delayMs, () => {
      this.timers.delete(timer);
      act();
    });
    this.timers.add(timer);
  }
}
