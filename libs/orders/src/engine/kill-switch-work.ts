import { paperAccount } from '@strikewire/contracts';
import { errorCodeOf, errorMessageOf, inTime, type Timer } from '@strikewire/runtime';
import { hasEnded, isLive, isUnderWay } from '../core/order-life';
import type { Position } from '../core/positions';
import type { Asker } from './asker';
import type { OrderDesk } from './order-desk';
import type { OrderFloor } from './order-floor';
import { newOrderId } from './order-ids';
import type { OrderRecord } from './order-journal';
import { nameOf, type OrderTrack } from './order-track';
import { until } from './until';

/** What is to be done for as long as the switch is on. */
export interface KillTask {
  /** Positions are closed for them. */
  asker: Asker;
  flatten: boolean;
  /** Whose positions; null: everybody's. */
  accounts: readonly string[] | null;
  /** Pulled just now: closing orders that rest are made anew at the price of now. */
  isFresh: boolean;
  /** Nothing is held any more, here and at its broker, that no order there closes. */
  onFlat(): void;
}

/** Cancellations are waited for so long before positions are closed. */
const cancelledWithinMs = 60_000;
/** What is left is looked for this often, without a request to anybody. */
const lookMs = 1_000;
/** An account where something failed is tried again after this, doubled with each try. */
const againMs = { first: 1_000, most: 60_000 } as const;
/** A closing order that rests so long is made anew at the market's price, then ever later. */
const restMs = { first: 5_000, most: 60_000 } as const;

interface Lane {
  isBusy: boolean;
  isFirst: boolean;
  waitMs: number;
  dueMono: number;
  /** How long closing orders may rest before the next of them are made anew. */
  restMs: number;
}

/**
 * Cancels what is open and closes what is held, each account by itself, again and again while the
 * switch is on: a broker refuses, a quote is missing, a limit is used up, an order fills late.
 */
export class KillWork {
  private readonly floor: OrderFloor;
  private readonly desk: OrderDesk;
  private readonly task: KillTask;
  private readonly lanes = new Map<string, Lane>();
  /** Orders whose wish to be cancelled is not stored yet. */
  private readonly asking = new Set<string>();
  private readonly told = new Set<string>();
  private readonly sinceMono: number;
  private readonly deaf: () => void;
  private timer: Timer | undefined;
  private isOver = false;

  constructor(floor: OrderFloor, desk: OrderDesk, task: KillTask) {
    this.floor = floor;
    this.desk = desk;
    this.task = task;
    this.sinceMono = floor.deps.clock.monoMs();
    this.deaf = floor.onOrder((record) => this.hear(record));
    this.look();
  }

  stop(): void {
    this.isOver = true;
    this.timer?.cancel();
    this.deaf();
  }

  private look(): void {
    if (this.isOver) return;
    for (const account of this.floor.accounts) void this.rid(account);
    const { flatten, onFlat } = this.task;
    if (flatten && this.floor.accounts.every((account) => this.isFlat(account))) onFlat();
    this.timer = this.floor.deps.clock.after(lookMs, () => this.look());
  }

  /** One try at an account, if there is anything to do. */
  private async rid(account: string): Promise<void> {
    const { clock, log } = this.floor.deps;
    const lane = this.lane(account);
    if (lane.isBusy || clock.monoMs() < lane.dueMono) return;
    const late = this.lateOf(account, lane.restMs);
    const open = [...this.openOf(account, lane.isFirst && this.task.isFresh), ...late];
    if (open.length === 0 && !this.hasLeft(account)) {
      lane.waitMs = againMs.first;
      return;
    }
    // What is switched on again is gone on with at once.
    if (!this.isReachable(account, open)) return;
    lane.isBusy = true;
    try {
      if (late.length > 0) lane.restMs = Math.min(restMs.most, 2 * lane.restMs);
      if (open.length > 0 || lane.isFirst) await this.cancel(account, open);
      if (!this.isOver && this.hasLeft(account)) await this.flatten(account);
    } catch (error) {
      log.error('the kill switch failed', { account, reason: errorMessageOf(error) });
    }
    lane.isBusy = false;
    lane.isFirst = false;
    lane.dueMono = clock.monoMs() + lane.waitMs;
    lane.waitMs = Math.min(againMs.most, 2 * lane.waitMs);
  }

