import { defaultUniverse, defaultUniverseRules } from '@strikewire/option-chain';
import { mirrorTtlMs, OptionChainEngine } from '@strikewire/option-chain/engine';
import {
  createPostgresRegistry,
  openUniverse,
  type UniverseRules,
} from '@strikewire/option-chain/module';
import type { Clock, Log, Random } from '@strikewire/runtime';
import { nodeOpenSocket } from '@strikewire/runtime/node';
import type { TradingCalendar } from '@strikewire/trading-hours';
import type { DataSource } from 'typeorm';
import type { BrokerDesk } from './broker-desk';
import { pricingConvention, type Environment } from './environment';
import { createLoadProbe } from './load-probe';
import { brokerPlugins } from './plugins';
import type { Security } from './security';
import type { Storage } from './storage';

/** The rules of what is served; the settings say what counts until somebody saves some. */
export function openRules(deps: {
  environment: Environment;
  clock: Clock;
  database: DataSource;
  security: Security;
}): Promise<UniverseRules> {
  const { environment, clock, database, security } = deps;
  const isFull = environment.STRIKEWIRE_UNIVERSE === 'full';
  const defaults = isFull ? defaultUniverseRules : defaultUniverse;
  return openUniverse({ clock, database, activity: security.access.activity, defaults });
}

/** The chains' engine over the primary account; it starts when it is told to. */
export function openEngine(deps: {
  environment: Environment;
  clock: Clock;
  random: Random;
  log: Log;
  database: DataSource;
  desk: BrokerDesk;
  calendar: TradingCalendar;
  /** Chains are mirrored there, when there is one. */
  redis: Storage['redis'];
  universe: UniverseRules;
}): OptionChainEngine {
  const { environment, clock, random, log, database, desk, calendar, universe } = deps;
  const [plugin] = brokerPlugins;
  const mirror = deps.redis?.bytes({ area: 'chain', ttlMs: mirrorTtlMs });
  const engine = new OptionChainEngine({
    clock,
    random,
    log,
    openSocket: nodeOpenSocket,
    accounts: desk.data,
    universe: () => universe.rules(),
    calendar,
    registry: createPostgresRegistry(database),
    convention: pricingConvention(environment, plugin),
    readLoad: createLoadProbe(clock),
    ...(mirror && { mirror }),
  });
  desk.attach(engine);
  return engine;
}
