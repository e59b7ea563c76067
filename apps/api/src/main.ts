import { join } from 'node:path';
import type { Access } from '@strikewire/access/module';
import { defaultUniverse } from '@strikewire/option-chain';
import { OptionChainEngine } from '@strikewire/option-chain/engine';
import { createPostgresRegistry } from '@strikewire/option-chain/module';
import { createOriginPolicy, createPinoLog, openDatabase } from '@strikewire/platform';
import { openStateAndJobs } from '@strikewire/platform/jobs';
import { startPostgres } from '@strikewire/platform/postgres';
import { errorMessageOf, type Log } from '@strikewire/runtime';
import {
  createNodeClock,
  createNodeHttp,
  createNodeRandom,
  createNodeSecureRandom,
  nodeOpenSocket,
} from '@strikewire/runtime/node';
import { alwaysOpenCalendar, weekdayCalendar } from '@strikewire/trading-hours';
import {
  pricingConvention,
  readBrokerSettings,
  readEnvironment,
  type Environment,
} from './environment';
import { openBrokerDesk } from './broker-desk';
import { entities, migrations } from './database';
import { createHealthProbe } from './health-probe';
import { brokerPlugins } from './plugins';
import { openSecurity } from './security';
import { createServer } from './server';
import { stopOnce } from './shutdown';

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
    entities,
    migrations,
    log,
  });
  stops.push(() => database.destroy());
  const shared = await openStateAndJobs({ redisUrl: environment.REDIS_URL, clock, log });
  stops.push(() => shared.close());
  const ids = createNodeSecureRandom();
  const { state } = shared;
  const security = await openSecurity({ environment, clock, log, random: ids, database, state });
  const { access } = security;
  stops.push(() => access.stop());

  const desk = await openBrokerDesk({
    clock, random, http, log, ids, database, security, plugin, settings,
  });
  const engine = new OptionChainEngine({
    clock,
    random,
    log,
    openSocket: nodeOpenSocket,
    broker: desk.broker,
    budget: desk.budget,
    universe: defaultUniverse,
    calendar: environment.STRIKEWIRE_CALENDAR === 'always' ? alwaysOpenCalendar : weekdayCalendar,
    registry: createPostgresRegistry(database),
    convention: pricingConvention(environment, plugin),
  });
  stops.push(() => engine.stop());
  desk.attach(engine);

  const health = createHealthProbe({ clock, database, service: engine.service });
  const { app } = await createServer({
    engine,
    access,
    accounts: desk.accounts,
    clock,
    log,
    health,
    consoleDir: environment.STRIKEWIRE_CONSOLE_DIR,
    origins: createOriginPolicy({
      publicUrl: environment.STRIKEWIRE_PUBLIC_URL,
      allowedOrigins: environment.STRIKEWIRE_ALLOWED_ORIGINS,
    }),
    trustedProxies: environment.STRIKEWIRE_TRUSTED_PROXIES,
    requestsPerMinute: environment.STRIKEWIRE_REQUESTS_PER_MINUTE,
  });
  stops.push(() => app.close());
  await app.listen(environment.PORT, environment.STRIKEWIRE_HOST);
  const { port } = app.getHttpServer().address() as { port: number };
  log.info('serving', { address: `http://localhost:${port}` });
  announce({ ready: true, port, firstAdmin: access.firstAdmin });
  await engine.start();
}

/** To whoever started this process, else to whoever looks at its output; never to the log. */
function announce(ready: { ready: true; port: number; firstAdmin: Access['firstAdmin'] }): void {
  const { firstAdmin } = ready;
  if (process.send) process.send(ready);
  else if (firstAdmin) {
    const { username, password } = firstAdmin;
    console.log(`First sign-in, shown this once: ${username} ${password}`);
  }
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
