import type { ServedRequest, Socket, SocketDecision, SocketHandlers } from '@strikewire/runtime';
import type { EndReason, FaultedFeed } from '../../faces/effects';
import type { DepthStatus, FaceDeps } from '../../faces/face';
import { Outlet, type LifeSettings, type MuteOptions } from '../../faces/outlet';
import { Sessions, type Session, type SocketAim } from '../../faces/sessions';
import type { Contract } from '../../market/contract';
import { changed } from '../../market/evolution';
import type { Accounts, AuthProblem } from '../accounts';
import type { RequestedInstrument } from '../feed/subscribe-request';
import { connectionsExceeded, createRefusalWatch, endCodes, refusalCodes } from '../refusals';
import { placeOfSegment } from '../segments';
import { encodeDepth, encodeDepthDisconnect } from './depth-encoder';
import { parseDepthRequest } from './depth-request';

/** The path of the depth socket. */
export const depthPath = '/twentydepth';

export interface DepthDeps extends FaceDeps {
  accounts: Accounts;
  life: LifeSettings;
}

interface DepthSession extends Session {
  readonly outlet: Outlet;
  readonly contracts: Set<Contract>;
}

/** Counted apart from the market feed's. */
const socketsMax = 5;
const instrumentsMax = 50;
const segments: readonly string[] = ['NSE_EQ', 'NSE_FNO'];

/** The socket of 20-level depth: books whose first five levels are those of the market feed. */
export class DepthHub implements FaultedFeed {
  private readonly deps: DepthDeps;
  private readonly sessions = new Sessions<DepthSession>();
  private readonly refused: (clientId: string) => void;
  /** Contracts whose books have changed since the last bundle. */
  private readonly dirty = new Set<Contract>();
  private handshakes = 0;
  private sequence = 0;

  constructor(deps: DepthDeps) {
    this.deps = deps;
    this.refused = createRefusalWatch(deps.clock, deps.violations);
    deps.market.listen(
      (contract, what) => {
        if (this.sessions.all.length > 0 && what & changed.book) this.dirty.add(contract);
      },
      () => this.sendDirty(),
    );
  }

  handshake({ query }: ServedRequest): SocketDecision {
    this.handshakes++;
    const status = this.deps.faults.handshakeStatus();
    if (status !== undefined) return { refuse: status };
    const [token, clientId] = [query.get('token') ?? '', query.get('clientId') ?? ''];
    if (query.get('authType') !== '2' || !token || !clientId) return { refuse: 400 };
    const problem = this.deps.accounts.problem(clientId, token);
    return problem === undefined
      ? { accept: (socket) => this.open(clientId, socket) }
      : { accept: (socket) => this.turnAway(clientId, socket, problem) };
  }

  flush(): void {
    this.sendDirty();
    for (const { outlet } of this.sessions.all) outlet.flush();
  }

  drop(aim: SocketAim, codes: { disconnectCode?: number; closeCode?: number }): void {
    for (const session of this.aimedAt(aim)) {
      if (codes.closeCode === undefined) this.end(session, codes.disconnectCode);
      else session.outlet.close(codes.closeCode);
    }
  }

  mute(aim: SocketAim, how: MuteOptions): void {
    for (const { outlet } of this.aimedAt(aim)) outlet.mute(how);
  }

  unmuteAll(): void {
    this.sessions.unmuteAll();
  }

  endClient(clientId: string | undefined, reason: EndReason): void {
    for (const session of this.sessions.of(clientId)) this.end(session, endCodes[reason]);
  }

  status(): DepthStatus {
    const { all } = this.sessions;
    return {
      sockets: all.length,
      subscriptions: all.reduce((sum, { contracts }) => sum + contracts.size, 0),
      handshakes: this.handshakes,
    };
  }

  stop(): void {
    for (const session of [...this.sessions.all]) this.end(session, undefined);
  }

  /** A number means one of the market feed's. */
  private aimedAt(aim: SocketAim): DepthSession[] {
    return aim === 'all' || aim === 'depth' ? [...this.sessions.all] : [];
  }

  private open(clientId: string, socket: Socket): SocketHandlers {
    const outlet = new Outlet(socket, this.deps);
    const session: DepthSession = { clientId, outlet, contracts: new Set() };
    const own = this.sessions.of(clientId);
    if (own.length >= socketsMax && own[0]) {
      this.deps.violations.add('depth_sockets', `${clientId} opened socket ${own.length + 1}`);
      this.end(own[0], connectionsExceeded);
      this.close(own[0]);
    }
    this.sessions.add(session);
    return {
      message: (data, isBinary) => {
        outlet.alive();
        if (!isBinary) this.receive(session, new TextDecoder().decode(data));
      },
      alive: () => outlet.alive(),
      closed: () => this.close(session),
    };
  }

  private turnAway(clientId: string, socket: Socket, problem: AuthProblem): SocketHandlers {
    this.refused(clientId);
    socket.send(encodeDepthDisconnect(refusalCodes[problem]));
    socket.close(1000);
    return { message() {}, closed() {} };
  }

  private receive(session: DepthSession, text: string): void {
    const request = parseDepthRequest(text);
    if (!request || session.outlet.isDeaf || !this.sessions.has(session)) return;
    if (request.kind === 'disconnect') return session.outlet.close(1000);
    for (const one of request.instruments) {
      if (request.kind === 'subscribe') this.add(session, one);
      else this.remove(session, one);
    }
  }

  private add(session: DepthSession, instrument: RequestedInstrument): void {
    const { market, violations } = this.deps;
    const contract = this.find(instrument);
    if (!contract || session.contracts.has(contract)) return;
    if (session.contracts.size >= instrumentsMax) {
      return violations.add('depth_instruments', `${session.clientId} over ${instrumentsMax}`);
    }
    market.watch(contract);
    session.contracts.add(contract);
    session.outlet.send(encodeDepth(contract, ++this.sequence));
  }

  private remove(session: DepthSession, instrument: RequestedInstrument): void {
    const contract = this.find(instrument);
    if (contract && session.contracts.delete(contract)) this.deps.market.unwatch(contract);
  }

  /** What the socket does not carry is passed over in silence, as what nobody knows is. */
  private find({ segment, id }: RequestedInstrument): Contract | undefined {
    const place = segments.includes(segment) ? placeOfSegment(segment) : undefined;
    if (place) return this.deps.market.look(place, id);
    this.deps.violations.add('depth_segment', `${segment || 'no segment'} was asked for`);
    return undefined;
  }

  private sendDirty(): void {
    for (const contract of this.dirty) {
      const those = this.sessions.all.filter(({ contracts }) => contracts.has(contract));
      if (those.length === 0) continue;
      const frame = encodeDepth(contract, ++this.sequence);
      for (const { outlet } of those) outlet.send(frame);
    }
    this.dirty.clear();
  }

  private end({ outlet }: DepthSession, code: number | undefined): void {
    if (code === undefined) return outlet.terminate();
    outlet.flush();
    outlet.write(encodeDepthDisconnect(code));
    outlet.close(1000);
  }

  private close(session: DepthSession): void {
    if (!this.sessions.remove(session)) return;
    for (const contract of session.contracts) this.deps.market.unwatch(contract);
    session.contracts.clear();
  }
}
