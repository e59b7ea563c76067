import type {
  AdoptPosition,
  Execution,
  Exit,
  ExitAnalyses,
  Kill,
  NewOrders,
  Order,
  OrderChangeBody,
  OrderPreview,
  OrderSettle,
  Orders,
  OrderTrial,
  PositionDifferences,
  Positions,
  SettlementPrice,
  Trades,
  Trading,
  WaitingSettlements,
} from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import type { Asker } from '../engine/asker';
import type { OpenedOrders } from '../engine/open-order-desk';
import type { OrderJournal, OrderRecord } from '../engine/order-journal';
import { execution, previewOrders } from '../engine/order-preview';
import { OrderQueries, type OrdersWanted } from '../engine/order-queries';
import type { PaperSettlements } from './paper-settlements';

/** Orders as REST and the sockets have them. */
export class OrderService {
  readonly queries: OrderQueries;
  private readonly opened: OpenedOrders;
  private readonly journal: OrderJournal;
  private readonly settlements: PaperSettlements | undefined;
  /** What was asked last for an account's live orders, and what is being stored of it. */
  private readonly switches = new Map<string, { live: boolean; stored: Promise<void> }>();

  constructor(opened: OpenedOrders, journal: OrderJournal, settlements?: PaperSettlements) {
    const { floor, desk, kill } = opened;
    this.opened = opened;
    this.settlements = settlements;
    this.journal = journal;
    this.queries = new OrderQueries(floor, desk, kill);
  }

  trading(asker: Asker): Trading {
    return this.queries.trading(asker);
  }

  async place(asker: Asker, body: NewOrders): Promise<Orders> {
    return this.views(await this.opened.desk.place(asker, body));
  }

  preview(asker: Asker, body: OrderTrial): OrderPreview {
    return previewOrders(this.opened.desk, asker, body);
  }

  orders(asker: Asker, wanted: OrdersWanted): Promise<Orders> {
    return this.queries.orders(asker, wanted);
  }

  order(asker: Asker, id: string): Promise<Order> {
    return this.queries.order(asker, id);
  }

  async modify(asker: Asker, id: string, change: OrderChangeBody): Promise<Order> {
    return this.queries.view(await this.opened.desk.modify(asker, id, change));
  }

  async cancel(asker: Asker, id: string): Promise<Order> {
    return this.queries.view(await this.opened.desk.cancel(asker, id));
  }

  async settle(asker: Asker, id: string, body: OrderSettle): Promise<Order> {
    return this.queries.view(await this.opened.desk.settle(asker, id, body));
  }

  async cancelAll(asker: Asker, account: string): Promise<Orders> {
    return this.views(await this.opened.desk.cancelAll(asker, account));
  }

  trades(asker: Asker, wanted: OrdersWanted): Promise<Trades> {
    return this.queries.trades(asker, wanted);
  }

  positions(asker: Asker, account?: string): Positions {
    return this.queries.positions(asker, account);
  }

  async exit(asker: Asker, body: Exit): Promise<Orders> {
    return this.views(await this.opened.desk.exit(asker, body));
  }

  /** As accounts were compared with their brokers last. */
  differences(asker: Asker): PositionDifferences {
    return { differences: this.queries.differences(this.opened.acts.differences(asker)) };
  }

  /** Asks the broker of one account, and tells of all. */
  async compare(asker: Asker, account: string): Promise<PositionDifferences> {
    await this.opened.acts.compare(asker, account);
    return this.differences(asker);
  }

  async adopt(asker: Asker, body: AdoptPosition): Promise<PositionDifferences> {
    await this.opened.acts.adopt(asker, body);
    return this.differences(asker);
  }

  /** Expiries whose price nobody saw, with paper positions that wait for it. */
  waitingSettlements(): WaitingSettlements {
    return { waiting: this.settlements?.waiting() ?? [] };
  }

  async stateSettlement(asker: Asker, body: SettlementPrice): Promise<WaitingSettlements> {
    await this.settlements?.state(asker, body);
    return this.waitingSettlements();
  }

  exits(asker: Asker, account: string): ExitAnalyses {
    return this.queries.exits(asker, account);
  }

  execution(wanted: Parameters<typeof execution>[1]): Execution {
    return execution(this.opened.desk, wanted);
  }

  /** Switched off, nothing new is sent for the account; what is open there can be cancelled. */
  async setLive(asker: Asker, account: string, live: boolean): Promise<Trading> {
    const { venues } = this.opened.floor;
    const venue = venues.find(account);
    if (venue?.mode !== 'live') {
      const message = `there is no account ${account} that takes live orders`;
      throw new StrikewireError({ kind: 'not_found', code: 'account_unknown', message });
    }
    const act = {
      by: asker.by,
      action: live ? 'account.live_on' : 'account.live_off',
      subject: { kind: 'account', id: account, name: venue.label },
      before: { live: venues.isLive(account) },
      after: { live },
    };
    // Off at once, on only when it is stored and nobody has asked for another since.
    if (!live) venues.setLive(account, false);
    const before = this.switches.get(account)?.stored.catch(() => undefined);
    const stored = Promise.resolve(before).then(() => this.journal.saveLive(account, live, act));
    const mine = { live, stored };
    this.switches.set(account, mine);
    await stored;
    if (this.switches.get(account) === mine) venues.setLive(account, live);
    return this.trading(asker);
  }

  async pullKill(asker: Asker, body: Kill): Promise<Trading> {
    await this.opened.kill.pull(asker, body);
    return this.trading(asker);
  }

  async releaseKill(asker: Asker): Promise<Trading> {
    await this.opened.kill.release(asker);
    return this.trading(asker);
  }

  private views(records: readonly OrderRecord[]): Orders {
    return { orders: records.map((record) => this.queries.view(record)) };
  }
}
