import type { ServedRequest } from '@strikewire/runtime';
import type { FaceDeps } from '../../faces/face';
import type { OrderDesk } from '../../orders/order-desk';
import type { UpstoxAccounts, UpstoxAccountSeed } from '../accounts';
import type { FeedCodes } from '../feed/feed-codes';
import type { Keys } from '../keys';
import type { UpstoxLimits } from '../limits';
import type { SignIns } from './sign-in-codes';

/** What answers are made from. */
export interface UpstoxDeps extends FaceDeps {
  accounts: UpstoxAccounts;
  keys: Keys;
  limits: UpstoxLimits;
  desk: OrderDesk;
  codes: FeedCodes;
  signIns: SignIns;
  /** Closing days, `YYYY-MM-DD`. */
  holidays: readonly string[];
}

/** A request that anybody may make; `rest` is what the path has after the route's own. */
export interface OpenCall {
  deps: UpstoxDeps;
  request: ServedRequest;
  rest: string;
}

/** A request of a signed-in user. */
export interface UserCall extends OpenCall {
  account: Readonly<UpstoxAccountSeed>;
}
