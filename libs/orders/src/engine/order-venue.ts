import type {
  BrokerOrder,
  BrokerTrade,
  InstrumentToken,
  OrdersPort,
} from '@strikewire/broker';
import type { ContractKey } from '@strikewire/contracts';
import type { ContractFacts } from '@strikewire/option-chain/engine';
import type { OrderRateRules } from '../core/order-rates';

/** A venue's list of positions may be as late as this behind a fill that it has told of. */
export const listLagMs = 5_000;

/** What a venue tells by itself; `look`: the book has to be read, null: all of it. */
export type VenueNews =
  | { kind: 'row'; row: BrokerOrder }
  | { kind: 'trade'; trade: BrokerTrade }
  | { kind: 'look'; brokerOrderId: string | null };

/** How a venue tells news of its orders by itself. */
export interface VenueFeed {
  isTelling: boolean;
  /** Why the broker refuses to; null: it does not. */
  refusal: string | null;
}

/** Where orders go: one account of a broker, or one person's paper account. */
export interface OrderVenue {
  /** The account's id, or `paper:` and the user's id. */
  account: string;
  label: string;
  /** The plugin's id; `paper` for a paper account. */
  broker: string;
  mode: 'paper' | 'live';
  /** Ids of who may trade it; admins are not in it by themselves. */
  traders: readonly string[];
  /** Null: orders are taken; else why not, in plain words. */
  closedBecause(): string | null;
  /** Why its broker cannot be asked anything now, a cancellation neither; null: it can. */
  unreachable?(): string | null;
  /** False: its book does not tell our ids, so absence proves nothing. True when not given. */
  hasTags?: boolean;
  /** Why a contract is not traded here, in plain words; null, or left out: it is. */
  refuses?(facts: ContractFacts): string | null;
  orders: OrdersPort;
  rates: OrderRateRules;
  tokenOf(key: ContractKey): InstrumentToken | undefined;
  keyOf(token: InstrumentToken): ContractKey | undefined;
  /** How its news come now; a live venue without it is read more often. */
  feed?(): VenueFeed;
  /** Until it is told to stop. */
  listen(told: (news: VenueNews) => void): () => void;
}
