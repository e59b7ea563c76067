import type { AccountFunds, OrderOutcome, OrdersPort } from '@strikewire/broker';
import { indiaDateOf, type ContractKey, type Exchange } from '@strikewire/contracts';
import {
  flatTwentyPlan,
  futureProtection,
  optionProtection,
  orderRateRules,
  type MarketView,
} from '@strikewire/orders';
import type { OrderVenue } from '@strikewire/orders/engine';
import { errorMessageOf, StrikewireError, type Timer } from '@strikewire/runtime';
import { BookTracker } from './book-tracker';
import { duesOf, type PaperDues } from './paper-days';
import { PaperDesk } from './paper-desk';
import type { PaperFacts } from './paper-facts';
import type {
  PaperHolding,
  PaperMarketDeps,
  PaperPositionRecord,
  PaperSettings,
} from './paper-ports';
import { paperToken } from './paper-record';

/** How paper accounts are, unless somebody says otherwise: ten lakh rupees, ₹20 an order. */
export const paperSettings: PaperSettings = {
  latencyMs: 60,
  protection: optionProtection,
  futureProtection,
  bookAgeMaxMs: 2_000,
  openingPaise: 100_000_000,
  brokerage: flatTwentyPlan,
  squareOffMs: 1_200_000,
  settleAfterMs: 60_000,
  ordersPerDayMax: 2_000,
};

/** An expiry that positions wait for, because nobody knows its price. */
export interface PaperWaiting {
  exchange: Exchange;
  underlying: string;
  expiry: string;
  /** Of all accounts. */
  positions: number;
  /** Of its options, each once. */
  strikesPaise: number[];
  /** Last prices of its futures, as far as they are known. */
  futuresPaise: number[];
}

/** Paper trading of everybody. */
export interface PaperMarket {
  /** A person's account, as orders go to it. */
  venueOf(userId: string): OrderVenue;
  /** @throws StrikewireError `retryable` while the market has not started. */
  fundsOf(userId: string): AccountFunds;
  /** What has expired and cannot be settled; once a price is known it is, within seconds. */
  waiting(): PaperWaiting[];
  /** Takes up what is stored; nothing is taken before. */
  start(): Promise<void>;
  stop(): void;
}

/** Opens nothing yet. */
export function createPaperMarket(deps: PaperMarketDeps): PaperMarket {
  return new Market(deps);
}

/** Accounts with orders or positions, or whose funds were asked for. */
const accountsMax = 5_000;
/** What could not be done when it was due is tried again after this. */
const retryMs = 5_000;
/** What ended before is let go of. */
const keptMs = 2 * 86_400_000;
const holder = 'paper';

/** A contract with live orders, and whose they are. */
interface Watched {
  tracker: BookTracker;
  desks: Set<PaperDesk>;
  stop(): void;
}

class Market implements PaperMarket {
  private readonly deps: PaperMarketDeps;
  private readonly rules: PaperSettings;
  private readonly desks = new Map<string, PaperDesk>();
  private readonly venues = new Map<string, OrderVenue>();
  private readonly watched = new Map<ContractKey, Watched>();
  private held = '';
  private state: 'new' | 'open' | 'stopped' = 'new';
  private timer: Timer | undefined;
  private workedMs = -Infinity;
  /** Contracts without a settlement price that were told of today. */
  private readonly unsettled = new Set<string>();
  private day = '';

  constructor(deps: PaperMarketDeps) {
    this.deps = deps;
    this.rules = { ...paperSettings, ...deps.settings };
  }

  async start(): Promise<void> {
    const { clock, store } = this.deps;
    const stored = await clock.track(store.load(clock.wallMs() - keptMs));
    if (this.state !== 'new') return;
    for (const change of stored) this.openDesk(change.userId).restore(change);
    this.state = 'open';
    this.moved();
    // What was on its way when the process ended arrives now.
    clock.after(this.rules.latencyMs, () => {
      for (const key of [...this.watched.keys()]) this.look(key);
    });
  }

  stop(): void {
    this.state = 'stopped';
    this.timer?.cancel();
    for (const { stop } of this.watched.values()) stop();
    this.watched.clear();
    for (const desk of this.desks.values()) desk.stop();
  }

  fundsOf(userId: string): AccountFunds {
    return this.deskOf(userId).funds.now();
  }

