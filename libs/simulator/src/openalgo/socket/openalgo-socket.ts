import type { ServedRequest, Socket, SocketDecision, SocketHandlers } from '@strikewire/runtime';
import type { EndReason, FaultedFeed } from '../../faces/effects';
import type { FaceDeps, FaceStatus } from '../../faces/face';
import { type LifeSettings, type MuteOptions, Outlet } from '../../faces/outlet';
import { Sessions, type SocketAim } from '../../faces/sessions';
import type { OpenalgoAccounts } from '../accounts';
import { brokerBehind } from '../answers';
import type { OrderDesk } from '../../orders/order-desk';
import { OrderUpdates } from '../orders/order-updates';
import type { Symbols } from '../symbols';
import { modeOf, parseClientMessage, symbolsOf } from './client-message';
import { OpenalgoSession } from './openalgo-session';
import { OpenalgoSubscriptions } from './subscriptions';

export interface OpenalgoSocketDeps extends FaceDeps {
  accounts: OpenalgoAccounts;
  symbols: Symbols;
  desk: OrderDesk;
  life: LifeSettings;
}

type Message = Readonly<Record<string, unknown>>;

const authenticateWithinMs = 15_000;
const authenticationTimeout = 4401;
/** More wrong keys a minute than this are a loop. */
const refusalsMax = 10;
const minuteMs = 60_000;

/** The socket proxy: JSON both ways. */
export class OpenalgoSocket implements FaultedFeed {
  private readonly deps: OpenalgoSocketDeps;
  private readonly sessions = new Sessions<OpenalgoSession>();
  private readonly subscriptions: OpenalgoSubscriptions;
  private readonly orders: OrderUpdates;
  private refusalsMs: number[] = [];
  private handshakes = 0;

  constructor(deps: OpenalgoSocketDeps) {
    this.deps = deps;
    this.subscriptions = new OpenalgoSubscriptions(deps);
    this.orders = new OrderUpdates(deps, this.sessions);
    deps.market.listen(
      (contract, what) => this.subscriptions.ticked(contract, what),
      () => this.subscriptions.flush(),
    );
  }

  handshake(_request: ServedRequest): SocketDecision {
    this.handshakes++;
    const faulty = this.deps.faults.handshakeStatus();
    return faulty === undefined ? { accept: (socket) => this.open(socket) } : { refuse: faulty };
  }

  flush(): void {
    this.subscriptions.flush();
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

  /** Why is told when a key is shown again. */
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
    this.orders.stop();
    this.endClient(undefined);
  }

  /** Order news come over the sockets of those who ask for them. */
  private aimedAt(aim: SocketAim): OpenalgoSession[] {
    return aim === 'orders'
      ? this.sessions.all.filter(({ hearsOrders }) => hearsOrders)
      : this.sessions.aimedAt(aim);
  }

  private open(socket: Socket): SocketHandlers {
    const { clock, random, life, faults } = this.deps;
    const session = new OpenalgoSession(new Outlet(socket, { clock, random, life, faults }));
    this.sessions.add(session);
    session.deadline = clock.after(authenticateWithinMs, () =>
      session.outlet.close(authenticationTimeout, 'Authentication timeout'));
    return {
      message: (data) => {
        session.outlet.alive();
        if (!session.outlet.isDeaf) this.receive(session, new TextDecoder().decode(data));
      },
      alive: () => session.outlet.alive(),
      closed: () => {
        session.deadline?.cancel();
        if (this.sessions.remove(session)) this.subscriptions.removeAll(session);
      },
    };
  }

  private receive(session: OpenalgoSession, text: string): void {
    if (!this.sessions.has(session)) return;
    const message = parseClientMessage(text);
    if (!message) return session.error('INVALID_JSON', 'Invalid JSON message');
    const action = message['action'];
    if (action === 'authenticate' || action === 'auth') return this.authenticate(session, message);
    if (session.clientId === '') {
      return session.error('NOT_AUTHENTICATED', 'You must authenticate first');
    }
    const answers: Readonly<Record<string, () => void>> = {
      subscribe: () => this.subscribe(session, message),
      unsubscribe: () => this.unsubscribe(session, message),
      unsubscribe_all: () => this.unsubscribeAll(session),
      subscribe_orders: () => this.hearOrders(session, true),
      unsubscribe_orders: () => this.hearOrders(session, false),
      get_broker_info: () => session.answer({
        type: 'broker_info', status: 'success', broker: brokerBehind, user_id: session.clientId,
      }),
      get_supported_brokers: () => session.answer({
        type: 'supported_brokers', status: 'success', brokers: [brokerBehind], count: 1,
      }),
      ping: () => this.pong(session, message),
    };
    const known = typeof action === 'string' && Object.hasOwn(answers, action);
    if (known) return answers[action]?.();
    session.error('INVALID_ACTION', `Invalid action: ${String(action)}`);
  }

