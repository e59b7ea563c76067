import type {
  ServedRequest,
  Socket,
  SocketDecision,
  SocketHandlers,
  Timer,
} from '@strikewire/runtime';
import type { EndReason, FaultedFeed } from '../../faces/effects';
import type { MuteOptions } from '../../faces/outlet';
import type { FaceDeps, FaceStatus } from '../../faces/face';
import { Sessions, type SocketAim } from '../../faces/sessions';
import type { Contract } from '../../market/contract';
import type { Accounts, AuthProblem } from '../accounts';
import { connectionsExceeded, createRefusalWatch, endCodes, refusalCodes } from '../refusals';
import { tokenLifeMs } from '../token';
import { FeedSession, type FeedSettings } from './feed-session';
import { createPacketSource, type PacketSource } from './packet-source';
import { encodeDisconnect } from './packets-encoder';
import { createSubscriptions, type Subscriptions } from './subscriptions';
import { parseFeedRequest } from './subscribe-request';

export interface FeedDeps extends FaceDeps {
  accounts: Accounts;
  settings: FeedSettings;
}

export interface FeedHub extends FaultedFeed {
  handshake(request: ServedRequest): SocketDecision;
  /** Sends whatever is batched or delayed. */
  flush(): void;
  status(): Omit<FaceStatus, 'requests'>;
  stop(): void;
}

const socketsMax = 5;

export function createFeedHub(deps: FeedDeps): FeedHub {
  return new Hub(deps);
}

class Hub implements FeedHub {
  private readonly deps: FeedDeps;
  private readonly sessions = new Sessions<FeedSession>();
  private readonly subscriptions: Subscriptions;
  private readonly packets: PacketSource;
  private readonly refused: (clientId: string) => void;
  private handshakes = 0;

  constructor(deps: FeedDeps) {
    this.deps = deps;
    this.refused = createRefusalWatch(deps.clock, deps.violations);
    this.packets = createPacketSource(() => deps.faults.skewMs());
    this.subscriptions = createSubscriptions(deps, this.packets);
    deps.market.listen(
      (contract: Contract, what: number) => this.subscriptions.ticked(contract, what),
      () => {
        for (const session of this.sessions.all) session.batch.flush();
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
    for (const session of this.sessions.all) session.flush();
  }

  drop(aim: SocketAim, codes: { disconnectCode?: number; closeCode?: number }): void {
    for (const session of this.sessions.aimedAt(aim)) {
      if (codes.closeCode === undefined) session.drop(codes.disconnectCode);
      else session.outlet.close(codes.closeCode);
    }
  }

  mute(aim: SocketAim, how: MuteOptions): void {
    this.sessions.mute(aim, how);
  }

  unmuteAll(): void {
    this.sessions.unmuteAll();
  }

  endClient(clientId: string | undefined, reason: EndReason): void {
    for (const session of this.sessions.of(clientId)) session.drop(endCodes[reason]);
  }

  status(): Omit<FaceStatus, 'requests'> {
    return {
      sockets: this.sessions.all.map(({ clientId, modes, outlet: { framesSent, muted } }) => ({
        clientId, instruments: modes.size, framesSent, muted,
      })),
      subscriptions: this.sessions.all.reduce((sum, { modes }) => sum + modes.size, 0),
      subscribeMessages: this.subscriptions.messages,
      handshakes: this.handshakes,
    };
  }

  stop(): void {
    for (const session of [...this.sessions.all]) session.drop(undefined);
  }

  private open(clientId: string, socket: Socket): SocketHandlers {
    const { clock, random, settings, faults } = this.deps;
    const session = new FeedSession(clientId, socket, { clock, random, settings, faults });
    this.evictOldest(clientId);
    this.sessions.add(session);
    session.batch.add(this.packets.marketStatus());
    session.batch.flush();
    const expiry = this.watchToken(clientId);
    return {
      message: (data, isBinary) => {
        session.outlet.alive();
        if (!isBinary) this.receive(session, new TextDecoder().decode(data));
      },
      alive: () => session.outlet.alive(),
      closed: () => {
        expiry?.cancel();
        this.close(session);
      },
    };
  }

  /** Connections end with the token, unless there is a newer one by then. */
  private watchToken(clientId: string): Timer | undefined {
    const { clock, accounts } = this.deps;
    const { tokenExpiresAt = Infinity } = accounts.find(clientId) ?? {};
    // Those that live for years are there for tests: nobody sees their end.
    if (tokenExpiresAt - clock.wallMs() > 2 * tokenLifeMs) return undefined;
    return clock.at(tokenExpiresAt, () => {
      const account = accounts.find(clientId);
      if (account && accounts.isExpired(account)) this.endClient(clientId, 'expired');
    });
  }

  /** One connection too many ends the oldest one. */
  private evictOldest(clientId: string): void {
    const own = this.sessions.of(clientId);
    if (own.length < socketsMax) return;
    this.deps.violations.add('feed_sockets', `${clientId} opened socket ${own.length + 1}`);
    const [oldest] = own;
    if (!oldest) return;
    oldest.drop(connectionsExceeded);
    this.close(oldest);
  }

  /** Dhan accepts the connection first and says no afterwards. */
  private turnAway(clientId: string, socket: Socket, problem: AuthProblem): SocketHandlers {
    this.refused(clientId);
    socket.send(encodeDisconnect(refusalCodes[problem]));
    socket.close(1000);
    return { message() {}, closed() {} };
  }

  private receive(session: FeedSession, text: string): void {
    const request = parseFeedRequest(text);
    if (!request || session.outlet.isDeaf || !this.sessions.has(session)) return;
    if (request.kind === 'disconnect') session.leave();
    else this.subscriptions.apply(session, request);
  }

  private close(session: FeedSession): void {
    if (this.sessions.remove(session)) this.subscriptions.removeAll(session);
  }
}
