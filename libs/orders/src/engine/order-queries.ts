import {
  indiaDateOf,
  indiaInstant,
  indiaIsoOf,
  paperAccount,
  type ExitAnalyses,
  type Order,
  type OrderAccount,
  type Orders,
  type PositionDifferences,
  type Positions,
  type Trades,
  type Trading,
} from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import { analyseExit } from '../core/exit-analysis';
import { profitOf } from '../core/positions';
import { accountOf, isLeftTo, mayTrade, paperAccountOf, shownAccount, type Asker }
  from './asker';
import { bookOf } from './feasibility';
import type { KillSwitch } from './kill-switch';
import type { OrderDesk } from './order-desk';
import type { OrderFloor } from './order-floor';
import type { OrderRecord } from './order-journal';
import type { OrderVenue } from './order-venue';
import type { PositionActs } from './position-acts';
import {
  accountView,
  orderView,
  positionView,
  profitView,
  rupees,
  sumOf,
  tradeView,
} from './order-views';

/** Of which account, and how many days back; today is 0. */
export interface OrdersWanted {
  account?: string | undefined;
  days: number;
}

const dayMs = 86_400_000;
/** With as many in memory some of today's may have been let go of: the store has them. */
const keptMost = { orders: 20_000, fillsOfAccount: 5_000 };

/** What people see of orders: their own paper account, and the live ones that they may trade. */
export class OrderQueries {
  private readonly floor: OrderFloor;
  private readonly desk: OrderDesk;
  private readonly kill: KillSwitch;

  constructor(floor: OrderFloor, desk: OrderDesk, kill: KillSwitch) {
    this.floor = floor;
    this.desk = desk;
    this.kill = kill;
  }

  trading(asker: Asker): Trading {
    const { floor } = this;
    const accounts = floor.venues.of(asker).map((venue) => {
      const reason = floor.venues.closedBecause(venue);
      const rates = floor.gate.use(venue.account, venue.rates);
      const live = venue.mode === 'live' && { live: floor.venues.isLive(venue.account) };
      const account = accountView(venue.account, venue);
      return { ...account, ...live, open: reason === null, reason, rates };
    });
    const { active, reason, by, atMs } = this.kill.state;
    const at = atMs === null ? null : indiaIsoOf(atMs);
    return { accounts, kill: { active, reason, by, at } };
  }

  view(record: OrderRecord): Order {
    return orderView(record, this.account(record.state.account));
  }

  /** Newest first. Today's are in memory as long as they fit; the others are read. */
  async orders(asker: Asker, { account, days }: OrdersWanted): Promise<Orders> {
    const accounts = this.accountsOf(asker, account);
    const sinceMs = this.sinceMs(days);
    const kept = this.floor.all.map(({ record }) => record)
      .filter(({ state }) => accounts.includes(state.account));
    const isWhole = days === 0 && this.floor.all.length < keptMost.orders;
    const older = isWhole ? [] : await this.floor.deps.journal.history(accounts, sinceMs);
    const byId = new Map([...older, ...kept].map((one) => [one.state.order.clientOrderId, one]));
    const all = [...byId.values()]
      .filter(({ state }) => state.createdMs >= sinceMs || this.isOpen(state.order.clientOrderId))
      .sort((a, b) => b.state.createdMs - a.state.createdMs);
    return { orders: all.map((record) => this.view(record)) };
  }

  async order(asker: Asker, id: string): Promise<Order> {
    const record = this.floor.find(id)?.record ?? await this.floor.deps.journal.find(id);
    if (record && this.maySee(asker, record.state.account)) return this.view(record);
    const message = `there is no order ${id.slice(0, 40)} that ${asker.name} may see`;
    throw new StrikewireError({ kind: 'not_found', code: 'order_unknown', message });
  }

  async trades(asker: Asker, { account, days }: OrdersWanted): Promise<Trades> {
    const accounts = this.accountsOf(asker, account);
    const sinceMs = this.sinceMs(days);
    const kept = accounts.map((one) => this.floor.ledger(one).fills);
    const isWhole = days === 0 && kept.every(({ length }) => length < keptMost.fillsOfAccount);
    const older = isWhole ? [] : await this.floor.deps.journal.fillHistory(accounts, sinceMs);
    const byId = new Map([...older, ...kept.flat()].map((one) =>
      [`${one.account} ${one.orderId} ${one.tradeId}`, one]));
    const wanted = [...byId.values()].filter(({ tradedMs }) => tradedMs >= sinceMs)
      .sort((a, b) => b.tradedMs - a.tradedMs);
    return { trades: wanted.map((fill) => tradeView(fill, this.account(fill.account))) };
  }

