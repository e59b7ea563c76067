import type { Accounts } from '@strikewire/broker/module';
import type { OptionChainEngine } from '@strikewire/option-chain/engine';
import type { UniverseRules } from '@strikewire/option-chain/module';
import { createOriginPolicy } from '@strikewire/platform';
import type { Clock, Log } from '@strikewire/runtime';
import type { ServedHours } from '@strikewire/trading-hours/module';
import { measureEngine } from './engine-metrics';
import type { Environment } from './environment';
import { createHealthProbe } from './health-probe';
import { PlatformWatch } from './platform-watch';
import type { Security } from './security';
import { createServer } from './server';
import type { StopSteps } from './shutdown';
import type { Storage } from './storage';
import type { Telling } from './telling';

/** For requests that are being answered when the stop begins. */
const closeMs = 2_000;

/** Everything that is served. */
export interface ServedParts {
  environment: Environment;
  clock: Clock;
  log: Log;
  storage: Storage;
  security: Security;
  telling: Telling;
  accounts: Accounts;
  hours: ServedHours;
  engine: OptionChainEngine;
  universe: UniverseRules;
  stops: StopSteps;
}

/** Listens, watches and measures; resolves with the port. */
export async function serve(parts: ServedParts): Promise<number> {
  const { environment, clock, log, storage, security, telling, accounts, engine, stops } = parts;
  const { database, redis, jobs } = storage;
  const { metrics, notifications } = telling;
  const health = createHealthProbe({ clock, database, redis, service: engine.service });
  const { app } = await createServer({
    engine,
    access: security.access,
    accounts,
    hours: parts.hours,
    universe: parts.universe,
    database,
    notifications,
    metrics,
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
  stops.push(async () => {
    // Whoever holds a request back is not waited for.
    const cut = clock.after(closeMs, () => app.getHttpServer().closeAllConnections());
    await app.close();
    cut.cancel();
  });
  measureEngine(metrics, { engine, accounts, jobs, log, servers: () => health.servers() });
  const { notifier } = notifications;
  const watch = new PlatformWatch({ clock, log, accounts, engine, health, notifier });
  stops.push(() => watch.stop());
  stops.push(() => health.stopping());

  const { STRIKEWIRE_PUBLIC_URL: publicUrl, STRIKEWIRE_TRUSTED_PROXIES: proxies } = environment;
  if (publicUrl !== undefined && proxies.length === 0) {
    log.warn('no proxy is trusted: everybody behind it counts as one address', { publicUrl });
  }
  await app.listen(environment.PORT, environment.STRIKEWIRE_HOST);
  const { port } = app.getHttpServer().address() as { port: number };
  log.info('serving', { address: `http://localhost:${port}` });
  watch.start();
  return port;
}
