import type { Notification } from '@strikewire/contracts';
import type { Clock } from '@strikewire/runtime';
import { OrderedChannel } from './ordered-channel';
import type { StreamClient } from './stream-client';

/** What everybody is told alike. */
const everybody = '';

/** The ordered channels of `/ws`. */
export interface OrderedChannels {
  /** Notifications as they are stored; all people have the same. */
  readonly alerts: OrderedChannel;
  /** Of each person, by id: what becomes of orders, published by whoever keeps them. */
  readonly orders: OrderedChannel;
  publishAlert(alert: Notification): void;
  /** Whose log a person follows. */
  audienceOf(channel: 'alerts' | 'orders', userId: string): string;
  drop(client: StreamClient): void;
}

/** `takeId` gives numbers that no other stream of the same sockets has. */
export function createOrderedChannels(clock: Clock, takeId: () => number): OrderedChannels {
  const alerts = new OrderedChannel({
    clock,
    channel: 'alerts',
    resync: 'GET /api/notifications',
    takeId,
  });
  const orders = new OrderedChannel({
    clock,
    channel: 'orders',
    resync: 'GET /api/orders',
    takeId,
  });
  return {
    alerts,
    orders,
    publishAlert: (alert) => void alerts.publish(alert, everybody),
    audienceOf: (channel, userId) => (channel === 'alerts' ? everybody : userId),
    drop(client) {
      alerts.drop(client);
      orders.drop(client);
    },
  };
}
