import { indiaDateOf } from '@strikewire/contracts';
import { defaultUniverse, defaultUniverseRules } from '@strikewire/option-chain';
import { mirrorTtlMs, OptionChainEngine } from '@strikewire/option-chain/engine';
import {
  createPostgresRegistry,
  openUniverse,
  UnderlyingCloses,
  type UniverseRules,
} from '@strikewire/option-chain/module';
import type { Clock, Log, Random } from '@strikewire/runtime';
import { nodeOpenSocket } from '@strikewire/runtime/node';
import type { TradingCalendar } from '@strikewire/trading-hours';
import type { DataSource } from 'typeorm';
import type { BrokerDesk } from './broker-desk';
import { pricingConvention, type BrokerInUse, type Environment } from './environment';
import { createLoadProbe } from './load-probe';
import { releaseMemory } from './release-memory';
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

/** Closes of longer ago than this weigh next to nothing. */
const closesMs = 800 * 86_400_000;

/** What is known of how underlyings closed on days before. */
export async function openCloses(clock: Clock, database: DataSource): Promise<UnderlyingCloses> {
  const closes = new UnderlyingCloses(database);
  await closes.load(indiaDateOf(clock.wallMs() - closesMs));
  return closes;
}

/** The chains' engine over the primary account; it starts when it is told to. */
export function openEngine(deps: {
  environment: Environment;
  clock: Clock;
  random: Random;
  log: Log;
  database: DataSource;
  desk: BrokerDesk;
  /** The one whose screen counts, when its convention is asked for. */
  broker: BrokerInUse;
  calendar: TradingCalendar;
  /** Chains are mirrored there, when there is one. */
  redis: Storage['redis'];
  universe: UniverseRules;
  /** Kept with each end of a day. */
  closes: UnderlyingCloses;
}): OptionChainEngine {
  const { environment, clock, random, log, database, desk, calendar, universe } = deps;
  const mirror = deps.redis?.bytes({ area: 'chain', ttlMs: mirrorTtlMs });
  return new OptionChainEngine({
    clock,
    random,
    log,
    openSocket: nodeOpenSocket,
    accounts: desk.data,
    failover: desk.wishes,
    universe: () => universe.rules(),
    calendar,
    registry: createPostgresRegistry(database, deps.closes),
    convention: pricingConvention(environment, deps.broker.plugin),
    readLoad: createLoadProbe(clock),
    built: releaseMemory,
    ...(mirror && { mirror }),
  });
}
