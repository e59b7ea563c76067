import type { FailoverEvent } from '@strikewire/broker/engine';
import type { Fault } from '@strikewire/simulator';
import { troubleMs, type Mishap } from './failover-story';

/** Which mishaps may be told as each cause; null: none has to be there. */
const reasonsOf: Readonly<Record<FailoverEvent['cause'], ((fault: Fault) => boolean) | null>> = {
  socket_lost: () => true,
  feed_lost: () => true,
  broker_down: () => true,
  auth: isRefusal,
  suspended: isRefusal,
  recovered: null,
  by_hand: null,
  accounts: null,
};

/** What may look to an account as if its credentials were no good. */
function isRefusal(fault: Fault): boolean {
  const { kind } = fault;
  if (kind === 'expireToken' || kind === 'suspendAccount') return true;
  return (kind === 'handshakeStatus' || kind === 'restError') && [401, 403].includes(
    'status' in fault ? (fault.status ?? 0) : 0,
  );
}

/**
 * Ticks that a peer tells late look as if a quiet market had gone on elsewhere. Who loses a socket
 * by that may have no other.
 */
const lateKinds: ReadonlySet<Fault['kind']> = new Set(['delayPackets', 'latePackets']);
const confirmedByPeer = /^no tick for|was silent$|^no live socket for/;

/** From the end of a fault: back-off, silence that is waited for, and the time to tell of it. */
const lingersMs = 120_000;
/** A broker that was down is asked again five minutes later at the most. */
const struckMs = 300_000;

/** A change, and when in the story it was told. */
export type ToldEvent = Pick<FailoverEvent, 'cause' | 'from' | 'reason'> & { toldMs: number };

/**
 * What is told of changes for which nothing of the story can be the cause. New credentials are a
 * cause by themselves: the old ones end by them.
 */
export function causeDoubts(events: readonly ToldEvent[], mishaps: readonly Mishap[]): string[] {
  return events.flatMap(({ cause, from, reason, toldMs }) => {
    if (cause === 'by_hand') return [`told of ${cause}, and nobody did anything`];
    const fits = reasonsOf[cause];
    if (fits === null) return [];
    const brokers = from.map(brokerOf);
    const isThere = mishaps.some(({ atMs, broker, fault }) => {
      const untilMs = atMs + lengthMs(fault) + lingersMs + (cause === 'broker_down' ? struckMs : 0);
      if (toldMs < atMs || toldMs > untilMs) return false;
      // A jump of the clock or new credentials may meet anybody.
      if (broker === undefined || fault === undefined) return true;
      if (lateKinds.has(fault.kind) && confirmedByPeer.test(reason)) return true;
      return brokers.includes(broker) && fits(fault);
    });
    return isThere ? [] : [`told of ${cause} at ${from} (${reason}), and nothing was the cause`];
  });
}

/** By its account's name. */
function brokerOf(account: string): string {
  return account.split(' ')[0] ?? '';
}

/** For how long a fault lasts; what came by a clock that was ahead counts until then. */
function lengthMs(fault: Fault | undefined): number {
  // Whoever does not answer does not refuse either.
  if (fault?.kind === 'expireToken') return troubleMs;
  const forMs = fault && 'forMs' in fault ? (fault.forMs ?? 0) : 0;
  return forMs + (fault?.kind === 'clockSkew' ? Math.abs(fault.skewMs) : 0);
}
