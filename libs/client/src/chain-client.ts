import type { ServerMessage } from '@strikewire/contracts';
import { readFrameHeader } from '@strikewire/market-data';
import { StrikewireError, type Clock, type Timer } from '@strikewire/runtime';
import { createBrowserHttp } from './browser/browser-http';
import { createBrowserOpenSocket } from './browser/browser-open-socket';
import { ChainLink } from './chain/chain-link';
import { isHoldable, type ChainListener } from './chain/chain-view';
import { WatchedChain, type WatchedChainHost } from './chain/watched-chain';
import { ChannelDesk } from './channels/channel-desk';
import { channelWatches } from './channels/channel-watches';
import {
  asError,
  jsonOf,
  keyProtocols,
  parseMessage,
  tooManyChains,
} from './client-messages';
import type { ChainClient, ChainClientOptions, ChainWatch, Connection } from './client-types';
import { clientLimits } from './limits';
import { createPoller, type Poller } from './poller';
import {
  chainKeyOf,
  createRestClient,
  type ChainTarget,
  type RestClient,
} from './rest/rest-client';

/** One socket for all watches, opened with the first and closed after the last. */
export function createChainClient(options: ChainClientOptions): ChainClient {
  return new LiveChainClient(options);
}

class LiveChainClient implements ChainClient {
  readonly watchGreeks: ChainClient['watchGreeks'];
  readonly watchPcr: ChainClient['watchPcr'];
  readonly watchQuotes: ChainClient['watchQuotes'];
  readonly watchStatus: ChainClient['watchStatus'];
  readonly watchAlerts: ChainClient['watchAlerts'];
  readonly watchOrders: ChainClient['watchOrders'];
  readonly rest: RestClient;
  readonly counters: WatchedChainHost['counters'] = {
    snapshots: 0,
    deltas: 0,
    resyncs: 0,
    malformed: 0,
    polls: 0,
  };

