import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { WsAdapter } from '@nestjs/platform-ws';
import type { OptionChainEngine } from '@strikewire/option-chain/engine';
import {
  addLiveRoute,
  addSocketRoutes,
  OptionChainModule,
  socketPaths,
} from '@strikewire/option-chain/module';
import {
  clientErrorAnswer,
  guardRoutes,
  isLoopbackHost,
  isPlainPath,
  useOriginForm,
} from '@strikewire/platform';
import { StrikewireError, type Clock, type Log } from '@strikewire/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { serveConsole } from './console-files';
import { ErrorFilter, sendError } from './error.filter';
import { HEALTH_PROBE, HealthController, type HealthProbe } from './health.controller';
import { routeUpgrades } from './socket-upgrades';

export interface ServerOptions {
  engine: OptionChainEngine;
  clock: Clock;
  log: Log;
  health: HealthProbe;
  /** The built console; without an index.html in it the API alone is served. */
  consoleDir: string;
}

/** No route takes a body yet; what is sent is read up to here and refused. */
const bodyBytesMax = 64 * 1024;
/** Of an address that is refused. */
const addressCharsShown = 200;
/** Address and headers together; Node's own default, said here. */
const headerBytesMax = 16 * 1024;

type OnThrown = (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => void;

@Module({})
class ApiModule {
  static over({ engine, clock, log, health }: ServerOptions): DynamicModule {
    return {
      module: ApiModule,
      imports: [OptionChainModule.over(engine, { clock, log })],
      controllers: [HealthController],
      providers: [{ provide: HEALTH_PROBE, useValue: health }],
    };
  }
}

/** The HTTP and socket server, ready to listen. */
export async function createServer(options: ServerOptions): Promise<NestFastifyApplication> {
  const { log, engine, consoleDir } = options;
  const nextId = requestIds();
  const onThrown: OnThrown = (thrown, request, reply) => sendError(thrown, request, reply, log);
  const adapter = new FastifyAdapter({
    bodyLimit: bodyBytesMax,
    routerOptions: { maxParamLength: 256 },
    genReqId: nextId,
    rewriteUrl: useOriginForm,
    forceCloseConnections: true,
    http: { maxHeaderSize: headerBytesMax, requireHostHeader: false },
    clientErrorHandler: ({ code }, socket) => {
      if (socket.writable && code !== 'ECONNRESET') socket.end(clientErrorAnswer(code, nextId()));
      else socket.destroy();
    },
    frameworkErrors: onThrown,
  });
  const server = adapter.getInstance() as unknown as FastifyInstance;
  // Until people can sign in, everybody is a viewer, on this machine alone.
  guardRoutes(server, () => 'viewer', { '/': 'public', '/*': 'public' });
  refuseForeignHosts(server);
  refuseOddPaths(server);
  addSafetyHeaders(server);
  addLiveRoute(server, engine.service, onThrown);
  addSocketRoutes(server, onThrown);
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.over(options), adapter, {
    logger: false,
    abortOnError: false,
  });
  app.useWebSocketAdapter(new WsAdapter(routeUpgrades(server.server, socketPaths, nextId)));
  const hasConsole = await serveConsole(server, consoleDir);
  app.useGlobalFilters(new ErrorFilter(log, hasConsole));
  await app.init();
  return app;
}

/** While the server listens on this machine alone, only its own names are answered. */
function refuseForeignHosts(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const { host } = request.headers;
    if (isLoopbackHost(host)) return done();
    if (host === undefined) {
      const message = 'the Host header is missing';
      return done(new StrikewireError({ kind: 'invalid', code: 'host_missing', message }));
    }
    const message = 'the Host header names another machine; ask for localhost';
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
