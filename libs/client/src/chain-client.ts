import { serverMessageSchema, type ServerMessage } from '@strikewire/contracts';
import { readFrameHeader } from '@strikewire/market-data';
import {
  errorKindOf,
  StrikewireError,
  type Clock,
  type OpenSocket,
  type Random,
  type Timer,
} from '@strikewire/runtime';
import { createBrowserHttp } from './browser/browser-http';
import { createBrowserOpenSocket } from './browser/browser-open-socket';
import { ChainLink } from './chain/chain-link';
import { createChainPoller, type ChainPoller } from './chain/chain-poller';
import { isHoldable, type ChainListener, type ChainView } from './chain/chain-view';
import { WatchedChain, type ClientCounters } from './chain/watched-chain';
import { clientLimits } from './limits';
import {
  createRestClient,
  type ChainTarget,
  type HttpSend,
  type RestClient,
} from './rest/rest-client';

/** Where the platform is, and the outside world as the client may use it. */
export interface ChainClientOptions {
  /** `ws://host/ws` or `wss://host/ws`. */
  socketUrl: string;
  /** Origin of the REST routes, for example `http://localhost:3000`. */
  httpBase: string;
  /** `swk_…`, with the scope `chains:read`; without one the browser's own session is used. */
  apiKey?: string;
  clock: Clock;
  /** For the jitter of reconnections. */
  random: Random;
  /** Default: the browser's WebSocket. */
  openSocket?: OpenSocket;
  /** Default: the browser's fetch. */
  http?: HttpSend;
}

/** How the client is connected: `polling` while sockets fail and chains come over HTTP. */
export interface Connection {
  state: 'idle' | 'connecting' | 'live' | 'waiting' | 'polling';
  /** Failed openings in a row. */
  failures: number;
  /**
   * Why the last socket ended, or could not be opened; null when none has. While nobody is signed
   * in it says so, as soon as that can be told: from a browser once chains are polled.
   */
  reason: string | null;
}

/** One listener's hold on a chain. */
export interface ChainWatch {
  /** What is held now; null until the first layout. */
  readonly view: ChainView | null;
  close(): void;
}

/** Live chains over one socket, and the platform's reads. */
export interface ChainClient {
  readonly rest: RestClient;
  readonly counters: Readonly<ClientCounters>;
  readonly connection: Connection;
  /** Milliseconds since the last byte of the server; null before the first. */
  byteAgeMs(): number | null;
  /** Calls `fn` at every change of the connection; returns how to stop that. */
  onConnection(fn: (connection: Connection) => void): () => void;
  /**
   * Keeps a chain live for the listener; watches of the same chain share it.
   * @throws StrikewireError `invalid` when 64 chains are watched already.
   */
  watchChain(target: ChainTarget, listener: ChainListener): ChainWatch;
  /** Ends every watch and the socket. */
  close(): void;
}

/** One socket for all watches, opened with the first and closed after the last. */
export function createChainClient(options: ChainClientOptions): ChainClient {
  return new LiveChainClient(options);
}

class LiveChainClient implements ChainClient {
  readonly rest: RestClient;
  readonly counters: ClientCounters = {
    snapshots: 0,
    deltas: 0,
    resyncs: 0,
    malformed: 0,
    polls: 0,
  };

  private readonly clock: Clock;
  private readonly link: ChainLink;
  private readonly chains = new Map<string, { chain: WatchedChain; poller: ChainPoller }>();
  private readonly asked = new Map<number, WatchedChain>();
  private readonly watchers = new Set<(connection: Connection) => void>();
  private linger: Timer | null = null;
  private lastPollMonoMs: number | null = null;
  /** What REST said when it refused who asks; null once it, or a socket, did not. */
  private refusal: string | null = null;
  private nextId = 1;

