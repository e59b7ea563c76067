import type { ClientMessage } from '@strikewire/contracts';
import type { Clock, OpenSocket, Random, Socket, Timer } from '@strikewire/runtime';
import { createBackOff } from '../back-off';
import { clientLimits } from '../limits';

/** What the link tells its owner. */
export interface LinkHandlers {
  opened(): void;
  text(message: string): void;
  /** Valid only during the call. */
  frame(bytes: Uint8Array): void;
  /** The socket is gone or could not be opened; the next attempt is already planned. */
  lost(): void;
  /** The state has changed. */
  changed(): void;
}

export interface LinkOptions {
  socketUrl: string;
  /** Offered in every handshake; none when empty. */
  protocols: readonly string[];
  openSocket: OpenSocket;
  clock: Clock;
  random: Random;
}

/**
 * Keeps one socket open while it is wanted: back-off with full jitter after a loss, a sign of
 * life asked for after quiet, a new socket after silence.
 */
export class ChainLink {
  state: 'idle' | 'connecting' | 'open' | 'waiting' = 'idle';
  /** Openings in a row that brought no message. */
  failures = 0;
  /** Why the last socket ended; null before the first end. */
  lastReason: string | null = null;
  /** Monotonic milliseconds of the last byte; null before the first. */
  lastByteMonoMs: number | null = null;

  private readonly options: LinkOptions;
  private readonly handlers: LinkHandlers;
  private readonly backOff: { delayMs(failures: number): number };
  private socket: Socket | null = null;
  private timer: Timer | null = null;

  constructor(options: LinkOptions, handlers: LinkHandlers) {
    this.options = options;
    this.handlers = handlers;
    const { backOffBaseMs: baseMs, backOffCapMs: capMs } = clientLimits;
    this.backOff = createBackOff({ baseMs, capMs, random: options.random });
  }

  /** Opens the socket, or leaves alone one that is open or under way. */
  want(): void {
    if (this.state === 'idle') this.open();
  }

  /** Closes for good until wanted again. */
  stop(): void {
    const { socket } = this;
    this.socket = null;
    this.failures = 0;
    this.rearm(null);
    this.setState('idle');
    socket?.close(1000, 'done');
  }

  /** Gives the socket up as if it had been lost. */
  restart(reason: string): void {
    const { socket } = this;
    if (socket === null) return;
    this.lost(socket, reason);
    socket.terminate();
  }

  send(message: ClientMessage): void {
    this.socket?.send(JSON.stringify(message));
  }

  private open(): void {
    const { openSocket, socketUrl, protocols } = this.options;
    const { handshakeTimeoutMs, messageBytesMax } = clientLimits;
    this.setState('connecting');
    // A late event of a socket that was given up carries another reference and is dropped.
    const socket: Socket = openSocket(
      socketUrl,
      { handshakeTimeoutMs, messageBytesMax, ...(protocols.length > 0 && { protocols }) },
      {
        opened: () => this.socket === socket && this.opened(),
        message: (data, isBinary) => this.socket === socket && this.received(data, isBinary),
        alive: () => this.socket === socket && this.heard(),
        closed: (code, reason) => this.lost(socket, reason || `closed with code ${code}`),
        refused: (status, reason) => this.lost(socket, refusalOf(status, reason)),
      },
    );
    this.socket = socket;
  }

  private opened(): void {
    this.setState('open');
    this.heard();
    this.watchSilence();
    this.handlers.opened();
  }

  private received(data: Uint8Array, isBinary: boolean): void {
    this.failures = 0;
    this.heard();
    if (isBinary) this.handlers.frame(data);
    else this.handlers.text(decoder.decode(data));
  }

  private heard(): void {
    this.lastByteMonoMs = this.options.clock.monoMs();
  }

  private watchSilence(): void {
    const { clock } = this.options;
    const quietForMs = clock.monoMs() - (this.lastByteMonoMs ?? 0);
    if (quietForMs >= clientLimits.silentMs) {
      return this.restart(`silent for ${Math.round(quietForMs / 1000)} s`);
    }
    if (quietForMs >= clientLimits.quietMs) this.send({ type: 'ping' });
    this.rearm(clock.after(clientLimits.quietMs / 2, () => this.watchSilence()));
  }

  private lost(socket: Socket, reason: string): void {
    if (this.socket !== socket) return;
    this.socket = null;
    this.failures++;
    this.lastReason = reason;
    const delayMs = this.backOff.delayMs(this.failures);
    this.rearm(this.options.clock.after(delayMs, () => this.open()));
    this.setState('waiting');
    this.handlers.lost();
  }

  private rearm(timer: Timer | null): void {
    this.timer?.cancel();
    this.timer = timer;
  }

  private setState(state: ChainLink['state']): void {
    this.state = state;
    this.handlers.changed();
  }
}

/** Browsers tell no status: there it is 0, and what REST answers tells the same. */
function refusalOf(status: number, reason: string): string {
  return status === 401 ? `not signed in: ${reason}` : reason;
}

const decoder = new TextDecoder();
