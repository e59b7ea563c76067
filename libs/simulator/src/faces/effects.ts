import type { Clock, Timer } from '@strikewire/runtime';
import type { Fault } from '../faults/fault';
import type { MuteOptions } from './outlet';
import type { SocketAim } from './sessions';

/** Why a broker ends a client's connections. */
export type EndReason = 'expired' | 'suspended';

/** What of a feed faults act on. */
export interface FaultedFeed {
  /** Without codes the connection breaks. */
  drop(aim: SocketAim, codes: { disconnectCode?: number; closeCode?: number }): void;
  mute(aim: SocketAim, how: MuteOptions): void;
  unmuteAll(): void;
  /** Ends the connections of a client, or of all, as the broker does for that reason. */
  endClient(clientId: string | undefined, reason: EndReason): void;
}

/** What of accounts faults act on. */
export interface FaultedAccounts {
  /** Lets tokens expire now, of one client or of all; `restoreAll` takes it back. */
  expire(clientId: string | undefined): void;
  restoreAll(): void;
}

/** What faults do at the moment they come, and when all are cleared. */
export interface FaceEffects {
  added(fault: Fault): void;
  cleared(): void;
}

export function createFaceEffects(
  clock: Clock,
  accounts: FaultedAccounts,
  ...feeds: readonly FaultedFeed[]
): FaceEffects {
  const feed = together(feeds);
  const expiries = new Set<Timer>();
  const expire = (clientId: string | undefined): void => {
    accounts.expire(clientId);
    feed.endClient(clientId, 'expired');
  };
  const expireLater = (clientId: string | undefined, inMs: number): void => {
    const timer = clock.after(inMs, () => {
      expiries.delete(timer);
      expire(clientId);
    });
    expiries.add(timer);
  };
  return {
    added(fault) {
      switch (fault.kind) {
        case 'dropSocket':
          return feed.drop(fault.socket, fault);
        case 'muteSocket':
          return feed.mute(fault.socket, fault);
        case 'halfOpen':
          return feed.mute(fault.socket, { ...fault, stopPings: true, isHalfOpen: true });
        case 'expireToken':
          return fault.inMs === undefined
            ? expire(fault.clientId)
            : expireLater(fault.clientId, fault.inMs);
        case 'suspendAccount':
          return feed.endClient(fault.clientId, 'suspended');
        case 'outage':
          return feed.drop('all', {});
        default:
      }
    },
    cleared() {
      for (const timer of expiries) timer.cancel();
      expiries.clear();
      feed.unmuteAll();
      accounts.restoreAll();
    },
  };
}

/** Each fault acts on all of them. */
function together(feeds: readonly FaultedFeed[]): FaultedFeed {
  const each = (act: (feed: FaultedFeed) => void): void => feeds.forEach(act);
  return {
    drop: (...how) => each((feed) => feed.drop(...how)),
    mute: (...how) => each((feed) => feed.mute(...how)),
    unmuteAll: () => each((feed) => feed.unmuteAll()),
    endClient: (...whom) => each((feed) => feed.endClient(...whom)),
  };
}
