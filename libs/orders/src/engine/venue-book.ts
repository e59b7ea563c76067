import type { BrokerOrder, BrokerTrade } from '@strikewire/broker';
import { errorMessageOf, inTime, type Clock } from '@strikewire/runtime';
import type { OrderVenue } from './order-venue';

/** What was found in a venue's book. */
export interface BookReading {
  /** Orders, by our id, that wanted to be looked up before the reading began. */
  asked: ReadonlySet<string>;
  /** When the reading began, epoch ms: what is not in it was not there later than that. */
  readMs: number;
  orders: readonly BrokerOrder[];
  trades: readonly BrokerTrade[];
}

/** Who is told. */
export interface BookReader {
  read(reading: BookReading): void;
  failed(asked: ReadonlySet<string>, reason: string): void;
}

/** Between two readings, so that many orders in doubt cost one. */
const spacingMs = 1_000;
const withinMs = 30_000;

/**
 * The broker's book of one account. Whoever wants to be looked up joins the next reading: one
 * request for the orders and one for the trades, never two at a time, never closer than a second.
 */
export class VenueBook {
  private readonly clock: Pick<Clock, 'wallMs' | 'monoMs' | 'after'>;
  private readonly venue: () => OrderVenue | undefined;
  private readonly reader: BookReader;
  private wanted = new Set<string>();
  private isWanted = false;
  private isBusy = false;
  private endedMono = -Infinity;
  private isStopped = false;

  constructor(
    clock: Pick<Clock, 'wallMs' | 'monoMs' | 'after'>,
    venue: () => OrderVenue | undefined,
    reader: BookReader,
  ) {
    this.clock = clock;
    this.venue = venue;
    this.reader = reader;
  }

  /** Reads soon; with an order's id it is told also when the book does not have it. */
  look(orderId?: string): void {
    if (orderId !== undefined) this.wanted.add(orderId);
    this.isWanted = true;
    this.plan();
  }

  /** Since it was read; 0 while that is under way, endless when it never was. */
  get ageMs(): number {
    return this.isBusy ? 0 : this.clock.monoMs() - this.endedMono;
  }

  stop(): void {
    this.isStopped = true;
  }

  private plan(): void {
    if (this.isBusy || this.isStopped || !this.isWanted) return;
    this.isBusy = true;
    const waitMs = Math.max(0, this.endedMono + spacingMs - this.clock.monoMs());
    this.clock.after(waitMs, () => void this.read());
  }

  private async read(): Promise<void> {
    const asked = this.wanted;
    this.wanted = new Set();
    this.isWanted = false;
    if (this.isStopped) return;
    try {
      const reading = await this.ask(asked);
      if (!this.isStopped) this.reader.read(reading);
    } catch (error) {
      if (!this.isStopped) this.reader.failed(asked, errorMessageOf(error));
    }
    this.endedMono = this.clock.monoMs();
    this.isBusy = false;
    this.plan();
  }

  private async ask(asked: ReadonlySet<string>): Promise<BookReading> {
    const venue = this.venue();
    if (!venue) throw new Error('the account is not there to be asked');
    const readMs = this.clock.wallMs();
    const what = `the book of ${venue.label}`;
    // Trades after orders: then no row counts a fill whose trade was not yet to be read.
    return inTime({ clock: this.clock, what, withinMs }, async () => {
      const orders = await venue.orders.orders();
      const trades = await venue.orders.trades();
      return { asked, readMs, orders, trades };
    });
  }
}
