import {
  indiaDateOf,
  optionKey,
  paiseOf,
  type Exchange,
  type LiveChain as LiveChainJson,
  type UniverseRow,
} from '@strikewire/contracts';
import type { Skeleton } from '@strikewire/option-chain';
import type { LiveChain, RefreshJob } from '@strikewire/option-chain/engine';
import { errorMessageOf } from '@strikewire/runtime';
import { buildStartMs, type TradingCalendar } from '@strikewire/trading-hours';
import { BrokerLists } from './broker-lists';
import type { FrameClient } from './frame-client';
import type { VirtualPlatform } from './virtual-platform';

/** A chain's structure as it was last seen. */
interface Seen {
  exchange: Exchange;
  symbol: string;
  expiry: string;
  /** All that a client may count on for the day. */
  structure: string;
  asOfMs: number;
  /** The trading day when it was cut so, by the hours of then. */
  day: string;
  /** Opens at which it was cut. */
  cuts: Set<number>;
}

/** A cut is over so long after the open, or after the start that has missed it. */
const cutMs = 310_000;
/** A start has the stored day back by then. */
const startMs = 60_000;
/** The end of the day waits a minute for gaps to be filled, and lets go after that. */
const rollOverMs = 150_000;

/**
 * Looks at everything that is served, and says what of it may not be: strikes that changed during
 * the day, two generations in one answer, expiries that nobody lists, tags beside the price.
 */
export class ChainWatch {
  /** One line for each thing that was wrong. */
  readonly wrong: string[] = [];
  /** What a person has asked for. */
  readonly jobs: { job: RefreshJob; left: Set<string> }[] = [];
  /** What the broker has listed; whoever changes that has it noted. */
  readonly lists: BrokerLists;
  private readonly platform: VirtualPlatform;
  private readonly calendar: TradingCalendar;
  private readonly rows: readonly UniverseRow[];
  private readonly seen = new Map<string, Seen>();
  private startedMs = 0;
  /** Since the last start. */
  private hasServed = false;
  private hoursMs = 0;
  private wokenMs = 0;

  constructor(
    platform: VirtualPlatform,
    options: { calendar: TradingCalendar; universe: readonly UniverseRow[] },
  ) {
    this.platform = platform;
    this.lists = new BrokerLists(platform);
    this.calendar = options.calendar;
    this.rows = options.universe;
  }

  private get nowMs(): number {
    return this.platform.clock.wallMs();
  }

  /** Its work on the day has begun anew: cuts that it missed are made up for. */
  started(): void {
    this.startedMs = this.nowMs;
  }

  /** The machine was asleep: what came meanwhile is done from now on. */
  woken(): void {
    this.wokenMs = this.nowMs;
  }

  /**
   * The platform has: chains of a day that is over come with the build of the next, and on a day
   * that the hours have closed those of the day before come back.
   */
  restarted(): void {
    this.started();
    this.hasServed = false;
    this.forget();
  }

  private forget(): void {
    for (const [key, seen] of this.seen) {
      const isClosed = indiaDateOf(seen.asOfMs) > this.dayOf(seen.exchange, this.nowMs);
      if (isClosed || !this.isOfToday(seen)) this.seen.delete(key);
    }
  }

  /** The hours are others: what expires when, and when the open is. */
  hoursChanged(): void {
    this.hoursMs = this.nowMs;
    if (!this.hasServed) this.forget();
  }

  asked(job: RefreshJob, { underlying, expiry }: { underlying?: string; expiry?: string }): void {
    const isMeant = (chain: string): boolean =>
      (!underlying || chain.includes(`:${underlying}:`)) && (!expiry || chain.endsWith(expiry));
    const meant = job.chains.filter(isMeant);
    const isKnown = this.jobs.some((one) => one.job === job);
    if (!isKnown) this.jobs.push({ job, left: new Set(meant) });
  }

