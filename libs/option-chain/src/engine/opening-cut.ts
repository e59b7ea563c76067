import type { InstrumentTable } from '@strikewire/broker';
import { errorMessageOf, type Clock, type Log, type Timer } from '@strikewire/runtime';
import { buildStartMs, type TradingCalendar } from '@strikewire/trading-hours';
import { buildSkeleton, type ChainAnswer, type Skeleton } from '../core/skeleton';
import { recutAnswer, isSameWindow } from '../core/window-change';
import type { CommonMarketData } from './current-market-data';
import type { DayPlan, PlannedChain, PlannedUnderlying } from './day-plan';
import { awaitFeedLtp } from './feed-ltp';
import { chainKey } from './live-chain';

/** What the cut at the open works with. */
export interface OpeningCutDeps {
  clock: Clock;
  log: Log;
  calendar: TradingCalendar;
  marketData: Pick<CommonMarketData, 'spotPrices'>;
  /** A broker's, by its plugin's id. */
  instruments(broker: string): Promise<InstrumentTable>;
  /** A price of an underlying, paise, that a feed has brought since the open. */
  ltpSince(key: string, since: { monoMs: number; wallMs: number }): number | undefined;
  /** Stores a skeleton that was cut anew. */
  save(skeleton: Skeleton): Promise<void>;
  /** All that the open changes is in the plan: serve it, in one generation. */
  cut(): void;
}

/**
 * Strikes of all held answers together. About 600 bytes each: 75 MB at the most, for a quarter of
 * an hour; the three indices hold about 3,000.
 */
const heldStrikesMax = 120_000;
/** Between two readings ahead of the instrument master; chains are not filled again sooner. */
const readAheadRestMs = 60_000;
/**
 * How long a cut after a missed open waits for answers at the most: one account takes about three
 * minutes to fill the whole universe. It comes as soon as all are there.
 */
const missedCutMs = 300_000;

/**
 * Cuts chains that were built before the open anew at the open, around the opening price. Until
 * then the broker's answers are held, so that this costs no chain or expiry request; the quote API
 * is asked once, for the underlyings alone whose price no feed has brought. Without an opening
 * price, or without an answer (after a restart that REST did not fill), a chain keeps its window.
 * A day that was restored in an open market with windows of before the open has missed its cut: it
 * is made up for once the answers that fill the gaps are there.
 */
export class OpeningCut {
  private readonly deps: OpeningCutDeps;
  private readonly plan: DayPlan;
  private readonly timers = new Map<number, Timer>();
  private readonly openingPaise = new Map<string, number>();
  /** Opens whose cut is made up for, and waits for answers. */
  private readonly missed = new Set<number>();
  /** Opens that were cut without an answer for every chain, and wait for the rest once. */
  private readonly waited = new Set<number>();
  /** Chains that an open has cut, or found to have its window; which open that was. */
  private readonly settled = new WeakMap<PlannedChain, number>();
  private heldStrikes = 0;
  private readAheadMono = -Infinity;
  private isStopped = false;

  constructor(deps: OpeningCutDeps, plan: DayPlan) {
    this.deps = deps;
    this.plan = plan;
    this.heldStrikes = plan.underlyings
      .flatMap(({ chains }) => chains)
      .reduce((sum, { held }) => sum + (held?.strikes.length ?? 0), 0);
    this.armAll();
  }

  /** The hours have changed: cuts come at the opens of now, and no open of before is another. */
  calendarChanged(): void {
    if (this.isStopped) return;
    for (const [openMs, timer] of this.timers) {
      if (this.missed.has(openMs)) continue;
      timer.cancel();
      this.timers.delete(openMs);
    }
    for (const underlying of this.plan.underlyings) this.armNext(underlying);
  }

  stop(): void {
    this.isStopped = true;
    for (const timer of this.timers.values()) timer.cancel();
  }

  /** Keeps a built chain's whole answer for the open, when that is still to come today. */
  hold(underlying: PlannedUnderlying, planned: PlannedChain, answer: ChainAnswer): void {
    const openMs = this.openMsOf(underlying);
    if (openMs === undefined || !this.timers.has(openMs) || !this.isDue(planned, openMs)) return;
    this.release(planned);
    if (this.heldStrikes + answer.strikes.length > heldStrikesMax) {
      const chain = `${underlying.key}:${planned.expiry}`;
      this.deps.log.warn('too much is held for the open: a chain keeps its window', { chain });
      return;
    }
    planned.held = answer;
    this.heldStrikes += answer.strikes.length;
  }

  /**
   * The same for an answer that came for a chain by its key: after a restart. Reads the instrument
   * master ahead, which a restored day has not needed.
   */
  holdFor(key: string, answer: ChainAnswer): void {
    for (const underlying of this.plan.underlyings) {
      const { row, chains } = underlying;
      const planned = chains.find(({ expiry }) => chainKey(row, expiry) === key);
      if (planned) this.hold(underlying, planned, answer);
      if (planned?.held) this.readAhead(answer.broker);
    }
    for (const openMs of this.missed) if (this.isWhole(openMs)) this.begin(openMs);
  }