  /** What wants to be cancelled; its own closing orders only when they are made anew. */
  private openOf(account: string, isFresh: boolean): OrderTrack[] {
    return this.floor.unfinished(account).filter(({ id, state, record }) => {
      const { cancel, status } = state;
      if (hasEnded(state) || this.asking.has(id)) return false;
      // What the kill switch holds back at the gate is denied there, with its reason.
      if (status === 'intended') return false;
      if (cancel === null) return isFresh || !record.flattens;
      // What became of the last request may not be known: then once more.
      if (isUnderWay(cancel)) return cancel.status === 'unknown';
      // Accepted, and it goes on all the same: once more, when looking has not explained it.
      return isFresh || cancel.status !== 'accepted' || state.needsPerson !== null;
    });
  }

  /**
   * Closing orders whose price the market has left behind: once cancelled, what they leave is
   * closed anew at the price of now. One whose price is not known any better stays.
   */
  private lateOf(account: string, restsMs: number): OrderTrack[] {
    const venue = this.floor.venues.find(account);
    if (!venue || !this.closes(account)) return [];
    const sentBeforeMs = this.floor.deps.clock.wallMs() - restsMs;
    return this.floor.unfinished(account).filter((track) => {
      const { state, record: { flattens } } = track;
      if (!flattens || !isLive(state) || state.cancel !== null) return false;
      if (state.dayEndedMs !== null || (state.sentMs ?? Infinity) > sentBeforeMs) return false;
      const { problems, limitPaise } = this.desk.priceNow(track, venue);
      if (problems.length > 0 || limitPaise === null || state.limitPaise === null) return false;
      const better = limitPaise - state.limitPaise;
      return state.order.side === 'BUY' ? better > 0 : better < 0;
    });
  }

  /** False while its broker cannot be asked: what may be open there is told. */
  private isReachable(account: string, open: readonly OrderTrack[]): boolean {
    const absent = this.floor.venues.unreachable(account);
    if (absent === null) return true;
    const label = this.floor.venues.find(account)?.label ?? account;
    const isNew = open.some(({ id }) => !this.told.has(`off ${id}`));
    for (const { id } of open) this.told.add(`off ${id}`);
    if (isNew) {
      const text = `${absent.reason}. These may be open at the broker, and are cancelled when it `
        + `is there again: ${open.map(nameOf).join(', ')}`;
      this.notify(`off ${account} ${text}`, `Orders of ${label} cannot be cancelled`, text);
    }
    if (this.hasLeft(account)) {
      const title = `Positions of ${label} are not being closed`;
      this.tell(`off ${account}`, title, `${account}: ${absent.reason}`);
    }
    return false;
  }

  private async cancel(account: string, open: readonly OrderTrack[]): Promise<void> {
    const { clock, random, log } = this.floor.deps;
    const asked = open.map(async (track) => {
      this.asking.add(track.id);
      await track.tell({ type: 'askCancel', requestId: newOrderId(clock, random) })
        .catch((error: unknown) => {
          log.warn('not cancelled', { order: track.id, reason: errorMessageOf(error) });
        });
      this.asking.delete(track.id);
    });
    const isBusy = (): boolean => this.floor.unfinished(account).some(({ state }) =>
      isUnderWay(state.cancel) || state.status === 'unknown');
    const deadline = { clock, what: 'a cancellation', withinMs: cancelledWithinMs };
    const withinMs = cancelledWithinMs;
    await inTime(deadline, () => Promise.all(asked)).catch(() => undefined);
    if (this.task.flatten) await until(this.floor, () => !isBusy(), withinMs);
  }

