import type { DataAccount, SupervisionDeps } from '@strikewire/broker/engine';
import type { UniverseRule } from '@strikewire/contracts';
import type { PricingConvention } from '@strikewire/pricing';
import type { Clock, Log, OpenSocket, Random } from '@strikewire/runtime';
import type { TradingCalendar } from '@strikewire/trading-hours';
import type { Load } from '../core/load-steps';
import type { RefreshClass } from '../core/refresh/refresh-state';
import type { ChainMirrorStore } from './chain-mirror-store';
import type { ChainRegistry } from './chain-registry';

/** Everything that the engine is given; it reaches for nothing else. */
export interface OptionChainEngineOptions {
  clock: Clock;
  random: Random;
  log: Log;
  openSocket: OpenSocket;
  /**
   * Accounts that may be used, in the order of failover; none while there is none. Those of the
   * first one's broker carry the data, and others when these cannot.
   */
  accounts(): readonly DataAccount[];
  /** What people wish of the accounts, and who is told what became of them. */
  failover?: Pick<SupervisionDeps, 'wishes' | 'renew' | 'onEvent' | 'onDegraded' | 'onParked'>;
  /** What is served, as it is wanted at the time of a build. */
  universe(): readonly UniverseRule[];
  calendar: TradingCalendar;
  registry: ChainRegistry;
  /** Where chains are mirrored for the next start; nowhere when not given. */
  mirror?: ChainMirrorStore;
  /** How IV and Greeks are computed; default: Black-76 on the forward, calendar days. */
  convention?: PricingConvention;
  /** A day is built as far as it can be now: what the build has left over may be let go of. */
  built?(): void;
  /** How busy the process was since it was asked before; without it no load is ever shed. */
  readLoad?(): Load;
  /** How old REST figures may be; default: 60 s, 120 s and 300 s. */
  boundsMs?: Readonly<Record<RefreshClass, number>>;
}