  positions(asker: Asker, account?: string): Positions {
    const accounts = this.accountsOf(asker, account);
    const { contracts } = this.floor.deps;
    const positions = accounts.flatMap((one) => {
      const ledger = this.floor.ledger(one);
      return ledger.positions.map((position) => positionView(position, this.account(one), {
        facts: ledger.factsOf(position.key),
        reading: contracts.read(position.key),
      }));
    });
    const totals = accounts.map((one) => {
      const all = this.floor.ledger(one).positions.map((position) =>
        profitOf(position, contracts.read(position.key)?.ltpPaise ?? null));
      return { account: this.account(one), ...profitView(sumOf(all)) };
    });
    return { positions, totals };
  }

  /** Differences to brokers, in rupees. */
  differences(all: ReturnType<PositionActs['differences']>): PositionDifferences['differences'] {
    const { contracts } = this.floor.deps;
    return all.map(({ account, key, product, here, there, averagePaise, readMs, blocked }) => ({
      account: this.account(account),
      contract: key, product, here, there, blocked,
      ltp: rupees(contracts.read(key)?.ltpPaise ?? null),
      averagePrice: rupees(averagePaise),
      readAt: indiaIsoOf(readMs),
    }));
  }

  exits(asker: Asker, account: string): ExitAnalyses {
    const venue = this.desk.venue(asker, account);
    const { contracts } = this.floor.deps;
    const held = this.floor.ledger(venue.account).positions;
    const exits = held.filter(({ netQuantity }) => netQuantity !== 0).map((position) => {
      const { key, product, netQuantity } = position;
      const reading = contracts.read(key);
      const found = reading && analyseExit(bookOf(reading), netQuantity);
      const isStale = reading?.isStale ?? true;
      return {
        contract: key, product, netQuantity,
        exitPrice: rupees(found?.exitPaise ?? null),
        canExitNow: (found?.canExitAtOnce ?? false) && !isStale,
        slippage: rupees(found?.walk.slippagePaise ?? null),
        reason: !reading ? 'nobody quotes it' : isStale ? 'its quote is stale'
          : (found?.reason ?? null),
      };
    });
    return { exits };
  }

  /** Whose news an order is: of those who are there now, who sees it in the lists, too. */
  audienceOf(
    { state: { account } }: OrderRecord,
    people: readonly Pick<Asker, 'userId' | 'role'>[],
  ): string[] {
    if (account.startsWith('paper:')) return [account.slice('paper:'.length)];
    return people.filter((one) => this.maySee(one, account)).map(({ userId }) => userId);
  }

  private isOpen(id: string): boolean {
    return this.floor.find(id)?.state.settledAs === null;
  }

  private account(account: string): OrderAccount {
    return accountView(account, this.venue(account));
  }

  private venue(account: string): OrderVenue | undefined {
    return this.floor.venues.find(account);
  }

  private maySee(asker: Pick<Asker, 'userId' | 'role'>, account: string): boolean {
    if (account === paperAccountOf(asker.userId)) return true;
    const venue = this.venue(account);
    return venue ? mayTrade(asker, venue) : isLeftTo(asker, account);
  }

  private accountsOf(asker: Asker, account?: string): string[] {
    if (account !== undefined) {
      const own = accountOf(asker, account);
      if (shownAccount(own) === paperAccount) return [own];
      return [this.desk.venue(asker, account).account];
    }
    const all = this.floor.venues.of(asker).map((venue) => venue.account);
    // Of accounts that are gone something may be open still.
    const left = this.floor.accounts.filter((one) =>
      isLeftTo(asker, one) && !this.venue(one));
    return [...new Set([paperAccountOf(asker.userId), ...all, ...left])];
  }

  private sinceMs(days: number): number {
    const today = indiaDateOf(this.floor.deps.clock.wallMs());
    return indiaInstant(today, 0) - days * dayMs;
  }
}
