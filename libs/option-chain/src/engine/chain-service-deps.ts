import type { DataAccount, FeedPool } from '@strikewire/broker/engine';
import type { Clock } from '@strikewire/runtime';
import type { TradingCalendar } from '@strikewire/trading-hours';
import type { ChainBoard } from './chain-board';
import type { ChainSource } from './chain-json';
import type { DailyBuilds } from './daily-builds';
import type { DayPlan } from './day-plan';
import type { GreeksHub } from './greeks-hub';
import type { LoadWatch } from './load-watch';
import type { RefreshRunner } from './refresh-runner';
import type { StreamHub } from './stream-hub';

/** What the chain service and its status read from. */
export interface ChainServiceDeps {
  clock: Clock;
  source: ChainSource;
  calendar: TradingCalendar;
  board: ChainBoard;
  feed: FeedPool;
  requests: RefreshRunner;
  load: LoadWatch;
  accounts(): readonly DataAccount[];
  hub: StreamHub;
  greeksHub: GreeksHub;
  builds: DailyBuilds;
  plan(): DayPlan;
  isStarting(): boolean;
}
