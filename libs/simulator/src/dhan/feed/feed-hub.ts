import type {
  Clock,
  Random,
  ServedRequest,
  Socket,
  SocketDecision,
  SocketHandlers,
} from '@strikewire/runtime';
import type { Contract } from '../../market/contract';
import type { Market } from '../../market/market';
import type { FaultBook } from '../../faults/fault-book';
import type { Accounts, AuthProblem } from '../accounts';
import type { Violations } from '../violations';
import { FeedSession, type FeedSettings } from './feed-session';
import { createPacketSource, type PacketSource } from './packet-source';
import { encodeDisconnect } from './packets-encoder';
import { createSubscriptions, type Subscriptions } from './subscriptions';
import { parseFeedRequest } from './subscribe-request';

export interface FeedDeps {
  clock: Clock;
  random: Random;
  market: Market;
  accounts: Accounts;
  violations: Violations;
  faults: FaultBook;
  settings: FeedSettings;
}

/** Which connections a fault is aimed at: all of them, or the nth oldest, counted from 1. */
export type SocketAim = 'all' | number;

export interface FeedStatus {
  sockets: { clientId: string; instruments: number; framesSent: number; muted: boolean }[];
  subscriptions: number;
  subscribeMessages: number;
  handshakes: number;
}

export interface FeedHub {
  handshake(request: ServedRequest): SocketDecision;
  /** Sends whatever is batched or delayed. */
  flush(): void;
  drop(aim: SocketAim, disconnectCode?: number): void;
  /** Keeps connections open and silent, for `forMs` or until all are unmuted. */
  mute(aim: SocketAim, stopPings: boolean, forMs: number | undefined): void;
  unmuteAll(): void;
  /** Ends the connections of a client, or of all, with a disconnect code. */
  disconnectClient(clientId: string | undefined, code: number): void;
  status(): FeedStatus;
  stop(): void;
}

const socketsMax = 5;
const connectionsExceeded = 805;
const disconnectCodes: Readonly<Record<AuthProblem, number>> = {
  token: 809,
  expired: 807,
  client: 808,
  plan: 806,
};
/** More refused handshakes a minute than this are a loop. */
const authFailuresMax = 10;
const minuteMs = 60_000;

export function createFeedHub(deps: FeedDeps): FeedHub {
  return new Hub(deps);
}

class Hub implements FeedHub {
  private readonly deps: FeedDeps;
  /** Oldest first. */
  private readonly sessions: FeedSession[] = [];
  private readonly subscriptions: Subscriptions;
  private readonly packets: PacketSource;
  private authFailuresMs: number[] = [];
  private handshakes = 0;

  constructor(deps: FeedDeps) {
    this.deps = deps;
    this.packets = createPacketSource();
    this.subscriptions = createSubscriptions(deps, this.packets);
    deps.market.listen(
      (contract: Contract, what: number) => this.subscriptions.ticked(contract, what),
      () => {
        for (const session of this.sessions) session.batch.flush();
      },
    );
  }

  handshake({ query }: ServedRequest): SocketDecision {
    this.handshakes++;
    const status = this.deps.faults.handshakeStatus();
    if (status !== undefined) return { refuse: status };
    const [token, clientId] = [query.get('token') ?? '', query.get('clientId') ?? ''];
    const isComplete = query.get('version') === '2' && query.get('authType') === '2';
    if (!isComplete || !token || !clientId) return { refuse: 400 };
    const problem = this.deps.accounts.problem(clientId, token);
    return problem === undefined
      ? { accept: (socket) => this.open(clientId, socket) }
      : { accept: (socket) => this.turnAway(clientId, socket, problem) };
  }

  flush(): void {
    for (const session of this.sessions) session.flush();
  }

  drop(aim: SocketAim, disconnectCode?: number): void {
    for (const session of this.aimedAt(aim)) session.drop(disconnectCode);
  }

  mute(aim: SocketAim, stopPings: boolean, forMs: number | undefined): void {
    for (const session of this.aimedAt(aim)) session.mute(stopPings, forMs);
  }

  unmuteAll(): void {
    for (const session of this.sessions) session.unmute();
  }

  disconnectClient(clientId: string | undefined, code: number): void {
    const aimed = this.sessions.filter(
      (session) => clientId === undefined || session.clientId === clientId,
    );
    for (const session of aimed) session.drop(code);
  }

  status(): FeedStatus {
    return {
      sockets: this.sessions.map(({ clientId, modes, framesSent, muted }) => ({
        clientId, instruments: modes.size, framesSent, muted,
      })),
      subscriptions: this.sessions.reduce((sum, { modes }) => sum + modes.size, 0),
      subscribeMessages: this.subscriptions.messages,
      handshakes: this.handshakes,
    };
  }

  stop(): void {
    for (const session of [...this.sessions]) session.drop(undefined);
  }

  private open(clientId: string, socket: Socket): SocketHandlers {
    const { clock, random, settings, faults } = this.deps;
    const session = new FeedSession(clientId, socket, { clock, random, settings, faults });
    this.evictOldest(clientId);
    this.sessions.push(session);
    session.batch.add(this.packets.marketStatus());
    session.batch.flush();
    return {
      message: (data, isBinary) => {
        session.alive();
        if (!isBinary) this.receive(session, new TextDecoder().decode(data));
      },
      alive: () => session.alive(),
      closed: () => this.close(session),
    };
  }

  /** One connection too many ends the oldest one. */
  private evictOldest(clientId: string): void {
    const own = this.sessions.filter((session) => session.clientId === clientId);
    if (own.length < socketsMax) return;
    this.deps.violations.add('feed_sockets', `${clientId} opened socket ${own.length + 1}`);
    const [oldest] = own;
    if (!oldest) return;
    oldest.drop(connectionsExceeded);
    this.close(oldest);
  }

  /** Dhan accepts the connection first and says no afterwards. */
  private turnAway(clientId: string, socket: Socket, problem: AuthProblem): SocketHandlers {
    const now = this.deps.clock.monoMs();
    this.authFailuresMs = this.authFailuresMs.filter((atMs) => now - atMs < minuteMs);
    this.authFailuresMs.push(now);
    if (this.authFailuresMs.length > authFailuresMax) {
      const count = this.authFailuresMs.length;
      this.deps.violations.add('auth_loop', `${clientId} refused ${count} times in a minute`);
    }
    socket.send(encodeDisconnect(disconnectCodes[problem]));
    socket.close(1000);
    return { message() {}, closed() {} };
  }

  private receive(session: FeedSession, text: string): void {
    const request = parseFeedRequest(text);
    if (!request || !this.sessions.includes(session)) return;
    if (request.kind === 'disconnect') session.leave();
    else this.subscriptions.apply(session, request);
  }

  private close(session: FeedSession): void {
    const index = this.sessions.indexOf(session);
    if (index < 0) return;
    this.sessions.splice(index, 1);
    session.ended();
    this.subscriptions.removeAll(session);
  }

  private aimedAt(aim: SocketAim): FeedSession[] {
    if (aim === 'all') return [...this.sessions];
    const session = this.sessions[aim - 1];
    return session ? [session] : [];
  }
}