  constructor({ socketUrl, httpBase, apiKey, clock, random, ...ports }: ChainClientOptions) {
    const { openSocket = createBrowserOpenSocket(clock), http = createBrowserHttp(clock) } = ports;
    const protocols = apiKey === undefined ? [] : keyProtocols(apiKey);
    this.clock = clock;
    this.rest = createRestClient({ httpBase, http, apiKey });
    this.link = new ChainLink(
      { socketUrl, protocols, clock, random, openSocket },
      {
        opened: () => this.each((chain) => chain.subscribe()),
        text: (text) => this.takeText(text),
        frame: (bytes) => this.takeFrame(bytes),
        lost: () => this.lost(),
        changed: () => this.linkChanged(),
      },
    );
  }

  get connection(): Connection {
    const { state, failures, lastReason } = this.link;
    const reason = this.refusal ?? lastReason;
    const isPolling = state !== 'open' && failures >= clientLimits.failuresBeforePolling;
    return { state: isPolling ? 'polling' : state === 'open' ? 'live' : state, failures, reason };
  }

  byteAgeMs(): number | null {
    const last = Math.max(this.link.lastByteMonoMs ?? -1, this.lastPollMonoMs ?? -1);
    return last < 0 ? null : this.clock.monoMs() - last;
  }

  onConnection(fn: (connection: Connection) => void): () => void {
    this.watchers.add(fn);
    return () => this.watchers.delete(fn);
  }

  watchChain(target: ChainTarget, listener: ChainListener): ChainWatch {
    const key = `${target.underlying.toUpperCase()} ${target.expiry ?? ''}`;
    const { chain } = this.chains.get(key) ?? this.add(key, target);
    chain.listeners.add(listener);
    this.linger?.cancel();
    this.link.want();
    if (chain.view) {
      listener.layout?.(chain.view);
      if (chain.view.head) listener.changed?.(chain.view);
    }
    return {
      get view() {
        return chain.view;
      },
      close: () => {
        if (!chain.listeners.delete(listener) || chain.listeners.size > 0) return;
        this.drop(key);
      },
    };
  }

  close(): void {
    for (const key of [...this.chains.keys()]) this.drop(key);
    this.linger?.cancel();
    this.link.stop();
  }

  private add(key: string, target: ChainTarget): { chain: WatchedChain; poller: ChainPoller } {
    if (this.chains.size >= clientLimits.chainsMax) throw tooManyChains();
    const { clock, counters, link, rest } = this;
    const chain = new WatchedChain(target, {
      clock,
      counters,
      send: (message) => link.send(message),
      restart: (reason) => link.restart(reason),
      subscribe: (asking) => this.ask(asking),
    });
    const poller = createChainPoller({
      clock,
      rest,
      target,
      answered: (live) => {
        this.lastPollMonoMs = clock.monoMs();
        this.setRefusal(null);
        chain.takePolled(live);
      },
      failed: (thrown) => {
        const error = asError(thrown);
        if (error.kind === 'unauthenticated') this.setRefusal(error.message);
        chain.fail(error);
      },
    });
    const entry = { chain, poller };
    this.chains.set(key, entry);
    if (link.state === 'open') chain.subscribe();
    else if (this.connection.state === 'polling') poller.start();
    return entry;
  }

  private drop(key: string): void {
    const entry = this.chains.get(key);
    if (!entry) return;
    this.chains.delete(key);
    entry.poller.stop();
    const { stream } = entry.chain;
    if (stream !== null) this.link.send({ type: 'unsubscribe', stream });
    entry.chain.unlink();
    this.linger?.cancel();
    this.linger = this.clock.after(clientLimits.lingerMs, () => {
      if (this.chains.size === 0) this.link.stop();
    });
  }

  private linkChanged(): void {
    if (this.link.state === 'open') this.refusal = null;
    this.tellConnection();
  }

  private setRefusal(refusal: string | null): void {
    if (this.refusal === refusal || this.link.state === 'open') return;
    this.refusal = refusal;
    this.tellConnection();
  }

  private ask(chain: WatchedChain): void {
    const id = this.nextId++;
    this.asked.set(id, chain);
    const { underlying, expiry } = chain.target;
    const target = { underlying, ...(expiry !== undefined && { expiry }) };
    this.link.send({ type: 'subscribe', id, channel: 'chain', encoding: 'binary', ...target });
  }

