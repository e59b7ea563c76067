import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { clientErrorAnswer, useOriginForm } from '@strikewire/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The largest body of a route that takes one; a larger one is refused (413). */
const bodyBytesMax = 256 * 1024;
/** A request has to be here whole within this, however slowly it is sent. */
const requestMsMax = 30_000;
/** Address and headers together; Node's own default, said here. */
const headerBytesMax = 16 * 1024;

/** Answers what was thrown. */
export type OnThrown = (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => void;

/**
 * Answers what is no request that can be served. One that was not here in time is never done, for
 * whoever is told so sends it again. A browser opens connections before it needs them: on one that
 * was never used an answer would be taken for that to the next request, so it closes in silence.
 */
function refuse(socket: Socket, code: string | undefined, nextId: () => string): void {
  const isLate = code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const isUnused = isLate && socket.bytesRead === 0;
  if (!socket.writable || code === 'ECONNRESET' || isUnused) {
    socket.destroy();
    return;
  }
  socket.end(clientErrorAnswer(code, nextId()));
  // What comes after it would be read and served, though its answer went nowhere.
  if (isLate) socket.destroySoon();
}

/** The HTTP server under Nest: limits, request ids, and refusals in the one error body. */
export function createAdapter(
  { trustedProxies }: { trustedProxies: readonly string[] },
  nextId: () => string,
  onThrown: OnThrown,
): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: bodyBytesMax,
    routerOptions: { maxParamLength: 256 },
    genReqId: nextId,
    rewriteUrl: useOriginForm,
    requestTimeout: requestMsMax,
    // What is being answered is answered to its end; whoever only keeps a connection is let go.
    forceCloseConnections: 'idle',
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    http: { maxHeaderSize: headerBytesMax, requireHostHeader: false },
    clientErrorHandler: ({ code }, socket) => refuse(socket, code, nextId),
    frameworkErrors: onThrown,
  });
}
