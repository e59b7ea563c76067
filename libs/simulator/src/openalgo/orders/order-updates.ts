import type { Sessions } from '../../faces/sessions';
import { NewsWire } from '../../orders/news-wire';
import type { OrderNews } from '../../orders/teller';
import { brokerBehind } from '../answers';
import type { OpenalgoDeps } from '../rest/rest-call';
import type { OpenalgoSession } from '../socket/openalgo-session';
import { averageRupees, orderRow } from './order-rows';

/** Order news, to the connections that have asked for them. */
export class OrderUpdates {
  private readonly deps: Omit<OpenalgoDeps, 'accounts'>;
  private readonly sessions: Sessions<OpenalgoSession>;
  private readonly wire: NewsWire;

  constructor(deps: Omit<OpenalgoDeps, 'accounts'>, sessions: Sessions<OpenalgoSession>) {
    this.deps = deps;
    this.sessions = sessions;
    this.wire = new NewsWire({
      clock: deps.clock, faults: deps.faults.orders,
      send: (news) => this.send(news),
      sever: (account) => this.sever(account),
    });
    deps.desk.listen((news) => this.wire.carry(news));
  }

  stop(): void {
    this.wire.stop();
  }

  private sever(account: string): void {
    for (const { outlet } of this.listenersOf(account)) outlet.terminate();
  }

  private send({ order, view }: OrderNews): void {
    const listeners = this.listenersOf(order.account);
    if (listeners.length === 0) return;
    const strange = this.deps.faults.orders.strangeWord(order.account, 'news');
    const row = orderRow(this.deps, order, view, strange);
    const update = {
      type: 'order_update', mode: 'live', broker: brokerBehind, ...row,
      filled_quantity: view.filled, pending_quantity: view.quantity - view.filled,
      average_price: averageRupees(view), rejection_reason: view.reason?.detail ?? '',
      user_id: order.account, timestamp: undefined,
    };
    for (const session of listeners) session.answer(update);
  }

  private listenersOf(account: string): OpenalgoSession[] {
    return this.sessions.of(account).filter(({ hearsOrders }) => hearsOrders);
  }
}
