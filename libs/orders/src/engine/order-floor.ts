import type { BrokerOrder, BrokerTrade } from '@strikewire/broker';
import { errorMessageOf } from '@strikewire/runtime';
import { hasEnded, type OrderState } from '../core/order-life';
import { isComplete } from '../core/order-look-up';
import { AccountLedger } from './account-ledger';
import { BrokerHoldings } from './broker-holdings';
import { IntentWriter } from './intent-writer';
import type { MoveListener, OrderDeskDeps, OrderListener } from './order-floor-deps';
import { OrderGate } from './order-gate';
import type { FillRecord, JournalContents, OrderAct, OrderRecord, SentCall }
  from './order-journal';
import { cancelCallId, OrderSender } from './order-sender';
import { OrderTrack } from './order-track';
import { settlementOf, settlementPrefix } from './paper-settlement';
import { VenueBook, type BookReading } from './venue-book';
import { VenueDesk, type VenueDeskDeps } from './venue-desk';

/** Orders that are kept in memory; beyond, ended ones are read from the store. */
const tracksMax = 20_000;

/**
 * All orders at work: their lives, the books of their venues, the accounts' positions, and the
 * gate to the brokers. It knows no people.
 */
export class OrderFloor {
  readonly deps: OrderDeskDeps;
  readonly gate: OrderGate;
  readonly venues: VenueDesk;
  /** What brokers say that they hold. */
  readonly atBroker: BrokerHoldings;
  private readonly sender: OrderSender;
  private readonly intents: IntentWriter;
  private readonly tracks = new Map<string, OrderTrack>();
  private readonly byBroker = new Map<string, OrderTrack>();
  private readonly ledgers = new Map<string, AccountLedger>();
  private readonly books = new Map<string, VenueBook>();
  private readonly listeners = new Set<OrderListener>();
  private readonly looks = new Set<(account: string) => void>();
  private readonly moves = new Set<MoveListener>();
  private isStopped = false;

  constructor(deps: OrderDeskDeps) {
    this.deps = deps;
    this.gate = new OrderGate(deps.clock);
    this.atBroker = new BrokerHoldings(deps.clock);
    const { log, venues, paperOf } = deps;
    this.venues = new VenueDesk({
      log,
      venues: () => venues(),
      ...(paperOf === undefined ? {} : { paperOf: (userId: string) => paperOf(userId) }),
      heard: (account, news) => this.heard(account, news),
    });
    this.sender = new OrderSender(deps, this.gate, this.venues);
    this.intents = new IntentWriter({
      clock: deps.clock,
      log,
      journal: deps.journal,
      keep: (record) => this.keep(record),
      find: (id) => this.find(id),
      isStopped: () => this.isStopped,
    });
  }

  /** What was stored, as it was; nothing is told to it yet. */
  restore({ records, fills, positions, calls, modifications }: JournalContents): void {
    this.gate.restore([...calls, ...unwritten(records, calls)], modifications);
    const accounts = new Set([...fills, ...positions].map(({ account }) => account));
    for (const account of accounts) {
      const isIts = (one: { account: string }): boolean => one.account === account;
      this.ledger(account).restore(positions.filter(isIts), fills.filter(isIts));
    }
    for (const record of records) this.keep(record);
    for (const account of accounts) this.hear(account);
  }

  /** Writes down intents, and keeps them; nothing is sent by that. */
  create(records: readonly OrderRecord[], act: OrderAct): Promise<OrderTrack[]> {
    return this.intents.write(records, act);
  }

  /** Keeps an order that is stored. */
  keep(record: OrderRecord): OrderTrack {
    const { account } = record.state;
    const track = new OrderTrack(record, {
      clock: this.deps.clock,
      log: this.deps.log,
      journal: this.deps.journal,
      ledger: this.ledger(account),
      ...(this.deps.times === undefined ? {} : { times: this.deps.times }),
      send: (its, effect, call) => this.sender.send(its, effect, call),
      lookUp: (its) => this.book(account).look(its.id),
      notify: (severity, code, text) => this.notify({
        kind: `order.${code}`, severity, title: 'An order needs a look', text, key: text,
      }),
      changed: (its, fills) => this.changed(its, fills),
    });
    this.hear(account);
    this.tracks.set(track.id, track);
    this.index(track);
    this.tell(record);
    this.forget();
    return track;
  }

  find(id: string): OrderTrack | undefined {
    return this.tracks.get(id);
  }

  get all(): OrderTrack[] {
    return [...this.tracks.values()];
  }

