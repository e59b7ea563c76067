import type { Clock, Timer } from '../clock';
import { StrikewireError } from '../error';
import type { Http, HttpRequest, HttpStream, ServedRequest, ServedResponse } from '../http';
import type {
  ClientSocketHandlers,
  OpenSocket,
  OpenSocketOptions,
  Site,
  Socket,
  SocketHandlers,
} from '../socket';
import { FrameCopies } from './frame-copies';

/** Hosts without wires: names map to sites, and every message takes `latencyMs` of the clock. */
export interface MemoryNetwork {
  http: Http;
  openSocket: OpenSocket;
  /** Serves `site` at a host name such as `api.example`; replaces what was there. */
  host(name: string, site: Site): void;
  /** Makes a host unreachable: requests fail, open sockets break without a close frame. */
  remove(name: string): void;
}

/** The clock that the network runs on, and how slow it is. */
export interface MemoryNetworkOptions {
  clock: Clock;
  /** One way, milliseconds. */
  latencyMs: number;
}

/** A network in memory: what is sent is copied and arrives in order, after the latency. */
export function createMemoryNetwork({ clock, latencyMs }: MemoryNetworkOptions): MemoryNetwork {
  const sites = new Map<string, Site>();
  const links = new Map<string, Set<Link>>();
  const wire = { clock, latencyMs, copies: new FrameCopies() };
  const stream = (request: HttpRequest): Promise<HttpStream> =>
    exchange(clock, latencyMs, sites, request);
  return {
    http: {
      stream,
      async send(request) {
        const { status, headers, chunks } = await stream(request);
        return { status, headers, body: await collect(chunks, request) };
      },
    },
    openSocket: (url, options, handlers) => {
      const { host } = new URL(url);
      const link = new Link(wire, handlers);
      const ofHost = links.get(host) ?? new Set();
      links.set(host, ofHost.add(link));
      link.onEnd = () => ofHost.delete(link);
      const headers = handshakeHeaders(options);
      link.connect(sites.get(host), served('GET', url, headers, new Uint8Array()));
      link.expireAfter(options.handshakeTimeoutMs);
      return link.client;
    },
    host: (name, site) => void sites.set(name, site),
    remove(name) {
      sites.delete(name);
      for (const link of links.get(name) ?? []) link.break();
    },
  };
}

/** Names are lower case, as for every served request. */
function handshakeHeaders({ headers = {}, protocols = [] }: OpenSocketOptions): {
  [name: string]: string;
} {
  if (protocols.length === 0) return headers;
  return { ...headers, 'sec-websocket-protocol': protocols.join(', ') };
}

function served(
  method: string,
  url: string,
  headers: Record<string, string>,
  body: Uint8Array,
): ServedRequest {
  const { pathname, searchParams } = new URL(url);
  return { method, path: pathname, query: searchParams, headers, body, remoteAddress: 'memory' };
}

function exchange(
  clock: Clock,
  latencyMs: number,
  sites: ReadonlyMap<string, Site>,
  request: HttpRequest,
): Promise<HttpStream> {
  return new Promise<HttpStream>((resolve, reject) => {
    const fail = (reason: string, cause?: unknown): void =>
      reject(
        new StrikewireError({
          kind: 'retryable',
          code: 'network_failed',
          message: `${request.method} ${new URL(request.url).host}: ${reason}`,
          cause,
        }),
      );
    const timeout = clock.after(request.timeoutMs, () =>
      fail(`no answer within ${request.timeoutMs} ms`),
    );
    const answer = (response: ServedResponse): void => {
      clock.after(latencyMs, () => {
        timeout.cancel();
        resolve({
          status: response.status,
          headers: response.headers ?? {},
          chunks: chunksOf(response.body),
        });
      });
    };
    clock.after(latencyMs, () => {
      const site = sites.get(new URL(request.url).host);
      if (!site) {
        timeout.cancel();
        return fail('host is unreachable');
      }
      const body = typeof request.body === 'string' ? encoder.encode(request.body) : request.body;
      Promise.resolve()
        .then(() => site.http(served(
          request.method, request.url, request.headers ?? {}, body ?? new Uint8Array(),
        )))
        .then(answer, (cause: unknown) => {
          timeout.cancel();
          fail('connection dropped', cause);
        });
    });
  });
}

async function* chunksOf(body: ServedResponse['body']): AsyncIterable<Uint8Array> {
  if (body === undefined) return;
  if (typeof body === 'string') yield encoder.encode(body);
  else if (body instanceof Uint8Array) yield body;
  else yield* body;
}

