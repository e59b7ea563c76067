import {
  errorKindOf,
  errorMessageOf,
  type Clock,
  type OpenSocket,
  type Socket,
  type Timer,
} from '@strikewire/runtime';
import type { FeedAddress, FeedEndKind, FeedProtocol } from '../core/feed-protocol';
import type { ConnectionBudget, ConnectionClosing } from './connection-budget';
import { failureOf } from './guarded-protocol';
import { endKindOf } from './plugin-answers';

/** What one connection of a feed is made of. */
export interface FeedConnectionDeps {
  clock: Clock;
  openSocket: OpenSocket;
  protocol: Pick<FeedProtocol, 'address' | 'classifyEnd'>;
  /** Of the account that is in use now: its place goes back to the same one. */
  budget: ConnectionBudget;
}

/** Why a connection ended, or never stood. */
export type ConnectionEnd = FeedEndKind | 'throttled';

/** What a connection tells; nothing once it was ended from this side. */
export interface FeedConnectionHandlers {
  opened(): void;
  message(data: Uint8Array, isBinary: boolean): void;
  /** Any sign of life that is no message. */
  alive(): void;
  lost(kind: ConnectionEnd, reason: string): void;
}

/** An unanswered handshake counts as lost after this; so does a feed that is not ready. */
export const handshakeTimeoutMs = 10_000;
/** A snapshot of 2,000 instruments with depth is almost a megabyte at the most talkative broker. */
const messageBytesMax = 1 << 22;
/** A closing handshake that the broker does not answer is ended after this. */
const closeGraceMs = 2_000;
/** The connection went without a closing handshake (RFC 6455, 7.4.1). */
const goneCode = 1006;

/**
 * One attempt to connect, and the connection that comes of it: waits for a place in the account's
 * budget, asks where to go, opens the socket, and gives the place back when the broker knows of
 * the end.
 */
export class FeedConnection {
  private readonly deps: FeedConnectionDeps;
  private readonly handlers: FeedConnectionHandlers;
  private withdraw: () => void = () => {};
  private socket: Socket | undefined;
  private isEnded = false;
  private isPlaceHeld = false;
  private startedMono = 0;
  private waitingForAddress: Timer | undefined;

  constructor(deps: FeedConnectionDeps, handlers: FeedConnectionHandlers) {
    this.deps = deps;
    this.handlers = handlers;
  }

  /** Everything that is told may be told from within this call on. */
  start(): void {
    this.withdraw = this.deps.budget.acquire(() => this.begin());
  }

  send(message: string | Uint8Array): void {
    this.socket?.send(message);
  }

  /** Closes, as wished for or not; later events are not heard. */
  end(reason: string, isWanted: boolean): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.withdraw();
    this.waitingForAddress?.cancel();
    const { socket } = this;
    // What it is still told of goes nowhere.
    if (!socket) return this.release('known');
    socket.close(isWanted ? 1000 : 4000, reason.slice(0, 100));
    // Without the broker's answer the place stays taken for as long as the broker may count it.
    this.deps.clock.after(closeGraceMs, () => {
      this.release('unanswered');
      socket.terminate();
    });
  }

  private begin(): void {
    const { clock, protocol } = this.deps;
    this.isPlaceHeld = true;
    this.startedMono = clock.monoMs();
    const refused = (error: unknown): void => this.over(refusalOf(error), errorMessageOf(error));
    try {
      const address = protocol.address();
      if (!(address instanceof Promise)) return this.dial(address);
      this.waitingForAddress = clock.after(handshakeTimeoutMs, () =>
        this.over('other', `no address after ${handshakeTimeoutMs} ms`));
      address.then((found) => this.dial(found)).catch(refused);
    } catch (error) {
      refused(error);
    }
  }

  private dial({ url, headers = {} }: FeedAddress): void {
    if (this.isEnded) return;
    this.waitingForAddress?.cancel();
    const { openSocket, clock } = this.deps;
    this.socket = openSocket(url, { headers, handshakeTimeoutMs, messageBytesMax }, {
      opened: () => this.isEnded || this.handlers.opened(),
      message: (data, isBinary) => this.isEnded || this.handlers.message(data, isBinary),
      alive: () => this.isEnded || this.handlers.alive(),
      closed: (code, reason) => {
        const closing = code === goneCode ? 'broken' : 'known';
        this.ended({ closeCode: code }, `closed ${code} ${reason}`, closing);
      },
      refused: (status, reason) => {
        // A handshake whose answer was waited for in vain may have been accepted.
        const isLate = clock.monoMs() - this.startedMono >= handshakeTimeoutMs;
        const closing = status === 0 && isLate ? 'broken' : 'known';
        this.ended({ httpStatus: status }, reason, closing);
      },
    });
  }

  /** What the end means is the plugin's to say. */
  private ended(
    end: Parameters<FeedProtocol['classifyEnd']>[0],
    reason: string,
    closing: ConnectionClosing,
  ): void {
    let kind: ConnectionEnd = 'other';
    let told = reason;
    try {
      kind = endKindOf(this.deps.protocol.classifyEnd(end));
    } catch (error) {
      told = `${reason}; ${failureOf(error)}`;
    }
    this.over(kind, told, closing);
  }

  private over(kind: ConnectionEnd, reason: string, closing: ConnectionClosing = 'known'): void {
    this.waitingForAddress?.cancel();
    this.release(closing);
    if (this.isEnded) return;
    this.isEnded = true;
    this.handlers.lost(kind, reason);
  }

  private release(closing: ConnectionClosing): void {
    if (this.isPlaceHeld) this.deps.budget.release(closing);
    this.isPlaceHeld = false;
  }
}

/** What it means for the account that the broker names no address. */
function refusalOf(error: unknown): ConnectionEnd {
  const kind = errorKindOf(error);
  if (kind === 'unauthenticated') return 'auth';
  if (kind === 'fatal') return 'suspended';
  return kind === 'throttled' ? 'throttled' : 'other';
}