  private readonly clock: Clock;
  private readonly link: ChainLink;
  private readonly desk: ChannelDesk;
  private readonly chains = new Map<string, { chain: WatchedChain; poller: Poller }>();
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
        opened: () => {
          this.each((chain) => chain.subscribe());
          this.desk.opened();
        },
        text: (text) => this.takeText(text),
        frame: (bytes) => this.takeFrame(bytes),
        lost: () => this.lost(),
        changed: () => this.linkChanged(),
      },
    );
    this.desk = new ChannelDesk({
      clock,
      rest: this.rest,
      counters: this.counters,
      send: (message) => this.link.send(message),
      restart: (reason) => this.link.restart(reason),
      takeId: () => this.nextId++,
      isOpen: () => this.link.state === 'open',
      isPolling: () => this.connection.state === 'polling',
      added: () => this.added(),
      dropped: () => this.dropped(),
      answered: () => this.polled(),
      failed: (thrown) => this.pollFailed(thrown),
    });
    const watches = channelWatches(this.desk);
    this.watchGreeks = watches.watchGreeks;
    this.watchPcr = watches.watchPcr;
    this.watchQuotes = watches.watchQuotes;
    this.watchStatus = watches.watchStatus;
    this.watchAlerts = watches.watchAlerts;
    this.watchOrders = watches.watchOrders;
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
    const key = chainKeyOf(target);
    const { chain } = this.chains.get(key) ?? this.add(key, target);
    chain.listeners.add(listener);
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
    this.desk.close();
    for (const key of [...this.chains.keys()]) this.drop(key);
    this.linger?.cancel();
    this.link.stop();
  }

  private add(key: string, target: ChainTarget): { chain: WatchedChain; poller: Poller } {
    this.added();
    const { clock, counters, link, rest } = this;
    const chain = new WatchedChain(target, {
      clock,
      counters,
      send: (message) => link.send(message),
      restart: (reason) => link.restart(reason),
      subscribe: (asking) => this.ask(asking),
    });
    const poller = createPoller({
      clock,
      read: () => rest.live(target),
      answered: (live) => {
        this.polled();
        chain.takePolled(live);
      },
      failed: (thrown) => chain.fail(this.pollFailed(thrown)),
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
    // The nearest expiry and the same by its date are one stream.
    if (stream !== null && this.ofStream(stream).length === 0) {
      this.link.send({ type: 'unsubscribe', stream });
    }
    entry.chain.unlink();
    this.dropped();
  }

  /** Another watch begins. */
  private added(): void {
    if (this.chains.size + this.desk.size >= clientLimits.chainsMax) throw tooManyChains();
    this.linger?.cancel();
    this.link.want();
  }

  /** A watch has ended. */
  private dropped(): void {
    this.linger?.cancel();
    this.linger = this.clock.after(clientLimits.lingerMs, () => {
      if (this.chains.size + this.desk.size === 0) this.link.stop();
    });
  }

  private polled(): void {
    this.lastPollMonoMs = this.clock.monoMs();
    this.setRefusal(null);
  }

  private pollFailed(thrown: unknown): StrikewireError {
    const error = asError(thrown);
    if (error.kind === 'unauthenticated') this.setRefusal(error.message);
    return error;
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
    const json = jsonOf(text);
    if (json !== null && 'channel' in json) return this.desk.take(json);
    const message = json && parseMessage(json);
    if (message === null) this.counters.malformed++;
    else if (message.type === 'layout') this.takeLayout(message);
    else if (message.type === 'error') this.takeError(message);
    // The server let the chain go: it has expired, and the nearest is another one now.
    else if (message.type === 'unsubscribed') {
      this.desk.retired(message.stream);
      for (const chain of this.ofStream(message.stream)) chain.subscribe();
    }
  }

  private takeError({ id, error }: ServerMessage & { type: 'error' }): void {
    const { code, message, details, requestId } = error;
    // A socket message has no status: whatever the reason, the chain is not to be had now.
    const refusal = new StrikewireError({
      kind: 'not_found',
      code,
      message,
      details: { ...details, requestId },
    });
    const chain = this.answered(id);
    if (!chain) return void this.desk.refuse(id, refusal);
    this.pollerOf(chain)?.stop();
    chain.refuse(refusal);
  }

  private takeLayout(layout: ServerMessage & { type: 'layout' }): void {
    if (!isHoldable(layout)) return void this.counters.malformed++;
    const asking = this.answered(layout.id);
    const chains = (asking ? [asking] : this.ofStream(layout.stream)).filter(
      ({ listeners }) => listeners.size > 0,
    );
    for (const chain of chains) {
      this.pollerOf(chain)?.stop();
      chain.accept(layout);
    }
    if (chains.length > 0 || this.ofStream(layout.stream).length > 0) return;
    // The chain was let go before its answer came.
    this.link.send({ type: 'unsubscribe', stream: layout.stream });
  }

  private takeFrame(bytes: Uint8Array): void {
    const header = readFrameHeader(bytes);
    if (typeof header !== 'string') {
      for (const chain of this.ofStream(header.stream)) chain.take(bytes, header);
      return;
    }
    // Whose frame it was cannot be told: any stream may have missed a step.
    this.counters.malformed++;
    this.each((chain) => chain.resync());
  }

  private lost(): void {
    this.asked.clear();
    this.desk.lost();
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

  private ofStream(stream: number): WatchedChain[] {
    const chains: WatchedChain[] = [];
    this.each((chain) => chain.stream === stream && chains.push(chain));
    return chains;
  }

  private pollerOf(chain: WatchedChain): Poller | undefined {
    return [...this.chains.values()].find((entry) => entry.chain === chain)?.poller;
  }

  private each(fn: (chain: WatchedChain) => void): void {
    for (const { chain } of this.chains.values()) fn(chain);
  }

  private tellConnection(): void {
    for (const fn of this.watchers) fn(this.connection);
  }
}
