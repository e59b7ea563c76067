import type { OrderSide } from '@strikewire/broker';
import type { ContractKey } from '@strikewire/contracts';
import type { MarginPosition } from '@strikewire/margin';
import type { ContractFacts } from '@strikewire/option-chain/engine';
import { segmentCloseMs } from '@strikewire/trading-hours';
import { hasEnded, tradedQuantity, type OrderState } from '../core/order-life';
import { averagesOf, positionKey, type Position } from '../core/positions';
import type { BrokerHoldings, HoldingsReading } from './broker-holdings';
import type { OrderFloor } from './order-floor';
import type { PlannedLeg } from './order-plan';
import { listLagMs, type OrderVenue } from './order-venue';

/** What an account holds, as margin and exits need it. */
export class Holdings {
  private readonly floor: OrderFloor;
  private readonly atBroker: BrokerHoldings;
  private readonly movedMono = new Map<string, number>();

  constructor(floor: OrderFloor) {
    const { clock } = floor.deps;
    this.floor = floor;
    this.atBroker = floor.atBroker;
    floor.onMoved((account) => void this.movedMono.set(account, clock.monoMs()));
  }

  /** One line for each contract, both products together. */
  heldOf(account: string): MarginPosition[] {
    const ledger = this.floor.ledger(account);
    const net = new Map<ContractKey, number>();
    for (const { key, netQuantity } of ledger.positions) {
      net.set(key, (net.get(key) ?? 0) + netQuantity);
    }
    return [...net].flatMap(([key, quantity]) => {
      const facts = ledger.factsOf(key);
      return facts && quantity !== 0 ? [this.line(account, facts, quantity, null)] : [];
    });
  }

  /** Legs that would be added; a leg that cannot be sent is none. */
  intendedOf(account: string, legs: readonly PlannedLeg[]): MarginPosition[] {
    return legs.flatMap(({ facts, ticket, limitPaise }) => {
      const { side, quantity } = ticket;
      if (!facts || !Number.isSafeInteger(quantity) || quantity <= 0) return [];
      return [this.line(account, facts, signed(side, quantity), limitPaise)];
    });
  }

  /**
   * What orders under way may still add. A broker blocks margin for them itself; the paper market
   * does when they fill.
   */
  pendingOf(account: string): MarginPosition[] {
    return this.floor.unfinished(account).flatMap(({ state, record }) => {
      const rest = state.quantity - state.filledQuantity;
      if (record.lowersRisk || rest <= 0) return [];
      const { facts } = record;
      return [this.line(account, facts, signed(state.order.side, rest), state.limitPaise)];
    });
  }

  /** Units of a position that no order under way closes already. */
  closable(account: string, position: Position): number {
    return Math.max(0, Math.abs(position.netQuantity) - this.closing(account, position));
  }

  /**
   * As `closable`, and of a live account never more than its broker holds as well: what was closed
   * there by somebody else would be opened the other way round. Rejects when the broker does not
   * tell what it holds.
   */
  async closableNow(account: string, position: Position): Promise<number> {
    const venue = this.floor.venues.find(account);
    if (venue?.mode !== 'live') return this.closable(account, position);
    const theirs = await this.atBroker.of(venue);
    const { key, product } = position;
    const there = theirs.net.get(positionKey(key, product)) ?? 0;
    // What is held here may have become less meanwhile.
    const ours = this.floor.ledger(account).positions
      .find((one) => one.key === key && one.product === product) ?? position;
    const both = unitsOfBoth(ours, there);
    if (both === 0 && mayBeUnnamed(theirs, ours)) this.tellUnnamed(venue, ours);
    else if (both < Math.abs(ours.netQuantity)) this.tellLess(venue, ours, there);
    return Math.max(0, both - this.closing(account, ours));
  }

  /**
   * Units of a position that are there to be closed, as far as is known without a question: what
   * is held here, or less where all lists of the broker say so over some time, read since
   * `sinceMono` and long enough after the last fill of the account.
   */
  heldByBoth(account: string, position: Position, sinceMono: number): number {
    const settledMono = (this.movedMono.get(account) ?? -Infinity) + listLagMs;
    const readings = this.atBroker.lasting(account, Math.max(sinceMono, settledMono));
    const held = Math.abs(position.netQuantity);
    if (readings.length === 0) return held;
    const key = positionKey(position.key, position.product);
    return Math.max(...readings.map((reading) => {
      const both = unitsOfBoth(position, reading.net.get(key) ?? 0);
      return both === 0 && mayBeUnnamed(reading, position) ? held : both;
    }));
  }

