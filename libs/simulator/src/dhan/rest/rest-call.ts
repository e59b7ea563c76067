import type { Clock } from '@strikewire/runtime';
import type { FaultBook } from '../../faults/fault-book';
import type { Market } from '../../market/market';
import type { Accounts, AccountSeed } from '../accounts';
import type { RateLimits } from '../limits';
import type { Violations } from '../violations';
import type { ChainWriter } from './chain-writer';

/** What answers are made from. */
export interface RestDeps {
  clock: Clock;
  market: Market;
  accounts: Accounts;
  limits: RateLimits;
  violations: Violations;
  faults: FaultBook;
  chains: ChainWriter;
}

/** A checked request to a data API. */
export interface DataCall {
  deps: RestDeps;
  clientId: string;
  body: Uint8Array;
}

/** A checked request to any other API. */
export interface TradingCall {
  deps: RestDeps;
  account: Readonly<AccountSeed>;
  body: Uint8Array;
}
