import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { WsAdapter } from '@nestjs/platform-ws';
import type { OptionChainEngine } from '@strikewire/option-chain/engine';
import { AccessModule, type Access } from '@strikewire/access/module';
import { BrokerModule, type Accounts } from '@strikewire/broker/module';
import {
  addLiveRoute,
  addSocketRoutes,
  OptionChainModule,
  socketRules,
} from '@strikewire/option-chain/module';
import {
  acceptJsonBodies,
  allowOrigins,
  accessRules,
  clientErrorAnswer,
  describeRoutes,
  docsPath,
  guardRoutes,
  isPlainPath,
  limitRates,
  routeOf,
  useOriginForm,
  type Caller,
  type GuardedRoute,
  type OriginPolicy,
  type RouteContract,
} from '@strikewire/platform';
import { httpMetrics, type Metrics } from '@strikewire/platform/metrics';
import { NotificationsModule, type NotificationCentre } from '@strikewire/platform/notifications';
import { StrikewireError, type Clock, type Log } from '@strikewire/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { serveConsole } from './console-files';
import { ErrorFilter, sendError } from './error.filter';
import { HEALTH_PROBE, HealthController } from './health.controller';
import { version, type HealthProbe } from './health-probe';
import { addMetricsRoute } from './metrics-route';
import { routeUpgrades } from './socket-upgrades';

export interface ServerOptions {
  engine: OptionChainEngine;
  access: Access;
  accounts: Accounts;
  notifications: NotificationCentre;
  metrics: Metrics;
  origins: OriginPolicy;
  /** Addresses of proxies whose word on the caller's address counts. */
  trustedProxies: readonly string[];
  /** By one person, key or address. */
  requestsPerMinute: number;
  clock: Clock;
  log: Log;
  health: HealthProbe;
  /** The built console; without an index.html in it the API alone is served. */
  consoleDir: string;
}

/** The largest body of a route that takes one; a larger one is refused (413). */
const bodyBytesMax = 256 * 1024;
/** Of an address that is refused. */
const addressCharsShown = 200;
/** Address and headers together; Node's own default, said here. */
const headerBytesMax = 16 * 1024;

type OnThrown = (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => void;

@Module({})
class ApiModule {
  static over(options: ServerOptions): DynamicModule {
    const { engine, access, accounts, notifications, clock, log, health } = options;
    return {
      module: ApiModule,
      imports: [
        AccessModule.over(access),
        BrokerModule.over(accounts),
        NotificationsModule.over(notifications),
        OptionChainModule.over(engine, { clock, log }),
      ],
      controllers: [HealthController],
      providers: [{ provide: HEALTH_PROBE, useValue: health }],
    };
  }
}

/** The HTTP and socket server, ready to listen, with a list of its routes. */
export async function createServer(
  options: ServerOptions,
): Promise<{ app: NestFastifyApplication; routes: readonly GuardedRoute[] }> {
  const { log, engine, consoleDir, clock, origins, access } = options;
  const nextId = requestIds();
  const onThrown: OnThrown = (thrown, request, reply) => sendError(thrown, request, reply, log);
  const adapter = createAdapter(options, nextId, onThrown);
  const server = adapter.getInstance() as unknown as FastifyInstance;
  const identify = (headers: FastifyRequest['headers']): Caller => access.identify(headers);
  refuseForeignHosts(server, origins);
  refuseOddPaths(server);
  addSafetyHeaders(server);
  const routes = guardRoutes(server, {
    clock,
    origins,
    identify: ({ headers }) => identify(headers),
    contractOf: contractOfPlugin,
  });
  acceptJsonBodies(server);
  httpMetrics(server, options.metrics);
  await allowOrigins(server, origins);
  await limitRates(server, options);
  await describeRoutes(server, { version });
  addLiveRoute(server, engine.service, onThrown);
  addMetricsRoute(server, options.metrics, onThrown);
  addSocketRoutes(server, onThrown);
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.over(options), adapter, {
    logger: false,
    abortOnError: false,
    bodyParser: false,
  });
  const guard = { clock, origins, identify };
  const upgrades = routeUpgrades(server.server, socketRules, { guard, log, nextId });
  app.useWebSocketAdapter(new WsAdapter(upgrades));
  const hasConsole = await serveConsole(server, consoleDir);
  app.useGlobalFilters(new ErrorFilter(log, hasConsole));
  await app.init();
  return { app, routes };
}

function createAdapter(
  { trustedProxies }: ServerOptions,
  nextId: () => string,
  onThrown: OnThrown,
): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: bodyBytesMax,
    routerOptions: { maxParamLength: 256 },
    genReqId: nextId,
    rewriteUrl: useOriginForm,
    // What is being answered is answered to its end; whoever only keeps a connection is let go.
    forceCloseConnections: 'idle',
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    http: { maxHeaderSize: headerBytesMax, requireHostHeader: false },
    clientErrorHandler: ({ code }, socket) => {
      if (socket.writable && code !== 'ECONNRESET') socket.end(clientErrorAnswer(code, nextId()));
      else socket.destroy();
    },
    frameworkErrors: onThrown,
  });
}

/** Routes of plugins: the console's files, and the description of the API. */
function contractOfPlugin(url: string): RouteContract | undefined {
  const { everybody } = accessRules;
  if (url === '/' || url === '/*') return routeOf(everybody, 'The console');
  if (url === '*') return routeOf(everybody, 'What pages of elsewhere may ask');
  const isDocs = url === docsPath || url.startsWith(`${docsPath}/`);
  return isDocs ? routeOf(everybody, 'The description of this API') : undefined;
}

/** Only the names that this server goes by are answered. */
function refuseForeignHosts(server: FastifyInstance, origins: OriginPolicy): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const { host } = request.headers;
    if (origins.isOwnHost(host)) return done();
    if (host === undefined) {
      const message = 'the Host header is missing';
      return done(new StrikewireError({ kind: 'invalid', code: 'host_missing', message }));
    }
    const message = 'the Host header names another machine';
    done(new StrikewireError({ kind: 'forbidden', code: 'host_foreign', message }));
  });
}

/** What two programs could read as two addresses is none here, whatever files there are. */
function refuseOddPaths(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _reply, done) => {
    if (isPlainPath(request.url)) return done();
    const message = `there is nothing at ${request.url.slice(0, addressCharsShown)}`;
    done(new StrikewireError({ kind: 'not_found', code: 'route_unknown', message }));
  });
}

/** Pages run our own scripts only and may be framed by nobody. */
function addSafetyHeaders(server: FastifyInstance): void {
  const policy = [
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'self'",
  ].join('; ');
  server.addHook('onRequest', (_request, reply, done) => {
    reply.headers({
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    done();
  });
}

/** Short ids that a person can read out; unique within a run. */
function requestIds(): () => string {
  let count = 0;
  return () => `r-${(++count).toString(36)}`;
}