  private takeText(text: string): void {
    const message = parse(text);
    if (message === null) this.counters.malformed++;
    else if (message.type === 'layout') this.takeLayout(message);
    else if (message.type === 'error') this.takeError(message);
    // The server let the chain go: it has expired, and the nearest is another one now.
    else if (message.type === 'unsubscribed') this.ofStream(message.stream)?.subscribe();
  }

  private takeError({ id, error }: ServerMessage & { type: 'error' }): void {
    const chain = this.answered(id);
    if (!chain) return;
    const { code, message, details, requestId } = error;
    this.pollerOf(chain)?.stop();
    // A socket message has no status: whatever the reason, the chain is not to be had now.
    chain.refuse(
      new StrikewireError({
        kind: 'not_found',
        code,
        message,
        details: { ...details, requestId },
      }),
    );
  }

  private takeLayout(layout: ServerMessage & { type: 'layout' }): void {
    const chain = this.answered(layout.id) ?? this.ofStream(layout.stream);
    if (!isHoldable(layout)) {
      this.counters.malformed++;
    } else if (chain === undefined || !this.isWatched(chain)) {
      // The chain was let go before its answer came.
      this.link.send({ type: 'unsubscribe', stream: layout.stream });
    } else {
      this.pollerOf(chain)?.stop();
      chain.accept(layout);
    }
  }

  private takeFrame(bytes: Uint8Array): void {
    const header = readFrameHeader(bytes);
    if (typeof header !== 'string') return this.ofStream(header.stream)?.take(bytes, header);
    // Whose frame it was cannot be told: any stream may have missed a step.
    this.counters.malformed++;
    this.each((chain) => chain.resync());
  }

  private lost(): void {
    this.asked.clear();
    const isPolling = this.connection.state === 'polling';
    for (const { chain, poller } of this.chains.values()) {
      chain.unlink();
      if (isPolling) poller.start();
    }
  }

  private answered(id: string | number | undefined): WatchedChain | undefined {
    if (typeof id !== 'number') return undefined;
    const chain = this.asked.get(id);
    this.asked.delete(id);
    return chain;
  }

  private ofStream(stream: number): WatchedChain | undefined {
    return [...this.chains.values()].find(({ chain }) => chain.stream === stream)?.chain;
  }

  private isWatched(chain: WatchedChain): boolean {
    return chain.listeners.size > 0;
  }

  private pollerOf(chain: WatchedChain): ChainPoller | undefined {
    return [...this.chains.values()].find((entry) => entry.chain === chain)?.poller;
  }

  private each(fn: (chain: WatchedChain) => void): void {
    for (const { chain } of this.chains.values()) fn(chain);
  }

  private tellConnection(): void {
    for (const fn of this.watchers) fn(this.connection);
  }
}

/**
 * How a key is sent where no header can be: as a subprotocol, beside the one that the server
 * answers with. @throws StrikewireError `invalid` for what is no key
 */
function keyProtocols(apiKey: string): string[] {
  if (/^[\w-]{1,200}$/.test(apiKey)) return ['strikewire', `strikewire.key.${apiKey}`];
  throw new StrikewireError({
    kind: 'invalid',
    code: 'api_key_malformed',
    message: 'an API key has letters, digits, _ and - only',
  });
}

function parse(text: string): ServerMessage | null {
  try {
    const parsed = serverMessageSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function asError(thrown: unknown): StrikewireError {
  if (errorKindOf(thrown) !== 'assertion') return thrown as StrikewireError;
  const message = 'the chain could not be read';
  return new StrikewireError({ kind: 'retryable', code: 'poll_failed', message, cause: thrown });
}

function tooManyChains(): StrikewireError {
  return new StrikewireError({
    kind: 'invalid',
    code: 'too_many_chains',
    message: `${clientLimits.chainsMax} chains are watched already, at most that many may be`,
  });
}