  waiting(): PaperWaiting[] {
    const found = new Map<string, PaperWaiting>();
    for (const desk of this.desks.values()) {
      for (const { facts } of this.dues(desk).settled) {
        if (this.settlementOf(facts) !== null) continue;
        const { exchange, underlying, expiry, kind, strikePaise } = facts;
        const key = `${exchange}:${underlying}:${expiry}`;
        const one = found.get(key)
          ?? { exchange, underlying, expiry, positions: 0, strikesPaise: [], futuresPaise: [] };
        one.positions += 1;
        const isNew = kind !== 'FUT' && !one.strikesPaise.includes(strikePaise);
        if (isNew) one.strikesPaise.push(strikePaise);
        const lastPaise = kind === 'FUT' ? this.deps.contracts.read(facts.key)?.ltpPaise : null;
        if (lastPaise) one.futuresPaise.push(lastPaise);
        found.set(key, one);
      }
    }
    return [...found.values()];
  }

  venueOf(userId: string): OrderVenue {
    const held = this.venues.get(userId);
    if (held) return held;
    const venue: OrderVenue = {
      account: `paper:${userId}`,
      label: 'Paper',
      broker: 'paper',
      mode: 'paper',
      traders: [userId],
      closedBecause: () => this.closedBecause(userId),
      orders: this.portOf(userId),
      rates: orderRateRules({
        perSecond: null, perMinute: null, perHour: null, perDay: null,
        modificationsPerOrder: null,
      }),
      tokenOf: paperToken,
      keyOf: ({ id }) => id,
      listen: (told) => this.deskOf(userId).listen(told),
    };
    this.venues.set(userId, venue);
    return venue;
  }

  private closedBecause(userId: string): string | null {
    if (this.state === 'new') return 'paper trading has not started yet';
    if (this.state === 'stopped') return 'paper trading has stopped';
    const desk = this.desks.get(userId);
    if (!desk && this.desks.size >= accountsMax) {
      return `there are ${accountsMax} paper accounts, which is the most`;
    }
    return desk?.trouble ?? null;
  }

  private portOf(userId: string): OrdersPort {
    const ask = (call: (desk: PaperDesk) => Promise<OrderOutcome>): Promise<OrderOutcome> => {
      const reason = this.closedBecause(userId);
      if (reason === null) return call(this.deskOf(userId));
      return Promise.resolve({ kind: 'rejected', code: 'paper_closed', reason });
    };
    const read = async <T>(call: (desk: PaperDesk) => Promise<T>): Promise<T> =>
      call(this.deskOf(userId));
    return {
      place: (order) => ask((desk) => desk.place(order)),
      modify: (id, change) => ask((desk) => desk.modify(id, change)),
      cancel: (id) => ask((desk) => desk.cancel(id)),
      orders: () => read((desk) => desk.orders()),
      trades: () => read((desk) => desk.trades()),
      positions: () => read((desk) => desk.positions()),
    };
  }

  /** @throws StrikewireError `retryable` while nothing is known, or when there are too many. */
  private deskOf(userId: string): PaperDesk {
    const held = this.desks.get(userId);
    if (held) return held;
    const reason = this.closedBecause(userId);
    if (reason === null) return this.openDesk(userId);
    throw new StrikewireError({ kind: 'retryable', code: 'paper_closed', message: reason });
  }

  private openDesk(userId: string): PaperDesk {
    const desk = new PaperDesk({
      ...this.deps,
      blockedFor: (account, held) => this.blockedFor(account, held),
      userId,
      rules: this.rules,
      moved: () => this.moved(),
      look: (key) => this.look(key),
    });
    this.desks.set(userId, desk);
    return desk;
  }

  /** Whatever goes wrong there, orders get an answer: it is not known. */
  private blockedFor(account: string, held: readonly PaperHolding[]): number | null {
    try {
      return this.deps.blockedFor(account, held);
    } catch (error) {
      const reason = errorMessageOf(error);
      this.deps.log.error('the margin of a paper account is not known', { account, reason });
      return null;
    }
  }

  /** One view of a contract for all orders that are live on it. */
  private look(key: ContractKey): void {
    const watched = this.watched.get(key);
    const view = watched && this.viewOf(key, watched.tracker);
    if (!view || this.state !== 'open') return;
    for (const desk of [...watched.desks]) desk.match(key, view);
  }

  /** Undefined: it does not trade, or nothing is known of it. */
  private viewOf(key: ContractKey, tracker: BookTracker): MarketView | undefined {
    const { clock, contracts, calendar } = this.deps;
    const [facts, reading] = [contracts.find(key), contracts.read(key)];
    const nowMs = clock.wallMs();
    if (!facts || !reading || !calendar.isOpen(facts.exchange, nowMs)) return undefined;
    return tracker.view(reading, nowMs);
  }

  private moved(): void {
    if (this.state !== 'open') return;
    this.watchLive();
    this.holdWanted();
    this.arm();
  }