  /** At all that is served, and what a client holds of it. */
  look(client?: FrameClient): void {
    this.lists.note();
    const { board, service } = this.platform.engine;
    const served = new Map([...board.all()].map((chain) => [chain.key, chain]));
    for (const [key, chain] of served) {
      const { skeleton } = chain.slots;
      this.checkRows(chain);
      this.checkListed(key, skeleton);
      this.checkStructure(key, skeleton);
      try {
        const { body } = service.snapshot(skeleton.symbol, skeleton.expiry);
        this.checkAnswer(chain, JSON.parse(body.toString()));
      } catch (error) {
        this.say(`${key} is served and not answered: ${errorMessageOf(error)}`);
      }
    }
    this.hasServed ||= served.size > 0;
    this.checkPlanned();
    for (const [key, seen] of this.seen) if (!served.has(key)) this.checkGone(key, seen);
    for (const one of [...this.jobs]) {
      if (one.job.state === 'done') this.jobs.splice(this.jobs.indexOf(one), 1);
    }
    if (client) this.checkClient(client, served);
  }

  /**
   * Whether all is served that the rules ask for of the list that was fetched, and nothing else: a
   * list is asked for once a day, and what the broker lists later is the next day's.
   */
  checkWhole(): void {
    for (const { exchange, symbol } of this.rows) {
      const { chains } = this.platform.engine.service.expiries(symbol);
      const atMs = this.fetchedMs(symbol);
      const wanted = this.wantedOf(exchange, symbol, this.lists.at(atMs, symbol), atMs);
      const built = chains.filter(({ state }) => state === 'built').map(({ expiry }) => expiry);
      if (built.join() !== wanted.join()) this.say(`${symbol} has ${built}, needs ${wanted}`);
    }
  }

  private dayOf(exchange: Exchange, atMs: number): string {
    return this.calendar.tradingDay(exchange, atMs);
  }

  private isOfToday({ exchange, asOfMs }: Seen): boolean {
    return this.dayOf(exchange, asOfMs) === this.dayOf(exchange, this.nowMs);
  }

  private say(text: string): void {
    const at = new Date(this.nowMs + 19_800_000).toISOString().slice(5, 19);
    this.wrong.push(`${at} ${text}`);
  }

  /** When the list was fetched that counts; it may be that of another day. */
  private fetchedMs(symbol: string): number {
    const { fetchedAt } = this.platform.engine.service.expiries(symbol);
    return fetchedAt === null ? this.nowMs : Date.parse(fetchedAt);
  }

  /** What the rules ask for of a list, of what has not expired. */
  private wantedOf(
    exchange: Exchange,
    symbol: string,
    list: readonly string[],
    atMs = this.nowMs,
  ): string[] {
    const row = this.rows.find((one) => one.exchange === exchange && one.symbol === symbol);
    const isCurrent = (expiry: string): boolean =>
      this.nowMs < this.calendar.closeMs(exchange, expiry);
    if (!row) return [];
    const current = list.filter(isCurrent);
    const monthlies = this.lists.at(atMs, exchange === 'BSE' ? 'BANKEX' : 'BANKNIFTY');
    const { nearest, monthlies: count } = row.expiries;
    const wanted = new Set([
      ...current.slice(0, nearest),
      ...current.filter((expiry) => monthlies.includes(expiry)).slice(0, count),
    ]);
    return current.filter((expiry) => wanted.has(expiry));
  }

  /** Rows, skeleton and generation are of one piece. */
  private checkRows({ key, generation, slots, store }: LiveChain): void {
    const { board } = this.platform.engine;
    const { skeleton, firstSlot, legCount, strikesPaise } = slots;
    if (generation !== board.generation) this.say(`${key} is of another generation`);
    if (store !== generation.store || !generation.layout.chains.includes(slots)) {
      this.say(`${key} has rows of another generation`);
    }
    if (legCount !== 2 * skeleton.strikes.length) this.say(`${key} has ${legCount} rows`);
    skeleton.strikes.forEach(({ strikePaise }, index) => {
      const { slotByKey } = generation.layout;
      const call = slots.legKeys[2 * index] ?? '';
      const put = slots.legKeys[2 * index + 1] ?? '';
      const slot = firstSlot + 2 * index;
      const isRight = strikesPaise[index] === strikePaise &&
        call === optionKey({ ...skeleton, strikePaise, type: 'CE' }) &&
        slotByKey.get(call) === slot && slotByKey.get(put) === slot + 1;
      if (!isRight) this.say(`${key} ${strikePaise} lies elsewhere`);
    });
  }

