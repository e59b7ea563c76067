import type { Exit, NewOrders, OrderChangeBody, OrderSettle, OrderTicket }
  from '@strikewire/contracts';
import type { Asker } from './asker';
import { claimChange } from './change-claim';
import { dropping, fateOfOrders } from './funds-claims';
import { marginProblems, MarginCheck } from './margin-check';
import { deniedError, OrderAccess, refuse } from './order-access';
import { OrderChanges } from './order-changes';
import { OrderDeskTurns } from './order-desk-turns';
import { exitTickets, recordsOf, summaryOf, type OrderDraft } from './order-draft';
import type { OrderFloor } from './order-floor';
import { planLeg, planSettings, type LegProblem, type PlanDeps, type PlannedLeg }
  from './order-plan';
import type { OrderTrack } from './order-track';
import type { OrderVenue } from './order-venue';
import { sendApart, sendInTurn, type Reprice } from './send-in-turn';
import { answerWaitMs, until } from './until';

type OrderRecord = OrderTrack['record'];

/** Limits of what is asked for at once; each refuses what is beyond it. */
export const orderDeskLimits = {
  /** Orders of one account of which something is still expected. */
  openPerAccount: 500,
  /** Orders that one request may be cut into. */
  ordersPerRequest: 200,
  /** Requests of one account that wait for their margin. */
  requestsWaiting: 50,
  /** Requests of one account whose orders are being written down. */
  requestsMade: 200,
  /** An answer waits so long for the broker's, then tells how things stand. */
  answerWaitMs,
} as const;

/** What people and strategies do with orders. */
export class OrderDesk {
  readonly floor: OrderFloor;
  readonly margin: MarginCheck;
  readonly planDeps: PlanDeps;
  readonly access: OrderAccess;
  private readonly changes: OrderChanges;
  private readonly running = new Map<string, Promise<OrderRecord[]>>();
  /** One request of an account at a time: each sees the margin that the last has taken. */
  private readonly placing = new OrderDeskTurns(orderDeskLimits.requestsWaiting);
  private readonly repriced: Reprice = (track, venue) => this.priceNow(track, venue);
  /** What closes a position is counted and written down in one go; exits wait for nothing else. */
  private readonly making = new OrderDeskTurns(orderDeskLimits.requestsMade);

  constructor(floor: OrderFloor) {
    const { deps } = floor;
    this.floor = floor;
    this.margin = new MarginCheck(floor);
    this.planDeps = {
      clock: deps.clock,
      contracts: deps.contracts,
      calendarOf: (exchange) => deps.calendarOf(exchange),
      settings: { ...planSettings, ...deps.plan },
    };
    this.access = new OrderAccess(floor);
    this.changes = new OrderChanges(floor, this.access, (...change) =>
      claimChange(this, this.placing, change));
  }

  get holdings(): MarginCheck['holdings'] {
    return this.margin.holdings;
  }

  /** Checks, writes down and sends; the same request again answers with what it has made. */
  place(asker: Asker, body: NewOrders): Promise<OrderRecord[]> {
    return this.once(asker, body.requestId, () => {
      const venue = this.access.openVenue(asker, body.account);
      return this.placing.run(venue.account, () => this.placeNow(asker, body, venue));
    });
  }

  /** Closes what is held; an order that closes it already is counted. */
  exit(asker: Asker, body: Exit, flattens = false): Promise<OrderRecord[]> {
    return this.once(asker, body.requestId, () => {
      const venue = flattens
        ? this.venue(asker, body.account)
        : this.access.openVenue(asker, body.account);
      return this.exitNow(asker, body, venue, flattens);
    });
  }

  modify(asker: Asker, id: string, body: OrderChangeBody): Promise<OrderRecord> {
    return this.changes.modify(asker, id, body);
  }

  cancel(asker: Asker, id: string): Promise<OrderRecord> {
    return this.changes.cancel(asker, id);
  }

  /** A person has looked at the broker: it never had the order, or so much of it was filled. */
  settle(asker: Asker, id: string, body: OrderSettle): Promise<OrderRecord> {
    return this.changes.settle(asker, id, body);
  }

  /** Asks for the end of everything that is open in an account. */
  cancelAll(asker: Asker, account: string): Promise<OrderRecord[]> {
    return this.changes.cancelAll(asker, account);
  }

  /** The venue of an account, for whoever may trade it. */
  venue(asker: Asker, account: string): OrderVenue {
    return this.access.venue(asker, account);
  }

  /** Legs as they would be sent. */
  plan(venue: OrderVenue, tickets: readonly OrderTicket[], closes = false): PlannedLeg[] {
    return tickets.map((ticket, leg) => planLeg(this.planDeps, venue, { ticket, leg, closes }));
  }

