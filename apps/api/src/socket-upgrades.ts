import {
  admitUpgrade,
  closingAnswer,
  errorAnswer,
  useOriginForm,
  type AccessRule,
  type RateWindow,
  type UpgradeGuard,
} from '@strikewire/platform';
import { StrikewireError, type Log } from '@strikewire/runtime';
import { EventEmitter } from 'node:events';
import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** Of an address that is refused. */
const addressCharsShown = 200;

/** What handshakes are checked with, and how a refusal is told. */
export interface UpgradeOptions {
  guard: UpgradeGuard;
  /** Handshakes of one caller. */
  rates: RateWindow;
  log: Log;
  nextId(): string;
}

/**
 * Hands handshakes for these paths on, once whoever sends them is known and may: the emitter stands
 * for the server where one is listened to for `upgrade`. Any other is refused in the one error
 * body, where Nest's adapter would hang up without a word.
 */
export function routeUpgrades(
  server: Server,
  rules: Readonly<Record<string, AccessRule>>,
  { guard, rates, log, nextId }: UpgradeOptions,
): EventEmitter {
  const routed = new EventEmitter();
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const [path = ''] = useOriginForm(request).split('?', 1);
    try {
      const rule = Object.hasOwn(rules, path) ? rules[path] : undefined;
      if (rule === undefined) throw unknownPath(path);
      refuseOften(rates.take(`address:${request.socket.remoteAddress}`));
      admitUpgrade(request, rule, guard);
      if (!routed.emit('upgrade', request, socket, head)) throw unknownPath(path);
    } catch (thrown) {
      const { status, body } = errorAnswer(thrown, nextId(), log);
      socket.on('error', () => socket.destroy());
      const answer = closingAnswer(`${status} ${STATUS_CODES[status] ?? 'Refused'}`, body.error);
      socket.end(answer, () => socket.destroy());
    }
  });
  return routed;
}

function refuseOften(retryAfterS: number | undefined): void {
  if (retryAfterS === undefined) return;
  throw new StrikewireError({
    kind: 'throttled',
    code: 'too_many_handshakes',
    message: `too many sockets were asked for from here; go on in ${retryAfterS} s`,
    details: { retryAfterS },
  });
}

function unknownPath(path: string): StrikewireError {
  const message = `there is no socket at ${path.slice(0, addressCharsShown)}`;
  return new StrikewireError({ kind: 'not_found', code: 'route_unknown', message });
}