  private checkListed(key: string, { exchange, symbol, expiry, asOfMs = 0 }: Skeleton): void {
    const isListed = this.lists.on(indiaDateOf(asOfMs), symbol).flat().includes(expiry);
    if (!isListed) this.say(`${key} was listed by nobody on the day of its build`);
    const closeMs = this.calendar.closeMs(exchange, expiry);
    const sinceMs = Math.max(closeMs, this.startedMs, this.hoursMs, this.wokenMs);
    const lateMs = this.nowMs - sinceMs;
    const isOver = this.nowMs >= closeMs && lateMs > rollOverMs;
    if (isOver) this.say(`${key} is served though it expired`);
  }

  /** Also what is not built, or not yet, is listed by the broker, or was. */
  private checkPlanned(): void {
    for (const { symbol, chains } of this.platform.engine.service.status().underlyings) {
      for (const { expiry } of chains) {
        if (!this.lists.everHad(symbol, expiry)) this.say(`${symbol} ${expiry} was never listed`);
      }
    }
  }

  private checkStructure(key: string, skeleton: Skeleton): void {
    const { exchange, symbol, expiry, asOfMs = 0 } = skeleton;
    const structure = [
      skeleton.intervalPaise,
      ...skeleton.strikes.map((one) => `${one.strikePaise}/${one.CE.token.id}/${one.PE.token.id}`),
    ].join(' ');
    const before = this.seen.get(key);
    const day = this.dayOf(exchange, this.nowMs);
    if (before?.structure === structure) {
      if (asOfMs > before.asOfMs) Object.assign(before, { asOfMs, day });
      return;
    }
    const cuts = before?.cuts ?? new Set<number>();
    if (before && !this.mayChange(key, before, asOfMs)) {
      this.say(`${key} changed from ${before.structure} to ${structure}`);
    }
    this.checkTrue(key, skeleton);
    this.seen.set(key, { exchange, symbol, expiry, structure, asOfMs, day, cuts });
  }

  /** By a person, with the day, or at the open; each of them once. */
  private mayChange(key: string, seen: Seen, newAsOfMs: number): boolean {
    const { exchange, asOfMs, cuts } = seen;
    if (this.jobs.some(({ job, left }) => job.changed > 0 && left.delete(key))) return true;
    const day = this.dayOf(exchange, this.nowMs);
    // Another day has come, be it that hours have made one of a day that was closed.
    if (day > seen.day) return true;
    // The day's build, whenever it succeeds, and whatever the hours have become since.
    const buildMs = buildStartMs(indiaDateOf(newAsOfMs));
    if (asOfMs < buildMs && newAsOfMs >= buildMs) return true;
    const openMs = this.calendar.nextOpenMs(exchange, buildStartMs(day)) ?? Infinity;
    const isLate = newAsOfMs - Math.max(openMs, this.startedMs) > cutMs;
    if (cuts.has(openMs) || asOfMs >= openMs || newAsOfMs < openMs || isLate) return false;
    cuts.add(openMs);
    return true;
  }

  /** Each token is that of the very contract, and no strike within the window is left out. */
  private checkTrue(key: string, { symbol, expiry, strikes }: Skeleton): void {
    const truth = this.platform.simulator.truth.chain(symbol, expiry);
    if (!truth) return;
    const paise = truth.strikes.map(({ strike }) => paiseOf(strike));
    const first = paise.indexOf(strikes[0]?.strikePaise ?? 0);
    strikes.forEach(({ strikePaise, CE, PE }, index) => {
      const real = truth.strikes[first + index];
      const isRight = real && paise[first + index] === strikePaise &&
        CE.token.id === String(real.CE.securityId) && PE.token.id === String(real.PE.securityId);
      if (!isRight) this.say(`${key} ${strikePaise} is not the contract of its token`);
    });
  }

  /**
   * A start that knows of no account does not know what is listed either; nor one that neither
   * the broker nor the database answers, as long as it says so.
   */
  private isBlank(): boolean {
    const { underlyings } = this.platform.engine.service.status();
    const isUnknown = underlyings.every(({ state, reason }) => state === 'pending' || reason);
    return !this.hasServed && isUnknown;
  }

