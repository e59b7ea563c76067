import { createSeededRandom, type Clock, type Random } from '@strikewire/runtime';
import { bornCash, bornFuture, bornOption } from './birth';
import type { Contract, Place } from './contract';
import { catchUp, startDay, tick } from './evolution';
import type { FutureListing } from './futures';
import { createListing, type Chain, type Listing } from './listing';
import { createMarketClock, type MarketClock } from './market-clock';
import { levelMs } from './moment';
import { boardOf } from './places';
import { createPricer, type Pricer } from './pricer';
import { createTicker, defaultRates, type TickRates, type Ticker } from './ticker';
import { createTradingTime, type Board, type SessionPlan, type TradingTime } from './trading-time';
import type { Underlying, UnderlyingSpec } from './underlying';

/** What a market is made from. */
export interface MarketOptions {
  clock: Clock;
  /** The same seed, clock and calls give the same market. */
  seed: number;
  sessions: SessionPlan;
  /** Closing days, `YYYY-MM-DD`; they move expiries under any plan. */
  holidays: readonly string[];
  rates?: Partial<TickRates>;
  underlyings: readonly UnderlyingSpec[];
}

/** What changed (`changed` bits) on a contract that somebody watches. */
export type TickListener = (contract: Contract, what: number) => void;

/** One synthetic exchange. Whatever is not looked at costs nothing. */
export interface Market {
  readonly underlyings: readonly Underlying[];
  /** The date in India. */
  today(): string;
  isOpen(board: Board): boolean;
  /** The session of a date in epoch ms; undefined on days without one. */
  session(board: Board, date: string): { openMs: number; closeMs: number } | undefined;
  /** When some board opens or closes next, epoch ms; undefined: never. */
  nextChangeMs(): number | undefined;
  /** Where a board stands: epoch ms of now, or of its last close. */
  standsAtMs(board: Board): number;
  underlying(symbol: string): Underlying | undefined;
  /** What has this id among the indices, stocks or commodities. */
  underlyingOf(kind: Underlying['kind'], id: number): Underlying | undefined;
  /** Listed option expiries, ascending `YYYY-MM-DD`. */
  expiries(underlying: Underlying): readonly string[];
  /** The chain of a listed expiry. */
  chain(underlying: Underlying, expiry: string): Chain | undefined;
  futures(): readonly FutureListing[];
  /** Replaces what an underlying lists; undefined takes the replacement back. */
  overrideExpiries(symbol: string, expiries: readonly string[] | undefined): void;
  /** The contract with its truth of now; undefined when nothing has this id. */
  look(place: Place, id: number): Contract | undefined;
  /** The option at a position of a chain (2 × strike index, + 1 for a put), as of now. */
  lookLeg(chain: Chain, position: number): Contract;
  /** All of a chain's options, as of now. */
  lookLegs(chain: Chain): readonly Contract[];
  /** The index, the cash share, or a commodity's nearest future, as of now. */
  lookSpot(underlying: Underlying): Contract;
  /** From now on the contract ticks, until every watcher has left. */
  watch(contract: Contract): void;
  unwatch(contract: Contract): void;
  /** `onTick` for each change, `onSlice` after each bundle of them; of as many as listen. */
  listen(onTick: TickListener, onSlice: () => void): void;
  /** While paused, no truth changes. */
  pause(isPaused: boolean): void;
  readonly isPaused: boolean;
  readonly ticks: number;
  readonly watchedCount: number;
  stop(): void;
}

export function createMarket(options: MarketOptions): Market {
  return new SyntheticMarket(options);
}

class SyntheticMarket implements Market {
  readonly underlyings: readonly Underlying[];
  ticks = 0;
  watchedCount = 0;
  private readonly seed: number;
  private readonly time: TradingTime;
  private readonly clock: MarketClock;
  private readonly pricer: Pricer;
  private readonly listing: Listing;
  private readonly ticker: Ticker;
  private readonly random: Random;
  private readonly bySymbol: ReadonlyMap<string, Underlying>;
  private readonly byId: ReadonlyMap<string, Underlying>;
  private readonly spots = new Map<Underlying, Contract>();
  private readonly futureContracts = new Map<FutureListing, Contract>();
  private openedDay = '';
  private readonly onTicks: TickListener[] = [];
  private readonly onSlices: (() => void)[] = [];

  constructor({ clock, seed, sessions, holidays, rates, underlyings }: MarketOptions) {
    this.seed = seed;
    this.time = createTradingTime(sessions, holidays);
    this.clock = createMarketClock(clock, this.time);
    this.underlyings = underlyings.map((spec, index) => ({ ...spec, index }));
    this.bySymbol = new Map(this.underlyings.map((one) => [one.symbol, one]));
    this.byId = new Map(this.underlyings.map((one) => [`${one.kind} ${one.id}`, one]));
    this.pricer = createPricer(seed);
    this.listing = createListing(this.underlyings, this.time);
    this.random = createSeededRandom(seed ^ 0x5bd1e995);
    this.ticker = createTicker({
      clock,
      random: createSeededRandom(seed),
      rates: { ...defaultRates, ...rates },
      isOpen: (board) => this.isOpen(board),
      nextChangeMs: () => this.time.nextChangeMs(this.clock.nowMs()),
      tick: (contract) => this.tick(contract),
      sliceDone: () => {
        for (const onSlice of this.onSlices) onSlice();
      },
    });
  }