  private async placeNow(
    asker: Asker,
    body: NewOrders,
    venue: OrderVenue,
  ): Promise<OrderTrack[]> {
    const { account } = venue;
    // What waited for its turn may not be wanted any more.
    this.access.refuseClosed(venue);
    const first = this.plan(venue, body.legs);
    refuse([...first.flatMap(({ problems }) => problems), ...this.limitProblems(account, first)]);
    const left = this.margin.leftOf(venue, first);
    const { answer, claim } = await this.margin.claim(venue, first);
    const tracks = await this.making.run(account, async () => {
      this.access.refuseClosed(venue);
      // The market has moved on meanwhile, and what this closes may be closed by another.
      if (this.margin.leftOf(venue, first) !== left) {
        refuse(marginProblems(this.margin.look(venue, first, claim)));
      }
      const legs = this.plan(venue, body.legs);
      refuse(legs.flatMap(({ problems }) => problems));
      const inOrder = this.margin.inOrder(legs, answer);
      const draft = { asker, requestId: body.requestId, venue, legs: inOrder };
      return this.create({ ...draft, lowersRisk: false, flattens: false });
    }).catch(dropping(claim));
    claim.follow(() => fateOfOrders(tracks));
    void sendInTurn(this.floor, tracks, this.repriced);
    return tracks;
  }

  private async exitNow(
    asker: Asker,
    body: Exit,
    venue: OrderVenue,
    flattens: boolean,
  ): Promise<OrderTrack[]> {
    // A part may be the cover of what stays; all of it never is. This asks the broker, too.
    const isPart = body.contract !== undefined || body.product !== undefined;
    const first = await this.exitLegs(venue, body);
    const claim = isPart && !flattens ? await this.margin.claimExit(venue, first) : undefined;
    const tracks = await this.making.run(venue.account, async () => {
      if (!flattens) this.access.refuseClosed(venue);
      const legs = await this.exitLegs(venue, body);
      const good = legs.filter(({ problems }) => problems.length === 0);
      const bad = legs.flatMap(({ problems }) => problems);
      if (good.length === 0) refuse(bad);
      if (bad.length > 0) this.tellLeft(venue, bad);
      const draft = { asker, requestId: body.requestId, venue, legs: good };
      return this.create({ ...draft, lowersRisk: true, flattens });
    }).catch(dropping(claim));
    claim?.follow(() => fateOfOrders(tracks));
    void sendApart(this.floor, tracks, this.repriced);
    return tracks;
  }

  private async exitLegs(venue: OrderVenue, body: Exit): Promise<PlannedLeg[]> {
    const tickets = await exitTickets(this.floor, this.holdings, venue.account, body);
    if (tickets.length > 0) return this.plan(venue, tickets, true);
    throw deniedError('nothing_to_exit', 'nothing is held that is not being closed already');
  }

  private tellLeft({ label, account }: OrderVenue, problems: readonly LegProblem[]): void {
    const text = problems.map(({ message }) => message).join('; ');
    this.floor.notify({
      kind: 'orders.exit_incomplete',
      severity: 'critical',
      title: `Not all of ${label} is being closed`,
      text,
      key: `${account} ${text}`,
    });
  }

  /** Writes the intents of all legs in one go; nothing is sent before. */
  private create(draft: OrderDraft): Promise<OrderTrack[]> {
    const records = recordsOf(draft, this.floor.deps);
    const { label, account } = draft.venue;
    return this.floor.create(records, {
      by: draft.asker.by,
      action: draft.lowersRisk ? 'positions.exited' : 'orders.placed',
      subject: { kind: 'account', id: account, name: label },
      before: null,
      after: { requestId: draft.requestId, orders: records.map(summaryOf) },
    });
  }

  /** An order at the price of the market as it would be made now. */
  priceNow({ record, state }: OrderTrack, venue: OrderVenue): PlannedLeg {
    const { side, product } = state.order;
    const { leg, asked: type, lowersRisk: closes } = record;
    const { quantity } = state;
    const ticket: OrderTicket = { contract: record.facts.key, side, product, type, quantity };
    return planLeg(this.planDeps, venue, { ticket, leg, closes });
  }

  private limitProblems(account: string, legs: readonly PlannedLeg[]): LegProblem[] {
    const count = legs.reduce((sum, { slices }) => sum + slices.length, 0);
    const { openPerAccount, ordersPerRequest } = orderDeskLimits;
    const open = this.floor.unfinished(account).length;
    if (count > ordersPerRequest) {
      const message = `it would be ${count} orders, at most ${ordersPerRequest} go at once`;
      return [{ leg: null, code: 'too_many_orders', message }];
    }
    if (open + count <= openPerAccount) return [];
    const message = `${open} orders are open, at most ${openPerAccount} may be`;
    return [{ leg: null, code: 'open_orders_full', message }];
  }

  /** The same request again waits for the first, or finds what it has made. */
  private once(
    asker: Asker,
    requestId: string,
    work: () => Promise<OrderTrack[]>,
  ): Promise<OrderRecord[]> {
    const key = `${asker.userId} ${requestId}`;
    const known = this.running.get(key);
    if (known) return known;
    const run = this.runOnce(asker, requestId, work).finally(() => this.running.delete(key));
    this.running.set(key, run);
    return run;
  }

  private async runOnce(
    asker: Asker,
    requestId: string,
    work: () => Promise<OrderTrack[]>,
  ): Promise<OrderRecord[]> {
    const made = await this.floor.deps.journal.byRequest(asker.userId, requestId);
    if (made.length > 0) {
      return made.map((one) => this.floor.find(one.state.order.clientOrderId)?.record ?? one);
    }
    const tracks = await work();
    const isOpen = ({ state }: OrderTrack): boolean =>
      state.status === 'intended' || state.status === 'sending';
    await until(this.floor, () => !tracks.some(isOpen), answerWaitMs);
    return tracks.map(({ record }) => record);
  }
}