  /** Expired, or not asked for by any list of the day; or a start has not got so far. */
  private checkGone(key: string, seen: Seen): void {
    const { exchange, symbol, expiry } = seen;
    if (this.nowMs - this.startedMs < startMs) return;
    if (this.isBlank()) {
      if (!this.isOfToday(seen)) this.seen.delete(key);
      return;
    }
    const today = this.lists.on(indiaDateOf(this.nowMs), symbol);
    const lists = [...today, this.lists.at(this.fetchedMs(symbol), symbol)];
    const isWanted = lists.every((list) =>
      this.wantedOf(exchange, symbol, list).includes(expiry),
    );
    // Between a list that ends and one that begins, both let go.
    const isOver = this.nowMs >= this.calendar.closeMs(exchange, expiry);
    if (isWanted && !isOver) this.say(`${key} is gone, though it is current and asked for`);
    this.seen.delete(key);
  }

  /** An answer: of this generation, and with the tags of the price that it tells. */
  private checkAnswer(chain: LiveChain, answer: LiveChainJson): void {
    const { skeleton } = chain.slots;
    const strikes = answer.strikes.map(({ strike }) => paiseOf(strike));
    if (strikes.join() !== skeleton.strikes.map(({ strikePaise }) => strikePaise).join()) {
      this.say(`${chain.key} is answered with other strikes`);
    }
    if (answer.generation !== this.platform.engine.board.generation.number) {
      this.say(`${chain.key} is answered from another generation`);
    }
    const ltp = answer.spot.ltp;
    const { intervalPaise } = skeleton;
    const atmPaise = ltp === null ? null : Math.round(paiseOf(ltp) / intervalPaise) * intervalPaise;
    const anchor = atmPaise === null ? -1 : nearestOf(strikes, atmPaise);
    const pointed = [answer.atmStrike, answer.anchorStrike].map((one) => one && paiseOf(one));
    if (pointed.join() !== [atmPaise, strikes[anchor] ?? null].join()) {
      this.say(`${chain.key} points to ${pointed} at a spot of ${ltp}`);
    }
    answer.strikes.forEach(({ strike, tag, CE, PE }, index) => {
      const tags = [tag, CE.tag, PE.tag, CE.token, PE.token].join();
      const legs = skeleton.strikes[index];
      const [call, put] = tagsOf(index, anchor);
      const wanted = [call, call, put, legs?.CE.token.id, legs?.PE.token.id].join();
      if (tags !== wanted) this.say(`${chain.key} ${strike} has ${tags}, needs ${wanted}`);
    });
  }

  private checkClient(client: FrameClient, served: ReadonlyMap<string, LiveChain>): void {
    for (const fault of client.faults.splice(0)) this.say(`a client: ${fault}`);
    for (const [stream, held] of client.held) {
      if (client.retired.includes(stream)) continue;
      const { exchange, underlying, expiry, generation, strikes, tokens } = held.layout;
      const key = `${exchange}:${underlying}:${expiry}`;
      const chain = served.get(key);
      if (!chain) {
        this.say(`${key} is held by a client, not told that it is gone`);
        continue;
      }
      if (generation !== chain.generation.number) continue;
      const { skeleton, firstSlot } = chain.slots;
      const legs = skeleton.strikes.flatMap(({ CE, PE }) => [CE.token.id, PE.token.id]);
      const paise = skeleton.strikes.map(({ strikePaise }) => strikePaise);
      if (tokens.join() !== legs.join() || strikes.map(paiseOf).join() !== paise.join()) {
        this.say(`${key} is held by a client with other rows`);
      }
      if (held.version !== chain.version) continue;
      const differs = paise.flatMap((strike, index) =>
        [0, 1].filter((side) => {
          const row = 2 * index + side;
          const slot = firstSlot + row;
          const isSame = (chain.store.changedAt[slot] ?? 0) > chain.storeVersion ||
            held.store.ltpPaise[row] === chain.store.ltpPaise[slot];
          return !isSame;
        }).map((side) => `${strike} ${side}`),
      );
      if (differs.length > 0) this.say(`${key} is held by a client with other prices: ${differs}`);
    }
  }
}

/** The rules once more, plainly: the nearest strike, of two the higher. */
function nearestOf(strikes: readonly number[], atPaise: number): number {
  const distances = strikes.map((strike) => Math.abs(strike - atPaise));
  return distances.lastIndexOf(Math.min(...distances));
}

function tagsOf(index: number, anchor: number): [call: string | null, put: string | null] {
  if (anchor < 0) return [null, null];
  const count = Math.abs(index - anchor);
  if (count === 0) return ['ATM', 'ATM'];
  return index < anchor ? [`ITM${count}`, `OTM${count}`] : [`OTM${count}`, `ITM${count}`];
}
