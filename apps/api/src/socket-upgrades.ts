import { closingAnswer, useOriginForm } from '@strikewire/platform';
import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** Of an address that is refused. */
const addressCharsShown = 200;

/**
 * Hands handshakes for these paths on: the emitter stands for the server where one is listened to
 * for `upgrade`. Any other is answered 404 in the one error body, where Nest's adapter would hang
 * up without a word.
 */
export function routeUpgrades(
  server: Server,
  paths: readonly string[],
  nextId: () => string,
): EventEmitter {
  const routed = new EventEmitter();
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const [path = ''] = useOriginForm(request).split('?', 1);
    if (paths.includes(path) && routed.emit('upgrade', request, socket, head)) return;
    const answer = closingAnswer('404 Not Found', {
      code: 'route_unknown',
      message: `there is no socket at ${path.slice(0, addressCharsShown)}`,
      requestId: nextId(),
    });
    socket.on('error', () => socket.destroy());
    socket.end(answer, () => socket.destroy());
  });
  return routed;
}
