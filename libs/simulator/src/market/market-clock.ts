import type { Clock } from '@strikewire/runtime';
import { createIndiaDates } from './dates';
import { createDayTimes } from './day-times';
import type { DayTimes } from './evolution';
import type { Moment } from './moment';
import type { Board, TradingTime } from './trading-time';

/** The market's own time: never runs back, stands still while paused. All in epoch ms. */
export interface MarketClock {
  nowMs(): number;
  /** The date in India. */
  today(): string;
  moment(): Moment;
  /** The trading day that a board stands in. */
  times(board: Board): DayTimes;
  pause(isPaused: boolean): void;
  readonly isPaused: boolean;
}

export function createMarketClock(clock: Clock, time: TradingTime): MarketClock {
  const dayTimes = createDayTimes(time);
  const dateOf = createIndiaDates();
  let pausedAtMs: number | undefined;
  let latestMs = 0;
  let momentOfMs = -1;
  let moment: Moment = { cash: 0, derivatives: 0, commodities: 0 };

  const nowMs = (): number => {
    latestMs = Math.max(latestMs, pausedAtMs ?? clock.wallMs());
    return latestMs;
  };
  const currentMoment = (): Moment => {
    const now = nowMs();
    if (now !== momentOfMs) {
      momentOfMs = now;
      moment = {
        cash: time.lastTradingMs('cash', now),
        derivatives: time.lastTradingMs('derivatives', now),
        commodities: time.lastTradingMs('commodities', now),
      };
    }
    return moment;
  };
  return {
    nowMs,
    today: () => dateOf(nowMs()),
    moment: currentMoment,
    times: (board) => dayTimes(board, currentMoment()[board]),
    pause(isPaused) {
      pausedAtMs = isPaused ? nowMs() : undefined;
    },
    get isPaused() {
      return pausedAtMs !== undefined;
    },
  };
}
