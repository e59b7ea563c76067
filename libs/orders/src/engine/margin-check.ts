import type { OrderChange } from '@strikewire/broker';
import { isRiskReducing, type MarginPosition } from '@strikewire/margin';
import type { MarginAnswer, MarginEvent } from '@strikewire/margin/engine';
import { isLive, tradedQuantity, type OrderState } from '../core/order-life';
import { claimsMax, FundsClaims, type FundsClaim } from './funds-claims';
import { Holdings } from './holdings';
import { refuse } from './order-access';
import type { OrderFloor } from './order-floor';
import type { OrderRecord } from './order-journal';
import type { LegProblem, PlannedLeg } from './order-plan';
import type { OrderVenue } from './order-venue';

/** What was let through, and what it was let through on. */
export interface MarginClaim {
  answer: MarginAnswer;
  claim: FundsClaim;
}

/** Nothing was claimed. */
const noClaim: FundsClaim = { follow: () => undefined, drop: () => undefined };

/** Margin of legs before they are sent. */
export class MarginCheck {
  private readonly floor: OrderFloor;
  readonly holdings: Holdings;
  private readonly claims: FundsClaims;
  /** Of orders that brokers have: what they block margin by. */
  private readonly blocked = new Map<string, string>();

  constructor(floor: OrderFloor) {
    this.floor = floor;
    this.holdings = new Holdings(floor);
    this.claims = new FundsClaims(floor.deps.clock);
    floor.onMoved((account, event) => this.moved(account, event));
    floor.onOrder((record) => this.hear(record));
  }

  /** Without a request to anybody; `own`: what these legs have claimed already. */
  look(venue: OrderVenue, legs: readonly PlannedLeg[], own?: FundsClaim): MarginAnswer {
    const { question } = this.questionOf(venue, legs, own);
    return this.floor.deps.margin.look(question);
  }

  /**
   * As an order is about to be sent: the broker may be asked once. From the turn on in which this
   * resolves, what it needs counts against the funds of others.
   * @throws StrikewireError `denied` with what speaks against sending.
   */
  async claim(venue: OrderVenue, legs: readonly PlannedLeg[]): Promise<MarginClaim> {
    const { question } = this.questionOf(venue, legs);
    const { version } = this.claims;
    const assessed = await this.floor.deps.margin.assess(question, 'order');
    // Others may have claimed meanwhile.
    const answer = this.claims.version === version ? assessed : this.look(venue, legs);
    refuse(marginProblems(answer));
    const claim = this.open(venue, answer.pre.requiredPaise ?? 0, answer.availablePaise);
    return { answer, claim };
  }

  /** For closing a part: without it, what stays may need more margin. @throws as `claim`. */
  async claimExit(venue: OrderVenue, legs: readonly PlannedLeg[]): Promise<FundsClaim> {
    const held = this.leftWith(venue, legs);
    const intended = this.holdings.intendedOf(venue.account, legs);
    // Plain from the quantities alone: then nobody is asked.
    if (isRiskReducing({ held, intended, before: null, after: null })) return noClaim;
    return (await this.claim(venue, legs)).claim;
  }

  /** What an option bought at a higher price needs more, of what is known to be free. */
  claimDearer(venue: OrderVenue, state: OrderState, change: OrderChange): FundsClaim {
    const { side } = state.order;
    const more = (change.limitPaise ?? 0) - (state.limitPaise ?? 0);
    if (side !== 'BUY' || change.limitPaise === null || more <= 0) return noClaim;
    const neededPaise = more * Math.max(0, state.quantity - state.filledQuantity);
    const { availablePaise } = this.look(venue, []);
    if (availablePaise === null) return noClaim;
    if (neededPaise <= availablePaise) return this.open(venue, neededPaise, availablePaise);
    const [needed, free] = [neededPaise, availablePaise].map((paise) => (paise / 100).toFixed(2));
    const message = `the higher price needs ₹${needed} more, ₹${free} is free`;
    refuse([{ leg: null, code: 'funds_short', message }]);
    return noClaim;
  }

  /** Paper counts what is on its way itself. Funds that nobody knows hold nothing up. */
  private open(
    { account, label, mode }: OrderVenue,
    paise: number,
    availablePaise: number | null,
  ): FundsClaim {
    if (mode === 'paper' || paise === 0) return noClaim;
    const isFull = availablePaise !== null && this.claims.isFull(account);
    if (!isFull) return this.claims.open(account, paise);
    const found = `${claimsMax} requests were let through on the funds that ${label} told last`;
    const message = `${found}: these have to be read anew before the next`;
    refuse([{ leg: null, code: 'funds_unread', message }]);
    return noClaim;
  }

