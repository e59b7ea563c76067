import { WebSocket, type RawData } from 'ws';
import type { OpenSocket } from '../socket';

/** Client sockets over the network (`ws`), without per-message compression. */
export const nodeOpenSocket: OpenSocket = (url, options, handlers) => {
  const socket = new WebSocket(url, {
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
    close: (code = 1000, reason = '') => socket.close(code, reason),
    terminate: () => socket.terminate(),
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
  };
};
