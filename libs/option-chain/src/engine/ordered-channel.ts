import { socketLimits, type OrderedMessage } from '@strikewire/contracts';
import type { Clock, Timer } from '@strikewire/runtime';
import type { StreamClient } from './stream-client';

/** Logs that are kept at once; beyond, one that nobody follows is forgotten. */
const logsMax = 1_000;
/** A client whose buffer is full is looked at again after this. */
const slowRoundMs = 100;

/** Where a client goes on: after the message with this number. */
export interface OrderedPlace {
  epoch: string;
  sequence: number;
}

/** What a message tells beside its number. */
interface Facts {
  id?: string | number;
  data?: unknown;
  dropped?: number | null;
  resync?: string;
}

/** One who follows a log, and how far it has been told. */
interface Follower {
  client: StreamClient;
  told: number;
  slowSinceMono: number | null;
}

/** The messages for one audience, numbered without gaps; the latest can be had again. */
interface Log {
  stream: number;
  /** Numbers begin anew with each: a log that was forgotten is not taken for its successor. */
  epoch: string;
  sequence: number;
  texts: string[];
  followers: Map<StreamClient, Follower>;
}

/**
 * Numbered messages, none of which is dropped in silence. Each audience has a log of its own; a
 * client is told what comes from the log, so that the log is its queue: one whose buffer is full
 * waits, and when it has drained gets what it has missed, or, when that is no longer in the log,
 * word of it.
 */
export class OrderedChannel {
  private readonly clock: Clock;
  private readonly channel: 'alerts' | 'orders';
  private readonly resync: string;
  private readonly takeId: () => number;
  private readonly logs = new Map<string, Log>();
  private readonly following = new Map<StreamClient, Log>();
  private readonly slow = new Set<Follower>();
  private readonly run: string;
  private epochs = 0;
  private timer: Timer | undefined;

  constructor({ clock, channel, resync, takeId }: {
    clock: Clock;
    channel: 'alerts' | 'orders';
    /** The route that tells how things stand. */
    resync: string;
    /** Numbers that no other stream has. */
    takeId(): number;
  }) {
    this.clock = clock;
    this.channel = channel;
    this.resync = resync;
    this.takeId = takeId;
    this.run = clock.wallMs().toString(36);
  }

  /** Tells an audience, for example a person by id; answers with the message's number. */
  publish(data: unknown, audience: string): number {
    const log = this.logOf(audience);
    const sequence = ++log.sequence;
    log.texts.push(this.encode(log, { type: 'event', sequence, data }));
    if (log.texts.length > socketLimits.orderedLogMax) log.texts.shift();
    for (const follower of log.followers.values()) this.tell(log, follower);
    return sequence;
  }

  /** The stream's number; what comes after the given place, or from now on, is sent. */
  join(
    client: StreamClient,
    audience: string,
    { id, after }: { id?: string | number | undefined; after?: OrderedPlace | undefined },
  ): number {
    this.drop(client);
    const log = this.logOf(audience);
    const isKnown = after?.epoch === log.epoch && after.sequence <= log.sequence;
    const told = isKnown ? after.sequence : log.sequence;
    const follower: Follower = { client, told, slowSinceMono: null };
    log.followers.set(client, follower);
    this.following.set(client, log);
    client.send(
      this.encode(log, { type: 'subscribed', ...(id !== undefined && { id }), sequence: told }),
    );
    // Which messages those were that it has not, nobody knows.
    if (after && !isKnown) this.sendOverflow(log, follower, null);
    this.tell(log, follower);
    return log.stream;
  }

  /** False when the client does not hold that stream. */
  leave(stream: number, client: StreamClient): boolean {
    const log = this.following.get(client);
    if (!log || log.stream !== stream) return false;
    this.drop(client);
    return true;
  }

  drop(client: StreamClient): void {
    const log = this.following.get(client);
    const follower = log?.followers.get(client);
    this.following.delete(client);
    log?.followers.delete(client);
    if (follower) this.slow.delete(follower);
  }

  holds(client: StreamClient): boolean {
    return this.following.has(client);
  }

  /** Whether the client holds this stream of the channel. */
  holdsStream(stream: number, client: StreamClient): boolean {
    return this.following.get(client)?.stream === stream;
  }

  private logOf(audience: string): Log {
    const known = this.logs.get(audience);
    if (known) return known;
    const log: Log = {
      stream: this.takeId(),
      epoch: `${this.run}-${++this.epochs}`,
      sequence: 0,
      texts: [],
      followers: new Map(),
    };
    if (this.logs.size >= logsMax) {
      const idle = [...this.logs].find(([, { followers }]) => followers.size === 0);
      if (idle) this.logs.delete(idle[0]);
    }
    this.logs.set(audience, log);
    return log;
  }

  /** Sends a follower what it has not been told, as far as its buffer has room. */
  private tell(log: Log, follower: Follower): void {
    const { client } = follower;
    while (follower.told < log.sequence) {
      if (this.isSlow(follower)) return this.wait(follower);
      const oldest = log.sequence - log.texts.length + 1;
      if (follower.told + 1 < oldest) {
        const dropped = oldest - 1 - follower.told;
        follower.told = oldest - 1;
        this.sendOverflow(log, follower, dropped);
      } else {
        client.send(log.texts[++follower.told - oldest] ?? '');
      }
    }
    this.slow.delete(follower);
  }

  private sendOverflow(log: Log, { client, told }: Follower, dropped: number | null): void {
    const { resync } = this;
    client.send(this.encode(log, { type: 'overflow', sequence: told, dropped, resync }));
  }

  private encode(
    { stream, epoch }: Log,
    { type, ...message }: { type: OrderedMessage['type']; sequence: number } & Facts,
  ): string {
    return JSON.stringify({ type, channel: this.channel, stream, epoch, ...message });
  }

  private isSlow(follower: Follower): boolean {
    const { bufferedBytesMax } = socketLimits;
    const isWaiting = follower.slowSinceMono !== null;
    const room = isWaiting ? bufferedBytesMax / 2 : bufferedBytesMax;
    if (follower.client.bufferedBytes() <= room) {
      follower.slowSinceMono = null;
      return false;
    }
    follower.slowSinceMono ??= this.clock.monoMs();
    return true;
  }

  private wait(follower: Follower): void {
    this.slow.add(follower);
    this.timer ??= this.clock.after(slowRoundMs, () => this.serveSlow());
  }

  /** Slow clients: what they have missed once drained, the end once past the limit. */
  private serveSlow(): void {
    this.timer = undefined;
    const nowMono = this.clock.monoMs();
    for (const follower of this.slow) {
      const { client } = follower;
      const log = this.following.get(client);
      if (log) this.tell(log, follower);
      if (!this.slow.has(follower)) continue;
      // Read after it was told: one that drained and is full again is slow since now.
      const { slowSinceMono } = follower;
      if (nowMono - (slowSinceMono ?? nowMono) <= socketLimits.slowMsMax) continue;
      this.drop(client);
      client.cut('too slow: the buffer stayed over its limit');
    }
    const [one] = this.slow;
    if (one) this.wait(one);
  }
}
