import type { FaceDeps } from '../../faces/face';
import type { OrderDesk } from '../../orders/order-desk';
import type { Accounts, AccountSeed } from '../accounts';
import type { RateLimits } from '../limits';
import type { ChainWriter } from './chain-writer';

/** What answers are made from. */
export interface RestDeps extends FaceDeps {
  accounts: Accounts;
  limits: RateLimits;
  desk: OrderDesk;
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
