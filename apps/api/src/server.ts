import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { WsAdapter } from '@nestjs/platform-ws';
import { socketRules } from '@strikewire/option-chain/module';
import { RateWindow, type GuardedRoute, type UpgradeGuard } from '@strikewire/platform';
import type { FastifyInstance } from 'fastify';
import { serveConsole } from './console-files';
import { ErrorFilter, sendError } from './error.filter';
import { addNativeRoutes } from './native-routes';
import { createAdapter, type OnThrown } from './server-adapter';
import { guardServer } from './server-guard';
import { addRootRoute } from './server-root';
import { ApiModule } from './server-module';
import type { ServerOptions } from './server-options';
import { routeUpgrades } from './socket-upgrades';

/** Handshakes from one address in a minute: an office's, after the platform was away. */
const handshakesMax = 3_000;

/** The HTTP and socket server, ready to listen, with a list of its routes. */
export async function createServer(
  options: ServerOptions,
): Promise<{ app: NestFastifyApplication; routes: readonly GuardedRoute[] }> {
  const { log, consoleDir, clock, origins, access } = options;
  const nextId = requestIds();
  const onThrown: OnThrown = (thrown, request, reply) => sendError(thrown, request, reply, log);
  const adapter = createAdapter(options, nextId, onThrown);
  const server = adapter.getInstance() as unknown as FastifyInstance;
  const routes = await guardServer(server, options, onThrown);
  addNativeRoutes(server, options, onThrown);
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.over(options), adapter, {
    logger: false,
    abortOnError: false,
    bodyParser: false,
  });
  const identify: UpgradeGuard['identify'] = (headers) => access.identify(headers);
  const guard = { clock, origins, identify };
  const rates = new RateWindow(clock, { countMax: handshakesMax, windowMs: 60_000 });
  const upgrades = routeUpgrades(server.server, socketRules, { guard, rates, log, nextId });
  app.useWebSocketAdapter(new WsAdapter(upgrades));
  const hasConsole = await serveConsole(server, consoleDir);
  addRootRoute(server, { ...options, hasConsole }, onThrown);
  app.useGlobalFilters(new ErrorFilter(log, hasConsole));
  await app.init();
  return { app, routes };
}

/** Short ids that a person can read out; unique within a run. */
function requestIds(): () => string {
  let count = 0;
  return () => `r-${(++count).toString(36)}`;
}