  /** The opening price, paise, where it replaces an LTP that was taken at `ltpMs`. */
  openingLtp(underlying: PlannedUnderlying, ltpMs: number): number | undefined {
    const openMs = this.openMsOf(underlying);
    if (openMs === undefined || ltpMs >= openMs) return undefined;
    return this.openingPaise.get(underlying.key);
  }

  private armAll(): void {
    const nowMs = this.deps.clock.wallMs();
    for (const underlying of this.plan.underlyings) {
      if (this.armNext(underlying)) continue;
      const openMs = this.openMsOf(underlying);
      // Of what has no chains yet nothing is known: they may be restored later.
      if (openMs === undefined || underlying.chains.length === 0) continue;
      const isCut = underlying.opened?.isCut || !this.hasMissed(underlying, openMs);
      underlying.opened = { openMs, isCut };
      if (isCut) continue;
      this.missed.add(openMs);
      this.waited.add(openMs);
      this.arm(openMs, nowMs + missedCutMs);
    }
  }

  /** True when the open is still to come. */
  private armNext(underlying: PlannedUnderlying): boolean {
    const openMs = this.openMsOf(underlying);
    if (openMs === undefined || openMs <= this.deps.clock.wallMs()) return false;
    this.arm(openMs, openMs);
    return true;
  }

  /**
   * The open on an underlying's day, epoch ms, when it comes after the build. One that has come
   * stays what it was, unless by the hours of now another is still to come.
   */
  private openMsOf(underlying: PlannedUnderlying): number | undefined {
    const openMs = this.openByHours(underlying);
    const isToCome = openMs !== undefined && openMs > this.deps.clock.wallMs();
    return isToCome ? openMs : (underlying.opened?.openMs ?? openMs);
  }

  private openByHours({ row: { exchange }, tradingDay }: PlannedUnderlying): number | undefined {
    const { calendar } = this.deps;
    const openMs = calendar.nextOpenMs(exchange, buildStartMs(tradingDay));
    if (openMs === undefined) return undefined;
    return calendar.tradingDay(exchange, openMs) === tradingDay ? openMs : undefined;
  }

  /** Built, with the window of before the open. */
  private isDue(planned: PlannedChain, openMs: number): boolean {
    const { state, skeleton } = planned;
    if (this.settled.get(planned) === openMs) return false;
    return state === 'built' && (skeleton?.asOfMs ?? this.deps.clock.wallMs()) < openMs;
  }

  private hasMissed({ row, chains }: PlannedUnderlying, openMs: number): boolean {
    const { calendar, clock } = this.deps;
    const isOpen = calendar.isOpen(row.exchange, clock.wallMs());
    return isOpen && chains.some((planned) => this.isDue(planned, openMs));
  }

  /** An answer is held for every chain that this open changes. */
  private isWhole(openMs: number): boolean {
    return this.plan.underlyings
      .filter((underlying) => underlying.broker && this.openMsOf(underlying) === openMs)
      .every(({ chains }) => chains.every((one) => one.held || !this.isDue(one, openMs)));
  }

  private arm(openMs: number, cutMs: number): void {
    if (this.timers.has(openMs)) return;
    this.timers.set(openMs, this.deps.clock.at(cutMs, () => this.begin(openMs)));
  }

  private begin(openMs: number): void {
    this.timers.get(openMs)?.cancel();
    const isMissed = this.missed.delete(openMs);
    // What has had its open is not opened once more because another has missed one.
    const opened = this.plan.underlyings.filter((one) =>
      isMissed
        ? one.opened?.openMs === openMs && !one.opened.isCut
        : this.openByHours(one) === openMs,
    );
    for (const underlying of opened) underlying.opened = { openMs, isCut: false };
    this.cutAt(openMs, opened).catch((error) =>
      this.deps.log.error('the cut at the open failed', { reason: errorMessageOf(error) }),
    );
  }

  /** A master that fails is not asked for again with each chain of a round. */
  private readAhead(broker: string): void {
    const nowMono = this.deps.clock.monoMs();
    if (nowMono - this.readAheadMono < readAheadRestMs) return;
    this.readAheadMono = nowMono;
    void this.instruments(broker);
  }

