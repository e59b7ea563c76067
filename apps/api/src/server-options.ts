import type { Access } from '@strikewire/access/module';
import type { BrokerServices } from '@strikewire/broker/module';
import type { OptionChainEngine } from '@strikewire/option-chain/engine';
import type { SeatLimits, UniverseRules } from '@strikewire/option-chain/module';
import type { OriginPolicy } from '@strikewire/platform';
import type { Metrics } from '@strikewire/platform/metrics';
import type { NotificationCentre } from '@strikewire/platform/notifications';
import type { Clock, Log } from '@strikewire/runtime';
import type { ServedHours } from '@strikewire/trading-hours/module';
import type { DataSource } from 'typeorm';
import type { HealthProbe } from './health-probe';
import type { Trading } from './open-trading';

/** Everything that is served, opened before. */
export interface ServerOptions {
  engine: OptionChainEngine;
  access: Access;
  brokers: BrokerServices;
  hours: ServedHours;
  trading: Trading;
  /** What is to be served. */
  universe: UniverseRules;
  database: DataSource;
  notifications: NotificationCentre;
  metrics: Metrics;
  origins: OriginPolicy;
  /** Address of the console as people type it, where the settings name one. */
  publicUrl?: string | undefined;
  /** Addresses of proxies whose word on the caller's address counts. */
  trustedProxies: readonly string[];
  /** By one person, key or address. */
  requestsPerMinute: number;
  /** How many sockets there may be, where it is not as usual. */
  seats?: SeatLimits;
  clock: Clock;
  log: Log;
  health: HealthProbe;
  /** The built console; without an index.html in it the API alone is served. */
  consoleDir: string;
}