  /** Of what legs would close, what no other order closes: as a text to compare. */
  leftOf(venue: OrderVenue, legs: readonly PlannedLeg[]): string {
    const keys = new Set(legs.map(({ ticket }) => ticket.contract));
    return JSON.stringify(this.leftWith(venue, legs)
      .flatMap(({ key, quantity }) => (keys.has(key) ? [[key, quantity]] : [])));
  }

  /** Legs in the order whose margin peaks lowest; as they came when no order is known. */
  inOrder(legs: PlannedLeg[], answer: MarginAnswer): PlannedLeg[] {
    const path = answer.legOrder?.legs;
    if (!path || legs.length < 2) return legs;
    const rest = [...legs];
    const found: PlannedLeg[] = [];
    for (const line of path) {
      const at = rest.findIndex((leg) => isOf(leg, line));
      found.push(...(at < 0 ? [] : rest.splice(at, 1)));
    }
    return [...found, ...rest];
  }

  private questionOf(
    venue: OrderVenue,
    legs: readonly PlannedLeg[],
    own?: FundsClaim,
  ): { question: Parameters<OrderFloor['deps']['margin']['look']>[0] } {
    const { account, mode } = venue;
    const pending = mode === 'paper' ? this.holdings.pendingOf(account) : [];
    const intended = [...pending, ...this.holdings.intendedOf(account, legs)];
    const claimedSince = (fundsMs: number): number => this.claims.sumOf(account, fundsMs, own);
    const held = this.leftWith(venue, legs);
    return { question: { account, held, intended, claimedSince } };
  }

  /**
   * What is held. Of a line that legs and orders under way would close beyond nothing, only what
   * those orders leave: the second order that closes one position is none that lowers a risk.
   */
  private leftWith(venue: OrderVenue, legs: readonly PlannedLeg[]): MarginPosition[] {
    const { account } = venue;
    const wanted = new Map<string, number>();
    for (const { key, quantity } of this.holdings.intendedOf(account, legs)) {
      wanted.set(key, (wanted.get(key) ?? 0) + quantity);
    }
    return this.holdings.heldOf(account).flatMap((line) => {
      const more = wanted.get(line.key) ?? 0;
      if (more * line.quantity >= 0) return [line];
      const under = this.closedBy(venue, line);
      if (under === 0 || Math.abs(under + more) <= Math.abs(line.quantity)) return [line];
      const quantity = line.quantity + under;
      return quantity === 0 ? [] : [{ ...line, quantity }];
    });
  }

  /** Signed units by which orders under way close a line; of paper, those not counted anyway. */
  private closedBy({ account, mode }: OrderVenue, { key, quantity }: MarginPosition): number {
    const closing = quantity > 0 ? 'SELL' : 'BUY';
    const units = this.floor.unfinished(account)
      .filter(({ record, state }) => record.facts.key === key && state.order.side === closing
        && state.dayEndedMs === null && (mode === 'live' || record.lowersRisk))
      .reduce((sum, { state }) => sum + Math.max(0, state.quantity - tradedQuantity(state)), 0);
    return units === 0 ? 0 : -Math.sign(quantity) * units;
  }

  /** A broker frees and blocks funds when it takes, changes or ends an order. */
  private hear({ state }: OrderRecord): void {
    this.claims.update(state.account);
    const { order: { clientOrderId: id }, account, quantity, limitPaise } = state;
    const before = this.blocked.get(id);
    // What is not known to have come may have: after a restart nothing is claimed for it.
    const mayBlock = isLive(state) || state.status === 'unknown';
    const now = mayBlock ? `${quantity} ${limitPaise}` : undefined;
    if (now === before) return;
    if (now === undefined) this.blocked.delete(id);
    else this.blocked.set(id, now);
    this.floor.deps.margin.moved(account);
  }

  private moved(account: string, event: MarginEvent): void {
    const { margin } = this.floor.deps;
    margin.changed(account, this.holdings.heldOf(account), event);
  }
}

/** What speaks against sending, as far as margin goes. */
export function marginProblems({ pre, availablePaise }: MarginAnswer): LegProblem[] {
  if (pre.isAllowed) return [];
  const { requiredPaise, reason } = pre;
  const isShort =
    requiredPaise !== null && availablePaise !== null && requiredPaise > availablePaise;
  return [{ leg: null, code: isShort ? 'funds_short' : 'margin_unknown', message: reason }];
}

function isOf({ facts, ticket }: PlannedLeg, line: MarginPosition): boolean {
  const sign = ticket.side === 'BUY' ? 1 : -1;
  return facts?.key === line.key && sign * ticket.quantity === line.quantity;
}