  /** Of an account, those of which something is still expected. */
  unfinished(account?: string): OrderTrack[] {
    return this.all.filter(({ state }) =>
      !isComplete(state) && (account === undefined || state.account === account));
  }

  ledger(account: string): AccountLedger {
    const known = this.ledgers.get(account);
    if (known) return known;
    const plan = this.deps.brokerageOf?.(account);
    const ledger = new AccountLedger(account, plan, this.deps.log);
    this.ledgers.set(account, ledger);
    return ledger;
  }

  get accounts(): string[] {
    return [...this.ledgers.keys()];
  }

  /** Reads the book of an account soon. */
  look(account: string): void {
    this.book(account).look();
  }

  /** How long ago the book of an account was read. */
  bookAgeMs(account: string): number {
    return this.book(account).ageMs;
  }

  onOrder(listener: OrderListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Calls back when a broker says that its whole book has to be read. */
  onLook(listener: (account: string) => void): void {
    this.looks.add(listener);
  }

  /** Calls back when what an account holds has become another. */
  onMoved(listener: MoveListener): void {
    this.moves.add(listener);
  }

  notify(notice: Parameters<OrderDeskDeps['notify']>[0]): void {
    const { log, notify } = this.deps;
    const failed = (error: unknown): void =>
      log.error('a notice of orders was not told', { reason: errorMessageOf(error) });
    new Promise<void>((done) => done(notify(notice))).catch(failed);
  }

  stop(): void {
    this.isStopped = true;
    this.gate.stop();
    this.venues.stop();
    for (const book of this.books.values()) book.stop();
    for (const track of this.tracks.values()) track.stop();
  }

  private book(account: string): VenueBook {
    const known = this.books.get(account);
    if (known) return known;
    const book = new VenueBook(this.deps.clock, () => this.venues.find(account), {
      read: (reading) => this.read(account, reading),
      failed: (asked, reason) => {
        this.deps.log.warn('a book of orders was not read', { account, reason });
        for (const id of asked) this.tracks.get(id)?.hear({ type: 'lookUpFailed', reason });
      },
    });
    this.books.set(account, book);
    return book;
  }

  /** A paper account is heard from its first order on. */
  private hear(account: string): void {
    const venue = this.venues.find(account);
    try {
      if (venue) this.venues.hear(venue);
    } catch (error) {
      this.deps.log.error('a venue is not heard', { account, reason: errorMessageOf(error) });
    }
  }

  private heard(...[account, news]: Parameters<VenueDeskDeps['heard']>): void {
    if (this.isStopped) return;
    if (news.kind === 'row') return this.hearRow(account, news.row);
    if (news.kind === 'trade') return this.hearTrade(account, news.trade);
    const track = this.byBroker.get(`${account} ${news.brokerOrderId}`);
    this.book(account).look(track?.id);
    if (news.brokerOrderId === null) for (const tell of this.looks) tell(account);
    return undefined;
  }

  private read(account: string, { asked, readMs, orders, trades }: BookReading): void {
    const seen = new Set(orders.flatMap((row) => this.trackOf(account, row)?.id ?? []));
    for (const row of orders) this.hearRow(account, row);
    const byOrder = new Map<OrderTrack, BrokerTrade[]>();
    const owners = new Map(orders.map((row) => [row.brokerOrderId, this.trackOf(account, row)]));
    for (const trade of trades) {
      const id = trade.brokerOrderId;
      const track = this.byBroker.get(`${account} ${id}`) ?? owners.get(id);
      if (!track) this.hearForeign(account, trade);
      else byOrder.set(track, [...(byOrder.get(track) ?? []), trade]);
    }
    for (const [track, its] of byOrder) {
      const known = new Set(track.state.trades.map(({ tradeId }) => tradeId));
      const isNew = its.some(({ tradeId }) => !known.has(tradeId));
      if (isNew || !isComplete(track.state)) track.hear({ type: 'trades', trades: its });
    }
    const hasTags = this.venues.find(account)?.hasTags ?? true;
    const nobodys = orders.filter((row) => owners.get(row.brokerOrderId) === undefined);
    for (const id of asked) {
      const track = this.tracks.get(id);
      if (!track || seen.has(id)) continue;
      const isSure = hasTags && !nobodys.some((row) => mayBe(row, track.state));
      track.hear({ type: 'absent', readMs, isSure });
    }
  }

  private trackOf(
    account: string,
    { clientOrderId, brokerOrderId }: { clientOrderId: string | null; brokerOrderId: string },
  ): OrderTrack | undefined {
    const byTag = clientOrderId === null ? undefined : this.tracks.get(clientOrderId);
    if (byTag?.state.account === account) return byTag;
    return this.byBroker.get(`${account} ${brokerOrderId}`);
  }

  private hearRow(account: string, row: BrokerOrder): void {
    const track = this.trackOf(account, row);
    if (!track) return;
    const { state } = track;
    // What was stated of an order whose id was never heard waits for its trades.
    const isOld = isComplete(state) && state.brokerOrderId !== null
      && row.filledQuantity === state.filledQuantity;
    if (isOld && row.status === state.status) return;
    track.hear({ type: 'row', row });
  }

  private hearTrade(account: string, trade: BrokerTrade): void {
    const track = this.byBroker.get(`${account} ${trade.brokerOrderId}`);
    if (track) return track.hear({ type: 'trades', trades: [trade] });
    if (this.hearForeign(account, trade)) return undefined;
    // It may be of an order whose answer is on its way: the book tells whose it is.
    const isExpected = this.unfinished(account).some(({ state }) => state.brokerOrderId === null);
    if (isExpected) this.book(account).look();
    return undefined;
  }

  /** A settlement at expiry is nobody's order; only a paper venue tells of one. */
  private hearForeign(account: string, trade: BrokerTrade): boolean {
    const venue = this.venues.find(account);
    if (venue?.mode !== 'paper') return false;
    const ledger = this.ledger(account);
    if (!trade.brokerOrderId.startsWith(settlementPrefix)) return false;
    ledger.inTurn(async () => {
      const found = settlementOf(ledger, venue, trade);
      if (!found) return;
      const { fill, facts } = found;
      const change = ledger.changeBySettlement(fill, facts, this.deps.clock.wallMs());
      if (!change) return;
      await this.deps.journal.saveFills(change.fills, change.positions);
      ledger.commit(change);
      this.moved(account, 'position');
    }).catch((error: unknown) => {
      const reason = errorMessageOf(error);
      this.deps.log.error('a settlement is not stored yet', { account, reason });
      // It is in the venue's book until it is taken.
      if (!this.isStopped) this.deps.clock.after(5_000, () => this.book(account).look());
    });
    return true;
  }

  private changed(track: OrderTrack, fills: readonly FillRecord[]): void {
    this.index(track);
    const { account } = track.state;
    if (hasEnded(track.state)) this.gate.orderClosed(account, track.id);
    this.tell(track.record);
    if (fills.length > 0) this.moved(account, 'fill');
  }

  /** A person has made a book agree with its broker's. */
  positionsMoved(account: string): void {
    this.moved(account, 'position');
  }

  private moved(...moved: Parameters<MoveListener>): void {
    for (const tell of this.moves) tell(...moved);
  }

  private tell(record: OrderRecord): void {
    for (const listener of this.listeners) {
      try {
        listener(record);
      } catch (error) {
        this.deps.log.error('news of an order were not told', { reason: errorMessageOf(error) });
      }
    }
  }

  private index(track: OrderTrack): void {
    const { brokerOrderId, account } = track.state;
    if (brokerOrderId !== null) this.byBroker.set(`${account} ${brokerOrderId}`, track);
  }

  private forget(): void {
    if (this.tracks.size <= tracksMax) return;
    const oldest = this.all.find(({ state }) => isComplete(state));
    if (!oldest) return;
    this.tracks.delete(oldest.id);
    this.byBroker.delete(`${oldest.state.account} ${oldest.state.brokerOrderId}`);
  }
}

/** A row without an id of ours that asks for the same as an order. */
function mayBe(row: BrokerOrder, { order, quantity }: OrderState): boolean {
  const { token, side } = order;
  return row.clientOrderId === null && row.side === side && row.quantity === quantity
    && row.token.segment === token.segment && row.token.id === token.id;
}

/**
 * Cancellations that may have been sent though the store did not take them down as sent: they are
 * not held back by that, and count all the same.
 */
function unwritten(records: readonly OrderRecord[], calls: readonly SentCall[]): SentCall[] {
  const known = new Set(calls.map(({ callId }) => callId));
  return records.flatMap(({ state }): SentCall[] => {
    const { account, cancel, order: { clientOrderId: orderId, token } } = state;
    if (!cancel || cancel.status === 'waiting') return [];
    const callId = cancelCallId(orderId, cancel.requestId);
    if (known.has(callId)) return [];
    const { askedMs: sentMs } = cancel;
    const { segment } = token;
    return [{ account, callId, orderId, call: 'cancel', segment, sentMs, answeredMs: null }];
  });
}
