import {
  errorMessageOf,
  type ClientSocketHandlers,
  type Clock,
  type OpenSocket,
  type OpenSocketOptions,
  type Socket,
} from '@strikewire/runtime';

/**
 * The runtime's socket port over the browser's own WebSocket. What a browser withholds differs
 * from the port: headers cannot be sent, `ping` does nothing, and a refused handshake has status 0.
 */
export function createBrowserOpenSocket(clock: Clock): OpenSocket {
  return (url, options, handlers) => {
    try {
      const native = new WebSocket(url, [...(options.protocols ?? [])]);
      return open(native, clock, options, handlers);
    } catch (thrown) {
      // A malformed address, or ws:// from an https:// page. A browser's words for a malformed
      // protocol hold the protocol, which may be a key.
      const reason = options.protocols ? 'the handshake cannot be sent' : errorMessageOf(thrown);
      const told = clock.after(0, () => handlers.refused(0, reason));
      return { ...deadSocket, close: () => told.cancel(), terminate: () => told.cancel() };
    }
  };
}

const deadSocket: Socket = { send() {}, ping() {}, close() {}, terminate() {}, bufferedAmount: 0 };

const encoder = new TextEncoder();

function open(
  native: WebSocket,
  clock: Clock,
  { handshakeTimeoutMs, messageBytesMax }: OpenSocketOptions,
  handlers: ClientSocketHandlers,
): Socket {
  native.binaryType = 'arraybuffer';
  let state: 'connecting' | 'open' | 'ended' = 'connecting';
  const end = (code: number, reason: string): void => {
    if (state === 'ended') return;
    const wasOpen = state === 'open';
    state = 'ended';
    handshake.cancel();
    native.close();
    if (wasOpen) handlers.closed(code, reason);
    else handlers.refused(0, reason || 'the connection could not be opened');
  };
  const handshake = clock.after(handshakeTimeoutMs, () =>
    end(1006, `no answer within ${handshakeTimeoutMs} ms`),
  );
  native.onopen = () => {
    if (state !== 'connecting') return;
    handshake.cancel();
    state = 'open';
    handlers.opened?.();
  };
  native.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
    if (state !== 'open') return;
    const isBinary = typeof data !== 'string';
    const bytes = isBinary ? new Uint8Array(data) : encoder.encode(data);
    if (bytes.byteLength > messageBytesMax) return end(1009, 'message too large');
    handlers.message(bytes, isBinary);
  };
  native.onclose = ({ code, reason }) => end(code, reason);
  return {
    send(data) {
      if (state !== 'open') return;
      // A copy also takes the bytes out of any shared buffer, which WebSocket does not accept.
      native.send(typeof data === 'string' ? data : data.slice());
    },
    ping() {},
    close: (code, reason) => native.close(code, reason),
    terminate: () => end(1006, 'terminated'),
    get bufferedAmount() {
      return native.bufferedAmount;
    },
  };
}
