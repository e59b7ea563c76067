import { orderEventSchema, type Order, type Orders } from '@strikewire/contracts';
import type { RestClient } from '../rest/rest-client';
import type { ChannelMessage, ChannelReader, ChannelRequest, Outcome } from './channel-reader';
import { NumberedPlace } from './numbered-place';

/** As many as are held; the oldest that have ended are let go. */
const heldMax = 2_000;

/**
 * Today's orders, kept up to date: read over HTTP at first and after whatever was missed, then told
 * of each order as it changes.
 */
export class OrdersReader implements ChannelReader<Orders> {
  state: Orders | null = null;
  readonly poll = (rest: RestClient): Promise<Orders> => rest.orders();
  private readonly refresh: () => void;
  private readonly place = new NumberedPlace();
  /** What was told since the list was read last, by id: an answer under way may be older. */
  private readonly told = new Map<string, Order>();

  /** `refresh` has the orders read over HTTP; the answer comes as `takePolled`. */
  constructor(refresh: () => void) {
    this.refresh = refresh;
  }

  get request(): ChannelRequest {
    return { channel: 'orders', encoding: 'json', ...this.place.after };
  }

  take(message: ChannelMessage): Outcome {
    if (message.channel !== 'orders') return 'nothing';
    const hasMissed = !this.place.follow(message);
    if (message.type === 'subscribed') {
      if (hasMissed || this.state === null) this.refresh();
      return 'joined';
    }
    if (hasMissed) this.refresh();
    if (message.type !== 'event') return 'nothing';
    const event = orderEventSchema.safeParse(message.data);
    if (!event.success) {
      // What this client cannot read it does not guess: the list says how things stand.
      this.refresh();
      return 'nothing';
    }
    this.remember(event.data.order);
    if (this.state === null) return 'nothing';
    this.state = withOrder(this.state, event.data.order);
    return 'changed';
  }

  takePolled({ orders }: Orders): void {
    const held = new Map(this.state?.orders.map((order) => [order.id, order]));
    // An event may have come between what was read and now: the newer version counts.
    let state: Orders = { orders: orders.map((order) => newerOf(order, held.get(order.id))) };
    for (const order of this.told.values()) state = withOrder(state, order);
    this.told.clear();
    this.state = state;
  }

  private remember(order: Order): void {
    this.told.set(order.id, newerOf(order, this.told.get(order.id)));
    const [oldest] = this.told.keys();
    if (this.told.size > heldMax && oldest !== undefined) this.told.delete(oldest);
  }
}

function newerOf(read: Order, held: Order | undefined): Order {
  return held !== undefined && held.version > read.version ? held : read;
}

/** Newest first; an older version than the one that is held changes nothing. */
function withOrder({ orders }: Orders, order: Order): Orders {
  const index = orders.findIndex(({ id }) => id === order.id);
  if (index >= 0) return { orders: orders.with(index, newerOf(order, orders[index])) };
  const all = [order, ...orders];
  if (all.length <= heldMax) return { orders: all };
  const oldest = all.findLastIndex(({ ended }) => ended);
  return { orders: oldest < 0 ? all.slice(0, heldMax) : all.toSpliced(oldest, 1) };
}
