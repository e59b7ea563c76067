import type { AccountFunds } from '@strikewire/broker';
import type { Clock, Log, StateStore } from '@strikewire/runtime';
import type { MarginPosition } from '../core/margin-position';
import type { Reconciliation } from '../core/reconcile';
import type { KnownFunds, MarginAccount } from './margin-account';
import type { MarginDesk } from './margin-desk';
import type { MarginEstimator } from './margin-estimator';
import type { MarginSettings } from './margin-settings';
import type { MarginStore, StoredRatios } from './margin-store';
import type { MarginNews } from './ratio-book';

/** What the desk of margins needs. */
export interface MarginDeskDeps {
  clock: Clock;
  log: Log;
  estimator: MarginEstimator;
  /** Null: there is no such account. */
  accountOf(account: string): MarginAccount | null;
  /** Of paper accounts; null: there is none. */
  fundsOf(account: string): AccountFunds | null;
  notify(news: MarginNews): void;
  store: MarginStore;
  /** Where figures outlive a restart; undefined: they do not. */
  state?: StateStore | undefined;
  settings?: Partial<MarginSettings>;
}

/** The desk, as those see it who run and serve it. */
export interface RunningMarginDesk extends MarginDesk {
  /** Before anything is asked: ratios that were learned, and figures of these accounts. */
  load(accounts: readonly string[]): Promise<void>;
  stop(): void;
  /** As they were told last; null: not known. */
  fundsOf(account: string): KnownFunds | null;
  /** The held set's estimate beside the broker's figure; null: one of them is not known. */
  comparisonOf(account: string, held: readonly MarginPosition[]): Reconciliation | null;
  reconciliations(): StoredRatios[];
}