  today(): string {
    const date = this.clock.today();
    if (date !== this.openedDay) this.listing.openDay(date);
    this.openedDay = date;
    return date;
  }

  isOpen(board: Board): boolean {
    return this.time.isOpen(board, this.clock.nowMs());
  }

  session(board: Board, date: string): { openMs: number; closeMs: number } | undefined {
    return this.time.session(board, date);
  }

  nextChangeMs(): number | undefined {
    return this.time.nextChangeMs(this.clock.nowMs());
  }

  standsAtMs(board: Board): number {
    return this.clock.moment()[board];
  }

  underlying(symbol: string): Underlying | undefined {
    return this.bySymbol.get(symbol);
  }

  underlyingOf(kind: Underlying['kind'], id: number): Underlying | undefined {
    return this.byId.get(`${kind} ${id}`);
  }

  expiries(underlying: Underlying): readonly string[] {
    return this.listing.expiries(underlying, this.today());
  }

  chain(underlying: Underlying, expiry: string): Chain | undefined {
    if (!this.expiries(underlying).includes(expiry)) return undefined;
    return this.listing.chain(underlying, expiry, this.today());
  }

  futures(): readonly FutureListing[] {
    this.today();
    return this.listing.futures();
  }

  overrideExpiries(symbol: string, expiries: readonly string[] | undefined): void {
    this.listing.override(symbol, expiries);
  }

  look(place: Place, id: number): Contract | undefined {
    if (place !== 'INDEX' && place !== 'NSE_CASH') return this.lookDerivative(place, id);
    const found = this.underlyingOf(place === 'INDEX' ? 'index' : 'stock', id);
    return found && this.lookSpot(found);
  }

  lookLeg(chain: Chain, position: number): Contract {
    return this.current((chain.legs[position] ??= bornOption(chain, position, this.seed)));
  }

  lookLegs(chain: Chain): readonly Contract[] {
    const { legs } = chain;
    const moment = this.clock.moment();
    const times = this.clock.times(boardOf(chain.underlying));
    for (let position = 0; position < legs.length; position++) {
      const leg = (legs[position] ??= bornOption(chain, position, this.seed));
      if (leg.watchers === 0) catchUp(leg, moment, times, this.pricer);
    }
    return legs as readonly Contract[];
  }

  lookSpot(underlying: Underlying): Contract {
    if (underlying.kind === 'commodity') {
      const nearest = this.listing.nearestFuture(underlying, this.today());
      if (nearest) return this.lookFuture(nearest);
    }
    let spot = this.spots.get(underlying);
    if (!spot) this.spots.set(underlying, (spot = bornCash(underlying, this.seed)));
    return this.current(spot);
  }

  watch(contract: Contract): void {
    this.current(contract);
    if (contract.watchers++ > 0) return;
    this.watchedCount++;
    this.ticker.add(contract);
  }

  unwatch(contract: Contract): void {
    if (--contract.watchers > 0) return;
    this.watchedCount--;
    this.ticker.remove(contract);
  }

  listen(onTick: TickListener, onSlice: () => void): void {
    this.onTicks.push(onTick);
    this.onSlices.push(onSlice);
  }

  pause(isPaused: boolean): void {
    this.clock.pause(isPaused);
    this.ticker.pause(isPaused);
  }

  get isPaused(): boolean {
    return this.clock.isPaused;
  }

  stop(): void {
    this.ticker.pause(true);
  }

  private lookDerivative(place: Place, id: number): Contract | undefined {
    this.today();
    const leg = this.listing.leg(place, id);
    if (leg) return this.lookLeg(leg.chain, leg.position);
    const future = this.listing.future(place, id);
    return future && this.lookFuture(future);
  }

  private lookFuture(future: FutureListing): Contract {
    let contract = this.futureContracts.get(future);
    if (!contract) this.futureContracts.set(future, (contract = bornFuture(future, this.seed)));
    return this.current(contract);
  }

  /** A watched contract changes by ticks alone; any other is brought to now. */
  private current(contract: Contract): Contract {
    if (contract.watchers > 0) return contract;
    const times = this.clock.times(contract.board);
    catchUp(contract, this.clock.moment(), times, this.pricer);
    return contract;
  }

  private tick(contract: Contract): void {
    const { board } = contract;
    const moment = this.clock.moment();
    const times = this.clock.times(board);
    if (contract.day !== times.day) startDay(contract, times, this.pricer);
    const nowMs = moment[board];
    const fair = this.pricer.fair(contract, levelMs(moment, board), nowMs);
    this.ticks++;
    const what = tick(contract, fair, nowMs, this.random);
    for (const onTick of this.onTicks) onTick(contract, what);
  }
}
