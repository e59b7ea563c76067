import type { HttpHandler, ServedRequest } from './http';

/** One end of a WebSocket. After `close` or `terminate` every send is dropped. */
export interface Socket {
  /** Text for a string, binary for bytes. The bytes must not be changed until they are written. */
  send(data: string | Uint8Array): void;
  ping(): void;
  /** Closing handshake; the peer sees the code. */
  close(code?: number, reason?: string): void;
  /** Ends the connection at once, without a close frame. */
  terminate(): void;
  /**
   * From now on nothing of the peer's is read, and its pings are not answered: a half-open
   * connection. What is served may have it.
   */
  stall?(): void;
  /** Bytes accepted by `send` and not yet written to the network. */
  readonly bufferedAmount: number;
}

/** What a socket tells its owner. Exactly one of `closed` and `refused` comes last, once. */
export interface SocketHandlers {
  opened?(): void;
  /** `data` is valid only during the call: copy what is kept. */
  message(data: Uint8Array, isBinary: boolean): void;
  /** A ping or pong frame of the peer (the pong to a ping is sent by the implementation). */
  alive?(): void;
  closed(code: number, reason: string): void;
}

/** A client's side also hears of a handshake that failed. */
export interface ClientSocketHandlers extends SocketHandlers {
  /** The handshake failed: the HTTP status, or 0 when no answer came (refused, timeout). */
  refused(status: number, reason: string): void;
}

/** Limits, headers and subprotocols of one client socket. */
export interface OpenSocketOptions {
  headers?: Record<string, string>;
  /** Subprotocols to offer, the wanted one first; the server has to answer with one of them. */
  protocols?: readonly string[];
  followRedirects?: boolean;
  /** Milliseconds until an unanswered handshake counts as refused with status 0. */
  handshakeTimeoutMs: number;
  /** Largest message accepted, in bytes; a larger one closes the socket with 1009. */
  messageBytesMax: number;
}

/** Opens a client socket (`ws://` or `wss://`). Never throws; failures come as `refused`. */
export type OpenSocket = (
  url: string,
  options: OpenSocketOptions,
  handlers: ClientSocketHandlers,
) => Socket;

/** A server's decision on a handshake: serve it, or refuse it with an HTTP status. */
export type SocketDecision =
  | { accept: (socket: Socket) => SocketHandlers }
  | { refuse: number; headers?: Record<string, string>; body?: string };

/** Decides on a handshake; a rejected promise drops it. */
export type SocketHandler = (request: ServedRequest) => SocketDecision | Promise<SocketDecision>;

/** What a host serves: the broker faces of the simulator are written against this shape. */
export interface Site {
  http: HttpHandler;
  socket?: SocketHandler;
}
