import type { Clock } from '@strikewire/runtime';
import { indiaDateOf } from '@strikewire/contracts';
import { createDayTimes } from './day-times';
import type { DayTimes } from './evolution';
import type { Moment } from './pricer';
import type { Board, TradingTime } from './trading-time';

/** The market's own time: never runs back, stands still while paused. All in epoch ms. */
export interface MarketClock {
  nowMs(): number;
  /** The date in India. */
  today(): string;
  /** Where each board stands: now while it trades, else at its last close. */
  moment(): Moment;
  /** The trading day that a board stands in. */
  times(board: Board): DayTimes;
  pause(isPaused: boolean): void;
  readonly isPaused: boolean;
}

export function createMarketClock(clock: Clock, time: TradingTime): MarketClock {
  const dayTimes = createDayTimes(time);
  let pausedAtMs: number | undefined;
  let latestMs = 0;
  let momentOfMs = -1;
  let moment: Moment = { cashMs: 0, derivativesMs: 0 };

  const nowMs = (): number => {
    latestMs = Math.max(latestMs, pausedAtMs ?? clock.wallMs());
    return latestMs;
  };
  const currentMoment = (): Moment => {
    const now = nowMs();
    if (now !== momentOfMs) {
      momentOfMs = now;
      moment = {
        cashMs: time.lastTradingMs('cash', now),
        derivativesMs: time.lastTradingMs('derivatives', now),
      };
    }
    return moment;
  };
  return {
    nowMs,
    today: () => indiaDateOf(nowMs()),
    moment: currentMoment,
    times(board) {
      const { cashMs, derivativesMs } = currentMoment();
      return dayTimes(board, board === 'derivatives' ? derivativesMs : cashMs);
    },
    pause(isPaused) {
      pausedAtMs = isPaused ? nowMs() : undefined;
    },
    get isPaused() {
      return pausedAtMs !== undefined;
    },
  };
}
