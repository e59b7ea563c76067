import type {
  ServedRequest, Socket, SocketDecision, SocketHandlers, Timer,
} from '@strikewire/runtime';
import type { EndReason, FaultedFeed } from '../../faces/effects';
import type { FaceDeps, FaceStatus } from '../../faces/face';
import { type LifeSettings, type MuteOptions, Outlet } from '../../faces/outlet';
import { Sessions, type SocketAim } from '../../faces/sessions';
import type { UpstoxAccounts, UpstoxAccountSeed } from '../accounts';
import type { Keys } from '../keys';
import { bearerOf } from '../rest/bearer';
import { feedPath, type FeedCodes } from './feed-codes';
import { encodeMarketInfo } from './feed-encoder';
import { parseUpstoxRequest } from './feed-request';
import { connectionsMaxOf } from './key-limits';
import { segmentStates } from './segment-states';
import { createUpstoxSubscriptions, type UpstoxSubscriptions } from './subscriptions';
import { UpstoxSession } from './upstox-session';

export interface UpstoxFeedDeps extends FaceDeps {
  accounts: UpstoxAccounts;
  keys: Keys;
  codes: FeedCodes;
  life: LifeSettings;
  /** How long Greeks that were found are told, ms. */
  greeksMs: number;
}

const redirectPath = '/v3/feed/market-data-feed';
/** More refused handshakes a minute than this are a loop. */
const refusalsMax = 10;
const minuteMs = 60_000;
const dayMs = 86_400_000;

/** The market data feed: two ways in, one connection per address. */
export class UpstoxFeed implements FaultedFeed {
  private readonly deps: UpstoxFeedDeps;
  private readonly sessions = new Sessions<UpstoxSession>();
  private readonly subscriptions: UpstoxSubscriptions;
  private refusalsMs: number[] = [];
  private handshakes = 0;
  private watch: Timer | undefined;

  constructor(deps: UpstoxFeedDeps) {
    this.deps = deps;
    this.subscriptions = createUpstoxSubscriptions(deps);
    deps.market.listen(
      (contract, what) => this.subscriptions.ticked(contract, what),
      () => this.subscriptions.flush(),
    );
  }

  handshake(request: ServedRequest): SocketDecision {
    this.handshakes++;
    if (request.path === redirectPath) return this.redirect(request);
    if (request.path !== feedPath) return { refuse: 404 };
    const faulty = this.deps.faults.handshakeStatus();
    if (faulty !== undefined) return { refuse: faulty };
    const clientId = this.deps.codes.redeem(request.query.get('code') ?? '');
    const account = clientId === undefined ? undefined : this.deps.accounts.find(clientId);
    if (!account) return this.refuse(403, 'a code that is unknown or was used before');
    const problem = this.deps.accounts.problem(account);
    if (problem) return this.refuse(problem === 'token' ? 401 : 403, account.clientId);
    const most = connectionsMaxOf(account);
    if (this.sessions.of(account.clientId).length >= most) {
      this.deps.violations.add('upstox_connections', `${account.clientId} has ${most} already`);
      return this.refuse(403, account.clientId);
    }
    return { accept: (socket) => this.open(account, socket) };
  }

  flush(): void {
    this.subscriptions.flush();
    for (const { outlet } of this.sessions.all) outlet.flush();
  }

  drop(aim: SocketAim, { closeCode }: { closeCode?: number }): void {
    for (const { outlet } of this.sessions.aimedAt(aim)) {
      if (closeCode === undefined) outlet.terminate();
      else outlet.close(closeCode);
    }
  }

  mute(aim: SocketAim, how: MuteOptions): void {
    this.sessions.mute(aim, how);
  }

  unmuteAll(): void {
    this.sessions.unmuteAll();
  }

  /** Why is told when an address is asked for again. */
  endClient(clientId: string | undefined, _reason?: EndReason): void {
    for (const { outlet } of this.sessions.of(clientId)) outlet.terminate();
  }

  status(): Omit<FaceStatus, 'requests'> {
    const { all } = this.sessions;
    return {
      sockets: all.map(({ clientId, modes, outlet: { framesSent, muted } }) => ({
        clientId, instruments: modes.size, framesSent, muted,
      })),
      subscriptions: all.reduce((sum, { modes }) => sum + modes.size, 0),
      subscribeMessages: this.subscriptions.messages,
      handshakes: this.handshakes,
    };
  }

  stop(): void {
    this.watch?.cancel();
    this.endClient(undefined);
  }

  private redirect(request: ServedRequest): SocketDecision {
    const account = this.deps.accounts.findByToken(bearerOf(request));
    const problem = this.deps.accounts.problem(account);
    if (!account || problem === 'token') return this.refuse(401, 'a dead token');
    if (problem) return this.refuse(403, account.clientId);
    const location = this.deps.codes.issue(account.clientId, request);
    return { refuse: 307, headers: { location } };
  }

  private refuse(status: number, detail: string): SocketDecision {
    const now = this.deps.clock.monoMs();
    this.refusalsMs = this.refusalsMs.filter((atMs) => now - atMs < minuteMs);
    this.refusalsMs.push(now);
    const count = this.refusalsMs.length;
    if (count > refusalsMax) {
      this.deps.violations.add('upstox_auth_loop', `${detail}: refused ${count} times in a minute`);
    }
    return { refuse: status };
  }

  private open(account: UpstoxAccountSeed, socket: Socket): SocketHandlers {
    const { clock, random, life, faults } = this.deps;
    const session = new UpstoxSession(account, new Outlet(socket, { clock, random, life, faults }));
    this.sessions.add(session);
    session.outlet.send(this.marketInfo());
    this.watchTimes();
    return {
      message: (data, isBinary) => {
        session.outlet.alive();
        if (isBinary) this.receive(session, new TextDecoder().decode(data));
      },
      alive: () => session.outlet.alive(),
      closed: () => {
        if (this.sessions.remove(session)) this.subscriptions.removeAll(session);
      },
    };
  }

  private receive(session: UpstoxSession, text: string): void {
    const request = parseUpstoxRequest(text);
    if (!request || session.outlet.isDeaf || !this.sessions.has(session)) return;
    this.subscriptions.apply(session, request);
  }

  private marketInfo(): Uint8Array {
    const { clock, faults, market } = this.deps;
    return encodeMarketInfo(segmentStates(market), clock.wallMs() + faults.skewMs());
  }

  /** While anybody is connected: boards that open and close, and tokens that die. */
  private watchTimes(): void {
    this.watch?.cancel();
    this.watch = undefined;
    const { market, clock, accounts } = this.deps;
    const { all } = this.sessions;
    if (all.length === 0) return;
    const now = clock.wallMs();
    const ends = all.map(({ clientId }) => accounts.find(clientId)?.tokenExpiresAt ?? Infinity);
    const boards = market.nextChangeMs() ?? Infinity;
    // Nobody stays for days; a farther instant is looked for again by then.
    const next = Math.min(boards, now + dayMs, ...ends.filter((end) => end > now));
    this.watch = clock.at(next, () => {
      for (const { clientId, outlet } of [...all]) {
        if (accounts.problem(accounts.find(clientId)) === 'token') outlet.terminate();
        else if (next === boards) outlet.send(this.marketInfo());
      }
      this.watchTimes();
    });
  }
}
