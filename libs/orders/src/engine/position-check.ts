import type { BrokerPosition, OrderProduct } from '@strikewire/broker';
import type { ContractKey } from '@strikewire/contracts';
import { errorMessageOf } from '@strikewire/runtime';
import { positionKey } from '../core/positions';
import { unnamedOf, type HoldingsReading } from './broker-holdings';
import type { OrderFloor } from './order-floor';
import type { OrderVenue } from './order-venue';

/** Between two comparisons of one account. */
const spacingMs = 60_000;
/** Orders on their way explain any difference: they are waited for. */
const settleMs = 5_000;
const triesMax = 24;
/** Names come some time after a start; what has none by then has none. */
const nameTriesMax = 24;

/** A position that is another at the broker. */
export interface PositionDifference {
  account: string;
  key: ContractKey;
  product: OrderProduct;
  /** Net units. */
  here: number;
  there: number;
  averagePaise: number | null;
  /** When the broker was read, epoch ms. */
  readMs: number;
}

/**
 * Compares what an account holds here with what its broker says, after a start and whenever a
 * connection was lost. What was traded elsewhere is kept out of the platform's positions; that it
 * is there is told once, until it is another.
 */
export class PositionCheck {
  private readonly floor: OrderFloor;
  private readonly told = new Map<string, string>();
  private readonly planned = new Set<string>();
  private readonly lastMono = new Map<string, number>();
  private isStopped = false;

  constructor(floor: OrderFloor) {
    this.floor = floor;
    floor.onLook((account) => this.plan(account));
  }

  /** Compares soon. */
  plan(account: string): void {
    if (this.planned.has(account) || account.startsWith('paper:')) return;
    this.planned.add(account);
    const { clock } = this.floor.deps;
    const last = this.lastMono.get(account) ?? -Infinity;
    const waitMs = Math.max(settleMs, last + spacingMs - clock.monoMs());
    clock.after(waitMs, () => void this.run(account, 0));
  }

  stop(): void {
    this.isStopped = true;
  }

  /** Asks the broker, and compares. Rejects (`retryable`) when it is silent. */
  async read(venue: OrderVenue): Promise<HoldingsReading> {
    const reading = await this.floor.atBroker.read(venue);
    this.compareNamed(venue, reading);
    return reading;
  }

  /** As `read`; whoever asks at once with others shares an answer. */
  async readShared(venue: OrderVenue): Promise<void> {
    this.compareNamed(venue, await this.floor.atBroker.of(venue));
  }

  /** What is held here now beside what the broker has told last. */
  differencesOf(account: string): PositionDifference[] {
    const reading = this.floor.atBroker.last(account);
    const venue = this.floor.venues.find(account);
    if (!reading || !venue) return [];
    const { rows, atMs: readMs } = reading;
    const found = new Map<string, PositionDifference>();
    for (const { key, product, netQuantity: here } of this.floor.ledger(account).positions) {
      const one = { account, key, product, here, there: 0, averagePaise: null, readMs };
      found.set(positionKey(key, product), one);
    }
    for (const { token, product, netQuantity, averagePaise } of rows) {
      const key = venue.keyOf(token) ?? `${token.segment} ${token.id}`;
      const known = found.get(positionKey(key, product));
      const isFirst = known === undefined || known.there === 0;
      found.set(positionKey(key, product), {
        account, key, product, readMs,
        here: known?.here ?? 0,
        there: (known?.there ?? 0) + netQuantity,
        averagePaise: isFirst ? averagePaise : null,
      });
    }
    // What was traded since is not what was read.
    const ledger = this.floor.ledger(account);
    const moved = new Set(ledger.positions.filter((one) => ledger.updatedMs(one) >= readMs)
      .map(({ key, product }) => positionKey(key, product)));
    return [...found].filter(([key, { here, there }]) => here !== there && !moved.has(key))
      .map(([, one]) => one);
  }

  /** `isLast`: what has no name now is not waited for any more. */
  private async run(account: string, tries: number, isLast = false): Promise<void> {
    const { clock, log } = this.floor.deps;
    const isBusy = this.floor.unfinished(account).some(({ state }) => state.lookUp !== null);
    if (this.isStopped) return;
    if (isBusy && tries < triesMax) {
      clock.after(settleMs, () => void this.run(account, tries + 1, isLast));
      return;
    }
    this.lastMono.set(account, clock.monoMs());
    const venue = this.floor.venues.find(account);
    // Once it can be asked again it is planned anew.
    if (!venue || this.floor.venues.unreachable(account)) {
      this.planned.delete(account);
      return;
    }
    try {
      const reading = await this.floor.atBroker.read(venue);
      const isWaiting = reading.unnamed.length > 0 && !isLast;
      if (isWaiting) return this.waitForNames(account, reading.rows, 0);
      this.compare(venue, reading);
    } catch (error) {
      log.warn('positions were not compared', { account, reason: errorMessageOf(error) });
    }
    this.planned.delete(account);
  }

  /** A line without a name differs from everything: it is read again once it has one. */
  private waitForNames(account: string, rows: readonly BrokerPosition[], tries: number): void {
    this.floor.deps.clock.after(settleMs, () => {
      const venue = this.floor.venues.find(account);
      const isNamed = !venue || unnamedOf(venue, rows).length === 0;
      const isLast = tries + 1 >= nameTriesMax;
      if (isNamed || isLast || this.isStopped) return void this.run(account, 0, isLast);
      return this.waitForNames(account, rows, tries + 1);
    });
  }

  /** Of what has no name yet nothing is told before it was waited for. */
  private compareNamed(venue: OrderVenue, reading: HoldingsReading): void {
    if (reading.unnamed.length === 0) this.compare(venue, reading);
  }

  private compare(venue: OrderVenue, theirs: HoldingsReading): void {
    const { account } = venue;
    const ours = new Map(this.floor.ledger(account).positions
      .map(({ key, product, netQuantity }) => [positionKey(key, product), netQuantity]));
    const lines = [...new Set([...theirs.net.keys(), ...ours.keys()])].sort().flatMap((key) => {
      const [here, there] = [ours.get(key) ?? 0, theirs.net.get(key) ?? 0];
      return here === there ? [] : [`${key}: ${here} here, ${there} at the broker`];
    });
    this.tell(account, lines);
  }

  private tell(account: string, lines: readonly string[]): void {
    const text = lines.join('\n');
    if ((this.told.get(account) ?? '') === text) return;
    this.told.set(account, text);
    if (text === '') return;
    const label = this.floor.venues.find(account)?.label ?? account;
    this.floor.notify({
      kind: 'positions.differ',
      severity: 'warning',
      title: `Positions of ${label} differ from the broker's`,
      text: `Traded elsewhere, or a fill is missing. ${text}`,
      key: `${account} ${text}`,
    });
  }
}
