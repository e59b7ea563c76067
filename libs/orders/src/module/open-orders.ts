import type { Order, Role } from '@strikewire/contracts';
import type { MarginPosition } from '@strikewire/margin';
import type { ActivityRecorder } from '@strikewire/platform';
import { errorMessageOf } from '@strikewire/runtime';
import type { DataSource } from 'typeorm';
import { accountOf, mayTrade, type Asker } from '../engine/asker';
import { openOrderDesk, type OpenedOrders } from '../engine/open-order-desk';
import type { OrderDeskDeps } from '../engine/order-floor-deps';
import { OrderService } from './order-service';
import type { PaperSettlements } from './paper-settlements';
import { PostgresJournal } from './postgres-journal';

/** What orders need of the platform around them. */
export interface OpenOrdersDeps extends Omit<OrderDeskDeps, 'journal'> {
  database: DataSource;
  activity: ActivityRecorder;
  /** Who may sign in now, with their roles. */
  people(): readonly Pick<Asker, 'userId' | 'role'>[];
  /** Prices that expiries of paper positions are settled at; left out: nobody states any. */
  settlements?: PaperSettlements;
  /** What a person's sockets are told; must not throw. */
  publish(userId: string, event: { order: Order }): void;
}

/** Orders at work, with what the rest of the platform takes from them. */
export interface OpenedOrderService {
  service: OrderService;
  opened: OpenedOrders;
  /** What an account holds, as margin asks for it. */
  heldOf(account: string): MarginPosition[];
  /** `account` as people say it (`paper`, an id) or as venues do (`paper:<user>`). */
  mayTrade(userId: string, role: Role, account: string): boolean;
  /** Accounts or their connections are others. */
  venuesChanged(): void;
  stop(): void;
}

/**
 * Reads the journal and goes on where the last run ended. Venues have to be there before: what is
 * not there yet is looked up when `venuesChanged` is called.
 */
export async function openOrders(deps: OpenOrdersDeps): Promise<OpenedOrderService> {
  const { database, activity, people, settlements, publish, ...rest } = deps;
  const journal = new PostgresJournal(database, activity);
  const opened = await openOrderDesk({ ...rest, journal });
  const service = new OrderService(opened, journal, settlements);
  const { floor, desk } = opened;
  floor.onOrder((record) => {
    const order = service.queries.view(record);
    for (const userId of service.queries.audienceOf(record, people())) {
      try {
        publish(userId, { order });
      } catch (error) {
        deps.log.error('an order was not published', { reason: errorMessageOf(error) });
      }
    }
  });
  return {
    service,
    opened,
    heldOf: (account) => desk.holdings.heldOf(account),
    mayTrade(userId, role, account) {
      const venue = floor.venues.find(accountOf({ userId }, account));
      return venue !== undefined && mayTrade({ userId, role }, venue);
    },
    venuesChanged: () => opened.venuesChanged(),
    stop: () => opened.stop(),
  };
}
