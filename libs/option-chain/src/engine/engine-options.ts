import type { BrokerInstance, BrokerLimits } from '@strikewire/broker';
import type { ConnectionBudget, RateBudget } from '@strikewire/broker/engine';
import type { PricingConvention } from '@strikewire/pricing';
import type { Clock, Log, OpenSocket, Random } from '@strikewire/runtime';
import type { TradingCalendar } from '@strikewire/trading-hours';
import type { UniverseRow } from '../core/universe';
import type { ChainRegistry } from './chain-registry';

/** Everything that the engine is given; it reaches for nothing else. */
export interface OptionChainEngineOptions {
  clock: Clock;
  random: Random;
  log: Log;
  openSocket: OpenSocket;
  broker: {
    id: string;
    /** The name of the account in use; may change, as what stands behind `instance` may. */
    readonly account: string;
    instance: BrokerInstance;
    limits: BrokerLimits;
    /** The account's sockets, when others count them too. */
    connections?: ConnectionBudget;
    /** Why no account is in use at the start. */
    missing?: string;
  };
  budget: RateBudget;
  universe: readonly UniverseRow[];
  calendar: TradingCalendar;
  registry: ChainRegistry;
  /** How IV and Greeks are computed; default: Black-76 on the forward, calendar days. */
  convention?: PricingConvention;
}
