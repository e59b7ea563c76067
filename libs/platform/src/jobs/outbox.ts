import {
  errorMessageOf,
  StrikewireError,
  type Clock,
  type Log,
  type Timer,
} from '@strikewire/runtime';

/** A job on its way to the queue. */
export interface Order {
  readonly name: string;
  /** Unique within the name. */
  readonly id: string;
  readonly data: unknown;
  /** Monotonic milliseconds before which it is not done. */
  readonly dueMs: number;
  readonly attempts: number;
  readonly backoffMs: number;
}

/** What an outbox needs. */
export interface OutboxOptions {
  /** Most orders kept; one more is refused (`throttled`). */
  ordersMax: number;
  /** Hands one over; the same order may come twice. */
  submit(order: Order): Promise<void>;
  clock: Clock;
  log: Log;
}

const retryMs = 1_000;

/** Keeps jobs that were added while the queue was away, and hands them over in order. */
export class Outbox {
  private readonly options: OutboxOptions;
  private readonly orders = new Map<string, Order>();
  private draining: Promise<void> | undefined;
  private retry: Timer | undefined;
  private isClosed = false;

  constructor(options: OutboxOptions) {
    this.options = options;
  }

  get size(): number {
    return this.orders.size;
  }

  /** Jobs of one name that wait here. */
  countOf(name: string): number {
    return [...this.orders.values()].filter((order) => order.name === name).length;
  }

  /** Takes an order; one that is here already is not taken again. */
  push(order: Order): void {
    const key = `${order.name}:${order.id}`;
    const { ordersMax } = this.options;
    if (this.orders.has(key)) return;
    if (this.orders.size >= ordersMax) {
      throw new StrikewireError({
        kind: 'throttled',
        code: 'jobs_outbox_full',
        message: `the job queue is away and ${ordersMax} jobs wait for it, which is the most`,
      });
    }
    this.orders.set(key, order);
    this.retryLater();
  }

  /** Hands over what it can; settles when it is empty or the queue does not take one. */
  drain(): Promise<void> {
    return (this.draining ??= this.handOver().finally(() => (this.draining = undefined)));
  }

  /** Tries once more; what the queue does not take then is lost, and the log is told. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.retry?.cancel();
    await this.drain();
    if (this.size === 0) return;
    const names = [...new Set([...this.orders.values()].map(({ name }) => name))];
    this.options.log.error('jobs are lost: the queue was away until the stop', {
      count: this.size,
      names,
    });
  }

  private async handOver(): Promise<void> {
    let count = 0;
    for (const [key, order] of this.orders) {
      try {
        await this.options.submit(order);
      } catch (error) {
        const reason = errorMessageOf(error);
        this.options.log.debug('jobs wait for the queue', { count: this.size, reason });
        return this.retryLater();
      }
      this.orders.delete(key);
      count++;
    }
    if (count > 0) this.options.log.info('jobs that waited were handed over', { count });
  }

  private retryLater(): void {
    if (this.retry !== undefined || this.isClosed) return;
    this.retry = this.options.clock.after(retryMs, () => {
      this.retry = undefined;
      void this.drain();
    });
  }
}
