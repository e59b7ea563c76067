import type { ServedRequest, Socket, SocketDecision, SocketHandlers } from '@strikewire/runtime';
import type { EndReason, FaultedFeed } from '../../faces/effects';
import type { FaceDeps, OrderSocketStatus } from '../../faces/face';
import { Outlet, type LifeSettings, type MuteOptions } from '../../faces/outlet';
import { Sessions, type Session, type SocketAim } from '../../faces/sessions';
import { NewsWire } from '../../orders/news-wire';
import type { OrderDesk } from '../../orders/order-desk';
import type { OrderNews } from '../../orders/teller';
import type { Accounts } from '../accounts';
import { createRefusalWatch } from '../refusals';
import { orderAlert } from './order-alert';

export interface OrderHubDeps extends FaceDeps {
  accounts: Accounts;
  desk: OrderDesk;
  life: LifeSettings;
}

interface OrderSession extends Session {
  clientId: string;
  readonly outlet: Outlet;
}

/** Who has not said by then who he is, is cut off. */
const loginWithinMs = 15_000;

/**
 * Whether a handshake is one of the order socket: it has a host of its own and says nothing in its
 * address, while the feeds say who they are there.
 */
export function isOrderSocket({ path, query }: ServedRequest): boolean {
  return path === '/order-update' || (path === '/' && query.size === 0);
}

/** The socket of order news: the client says who it is in its first message. */
export class OrderHub implements FaultedFeed {
  private readonly deps: OrderHubDeps;
  private readonly sessions = new Sessions<OrderSession>();
  private readonly wire: NewsWire;
  private readonly refused: (clientId: string) => void;
  private handshakes = 0;

  constructor(deps: OrderHubDeps) {
    this.deps = deps;
    this.refused = createRefusalWatch(deps.clock, deps.violations);
    this.wire = new NewsWire({
      clock: deps.clock, faults: deps.faults.orders,
      send: (news) => this.send(news),
      sever: (account) => this.endClient(account),
    });
    deps.desk.listen((news) => this.wire.carry(news));
  }

  handshake(): SocketDecision {
    this.handshakes++;
    const status = this.deps.faults.handshakeStatus();
    return status === undefined
      ? { accept: (socket) => this.open(socket) }
      : { refuse: status };
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

  private aimedAt(aim: SocketAim): OrderSession[] {
    return aim === 'all' || aim === 'orders' ? [...this.sessions.all] : [];
  }

  private open(socket: Socket): SocketHandlers {
    const { clock } = this.deps;
    const session: OrderSession = { clientId: '', outlet: new Outlet(socket, this.deps) };
    this.sessions.add(session);
    const deadline = clock.after(loginWithinMs, () => session.outlet.terminate());
    return {
      message: (data, isBinary) => {
        session.outlet.alive();
        if (isBinary || session.outlet.isDeaf || session.clientId !== '') return;
        deadline.cancel();
        this.logIn(session, new TextDecoder().decode(data));
      },
      alive: () => session.outlet.alive(),
      closed: () => {
        deadline.cancel();
        this.sessions.remove(session);
      },
    };
  }

  /** A wrong token is answered by nothing but the end of the connection. */
  private logIn(session: OrderSession, text: string): void {
    const { clientId, token } = loginOf(text);
    const { accounts, faults } = this.deps;
    const account = accounts.findByToken(token);
    const isRight = account !== undefined && account.clientId === clientId &&
      !accounts.isExpired(account) && !faults.isSuspended(clientId);
    if (isRight) session.clientId = clientId;
    else {
      this.refused(clientId);
      session.outlet.terminate();
    }
  }

  private send(news: OrderNews): void {
    const { account } = news.order;
    const sessions = account === '' ? [] : this.sessions.of(account);
    if (sessions.length === 0) return;
    const { orders } = this.deps.faults;
    const strange = orders.strangeWord(account, 'news');
    const text = orderAlert(news, orders.orderKeys(account) ?? 'camel', strange);
    for (const { outlet } of sessions) outlet.send(text);
  }
}

/** `{"LoginReq":{"MsgCode":42,"ClientId":…,"Token":…},"UserType":"SELF"}` */
function loginOf(text: string): { clientId: string; token: string } {
  const none = { clientId: '', token: '' };
  try {
    const { LoginReq, UserType } = JSON.parse(text) as {
      LoginReq?: { MsgCode?: unknown; ClientId?: unknown; Token?: unknown }; UserType?: unknown;
    };
    if (LoginReq?.MsgCode !== 42 || UserType !== 'SELF') return none;
    return { clientId: String(LoginReq.ClientId), token: String(LoginReq.Token) };
  } catch {
    return none;
  }
}
