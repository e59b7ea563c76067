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
  let draw: Draw | undefined;
  let drawnUntilMs = Infinity;
  let timer: Timer | undefined;
  let fromMs = 0;
  let owed = 0;
  let isHalted = false;

  const currentDraw = (): Draw => {
    if (clock.wallMs() >= drawnUntilMs) draw = undefined;
    if (!draw) {
      const open = new Set(boards.filter(deps.isOpen));
      draw = createDraw([...watched].filter(({ board }) => open.has(board)), rates);
      drawnUntilMs = deps.nextChangeMs() ?? Infinity;
    }
    return draw;
  };
  const arm = (): void => {
    if (timer || isHalted || watched.size === 0) return;
    const { ticksPerSecond } = currentDraw();
    if (ticksPerSecond > 0) {
      timer = clock.after(Math.max(rates.sliceMs, 1000 / ticksPerSecond), slice);
    } else if (drawnUntilMs < Infinity) {
      timer = clock.at(drawnUntilMs, restart);
    }
  };
  const slice = (): void => {
    const now = clock.monoMs();
    const elapsedMs = Math.min(backlogMsMax, now - fromMs);
    fromMs = now;
    const { ticksPerSecond, pick } = currentDraw();
    owed += (elapsedMs / 1000) * ticksPerSecond;
    for (; ticksPerSecond > 0 && owed >= 1; owed--) deps.tick(pick(random.next()));
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
  /** Lots are drawn anew once, at the next bundle, for however many contracts came and went. */
  const changed = (): void => {
    const isTicking = timer !== undefined && (draw === undefined || draw.ticksPerSecond > 0);
    draw = undefined;
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
