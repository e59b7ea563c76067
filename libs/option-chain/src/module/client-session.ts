import {
  clientMessageSchema,
  indiaIsoOf,
  socketLimits,
  type Channel,
  type ClientMessage,
  type ErrorBody,
  type ServerMessage,
  type SubscribeMessage,
} from '@strikewire/contracts';
import { accessRules, refusalOf, type AccessRule, type Caller } from '@strikewire/platform';
import { StrikewireError, type Clock } from '@strikewire/runtime';
import type { OrderedChannels } from '../engine/ordered-channels';
import type { StateChannels } from '../engine/state-channels';
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

/** Who may be told what: whoever may read it by REST. */
export const channelRules: Readonly<Record<Channel, AccessRule>> = {
  chain: accessRules.chainReaders,
  greeks: accessRules.chainReaders,
  pcr: accessRules.chainReaders,
  quotes: accessRules.chainReaders,
  status: accessRules.chainReaders,
  alerts: accessRules.people,
  orders: accessRules.people,
};

/** What sessions are served from. */
export interface SessionSources {
  clock: Clock;
  hub: StreamHub;
  state: StateChannels;
  ordered: OrderedChannels;
}

export interface ClientSessionDeps extends SessionSources {
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
    this.deps.ordered.drop(this.client);
  }

  private handle(message: ClientMessage): void {
    const { clock } = this.deps;
    const { id } = message;
    this.check(messageRules[message.type]);
    if (message.type === 'subscribe') return this.subscribe(message);
    if (message.type === 'ping') {
      return this.answer({ type: 'pong', ...named(id), at: indiaIsoOf(clock.wallMs()) });
    }
    const { stream } = message;
    if (message.type === 'resync') return this.resync(stream);
    if (!this.unsubscribe(stream)) throw unknownStream(stream);
    this.answer({ type: 'unsubscribed', ...named(id), stream });
  }

  private check(rule: AccessRule): void {
    const refusal = refusalOf(this.deps.caller, rule, this.deps.clock.wallMs());
    if (refusal) throw refusal;
  }

  private subscribe(message: SubscribeMessage): void {
    const { state, ordered, caller } = this.deps;
    this.check(channelRules[message.channel]);
    const held = this.held();
    if (held >= socketLimits.subscriptionsMax) {
      throw new StrikewireError({
        kind: 'throttled',
        code: 'too_many_subscriptions',
        message: `this socket holds ${held} subscriptions, the most there may be`,
        details: { subscriptionsMax: socketLimits.subscriptionsMax },
      });
    }
    if (message.channel === 'alerts' || message.channel === 'orders') {
      const { channel, id, after } = message;
      const userId = caller.kind === 'nobody' ? '' : caller.userId;
      ordered[channel].join(this.client, ordered.audienceOf(channel, userId), { id, after });
    } else state.subscribe(message, this.client);
  }

  private held(): number {
    const { hub, ordered } = this.deps;
    const isHeld = (channel: 'alerts' | 'orders'): number =>
      Number(ordered[channel].holds(this.client));
    return hub.heldBy(this.client) + isHeld('alerts') + isHeld('orders');
  }

  private unsubscribe(stream: number): boolean {
    const { hub, ordered: { alerts, orders } } = this.deps;
    const { client } = this;
    return [hub.unsubscribe(stream, client), alerts.leave(stream, client),
      orders.leave(stream, client)].some(Boolean);
  }

  private resync(stream: number): void {
    const { hub, ordered: { alerts, orders } } = this.deps;
    if (hub.resync(stream, this.client)) return;
    const isOrdered = [alerts, orders].some((one) => one.holdsStream(stream, this.client));
    if (!isOrdered) throw unknownStream(stream);
    throw new StrikewireError({
      kind: 'invalid',
      code: 'stream_ordered',
      message: `stream ${stream} has no snapshots: subscribe again with "after"`,
      details: { field: 'stream' },
    });
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
