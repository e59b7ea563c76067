import { createOriginPolicy } from '@strikewire/platform';
import type { BrokerDesk } from './broker-desk';
import { measureEngine } from './engine-metrics';
import type { Environment } from './environment';
import { createHealthProbe } from './health-probe';
import { PlatformWatch } from './platform-watch';
import type { Security } from './security';
import { createServer } from './server';
import type { ServerOptions } from './server-options';
import type { StopSteps } from './shutdown';
import type { Storage } from './storage';
import type { Telling } from './telling';

/** For requests that are being answered when the stop begins. */
const closeMs = 2_000;

/** Everything that is served. */
export interface ServedParts
  extends Pick<ServerOptions, 'engine' | 'hours' | 'universe' | 'trading' | 'clock' | 'log'> {
  environment: Environment;
  storage: Storage;
  security: Security;
  telling: Telling;
  desk: BrokerDesk;
  /** The close that tokens have to outlive, epoch ms; null when none is known. */
  closeMs(): number | null;
  stops: StopSteps;
}

/** Listens, watches and measures; resolves with the port. */
export async function serve(parts: ServedParts): Promise<number> {
  const { environment, clock, log, storage, security, telling, desk, engine, stops } = parts;
  const { accounts } = desk;
  const { database, redis, jobs } = storage;
  const { metrics, notifications } = telling;
  const health = createHealthProbe({ clock, database, redis, service: engine.service });
  const { app } = await createServer({
    engine,
    access: security.access,
    brokers: desk,
    publicUrl: environment.STRIKEWIRE_PUBLIC_URL,
    hours: parts.hours,
    universe: parts.universe,
    trading: parts.trading,
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
  measureEngine(metrics, { engine, desk, jobs, log, servers: () => health.servers() });
  const { notifier } = notifications;
  const watch = new PlatformWatch({
    clock, log, accounts, engine, health, notifier, closeMs: parts.closeMs,
  });
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