  private watchLive(): void {
    const wanted = new Map<ContractKey, Set<PaperDesk>>();
    for (const desk of this.desks.values()) {
      for (const { facts: { key } } of desk.account.live) {
        wanted.set(key, (wanted.get(key) ?? new Set()).add(desk));
      }
    }
    for (const [key, watched] of this.watched) {
      if (wanted.has(key)) continue;
      watched.stop();
      this.watched.delete(key);
    }
    for (const [key, desks] of wanted) {
      const watched = this.watched.get(key) ?? this.watch(key);
      watched.desks = desks;
    }
  }

  private watch(key: ContractKey): Watched {
    const tracker = new BookTracker();
    const watched: Watched = { tracker, desks: new Set(), stop: () => undefined };
    this.watched.set(key, watched);
    // What was printed before is nobody's.
    this.viewOf(key, tracker);
    try {
      watched.stop = this.deps.contracts.watch([key], () => this.look(key));
    } catch (error) {
      this.logRefusal('a contract with paper orders cannot be watched', error);
    }
    return watched;
  }

  private holdWanted(): void {
    const keys = new Set(this.watched.keys());
    for (const { account } of this.desks.values()) {
      for (const { position } of account.positions) {
        if (position.netQuantity !== 0) keys.add(position.key);
      }
    }
    const wanted = [...keys].sort();
    if (wanted.join() === this.held) return;
    this.held = wanted.join();
    try {
      this.deps.contracts.hold(holder, wanted);
    } catch (error) {
      this.logRefusal('contracts of paper accounts cannot be kept live', error);
    }
  }

  private logRefusal(what: string, error: unknown): void {
    if (!(error instanceof StrikewireError)) throw error;
    this.deps.log.error(what, { code: error.code, reason: error.message });
  }

  private dues(desk: PaperDesk): PaperDues {
    const { clock, calendar } = this.deps;
    return duesOf(desk.account, calendar, this.rules, clock.wallMs());
  }

  private arm(): void {
    const { clock } = this.deps;
    const nowMs = clock.wallMs();
    let nextMs = Infinity;
    for (const desk of this.desks.values()) {
      const dues = this.dues(desk);
      const isDue = [dues.expired, dues.squareOff, dues.cancelled, dues.settled]
        .some(({ length }) => length > 0);
      const againMs = Math.max(nowMs, this.workedMs + retryMs);
      nextMs = Math.min(nextMs, isDue ? againMs : dues.nextMs);
    }
    this.timer?.cancel();
    this.timer = nextMs === Infinity ? undefined : clock.at(nextMs, () => this.work());
  }

  /** The end of days: of orders, of intraday positions, of contracts. */
  private work(): void {
    if (this.state !== 'open') return;
    const nowMs = this.deps.clock.wallMs();
    this.workedMs = nowMs;
    const today = indiaDateOf(nowMs);
    if (today !== this.day) this.unsettled.clear();
    for (const desk of this.desks.values()) {
      if (today !== this.day) desk.forget(nowMs - keptMs, today);
      const dues = this.dues(desk);
      for (const one of dues.expired) desk.end(one, 'its day is over', true);
      for (const one of dues.cancelled) desk.end(one, 'intraday positions are closed now');
      for (const one of dues.squareOff) this.squareOff(desk, one);
      for (const one of dues.settled) this.settle(desk, one);
      void desk.flush();
    }
    this.day = today;
    this.arm();
  }

  private squareOff(desk: PaperDesk, { position }: PaperPositionRecord): void {
    const view = this.viewOf(position.key, new BookTracker());
    if (view) desk.squareOff(position.key, view);
  }

  private settle(desk: PaperDesk, one: PaperPositionRecord): void {
    const { clock, log } = this.deps;
    const { key, expiry } = one.facts;
    const paise = this.settlementOf(one.facts);
    if (paise !== null) {
      desk.account.settle(one, paise, clock.wallMs());
      return;
    }
    // It is due every few seconds until then: each contract is told once a day.
    if (this.unsettled.has(key)) return;
    this.unsettled.add(key);
    log.error('a paper position waits: no price of its last day is known', { key, expiry });
  }

  /** The price of another day is none. */
  private settlementOf({ key, exchange, underlying, expiry }: PaperFacts): number | null {
    const { contracts, settlementOf, clock } = this.deps;
    if (settlementOf) return settlementOf({ exchange, underlying, expiry });
    if (indiaDateOf(clock.wallMs()) !== expiry) return null;
    return contracts.read(key)?.spotPaise ?? null;
  }
}
