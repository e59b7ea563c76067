import { join } from 'node:path';
import { createRateBudget } from '@strikewire/broker/engine';
import { defaultUniverse } from '@strikewire/option-chain';
import { OptionChainEngine } from '@strikewire/option-chain/engine';
import {
  CreateChainTables1795219200000,
  createPostgresRegistry,
  optionChainEntities,
} from '@strikewire/option-chain/module';
import { createPinoLog, openDatabase } from '@strikewire/platform';
import { startPostgres } from '@strikewire/platform/postgres';
import { errorMessageOf, type Log } from '@strikewire/runtime';
import {
  createNodeClock,
  createNodeHttp,
  createNodeRandom,
  nodeOpenSocket,
} from '@strikewire/runtime/node';
import { alwaysOpenCalendar, weekdayCalendar } from '@strikewire/trading-hours';
import {
  pricingConvention,
  readBrokerSettings,
  readEnvironment,
  type Environment,
} from './environment';
import { createHealthProbe } from './health-probe';
import { brokerPlugins } from './plugins';
import { createServer } from './server';
import { stopOnce } from './shutdown';

/** Until people can sign in, nobody beyond this machine is served. */
const host = '127.0.0.1';

async function main(): Promise<void> {
  const environment = readEnvironment(process.env);
  const log = createPinoLog(environment.STRIKEWIRE_LOG_LEVEL);
  const stops: (() => Promise<void> | void)[] = [];
  const stop = stopOnce(stops, log);
  try {
    await run(environment, log, stops, stop);
  } catch (error) {
    log.error('could not start', { reason: errorMessageOf(error) });
    process.exitCode = 1;
    await stop();
  }
}

async function run(
  environment: Environment,
  log: Log,
  stops: (() => Promise<void> | void)[],
  stop: () => Promise<void>,
): Promise<void> {
  const [plugin] = brokerPlugins;
  const settings = readBrokerSettings(plugin, process.env);
  const clock = createNodeClock();
  const random = createNodeRandom();
  const http = createNodeHttp(clock);
  stops.push(() => http.close());

  const database = await openDatabase({
    url: environment.DATABASE_URL ?? (await ownPostgres(environment, log, stops, stop)),
    entities: optionChainEntities,
    migrations: [CreateChainTables1795219200000],
    log,
  });
  stops.push(() => database.destroy());

  const budget = createRateBudget(clock, plugin.limits.rest);
  const instance = plugin.create(settings as never, { clock, random, http, log, gate: budget });
  const engine = new OptionChainEngine({
    clock,
    random,
    log,
    openSocket: nodeOpenSocket,
    broker: { id: plugin.id, account: 'primary', instance, limits: plugin.limits },
    budget,
    universe: defaultUniverse,
    calendar: environment.STRIKEWIRE_CALENDAR === 'always' ? alwaysOpenCalendar : weekdayCalendar,
    registry: createPostgresRegistry(database),
    convention: pricingConvention(environment, plugin),
  });
  stops.push(() => engine.stop());

  const health = createHealthProbe({ clock, database, service: engine.service });
  const consoleDir = environment.STRIKEWIRE_CONSOLE_DIR;
  const app = await createServer({ engine, clock, log, health, consoleDir });
  stops.push(() => app.close());
  await app.listen(environment.PORT, host);
  const { port } = app.getHttpServer().address() as { port: number };
  log.info('serving', { address: `http://localhost:${port}` });
  process.send?.({ ready: true, port });
  await engine.start();
}

async function ownPostgres(
  environment: Environment,
  log: Log,
  stops: (() => Promise<void> | void)[],
  stop: () => Promise<void>,
): Promise<string> {
  const postgres = await startPostgres({
    dataDir: join(environment.STRIKEWIRE_STATE_DIR, 'postgres'),
    durable: true,
    log,
    onLost: (reason) => {
      log.error('another process has taken the database', { reason });
      process.exitCode = 1;
      void stop();
    },
  });
  stops.push(() => postgres.stop());
  return postgres.url;
}

void main();
