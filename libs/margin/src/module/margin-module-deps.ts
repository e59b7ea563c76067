import type { AccountFunds } from '@strikewire/broker';
import type { ContractKey, Exchange, Role } from '@strikewire/contracts';
import type { ContractDesk } from '@strikewire/option-chain/engine';
import type { ActivityRecorder } from '@strikewire/platform';
import type { Clock, Log, StateStore } from '@strikewire/runtime';
import type { DataSource } from 'typeorm';
import type { MarginPosition } from '../core/margin-position';
import type { MarginAccount } from '../engine/margin-account';
import type { UnderlyingFigures } from '../engine/margin-estimator';
import type { MarginSettings } from '../engine/margin-settings';
import type { MarginNews } from '../engine/ratio-book';

/** What margin needs of the platform. Accounts are `<id>` or `paper:<user id>`. */
export interface MarginModuleDeps {
  clock: Clock;
  log: Log;
  database: DataSource;
  activity: ActivityRecorder;
  /** In Redis where there is one: brokers' figures then outlive a restart. */
  state?: StateStore | undefined;
  contracts: ContractDesk;
  /** Null: there is no such account. */
  accountOf(account: string): MarginAccount | null;
  /** Of paper accounts; null: there is none. */
  fundsOf(account: string): AccountFunds | null;
  /** Everything that an account holds now. */
  heldOf(account: string): readonly MarginPosition[];
  /** Of live accounts; one's own paper account anybody may. */
  mayTrade(userId: string, role: Role, account: string): boolean;
  notify(news: MarginNews): void;
  /** Which underlyings are kept of a risk file: those that are served. */
  isWanted(exchange: Exchange, symbol: string): boolean;
  /** Live accounts whose figures of before the start are read back. */
  accounts: readonly string[];
  underlyingOf?(underlying: ContractKey): UnderlyingFigures | undefined;
  /** Epoch ms of a contract's last moment of trading; its segment's usual close when absent. */
  lastMomentMs?(exchange: Exchange, expiry: string): number;
  settings?: Partial<MarginSettings>;
}