  /** Units that orders under way will take off a position, or have taken off untold. */
  closing(account: string, { key, product, netQuantity }: Position): number {
    const side: OrderSide = netQuantity > 0 ? 'SELL' : 'BUY';
    return this.floor.unfinished(account)
      .filter(({ record, state }) => record.facts.key === key
        && state.order.product === product && state.order.side === side
        // After its session nothing more is closed by it.
        && state.dayEndedMs === null)
      .reduce((sum, { state }) => sum + Math.max(0, mostOf(state) - tradedQuantity(state)), 0);
  }

  private tellLess({ label, account }: OrderVenue, ours: Position, there: number): void {
    const { key, netQuantity } = ours;
    const found = `${key}: ${netQuantity} here, ${there} at the broker`;
    const text = `${found}; no more than that is closed`;
    this.floor.notify({
      kind: 'positions.less_at_broker',
      severity: 'warning',
      title: `${label} holds less at the broker`,
      text,
      key: `${account} ${text}`,
    });
  }

  private tellUnnamed({ label, account }: OrderVenue, { key, netQuantity }: Position): void {
    const found = `${key}: ${netQuantity} here, and the broker holds what has no name here`;
    const text = `${found} yet: that may be it, and is closed once its name is known`;
    this.floor.notify({
      kind: 'positions.unnamed',
      severity: 'warning',
      title: `${label} holds what is not known by name`,
      text,
      key: `${account} ${text}`,
    });
  }

  /** The price that a contract counts at: the last trade, else what is nearest to one. */
  private line(
    account: string,
    facts: ContractFacts,
    quantity: number,
    limitPaise: number | null,
  ): MarginPosition {
    const { key, exchange, underlying, expiry, kind, strikePaise } = facts;
    const reading = this.floor.deps.contracts.read(key);
    const pricePaise =
      reading?.ltpPaise ?? reading?.previousClosePaise ?? this.averageOf(account, key)
      ?? limitPaise ?? facts.tickPaise;
    return {
      key, exchange, underlying, expiry, kind, strikePaise, quantity, pricePaise,
      expiryMs: this.expiryMs(facts),
      iv: reading?.iv ?? null,
    };
  }

  private averageOf(account: string, key: ContractKey): number | null {
    const held = this.floor.ledger(account).positions.find((one) => one.key === key);
    return held ? averagesOf(held).openPaise : null;
  }

  private expiryMs({ exchange, expiry }: ContractFacts): number {
    const calendar = this.floor.deps.calendarOf(exchange);
    const isKnown = calendar !== undefined && expiry >= calendar.from && expiry <= calendar.to;
    const session = isKnown ? calendar.sessionOn(expiry).sessions.at(-1) : undefined;
    return session?.closeMs ?? segmentCloseMs(exchange, expiry);
  }
}

/**
 * A broker's line without a name may be this very position: names come after a start, and what is
 * served may become less. Then it is not proven gone.
 */
function mayBeUnnamed(
  { net, unnamed }: Pick<HoldingsReading, 'net' | 'unnamed'>,
  { key, product, netQuantity }: Position,
): boolean {
  return !net.has(positionKey(key, product)) && unnamed.some((one) =>
    one.product === product && Math.sign(one.netQuantity) === Math.sign(netQuantity));
}

/** Units that are held here and there alike. */
function unitsOfBoth({ netQuantity }: Position, there: number): number {
  const isSameWay = Math.sign(there) === Math.sign(netQuantity);
  return isSameWay ? Math.min(Math.abs(there), Math.abs(netQuantity)) : 0;
}

/** The most that an order can trade: of one that has ended, what its book said. */
function mostOf(state: OrderState): number {
  return hasEnded(state) ? state.filledQuantity : state.quantity;
}

function signed(side: OrderSide, quantity: number): number {
  return side === 'BUY' ? quantity : -quantity;
}
