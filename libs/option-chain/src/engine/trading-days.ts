import type { FeedActivity } from '@strikewire/broker/engine';
import {
  indiaDateOf,
  underlyingKey,
  type Exchange,
  type UniverseRow,
} from '@strikewire/contracts';
import {
  errorMessageOf,
  sleep,
  StrikewireError,
  type Clock,
  type Keeper,
  type Log,
  type Timer,
} from '@strikewire/runtime';
import type { TradingCalendar } from '@strikewire/trading-hours';
import type { ChainRegistry, StoredDayEnd } from './chain-registry';
import { letGo, type DayPlan, type PlannedUnderlying } from './day-plan';
import type { DayWork } from './day-work';

/** What the days of trading change in the engine. */
export interface TradingDaysDeps {
  clock: Clock;
  log: Log;
  calendar: TradingCalendar;
  registry: Pick<ChainRegistry, 'saveDayEnds'>;
  keeper: Keeper;
  plan(): DayPlan;
  work(): DayWork | undefined;
  setActivity(exchange: Exchange, activity: FeedActivity): void;
  /** Builds the day of the exchanges that have another one now. */
  buildNext(): Promise<void>;
  /** Serves what the plan has. */
  swap(): void;
  /** Resolves when what a start missed was asked for. */
  filled(): Promise<void>;
  dayEnds(exchange: Exchange, tradingDay: string): StoredDayEnd[];
}

/** By the rules of now; not a failure. */
const nothingServed = 'nothing of this exchange is served';
/** The end of a day waits so long for answers that fill gaps. */
const filledMsMax = 60_000;
/** What expires is let go of so long after the close at the latest: the end of the day is first. */
const expiredMs = 90_000;

/**
 * What is done to chains because of the trading hours: feeds come and go, days are built, ended and
 * rolled over, one after another. A promise resolves with what came of it, in plain words, and
 * rejects when nothing did.
 */
export class TradingDays {
  private readonly deps: TradingDaysDeps;
  /** The last of what is done one after another; never rejects. */
  private last: Promise<unknown>;
  private begin: (first: Promise<void>) => void = () => {};
  /** Expiries that rollovers of the present days let go of. */
  private gone: { row: UniverseRow; expiry: string }[] = [];
  private expiryTimer: Timer | undefined;
  private isLettingGo = false;
  /** Since when the end of a day waits for answers, on the monotonic clock. */
  private waitedMono = -Infinity;
  private isStopped = false;

  constructor(deps: TradingDaysDeps) {
    this.deps = deps;
    const first = new Promise<void>((resolve) => (this.begin = resolve));
    this.last = Promise.allSettled([first]);
  }

  /** The first build has begun: what was asked for before waits for it. */
  started(first: Promise<void>): void {
    this.begin(first);
  }

  /** Something else is built, and not waited for: what comes after it waits. */
  also(building: Promise<void>): void {
    this.last = Promise.allSettled([this.last, building]);
  }

  stop(): void {
    this.isStopped = true;
    this.expiryTimer?.cancel();
  }

  /** How far an exchange's feeds have to be up; at first they are up whenever there is a chain. */
  activity(exchange: Exchange, activity: FeedActivity): void {
    this.deps.setActivity(exchange, activity);
    this.checkDay(exchange);
  }

  /**
   * The hours have changed: what waits for the open waits for the one of now, and what was let go
   * of comes back when it has not expired after all.
   */
  calendarChanged(): void {
    const { plan, work } = this.deps;
    work()?.calendarChanged();
    const exchanges = new Set(plan().underlyings.map(({ row }) => row.exchange));
    for (const exchange of exchanges) this.checkDay(exchange);
    this.watchExpiries();
    const back = this.gone.filter(({ row, expiry }) => this.isCurrent(row, expiry));
    if (back.length === 0) return;
    this.gone = this.gone.filter((one) => !back.includes(one));
    const keys = new Set(back.map(({ row }) => underlyingKey(row)));
    this.inTurn(() => this.listAnew(plan().underlyings.filter(({ key }) => keys.has(key)))).catch(
      (error) => this.deps.log.error('not listed anew', { reason: errorMessageOf(error) }),
    );
  }

  /**
   * Builds the chains of the trading day that has begun, unless that is done; other exchanges'
   * chains stay as they are. Resolves after the first try at each; what failed is tried again by
   * itself. `retryable` when not one is built.
   */
  async build(exchange: Exchange): Promise<string> {
    await this.inTurn(async () => {
      if (!this.hasAnotherDay(exchange)) return;
      this.gone = this.gone.filter(({ row }) => row.exchange !== exchange);
      await this.deps.buildNext();
    });
    const underlyings = this.of(exchange);
    if (underlyings.length === 0) return nothingServed;
    const chains = underlyings.flatMap((underlying) => underlying.chains);
    const built = chains.filter(({ state }) => state === 'built').length;
    const faulty = underlyings.find(({ reason }) => reason !== null);
    const fault = faulty ? `; ${faulty.key}: ${faulty.reason}` : '';
    const told = `${built} of ${chains.length} chains are built${fault}`;
    if (built === 0) throw failed('nothing_built', told);
    return told;
  }

  /**
   * Lets go of the chains that expired by the end of a date, and builds what the broker's lists
   * have in their place. Clients of those chains are told that they are gone. `retryable` when a
   * list could not be had; it is tried again by itself.
   */
  rollOver(exchange: Exchange, date: string): Promise<string> {
    return this.inTurn(() =>
      this.letGoOf((row, expiry) => row.exchange === exchange && expiry <= date),
    );
  }

