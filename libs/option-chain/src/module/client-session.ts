import {
  clientMessageSchema,
  indiaIsoOf,
  socketLimits,
  type ClientMessage,
  type ErrorBody,
  type ServerMessage,
} from '@strikewire/contracts';
import { accessRules, refusalOf, type AccessRule, type Caller } from '@strikewire/platform';
import { StrikewireError, type Clock } from '@strikewire/runtime';
import type { ChainService } from '../engine/chain-service';
import type { StreamClient } from '../engine/stream-client';
import type { StreamHub } from '../engine/stream-hub';

/** Answers waiting for a client that goes on asking; beyond, it is cut. */
const unreadBytesMax = 2 * socketLimits.bufferedBytesMax;

/** Who may send each message of `/ws`. */
export const messageRules: Readonly<Record<ClientMessage['type'], AccessRule>> = {
  subscribe: accessRules.chainReaders,
  unsubscribe: accessRules.chainReaders,
  resync: accessRules.chainReaders,
  ping: accessRules.chainReaders,
};

export interface ClientSessionDeps {
  clock: Clock;
  service: ChainService;
  hub: StreamHub;
  /** Who holds the socket. */
  caller: Caller;
  /** The one error body for anything thrown. */
  errorBody(thrown: unknown): ErrorBody;
}

/**
 * One client of `/ws`: checks what it sends, and answers every request with what it asked for or
 * an error that names it. Never throws.
 */
export class ClientSession {
  private readonly deps: ClientSessionDeps;
  private readonly client: StreamClient;
  private allowance = socketLimits.messagesPerSecond * 2;
  private allowanceMono: number;

  constructor(deps: ClientSessionDeps, client: StreamClient) {
    this.deps = deps;
    this.client = client;
    this.allowanceMono = deps.clock.monoMs();
  }

  /** Takes one message of the client; `isBinary` ones are refused. */
  received(text: string, isBinary: boolean): void {
    // Who asks and asks and reads nothing is not answered for ever.
    if (this.client.bufferedBytes() > unreadBytesMax) {
      this.ended();
      return this.client.cut('too slow: answers were not read');
    }
    let id: unknown;
    try {
      this.spendAllowance();
      if (isBinary) throw malformed('a message was binary, needs to be JSON text');
      const json = parse(text);
      id = (json as { id?: unknown } | null)?.id;
      this.handle(clientMessageSchema.parse(json));
    } catch (thrown) {
      this.fail(thrown, id);
    }
  }

  ended(): void {
    this.deps.hub.drop(this.client);
  }

  private handle(message: ClientMessage): void {
    const { hub, clock, caller } = this.deps;
    const { id } = message;
    const refusal = refusalOf(caller, messageRules[message.type], clock.wallMs());
    if (refusal) throw refusal;
    if (message.type === 'subscribe') return this.subscribe(message);
    if (message.type === 'ping') {
      return this.answer({ type: 'pong', ...named(id), at: indiaIsoOf(clock.wallMs()) });
    }
    const { stream } = message;
    const isHeld = message.type === 'resync'
      ? hub.resync(stream, this.client)
      : hub.unsubscribe(stream, this.client);
    if (!isHeld) throw unknownStream(stream);
    if (message.type === 'unsubscribe') {
      this.answer({ type: 'unsubscribed', ...named(id), stream });
    }
  }

  private subscribe(message: Extract<ClientMessage, { type: 'subscribe' }>): void {
    const { service, hub } = this.deps;
    const chain = service.chain(message.underlying, message.expiry);
    const held = hub.heldBy(this.client);
    if (held >= socketLimits.subscriptionsMax) {
      throw new StrikewireError({
        kind: 'throttled',
        code: 'too_many_subscriptions',
        message: `this socket holds ${held} subscriptions, the most there may be`,
        details: { subscriptionsMax: socketLimits.subscriptionsMax },
      });
    }
    hub.subscribe(chain, message.encoding, this.client, message.id);
  }

  /** A bucket of twice a second's messages, refilled by the clock. */
  private spendAllowance(): void {
    const now = this.deps.clock.monoMs();
    const { messagesPerSecond } = socketLimits;
    const refilled = this.allowance + ((now - this.allowanceMono) / 1_000) * messagesPerSecond;
    this.allowance = Math.min(messagesPerSecond * 2, refilled);
    this.allowanceMono = now;
    if (this.allowance < 1) {
      throw new StrikewireError({
        kind: 'throttled',
        code: 'too_many_messages',
        message: `more than ${messagesPerSecond} messages a second came on this socket`,
        details: { messagesPerSecond },
      });
    }
    this.allowance--;
  }

  private fail(thrown: unknown, id: unknown): void {
    const { error } = this.deps.errorBody(thrown);
    this.answer({ type: 'error', ...named(readableId(id)), error });
  }

  private answer(message: ServerMessage): void {
    this.client.send(JSON.stringify(message));
  }
}

function named(id: string | number | undefined): { id?: string | number } {
  return id === undefined ? {} : { id };
}

/** An id is given back only when it is of the form that one may have. */
function readableId(id: unknown): string | number | undefined {
  if (typeof id === 'string') return id.length <= 64 ? id : undefined;
  return typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? id : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('a message was not JSON');
  }
}

function malformed(message: string): StrikewireError {
  return new StrikewireError({ kind: 'invalid', code: 'message_malformed', message });
}

function unknownStream(stream: number): StrikewireError {
  return new StrikewireError({
    kind: 'not_found',
    code: 'stream_unknown',
    message: `stream was ${stream}, needs one that this socket has subscribed to`,
    details: { field: 'stream' },
  });
}
