import type { BrokerPosition } from '@strikewire/broker';
import { errorMessageOf, inTime, StrikewireError, type Clock } from '@strikewire/runtime';
import { positionKey } from '../core/positions';
import type { OrderVenue } from './order-venue';

/** Exits of several positions at once cost one request, and so do comparisons. */
const sharedMs = 1_000;
const withinMs = 10_000;
/** One list may be wrong: what is believed was said by all lists over such a time. */
const agreeMs = 30_000;
/** Lists of an account that are kept; beyond, the oldest are let go of. */
const readingsMax = 300;

/** What a broker said that it held. */
export interface HoldingsReading {
  /** When it was asked. */
  atMono: number;
  atMs: number;
  /** As they came. */
  rows: readonly BrokerPosition[];
  /** Net units by `positionKey`. */
  net: ReadonlyMap<string, number>;
  /** What it holds of contracts that have no name here (yet). */
  unnamed: readonly BrokerPosition[];
}

interface Asked {
  atMono: number;
  answer: Promise<HoldingsReading>;
}

/** What brokers say that they hold: asked when an exit or a comparison wants it. */
export class BrokerHoldings {
  private readonly clock: Clock;
  private readonly asked = new Map<OrderVenue, Asked>();
  private readonly readings = new Map<string, readonly HoldingsReading[]>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** As just read; rejects (`retryable`) when the broker does not tell. */
  of(venue: OrderVenue): Promise<HoldingsReading> {
    const now = this.clock.monoMs();
    for (const [one, { atMono }] of this.asked) {
      if (now - atMono >= sharedMs) this.asked.delete(one);
    }
    const known = this.asked.get(venue);
    if (known) return known.answer;
    const answer = this.read(venue);
    this.asked.set(venue, { atMono: now, answer });
    return answer;
  }

  /** Asks the broker, whoever has asked just before. */
  async read(venue: OrderVenue): Promise<HoldingsReading> {
    const { clock } = this;
    const what = `positions of ${venue.label}`;
    const [atMono, atMs] = [clock.monoMs(), clock.wallMs()];
    try {
      const rows = await inTime({ clock, what, withinMs }, () => venue.orders.positions());
      const net = netByKey(venue, rows);
      const reading = { atMono, atMs, rows, net, unnamed: unnamedOf(venue, rows) };
      this.keep(venue.account, reading);
      return reading;
    } catch (cause) {
      this.asked.delete(venue);
      const message = `${what} are not known: ${errorMessageOf(cause)}`;
      throw new StrikewireError({ kind: 'retryable', code: 'positions_unread', message, cause });
    }
  }

  /** As an account was read last; undefined: not since the start. */
  last(account: string): HoldingsReading | undefined {
    return this.readings.get(account)?.at(-1);
  }

  /**
   * The newest lists of an account from `sinceMono` on, as many as it takes to span the time after
   * which a broker is believed; none while that has not passed.
   */
  lasting(account: string, sinceMono: number): readonly HoldingsReading[] {
    const all = (this.readings.get(account) ?? []).filter(({ atMono }) => atMono >= sinceMono);
    const last = all.at(-1);
    const first = last ? all.findLastIndex(({ atMono }) => last.atMono - atMono >= agreeMs) : -1;
    return first < 0 ? [] : all.slice(first);
  }

  private keep(account: string, reading: HoldingsReading): void {
    const before = this.readings.get(account) ?? [];
    const all = [...before, reading].sort((a, b) => a.atMono - b.atMono);
    this.readings.set(account, all.slice(-readingsMax));
  }
}

/** Lines of a broker as net units by `positionKey`; what is not ours to know keeps its token. */
function netByKey(
  venue: Pick<OrderVenue, 'keyOf'>,
  positions: readonly BrokerPosition[],
): Map<string, number> {
  const net = new Map<string, number>();
  for (const { token, product, netQuantity } of positions) {
    const key = positionKey(venue.keyOf(token) ?? `${token.segment} ${token.id}`, product);
    net.set(key, (net.get(key) ?? 0) + netQuantity);
  }
  return net;
}

/** Lines that hold something of which nobody can say (yet) what it is. */
export function unnamedOf(
  venue: Pick<OrderVenue, 'keyOf'>,
  positions: readonly BrokerPosition[],
): BrokerPosition[] {
  return positions.filter(({ token, netQuantity }) =>
    netQuantity !== 0 && venue.keyOf(token) === undefined);
}