  private hearOrders(session: OpenalgoSession, hears: boolean): void {
    session.hearsOrders = hears;
    session.answer({ type: `${hears ? '' : 'un'}subscribe_orders`, status: 'success' });
  }

  private authenticate(session: OpenalgoSession, message: Message): void {
    const key = message['api_key'] ?? message['apikey'];
    const checked = this.deps.accounts.check(typeof key === 'string' ? key : '');
    if (checked === 'token' || checked === 'suspended') {
      this.noteRefusal();
      const why = checked === 'token' ? 'Invalid API key' : 'User account is blocked';
      return session.error('AUTHENTICATION_ERROR', why);
    }
    session.deadline?.cancel();
    session.clientId = checked.clientId;
    session.answer({
      type: 'auth', status: 'success', message: 'Authentication successful',
      broker: brokerBehind, user_id: checked.clientId,
      supported_features: { ltp: true, quote: true, depth: true },
    });
  }

  private noteRefusal(): void {
    const now = this.deps.clock.monoMs();
    this.refusalsMs = this.refusalsMs.filter((atMs) => now - atMs < minuteMs);
    this.refusalsMs.push(now);
    const count = this.refusalsMs.length;
    if (count > refusalsMax) {
      this.deps.violations.add('openalgo_auth_loop', `refused ${count} times in a minute`);
    }
  }

  private subscribe(session: OpenalgoSession, message: Message): void {
    this.subscriptions.messages++;
    const mode = modeOf(message['mode'] ?? 2);
    if (!mode) return session.error('INVALID_MODE', `Invalid mode: ${String(message['mode'])}`);
    const named = symbolsOf(message);
    if (!named) return session.error('INVALID_PARAMETERS', 'At least one symbol is needed');
    const subscriptions = named.map(({ symbol, exchange }) => {
      const contract = this.deps.symbols.look(symbol, exchange);
      const isThere = contract && this.subscriptions.add(session, contract, mode);
      const shared = { symbol, exchange, mode, depth: 5, broker: brokerBehind };
      if (isThere) return { ...shared, status: 'success' };
      const why = contract ? 'Symbol limit reached' : `Symbol ${symbol} not found`;
      return { ...shared, status: 'error', message: why };
    });
    const isWhole = subscriptions.every(({ status }) => status === 'success');
    session.answer({
      type: 'subscribe', status: isWhole ? 'success' : 'partial', subscriptions,
      message: 'Subscription processing complete', broker: brokerBehind,
      ...(message['request_id'] !== undefined && { request_id: message['request_id'] }),
    });
  }

  private unsubscribe(session: OpenalgoSession, message: Message): void {
    const named = symbolsOf(message);
    if (!named) return session.error('INVALID_PARAMETERS', 'At least one symbol is needed');
    const [successful, failed]: [object[], object[]] = [[], []];
    for (const { symbol, exchange, mode = 2 } of named) {
      const contract = this.deps.symbols.look(symbol, exchange);
      const isGone = contract && this.subscriptions.remove(session, contract, mode);
      if (isGone) successful.push({ symbol, exchange, mode, status: 'success' });
      else failed.push({ symbol, exchange, mode, status: 'error', message: 'Not subscribed' });
    }
    const status = failed.length === 0 ? 'success' : 'partial';
    session.answer({ type: 'unsubscribe', status, successful, failed, broker: brokerBehind });
  }

  private unsubscribeAll(session: OpenalgoSession): void {
    this.subscriptions.removeAll(session);
    session.answer({
      type: 'unsubscribe', status: 'success', successful: [], failed: [],
      message: 'Unsubscribed from all symbols', broker: brokerBehind,
    });
  }

  private pong(session: OpenalgoSession, { timestamp, _pingId }: Message): void {
    const { clock, faults } = this.deps;
    session.answer({
      type: 'pong', server_timestamp: Math.floor(clock.wallMs() + faults.skewMs()),
      client_timestamp: timestamp, _pingId,
    });
  }
}
