import { WebSocket, type RawData } from 'ws';
import type { OpenSocket, Socket } from '../socket';

/** What a close frame has room for, besides its code (RFC 6455, 5.5). */
const closeReasonBytesMax = 123;

/** Client sockets over the network (`ws`), without per-message compression. */
export const nodeOpenSocket: OpenSocket = (url, options, handlers) => {
  try {
    return open(url, options, handlers);
  } catch (error) {
    // An address, header or protocol that cannot be sent; each may be a secret, so none is named.
    const reason = error instanceof Error ? error.name : 'not an address';
    queueMicrotask(() => handlers.refused(0, `the handshake cannot be sent: ${reason}`));
    return neverOpened;
  }
};

const neverOpened: Socket = {
  send: () => undefined,
  ping: () => undefined,
  close: () => undefined,
  terminate: () => undefined,
  bufferedAmount: 0,
};

const open: OpenSocket = (url, options, handlers) => {
  const socket = new WebSocket(url, [...(options.protocols ?? [])], {
    headers: options.headers ?? {},
    followRedirects: options.followRedirects ?? false,
    handshakeTimeout: options.handshakeTimeoutMs,
    maxPayload: options.messageBytesMax,
    perMessageDeflate: false,
    skipUTF8Validation: false,
  });
  let isOpen = false;
  let isEnded = false;
  const refuse = (status: number, reason: string): void => {
    if (isEnded) return;
    isEnded = true;
    handlers.refused(status, reason);
  };
  socket.on('open', () => {
    isOpen = true;
    handlers.opened?.();
  });
  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (!isEnded) handlers.message(data as Buffer, isBinary);
  });
  socket.on('ping', () => handlers.alive?.());
  socket.on('pong', () => handlers.alive?.());
  socket.on('unexpected-response', (request, response) => {
    response.resume();
    request.destroy();
    refuse(response.statusCode ?? 0, `handshake answered ${response.statusCode ?? 0}`);
  });
  // An error is always followed by a close; before the opening it stands for a refusal.
  socket.on('error', (error) => {
    if (!isOpen) refuse(0, error.message);
  });
  socket.on('close', (code, reason) => {
    if (!isOpen) return refuse(0, 'closed before it opened');
    if (isEnded) return;
    isEnded = true;
    handlers.closed(code, reason.toString());
  });
  return {
    send: (data) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(data);
    },
    ping: () => {
      if (socket.readyState === WebSocket.OPEN) socket.ping();
    },
    close: (code = 1000, reason = '') => socket.close(code, fitted(reason)),
    terminate: () => socket.terminate(),
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
  };
};

/** As much of a reason as a close frame takes, cut between two letters. */
function fitted(reason: string): string {
  let cut = reason.slice(0, closeReasonBytesMax);
  while (Buffer.byteLength(cut) > closeReasonBytesMax) cut = cut.slice(0, -1);
  return cut;
}