  /**
   * Nothing is served long after its close, whether or not that is the end of a trading day: a day
   * that was closed halfway has no such end, and its chains expire all the same. To be called when
   * others are served.
   */
  watchExpiries(): void {
    if (this.isStopped || this.isLettingGo) return;
    const { clock, calendar, plan } = this.deps;
    const closes = plan().underlyings.flatMap(({ row, chains }) =>
      chains.map(({ expiry }) => calendar.closeMs(row.exchange, expiry)),
    );
    this.expiryTimer?.cancel();
    this.expiryTimer = undefined;
    if (closes.length === 0) return;
    this.expiryTimer = clock.at(Math.min(...closes), () => {
      // After a sleep the end of the day has its time as well.
      this.expiryTimer = clock.after(expiredMs, () => this.expire());
    });
  }

  /**
   * Stores each chain of an exchange as it stands at the end of a day. `retryable` when nothing
   * could be stored: what only waits for the database is stored when that is back.
   */
  endOfDay(exchange: Exchange, date: string): Promise<string> {
    return this.inTurn(async () => {
      const { registry, keeper, dayEnds } = this.deps;
      await this.filled();
      if (this.of(exchange).length === 0) return nothingServed;
      const other = this.of(exchange).find(({ tradingDay }) => tradingDay !== date);
      if (other) throw failed('another_day', `the chains are those of ${other.tradingDay} by now`);
      const all = dayEnds(exchange, date);
      const ends = all.filter(({ chain }) => chain.lastUpdated !== null);
      const told = `${ends.length} of ${all.length} chains`;
      if (ends.length === 0) throw failed('no_figures', `${told} have figures`);
      const name = `end of ${date} ${exchange}`;
      await keeper.keep(name, () => registry.saveDayEnds(ends));
      if (keeper.has(name)) throw failed('not_stored', `${told} wait for the database`);
      return `${told} stored`;
    });
  }

  /**
   * A platform that was not up at the close has just asked for what it missed. Days that end
   * together wait together.
   */
  private async filled(): Promise<void> {
    const { clock, filled } = this.deps;
    const nowMono = clock.monoMs();
    if (nowMono - this.waitedMono > 2 * filledMsMax) this.waitedMono = nowMono;
    const leftMs = this.waitedMono + filledMsMax - nowMono;
    if (leftMs > 0) await Promise.race([filled(), sleep(clock, leftMs)]);
  }

  private expire(): void {
    this.isLettingGo = true;
    this.inTurn(() => this.letGoOf((row, expiry) => !this.isCurrent(row, expiry)))
      .then((told) => this.deps.log.info('expired by the clock', { told }))
      .catch((error) => this.deps.log.warn('not rolled over', { reason: errorMessageOf(error) }))
      .finally(() => {
        this.isLettingGo = false;
        this.watchExpiries();
      });
  }

  /** In turn: lets go of chains, and builds what the broker's lists have in their place. */
  private async letGoOf(isOver: (row: UniverseRow, expiry: string) => boolean): Promise<string> {
    const { plan, swap } = this.deps;
    const over = letGo(plan(), isOver);
    if (over.length === 0) return 'nothing expired';
    const exchanges = new Set(over.map(({ row }) => row.exchange));
    const concerned = (): PlannedUnderlying[] =>
      plan().underlyings.filter(({ row }) => exchanges.has(row.exchange));
    const builtKeys = (): string[] =>
      concerned().flatMap(({ key, chains }) =>
        chains.filter(({ state }) => state === 'built').map(({ expiry }) => `${key}:${expiry}`),
      );
    const before = new Set(builtKeys());
    this.gone.push(...over.map(({ row, chain: { expiry } }) => ({ row, expiry })));
    swap();
    await this.listAnew([]);
    const added = builtKeys().filter((key) => !before.has(key)).length;
    const told = `${over.length} chains expired, ${added} were added`;
    const faulty = concerned().find(({ listed, broker }) => broker && listed.length === 0);
    if (faulty) throw failed('not_listed', `${told}; ${faulty.key}: ${faulty.reason}`);
    return told;
  }

  /** Whatever the hours and the clock have been: the chains are those of the present day. */
  private checkDay(exchange: Exchange): void {
    if (!this.hasAnotherDay(exchange)) return;
    this.build(exchange).catch((error) =>
      this.deps.log.error('the day was not built', { exchange, reason: errorMessageOf(error) }),
    );
  }

  /** Also when a clock that was wrong has built a day to come; not when today is closed halfway. */
  private hasAnotherDay(exchange: Exchange): boolean {
    const { calendar, clock } = this.deps;
    const nowMs = clock.wallMs();
    const wanted = calendar.tradingDay(exchange, nowMs);
    const today = indiaDateOf(nowMs);
    return this.of(exchange).some(({ tradingDay }) => tradingDay < wanted || tradingDay > today);
  }

  private of(exchange: Exchange): PlannedUnderlying[] {
    return this.deps.plan().underlyings.filter(({ row }) => row.exchange === exchange);
  }

  private isCurrent({ exchange }: UniverseRow, expiry: string): boolean {
    const { calendar, clock } = this.deps;
    return clock.wallMs() < calendar.closeMs(exchange, expiry);
  }

  /** Asks for the lists of those, and of whoever has none, and builds what they bring. */
  private async listAnew(underlyings: readonly PlannedUnderlying[]): Promise<void> {
    for (const underlying of underlyings) {
      Object.assign(underlying, { listed: [], state: 'pending' });
    }
    await this.deps.work()?.runAnew();
    if (!this.isStopped) this.deps.swap();
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.last.then(() => {
      if (this.isStopped) throw failed('stopped', 'the platform is stopping');
      return work();
    });
    this.last = Promise.allSettled([next]);
    return next;
  }
}

function failed(code: string, message: string): StrikewireError {
  return new StrikewireError({ kind: 'retryable', code, message });
}
