import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable, type Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { WebSocketServer, type WebSocket } from 'ws';
import { StrikewireError } from '../error';
import type { ServedRequest, ServedResponse } from '../http';
import type { Site, Socket, SocketDecision } from '../socket';

/** Where to listen, and how much to take. */
export interface ServeOptions {
  host: string;
  /** 0 lets the system choose. */
  port: number;
  /** Largest request body and largest socket message, in bytes; a larger body is answered 413. */
  bodyBytesMax: number;
}

/** A site that is being served. */
export interface ServedSite {
  /** The port in use. */
  port: number;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

/** Serves a site over HTTP and WebSocket. @throws StrikewireError `port_in_use` (kind `fatal`). */
export async function serveSite(site: Site, options: ServeOptions): Promise<ServedSite> {
  const { host, port, bodyBytesMax } = options;
  const server = createServer((request, response) => {
    void answer(site, request, response, bodyBytesMax).catch(() => request.socket.destroy());
  });
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: bodyBytesMax,
  });
  server.on('upgrade', (request, stream, head) => {
    stream.on('error', () => stream.destroy());
    void decide(site, request).then(
      (decision) => {
        if ('refuse' in decision) return refuse(stream, decision);
        sockets.handleUpgrade(request, stream, head, (socket) => bind(socket, decision.accept));
      },
      () => stream.destroy(),
    );
  });
  await listen(server, host, port);
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () => close(server, sockets),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const isTaken = cause.code === 'EADDRINUSE';
      reject(
        new StrikewireError({
          kind: 'fatal',
          code: isTaken ? 'port_in_use' : 'listen_failed',
          message: isTaken
            ? `port ${port} on ${host} is taken by another program; choose a free one`
            : `cannot listen on ${host}:${port}: ${cause.message}`,
          details: { host, port },
          cause,
        }),
      );
    });
    server.listen(port, host, resolve);
  });
}

async function close(server: Server, sockets: WebSocketServer): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const socket of sockets.clients) socket.terminate();
  server.closeAllConnections();
  await closed;
}

async function answer(
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
  bodyBytesMax: number,
): Promise<void> {
  const body = await readBody(request, bodyBytesMax);
  if (!body) {
    response.writeHead(413, { connection: 'close' }).end(() => request.destroy());
    return;
  }
  await write(response, await site.http(served(request, body)));
}

/** Undefined when it is too large. */
async function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  // Leaving early must not end the connection: the answer is still to come.
  const incoming: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
  for await (const part of incoming) {
    size += part.length;
    if (size > bytesMax) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

async function write(response: ServerResponse, answered: ServedResponse): Promise<void> {
  const { status, headers = {}, body } = answered;
  response.writeHead(status, headers);
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
    response.end(body);
    return;
  }
  await pipeline(Readable.from(body, { objectMode: false }), response);
}

function served(request: IncomingMessage, body: Uint8Array): ServedRequest {
  const [path = '/', query = ''] = splitOnce(request.url ?? '/', '?');
  const headers = Object.entries(request.headers).map(
    ([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')] as const,
  );
  return {
    method: request.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    headers: Object.fromEntries(headers),
    body,
    remoteAddress: request.socket.remoteAddress ?? '',
  };
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

async function decide(site: Site, request: IncomingMessage): Promise<SocketDecision> {
  return site.socket ? site.socket(served(request, new Uint8Array())) : { refuse: 404 };
}

function refuse(stream: Duplex, decision: Extract<SocketDecision, { refuse: number }>): void {
  const { refuse: status, headers = {}, body = '' } = decision;
  const lines = Object.entries({
    ...headers,
    connection: 'close',
    'content-length': String(Buffer.byteLength(body)),
  }).map(([name, value]) => `${name}: ${value}`);
  stream.end(`HTTP/1.1 ${status} Refused\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}

/** Ties a `ws` socket to the port's shape; the library answers pings by itself. */
function bind(
  socket: WebSocket,
  accept: Extract<SocketDecision, { accept: unknown }>['accept'],
): void {
  const port: Socket = {
    send: (data) => socket.readyState === socket.OPEN && socket.send(data),
    ping: () => socket.readyState === socket.OPEN && socket.ping(),
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
    stall: () => socket.pause(),
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
  };
  const handlers = accept(port);
  socket.on('message', (data: Buffer, isBinary) => handlers.message(data, isBinary));
  socket.on('ping', () => handlers.alive?.());
  socket.on('pong', () => handlers.alive?.());
  socket.on('close', (code, reason) => handlers.closed(code, reason.toString()));
  // The close event that follows every error tells the owner.
  socket.on('error', () => {});
  handlers.opened?.();
}
