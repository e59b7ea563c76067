import type {
  ServedRequest, ServedResponse, Socket, SocketDecision, SocketHandlers,
} from '@strikewire/runtime';
import type { EndReason, FaultedFeed } from '../../faces/effects';
import type { FaceDeps, OrderSocketStatus } from '../../faces/face';
import { Outlet, type LifeSettings, type MuteOptions } from '../../faces/outlet';
import { Sessions, type Session, type SocketAim } from '../../faces/sessions';
import type { OrderDesk } from '../../orders/order-desk';
import { NewsWire } from '../../orders/news-wire';
import type { OrderNews } from '../../orders/teller';
import type { UpstoxAccounts, UpstoxAccountSeed } from '../accounts';
import { success } from '../envelopes';
import { createFeedCodes, type FeedCodes } from '../feed/feed-codes';
import type { Keys } from '../keys';
import { bearerOf } from '../rest/bearer';
import type { UserCall } from '../rest/rest-call';
import { orderRow, positionRow } from './order-rows';

export interface PortfolioFeedDeps extends FaceDeps {
  accounts: UpstoxAccounts;
  keys: Keys;
  desk: OrderDesk;
  life: LifeSettings;
  /** Where it is said to be when a request does not name the host it asked. */
  host: string;
}

interface PortfolioSession extends Session {
  /** `order`, `position` and others of which there are no news here. */
  readonly types: readonly string[];
}

const redirectPath = '/v2/feed/portfolio-stream-feed';
const feedPath = '/upstox-developer-api/order-updates/feed';

export function isPortfolioFeed({ path }: ServedRequest): boolean {
  return path === redirectPath || path === feedPath;
}

/** The stream of orders and positions, in texts; it begins by itself. */
export class PortfolioFeed implements FaultedFeed {
  private readonly deps: PortfolioFeedDeps;
  private readonly sessions = new Sessions<PortfolioSession>();
  private readonly wire: NewsWire;
  private readonly codes: FeedCodes;
  private handshakes = 0;

  constructor(deps: PortfolioFeedDeps) {
    this.deps = deps;
    this.codes = createFeedCodes(deps.random, deps.host, feedPath);
    this.wire = new NewsWire({
      clock: deps.clock, faults: deps.faults.orders,
      send: (news) => this.send(news),
      sever: (account) => this.endClient(account),
    });
    deps.desk.listen((news) => this.wire.carry(news));
  }

  /** GET /v2/feed/portfolio-stream-feed/authorize: an address in both spellings. */
  authorize({ account, request }: UserCall): ServedResponse {
    const uri = this.addressFor(account, request);
    return success({ authorized_redirect_uri: uri, authorizedRedirectUri: uri });
  }

  handshake(request: ServedRequest): SocketDecision {
    this.handshakes++;
    const { accounts, faults } = this.deps;
    if (request.path === redirectPath) {
      const account = accounts.findByToken(bearerOf(request));
      const problem = accounts.problem(account);
      if (!account || problem) return { refuse: problem === 'suspended' ? 403 : 401 };
      return { refuse: 307, headers: { location: this.addressFor(account, request) } };
    }
    const faulty = faults.handshakeStatus();
    if (faulty !== undefined) return { refuse: faulty };
    const clientId = this.codes.redeem(request.query.get('code') ?? '');
    const account = clientId === undefined ? undefined : accounts.find(clientId);
    const problem = accounts.problem(account);
    if (!account || problem) return { refuse: account && problem === 'token' ? 401 : 403 };
    const types = (request.query.get('update_types') ?? 'order').split(',');
    return { accept: (socket) => this.open({ clientId: account.clientId, types }, socket) };
  }

  flush(): void {
    for (const { outlet } of this.sessions.all) outlet.flush();
  }

  drop(aim: SocketAim, { closeCode }: { closeCode?: number }): void {
    for (const { outlet } of this.aimedAt(aim)) {
      if (closeCode === undefined) outlet.terminate();
      else outlet.close(closeCode);
    }
  }

  mute(aim: SocketAim, how: MuteOptions): void {
    for (const { outlet } of this.aimedAt(aim)) outlet.mute(how);
  }

  unmuteAll(): void {
    this.sessions.unmuteAll();
  }

  endClient(clientId: string | undefined, _reason?: EndReason): void {
    for (const { outlet } of this.sessions.of(clientId)) outlet.terminate();
  }

  status(): OrderSocketStatus {
    return { sockets: this.sessions.all.length, handshakes: this.handshakes };
  }

  stop(): void {
    this.wire.stop();
    this.endClient(undefined);
  }

  /** What is wanted stays with the address; without a word it is orders alone. */
  private addressFor({ clientId }: UpstoxAccountSeed, request: ServedRequest): string {
    const types = request.query.get('update_types') || 'order';
    return `${this.codes.issue(clientId, request)}&update_types=${encodeURIComponent(types)}`;
  }

  private aimedAt(aim: SocketAim): PortfolioSession[] {
    return aim === 'all' || aim === 'orders' ? [...this.sessions.all] : [];
  }

  private open(of: { clientId: string; types: string[] }, socket: Socket): SocketHandlers {
    const outlet = new Outlet(socket, this.deps);
    const session: PortfolioSession = { ...of, outlet };
    this.sessions.add(session);
    return {
      message: () => outlet.alive(),
      alive: () => outlet.alive(),
      closed: () => void this.sessions.remove(session),
    };
  }

  private send({ order, view, trades }: OrderNews): void {
    const { account } = order;
    const sessions = this.sessions.of(account);
    if (sessions.length === 0) return;
    const strange = this.deps.faults.orders.strangeWord(account, 'news');
    const row = orderRow(this.deps, order, view, strange);
    const key = row['instrument_token'];
    const text = JSON.stringify({
      update_type: 'order', user_id: account, instrument_key: key, ...row,
    });
    for (const { outlet, types } of sessions) {
      if (types.includes('order')) outlet.send(text);
      if (trades.length > 0 && types.includes('position')) outlet.send(this.positionText(order));
    }
  }

  private positionText({ account, contract, product }: OrderNews['order']): string {
    const position = this.deps.desk.positions(account)
      .find((one) => one.contract === contract && one.product === product);
    const row = position ? positionRow(this.deps, position) : {};
    return JSON.stringify({ update_type: 'position', user_id: account, ...row });
  }
}