  private async cutAt(openMs: number, all: readonly PlannedUnderlying[]): Promise<void> {
    const { clock, log } = this.deps;
    const opened = all.filter(({ broker }) => broker);
    const prices = await this.openingPrices(opened, { monoMs: clock.monoMs(), wallMs: openMs });
    const masters = await this.mastersOf(opened);
    if (this.isStopped) return;
    // From here on in one turn: whoever reads sees the windows of before or those of the open.
    this.timers.delete(openMs);
    const counts = { cut: 0, kept: 0, withoutAnswer: 0 };
    for (const underlying of opened) {
      const ltpPaise = prices.get(underlying.key);
      if (ltpPaise !== undefined) this.openingPaise.set(underlying.key, ltpPaise);
      for (const planned of underlying.chains) {
        const instruments = masters.get(planned.held?.broker ?? '');
        if (planned.held && instruments && ltpPaise !== undefined) {
          this.settled.set(planned, openMs);
          const opening = { openMs, ltpPaise, instruments };
          counts[this.recut(underlying, planned, opening) ? 'cut' : 'kept']++;
        } else if (this.isDue(planned, openMs)) counts.withoutAnswer++;
        this.release(planned);
      }
    }
    if (counts.withoutAnswer > 0) log.warn('chains keep the window of before the open', counts);
    else log.info('chains cut at the open', counts);
    const waits = counts.withoutAnswer > 0 && this.waitForRest(openMs);
    for (const underlying of all) {
      if (underlying.opened?.openMs === openMs) underlying.opened.isCut = !waits;
    }
    if (counts.cut > 0) this.deps.cut();
  }

  /** A start shortly before the open is still asking for what it missed: its answers will do. */
  private waitForRest(openMs: number): boolean {
    if (this.waited.has(openMs)) return false;
    this.waited.add(openMs);
    this.missed.add(openMs);
    this.arm(openMs, this.deps.clock.wallMs() + missedCutMs);
    return true;
  }

  private async openingPrices(
    underlyings: readonly PlannedUnderlying[],
    since: { monoMs: number; wallMs: number },
  ): Promise<Map<string, number>> {
    const { clock, log, ltpSince, marketData } = this.deps;
    const prices = new Map<string, number>();
    await Promise.all(
      underlyings.map(async ({ key }) => {
        const ltpPaise = await awaitFeedLtp(clock, () =>
          this.isStopped ? 0 : ltpSince(key, since),
        );
        if (ltpPaise !== undefined) prices.set(key, ltpPaise);
      }),
    );
    const silent = underlyings.filter(({ key }) => !prices.has(key));
    if (silent.length === 0 || this.isStopped) return prices;
    try {
      const answered = await marketData.spotPrices(silent.map(({ row }) => row));
      for (const { key } of silent) {
        const ltpPaise = answered.get(key);
        if (ltpPaise !== undefined) prices.set(key, ltpPaise);
      }
    } catch (error) {
      log.warn('no opening prices from REST', { reason: errorMessageOf(error) });
    }
    return prices;
  }

  /** Of every broker whose answers are held; what cannot be read now is missing. */
  private async mastersOf(
    opened: readonly PlannedUnderlying[],
  ): Promise<ReadonlyMap<string, InstrumentTable>> {
    const brokers = new Set(
      opened.flatMap(({ chains }) => chains.flatMap(({ held }) => held?.broker ?? [])),
    );
    const masters = new Map<string, InstrumentTable>();
    for (const broker of brokers) {
      const master = await this.instruments(broker);
      if (master) masters.set(broker, master);
    }
    return masters;
  }

  /** Undefined when the master cannot be read now. */
  private async instruments(broker: string): Promise<InstrumentTable | undefined> {
    try {
      return await this.deps.instruments(broker);
    } catch (error) {
      this.deps.log.warn('no instruments for the open', { reason: errorMessageOf(error) });
      return undefined;
    }
  }

  /** True when the chain has another window now. */
  private recut(
    { row, key }: PlannedUnderlying,
    planned: PlannedChain,
    opening: { openMs: number; ltpPaise: number | undefined; instruments: InstrumentTable },
  ): boolean {
    const { held, skeleton: before, expiry, class: expiryClass } = planned;
    const { openMs, ltpPaise, instruments } = opening;
    const asOfMs = this.deps.clock.wallMs();
    if (!held || !before || ltpPaise === undefined) return false;
    const outcome = buildSkeleton({
      row, expiry, expiryClass, chain: held, ltpPaise, asOfMs, instruments,
    });
    if ('reason' in outcome) {
      this.deps.log.warn('not cut at the open', { chain: `${key}:${expiry}`, ...outcome });
      return false;
    }
    if (isSameWindow(before, outcome.skeleton)) {
      // That it is the open's window is for whoever asks again today, also after another start.
      before.asOfMs = asOfMs;
      void this.deps.save(before);
      return false;
    }
    planned.skeleton = outcome.skeleton;
    // An answer that still waits for its swap has brought no strike's figures to a store yet.
    planned.answer = recutAnswer(held, planned.answer ? null : before, openMs);
    void this.deps.save(outcome.skeleton);
    return true;
  }

  private release(planned: PlannedChain): void {
    this.heldStrikes -= planned.held?.strikes.length ?? 0;
    planned.held = null;
  }
}
