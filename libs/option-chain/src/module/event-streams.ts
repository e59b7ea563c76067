import { socketLimits } from '@strikewire/contracts';
import { callerAddress } from '@strikewire/platform';
import { sleep, StrikewireError, type Clock, type Timer } from '@strikewire/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServerResponse } from 'node:http';
import type { LiveChain } from '../engine/live-chain';
import type { StreamClient } from '../engine/stream-client';
import type { StreamHub } from '../engine/stream-hub';
import { ClientSeats } from './client-seats';
import { EventEncoder, type StreamEvent } from './event-encoder';

/** A comment comes at least this often: proxies and clients see that the stream lives. */
const heartbeatMs = 15_000;
const heartbeat = Buffer.from(':\n\n');
/** A client that is ended may still read what was sent before. */
const endGraceMs = 2_000;
/** Clients have so long to leave when the server stops. */
const drainMs = 1_000;
const drainStepMs = 20;
/** Clients come back after two to four seconds, not all at once. */
const retryMs = 2_000;
const retryStepMs = 100;
const retrySteps = 20;
/** When there may be a place again. */
const fullRetryS = 10;

/**
 * The clients of `GET /api/optionchain/stream`. To the hub they are clients of its JSON stream,
 * with the same limits as sockets: a slow one skips what comes until it has drained, and is cut
 * when it does not.
 */
export class EventStreams {
  private readonly clock: Clock;
  private readonly hub: StreamHub;
  private readonly encoder: EventEncoder;
  private readonly seats = new ClientSeats('streams');
  private readonly clients = new Set<EventClient>();
  private heartbeatTimer: Timer | undefined;
  private openedCount = 0;

  constructor({ clock, hub }: { clock: Clock; hub: StreamHub }) {
    this.clock = clock;
    this.hub = hub;
    this.encoder = new EventEncoder(clock.wallMs().toString(36));
  }

  /**
   * Streams a chain to whoever asks, from here on; who holds the newest version by its
   * `Last-Event-ID` gets only what comes after it.
   * @throws StrikewireError `throttled` when there is no place.
   */
  open(request: FastifyRequest, reply: FastifyReply, chain: LiveChain): void {
    const { clock, hub } = this;
    const client = new EventClient(reply.raw, clock, (text) =>
      this.encoder.encode(chain.key, text),
    );
    const end = (): void => {
      hub.drop(client);
      client.end();
    };
    const leave = this.seats.take(request.caller, callerAddress(request), end);
    if (typeof leave === 'string') throw full(leave);
    reply.hijack();
    this.clients.add(client);
    reply.raw.once('close', () => {
      leave();
      this.clients.delete(client);
      hub.drop(client);
    });
    client.begin(reply.getHeaders(), retryMs + (this.openedCount++ % retrySteps) * retryStepMs);
    client.resume(request.headers['last-event-id'], () => hub.subscribe(chain, 'json', client));
    this.arm();
  }

  /** The server stops: streams are ended, and those that do not close are cut. */
  async drain(): Promise<void> {
    for (const client of this.clients) {
      this.hub.drop(client);
      client.end();
    }
    for (let waitedMs = 0; waitedMs < drainMs && this.clients.size > 0; waitedMs += drainStepMs) {
      await sleep(this.clock, drainStepMs);
    }
    for (const client of this.clients) client.cut();
    this.heartbeatTimer?.cancel();
  }

  private arm(): void {
    if (this.clients.size === 0) return;
    this.heartbeatTimer ??= this.clock.after(heartbeatMs, () => {
      this.heartbeatTimer = undefined;
      for (const client of this.clients) client.beat();
      this.arm();
    });
  }
}

/** One client, as the hub sees it. */
class EventClient implements StreamClient {
  private readonly response: ServerResponse;
  private readonly clock: Clock;
  private readonly encode: (text: string) => StreamEvent;
  /** What came for a client that is being subscribed. */
  private opening: StreamEvent[] | undefined;

  constructor(response: ServerResponse, clock: Clock, encode: (text: string) => StreamEvent) {
    this.response = response;
    this.clock = clock;
    this.encode = encode;
    // What goes wrong here is followed by a close.
    response.on('error', () => undefined);
  }

  begin(headers: ReturnType<FastifyReply['getHeaders']>, waitMs: number): void {
    this.response.writeHead(200, {
      ...(headers as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      // A proxy that collects an answer before it passes it on would never pass this one on.
      'x-accel-buffering': 'no',
    });
    this.write(Buffer.from(`retry: ${waitMs}\n\n`));
  }

  /** Subscribes; what the client holds already is not sent again. */
  resume(lastEventId: string | string[] | undefined, subscribe: () => void): void {
    const opening: StreamEvent[] = (this.opening = []);
    subscribe();
    this.opening = undefined;
    const isHeld = opening.some(({ id }) => id !== null && id === lastEventId);
    if (!isHeld) for (const { bytes } of opening) this.write(bytes);
  }

  send(data: string | Uint8Array): void {
    const event = this.encode(data as string);
    if (this.opening) this.opening.push(event);
    else this.write(event.bytes);
    // The chain is over, and so is its stream.
    if (event.type === 'unsubscribed') this.end();
  }

  bufferedBytes(): number {
    return this.response.writableLength;
  }

  /** Ends it now: what waits for it is thrown away. */
  cut(): void {
    this.response.destroy();
  }

  end(): void {
    if (this.response.writableEnded) return;
    this.response.end();
    this.clock.after(endGraceMs, () => {
      if (!this.response.writableFinished) this.cut();
    });
  }

  beat(): void {
    if (this.bufferedBytes() <= socketLimits.bufferedBytesMax) this.write(heartbeat);
  }

  private write(bytes: Uint8Array): void {
    const { response } = this;
    if (!response.writableEnded && !response.destroyed) response.write(bytes);
  }
}

function full(message: string): StrikewireError {
  return new StrikewireError({
    kind: 'throttled',
    code: 'too_many_streams',
    message,
    details: { retryAfterS: fullRetryS },
  });
}
