import type { Clock, Random, Timer } from '@strikewire/runtime';
import type { Contract } from './contract';
import { createDraw, type Draw } from './draw';

/** How busy the market is. Rates are averages over a second of the clock. */
export interface TickRates {
  /** Ticks a second over all watched contracts. */
  ticksPerSecond: number;
  /** No contract ticks more often than this on average. */
  contractTicksPerSecondMax: number;
  /** Ticks are made in bundles this far apart, or farther when they are few. Milliseconds. */
  sliceMs: number;
}

export const defaultRates: TickRates = {
  ticksPerSecond: 2_000,
  contractTicksPerSecondMax: 10,
  sliceMs: 10,
};

export interface TickerDeps {
  clock: Clock;
  random: Random;
  rates: TickRates;
  /** Whether a contract's board trades now. */
  isOpen(contract: Contract): boolean;
  /** When some board opens or closes next, epoch ms; undefined: never. */
  nextChangeMs(): number | undefined;
  tick(contract: Contract): void;
  /** After each bundle. */
  sliceDone(): void;
}

export interface Ticker {
  add(contract: Contract): void;
  remove(contract: Contract): void;
  /** Freezes and thaws; nothing is owed for the time between. */
  pause(isPaused: boolean): void;
  stop(): void;
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
      draw = createDraw([...watched].filter(deps.isOpen), rates);
      drawnUntilMs = deps.nextChangeMs() ?? Infinity;
    }
    return draw;
  };
  const arm = (): void => {
    if (timer || isHalted || watched.size === 0) return;
    const { ticksPerSecond } = currentDraw();
    fromMs = clock.monoMs();
    if (ticksPerSecond > 0) {
      timer = clock.after(Math.max(rates.sliceMs, 1000 / ticksPerSecond), slice);
    } else if (drawnUntilMs < Infinity) {
      timer = clock.at(drawnUntilMs, rearm);
    }
  };
  const rearm = (): void => {
    timer?.cancel();
    timer = undefined;
    arm();
  };
  const slice = (): void => {
    const elapsedMs = Math.min(backlogMsMax, clock.monoMs() - fromMs);
    const { ticksPerSecond, pick } = currentDraw();
    owed += (elapsedMs / 1000) * ticksPerSecond;
    for (; owed >= 1; owed--) deps.tick(pick(random.next()));
    deps.sliceDone();
    rearm();
  };
  const halt = (): void => {
    isHalted = true;
    timer?.cancel();
    timer = undefined;
  };
  /** The lots are drawn anew at the next bundle, once for however many contracts came and went. */
  const changed = (): void => {
    const wasIdle = !timer || draw?.ticksPerSecond === 0;
    draw = undefined;
    if (wasIdle) rearm();
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
      halt();
      isHalted = isPaused;
      arm();
    },
    stop: halt,
  };
}
