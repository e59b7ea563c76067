import type { FaceDeps } from '../../faces/face';
import type { OrderDesk } from '../../orders/order-desk';
import type { OpenalgoAccounts } from '../accounts';
import type { Symbols } from '../symbols';

/** What answers are made from. */
export interface OpenalgoDeps extends FaceDeps {
  accounts: OpenalgoAccounts;
  symbols: Symbols;
  desk: OrderDesk;
}

/** A request with a key that is right; fields of the body, or of the query. */
export interface OpenalgoCall {
  deps: OpenalgoDeps;
  fields: Readonly<Record<string, unknown>>;
  /** Whose key it is. */
  clientId: string;
}