  private async flatten(account: string): Promise<void> {
    const { asker } = this.task;
    // A paper account is closed as its own person would.
    const isPaper = account.startsWith('paper:');
    const userId = isPaper ? account.slice('paper:'.length) : asker.userId;
    const who: Asker = { ...asker, userId, role: 'admin' };
    const requestId = this.floor.deps.random.uuid();
    const body = { requestId, account: isPaper ? paperAccount : account };
    try {
      await this.desk.exit(who, body, true);
    } catch (error) {
      const [code, reason] = [errorCodeOf(error), errorMessageOf(error)];
      // What the broker does not hold either is told by whoever reads it.
      if (code === 'nothing_to_exit') return;
      const key = `not_flat ${account} ${code}`;
      this.tell(key, 'Positions are not being closed', `${account}: ${reason}`);
    }
  }

  private closes(account: string): boolean {
    const { flatten, accounts } = this.task;
    return flatten && (accounts === null || accounts.includes(account));
  }

  /** Something is held that nothing closes yet. */
  private hasLeft(account: string): boolean {
    const { holdings } = this.desk;
    return this.closes(account) && this.floor.ledger(account).positions.some((position) =>
      holdings.closing(account, position) < this.held(account, position));
  }

  /** Units that are to be closed: what the broker was found not to hold is none. */
  private held(account: string, position: Position): number {
    if (position.netQuantity === 0) return 0;
    return this.desk.holdings.heldByBoth(account, position, this.sinceMono);
  }

  /** Everything is closed, or being closed by an order that its broker has. */
  private isFlat(account: string): boolean {
    if (!this.closes(account)) return true;
    const mayOpen = this.floor.unfinished(account).some(({ state, record }) =>
      !hasEnded(state) && !record.flattens && (isLive(state) || state.needsPerson === null));
    return !mayOpen && this.floor.ledger(account).positions.every((position) =>
      this.held(account, position) <= this.beingClosed(account, position));
  }

  private beingClosed(account: string, { key, product, netQuantity }: Position): number {
    const side = netQuantity > 0 ? 'SELL' : 'BUY';
    return this.floor.unfinished(account)
      .filter(({ state, record }) => isLive(state) && record.facts.key === key
        && state.order.product === product && state.order.side === side)
      .reduce((sum, { state }) => sum + state.quantity - state.filledQuantity, 0);
  }

  /** What was refused is told, each reason once for each. */
  private hear({ state, facts, flattens }: OrderRecord): void {
    const { account, status, code, reason, cancel, order } = state;
    if (flattens && (status === 'rejected' || status === 'denied')) {
      const text = `${facts.key} in ${account} was ${status}: ${reason ?? 'no reason is known'}`;
      this.tell(`exit ${account} ${facts.key} ${code}`, 'A closing order failed', text);
    }
    if (hasEnded(state) || cancel === null) return;
    if (!['rejected', 'denied', 'lapsed'].includes(cancel.status)) return;
    const why = cancel.reason ?? 'no reason is known';
    const text = `${order.clientOrderId} for ${facts.key} in ${account}: ${why}`;
    const title = 'A cancellation failed and is tried again';
    this.tell(`cancel ${order.clientOrderId} ${cancel.code}`, title, text);
  }

  private tell(key: string, title: string, text: string): void {
    if (this.told.has(key)) return;
    this.told.add(key);
    this.notify(key, title, text);
  }

  private notify(key: string, title: string, text: string): void {
    this.floor.notify({ kind: 'kill_switch.not_flat', severity: 'critical', title, text, key });
  }

  private lane(account: string): Lane {
    const known = this.lanes.get(account);
    if (known) return known;
    const lane: Lane = {
      isBusy: false, isFirst: true, waitMs: againMs.first, dueMono: -Infinity, restMs: restMs.first,
    };
    this.lanes.set(account, lane);
    return lane;
  }
}