async function collect(
  chunks: AsyncIterable<Uint8Array>,
  request: HttpRequest,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > request.bytesMax) {
      throw new StrikewireError({
        kind: 'retryable',
        code: 'response_too_large',
        message: `answer was over ${request.bytesMax} bytes`,
      });
    }
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

const encoder = new TextEncoder();

/** What all links share. */
interface Wire extends MemoryNetworkOptions {
  copies: FrameCopies;
}

/** A frame on its way. */
interface Frame {
  bytes: Uint8Array;
  isBinary: boolean;
}

/** Both ends of one socket; frames cross after the latency, in order, and are copied. */
class Link {
  readonly client: Socket;
  onEnd: () => void = () => {};
  private state: 'connecting' | 'open' | 'ended' = 'connecting';
  private serverHandlers: SocketHandlers | undefined;
  private timeout: Timer | undefined;
  private readonly clock: Clock;
  private readonly latencyMs: number;
  private readonly clientHandlers: ClientSocketHandlers;
  private readonly copies: FrameCopies;
  private isStalled = false;

  constructor({ clock, latencyMs, copies }: Wire, clientHandlers: ClientSocketHandlers) {
    this.clock = clock;
    this.latencyMs = latencyMs;
    this.copies = copies;
    this.clientHandlers = clientHandlers;
    this.client = this.end(() => this.serverHandlers);
  }

  connect(site: Site | undefined, request: ServedRequest): void {
    const decide = async (): Promise<void> => {
      const decision = site?.socket ? await site.socket(request) : { refuse: site ? 404 : 0 };
      if (this.state === 'ended') return;
      if ('refuse' in decision) return this.refuse(decision.refuse);
      this.state = 'open';
      this.timeout?.cancel();
      // The client hears of its opening before anything that the server sends on accepting.
      this.later(() => this.state === 'open' && this.clientHandlers.opened?.());
      const stall = (): void => void (this.isStalled = true);
      this.serverHandlers = decision.accept({ ...this.end(() => this.clientHandlers), stall });
    };
    this.later(() => void decide().catch(() => this.refuse(0)));
  }

  /** Refuses the handshake when nobody has answered it by then. */
  expireAfter(timeoutMs: number): void {
    this.timeout = this.clock.after(timeoutMs, () => this.refuse(0));
  }

  /** Ends the link for both sides, as a lost network does. */
  break(): void {
    this.finish(1006, 'connection lost');
  }

  private refuse(status: number): void {
    if (this.state !== 'connecting') return;
    this.state = 'ended';
    this.timeout?.cancel();
    this.onEnd();
    this.later(() => this.clientHandlers.refused(status, `handshake answered ${status}`));
  }

  private end(peer: () => SocketHandlers | undefined): Socket {
    // Frames of one instant with nothing else between arrive together.
    let burst: Frame[] | undefined;
    let burstMono = 0;
    return {
      send: (data) => {
        if (this.state !== 'open') return;
        const frame = { bytes: this.copies.of(data), isBinary: typeof data !== 'string' };
        const now = this.clock.monoMs();
        if (burst && burstMono === now) return void burst.push(frame);
        const frames = (burst = [frame]);
        burstMono = now;
        this.later(() => {
          if (burst === frames) burst = undefined;
          this.deliver(frames, peer());
        });
      },
      ping: () => {
        burst = undefined;
        const self = peer();
        this.later(() => this.isHeardBy(self) && self?.alive?.());
        // The peer's pong comes back after another trip; a ping shows life to both.
        const other = self === this.clientHandlers ? this.serverHandlers : this.clientHandlers;
        this.clock.after(2 * this.latencyMs, () => this.isHeardBy(self) && other?.alive?.());
      },
      close: (code = 1000, reason = '') => {
        burst = undefined;
        this.later(() => this.finish(code, reason));
      },
      terminate: () => this.finish(1006, 'terminated'),
      bufferedAmount: 0,
    };
  }

  private deliver(frames: readonly Frame[], to: SocketHandlers | undefined): void {
    for (const { bytes, isBinary } of frames) {
      if (this.isHeardBy(to)) to?.message(bytes, isBinary);
    }
  }

  /** A server that stalls reads nothing, and answers no ping. */
  private isHeardBy(handlers: SocketHandlers | undefined): boolean {
    return this.state === 'open' && !(this.isStalled && handlers === this.serverHandlers);
  }

  private finish(code: number, reason: string): void {
    if (this.state === 'ended') return;
    this.state = 'ended';
    this.timeout?.cancel();
    this.onEnd();
    this.clientHandlers.closed(code, reason);
    this.serverHandlers?.closed(code, reason);
  }

  private later(fn: () => void): void {
    this.clock.after(this.latencyMs, fn);
  }
}
