import type { Clock, Random, Timer } from '@strikewire/runtime';
import type { Contract } from './contract';
import { createDraw, type Draw } from './draw';
import { boards, type Board } from './trading-time';

/** How busy the market is. Rates are averages over a second of the clock. */
export interface TickRates {
  /** Ticks a second over all watched contracts. */
  ticksPerSecond: number;
  /** No contract ticks more often than this on average. */
  contractTicksPerSecondMax: number;
  /** Ticks are made in bundles this far apart, or farther when they are few. Milliseconds. */
  sliceMs: number;
}

/** Busy enough to look alive, light enough for a laptop. */
export const defaultRates: TickRates = {
  ticksPerSecond: 2_000,
  contractTicksPerSecondMax: 10,
  sliceMs: 10,
};

export interface TickerDeps {
  clock: Clock;
  random: Random;
  rates: TickRates;
  /** Whether a board trades now. */
  isOpen(board: Board): boolean;
  /** When some board opens or closes next, epoch ms; undefined: never. */
  nextChangeMs(): number | undefined;
  tick(contract: Contract): void;
  /** After each bundle. */
  sliceDone(): void;
}

export interface Ticker {
  add(contract: Contract): void;
  remove(contract: Contract): void;
  /** Freezes and thaws; nothing is owed for the time between, and no timer is left. */
  pause(isPaused: boolean): void;
}

/** Time owed by a stalled process is made up for at most this long. */
const backlogMsMax = 1_000;

/** Decides when who ticks: one timer at a time, none while nobody watches or nothing is open. */
export function createTicker(deps: TickerDeps): Ticker {
  const { clock, random, rates } = deps;
  const watched = new Set<Contract>();
  const lots = createLots(deps, watched);
  let timer: Timer | undefined;
  let fromMs = 0;
  let owed = 0;
  let isHalted = false;

  const arm = (): void => {
    if (timer || isHalted || watched.size === 0) return;
    const { ticksPerSecond } = lots.draw();
    const untilMs = lots.validUntilMs();
    if (ticksPerSecond > 0) {
      timer = clock.after(Math.max(rates.sliceMs, 1000 / ticksPerSecond), slice);
    } else if (untilMs < Infinity) {
      timer = clock.at(untilMs, restart);
    }
  };
  const slice = (): void => {
    const now = clock.monoMs();
    const elapsedMs = Math.min(backlogMsMax, now - fromMs);
    fromMs = now;
    const { ticksPerSecond, pick } = lots.draw();
    owed += (elapsedMs / 1000) * ticksPerSecond;
    for (; ticksPerSecond > 0 && owed >= 1; owed--) {
      const contract = pick(random.next());
      // Those who have left since the draw keep their lots until the next one.
      if (contract.watchers > 0) deps.tick(contract);
    }
    deps.sliceDone();
    timer = undefined;
    arm();
  };
  /** Begins anew: nothing is owed for the time before. */
  const restart = (): void => {
    timer?.cancel();
    timer = undefined;
    fromMs = clock.monoMs();
    arm();
  };
  /** Lots are drawn anew once, at a later bundle, for however many contracts came and went. */
  const changed = (): void => {
    const isTicking = timer !== undefined && !lots.isNothingDrawn();
    if (isTicking && watched.size > 0) return lots.changed();
    lots.forget();
    if (isTicking || isHalted) return;
    timer?.cancel();
    timer = clock.after(rates.sliceMs, restart);
  };
  return {
    add: (contract) => {
      watched.add(contract);
      changed();
    },
    remove: (contract) => {
      watched.delete(contract);
      changed();
    },
    pause(isPaused) {
      isHalted = isPaused;
      restart();
    },
  };
}

/**
 * While contracts come and go, lots are drawn anew only so often that it stays a small share of the
 * time: with 40,000 contracts every 0.2 s.
 */
const redrawMsPerContract = 0.005;

/** The draw in force among the watched contracts whose boards are open. */
interface Lots {
  draw(): Draw;
  /** When some board opens or closes next, epoch ms. */
  validUntilMs(): number;
  /** Whether nobody takes part in the last draw. */
  isNothingDrawn(): boolean;
  /** Contracts came or went: to be drawn anew, soon or at once. */
  changed(): void;
  forget(): void;
}

function createLots({ clock, rates, ...deps }: TickerDeps, watched: Set<Contract>): Lots {
  let draw: Draw | undefined;
  let untilMs = Infinity;
  let isStale = false;
  let redrawFromMs = 0;
  return {
    draw() {
      const isOver = clock.wallMs() >= untilMs;
      const isDue = isStale && clock.monoMs() >= redrawFromMs;
      if (!isOver && !isDue && draw) return draw;
      const open = new Set(boards.filter((board) => deps.isOpen(board)));
      draw = createDraw([...watched].filter(({ board }) => open.has(board)), rates);
      untilMs = deps.nextChangeMs() ?? Infinity;
      isStale = false;
      redrawFromMs = clock.monoMs() + watched.size * redrawMsPerContract;
      return draw;
    },
    validUntilMs: () => untilMs,
    isNothingDrawn: () => draw !== undefined && draw.ticksPerSecond === 0,
    changed: () => void (isStale = true),
    forget: () => void (draw = undefined),
  };
}
