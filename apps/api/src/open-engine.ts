import { defaultUniverse } from '@strikewire/option-chain';
import { OptionChainEngine } from '@strikewire/option-chain/engine';
import { createPostgresRegistry } from '@strikewire/option-chain/module';
import type { Clock, Log, Random } from '@strikewire/runtime';
import { nodeOpenSocket } from '@strikewire/runtime/node';
import type { TradingCalendar } from '@strikewire/trading-hours';
import type { DataSource } from 'typeorm';
import type { BrokerDesk } from './broker-desk';
import { pricingConvention, type Environment } from './environment';
import { brokerPlugins } from './plugins';

/** The chains' engine over the primary account; it starts when it is told to. */
export function openEngine(deps: {
  environment: Environment;
  clock: Clock;
  random: Random;
  log: Log;
  database: DataSource;
  desk: BrokerDesk;
  calendar: TradingCalendar;
}): OptionChainEngine {
  const { environment, clock, random, log, database, desk, calendar } = deps;
  const [plugin] = brokerPlugins;
  const engine = new OptionChainEngine({
    clock,
    random,
    log,
    openSocket: nodeOpenSocket,
    accounts: desk.data,
    universe: () => defaultUniverse,
    calendar,
    registry: createPostgresRegistry(database),
    convention: pricingConvention(environment, plugin),
  });
  desk.attach(engine);
  return engine;
}
