import type { Exchange } from '@strikewire/contracts';
import { errorKindOf, errorMessageOf } from '@strikewire/runtime';
import type { FeedProtocol } from '../core/feed-protocol';
import { FeedSocket } from './feed-socket';
import type { FeedBinding, SocketHeard } from './feed-socket-types';
import type {
  AccountFeed,
  AccountFeedOptions,
  FeedAccount,
  FeedActivity,
  FeedCounters,
  FeedRefusal,
  FeedState,
  FeedTarget,
  NumberedSocket,
} from './feed-types';
import { Readmission } from './readmission';
import { noLoad, type SocketLoad } from './socket-load';

/** A socket that takes over has ticked by then, as far as anything does. */
const freshMs = 1_000;
/** Connections that ended at once without data before the credentials are asked about. */
const barrenMax = 3;

/** Makes the feed of one account; nothing is opened before it has targets. */
export function createAccountFeed(options: AccountFeedOptions): AccountFeed {
  return new Feed(options);
}

class Feed implements AccountFeed {
  private readonly options: AccountFeedOptions;
  private account: FeedAccount;
  /** Which credentials are in use: answers about earlier ones do not count. */
  private accountNumber = 0;
  /** The last one stands by, where the account may have one more than are planned. */
  private readonly members: FeedSocket[] = [];
  /** Which member carries each place of the plan. */
  private readonly carriers: number[] = [];
  private plan: readonly (readonly FeedTarget[])[] = [];
  private binding: FeedBinding | undefined;
  /** Exchanges of what each socket carries. */
  private exchangesOf: readonly (readonly Exchange[])[] = [];
  /** Of exchanges that were ever told; others are subscribed. */
  private readonly activities = new Map<Exchange, FeedActivity>();
  private readonly readmission: Readmission;
  private parkedReasonNow: string | undefined;
  private isStopped = false;
  private barrenCount = 0;

  constructor(options: AccountFeedOptions) {
    this.options = options;
    this.account = { instance: options.instance, connections: options.connections };
    this.readmission = new Readmission(options.clock);
  }

  setPlan(sockets: readonly (readonly FeedTarget[])[], binding: FeedBinding): void {
    this.plan = sockets;
    this.binding = binding;
    this.exchangesOf = sockets.map((items) => [
      ...new Set(items.map(({ exchange }) => exchange)),
    ]);
    const standby = this.hasStandby && sockets.some(({ length }) => length > 0) ? 1 : 0;
    while (this.members.length < Math.max(this.carriers.length, sockets.length) + standby) {
      this.addMember(binding);
    }
    while (this.carriers.length < sockets.length) this.carriers.push(this.idleMember());
    // New members of a parked account are parked with the others.
    const { parkedReasonNow } = this;
    if (parkedReasonNow !== undefined) for (const one of this.members) one.park(parkedReasonNow);
    this.assignAll(binding);
  }

  setActivity(exchange: Exchange, activity: FeedActivity): void {
    if (this.isStopped || this.activityOf(exchange) === activity) return;
    this.activities.set(exchange, activity);
    this.options.log.info('feed activity', { exchange, activity });
    if (this.binding) this.assignAll(this.binding);
  }

  socketAt(place: number): number {
    return this.options.numberBase + (this.carriers[place] ?? place) + 1;
  }

  state(): FeedState {
    const wanted = this.carriers.filter((_, place) => this.isSubscribed(place));
    const live = wanted.filter((member) => this.members[member]?.isDelivering());
    const isMute = live.length === 0 && wanted.some((member) => this.members[member]?.isMute);
    return { wanted: wanted.length, live: live.length, ...(isMute && { isMute }) };
  }

  darkPlaces(): number[] {
    const dark: number[] = [];
    let isDelivering = false;
    for (const [place, member] of this.carriers.entries()) {
      const socket = this.members[member];
      if (!socket || !this.isSubscribed(place)) continue;
      isDelivering ||= socket.isDelivering();
      if (socket.isDark()) dark.push(place);
    }
    return isDelivering ? dark : [];
  }

  lastTickMono(socket: number): number {
    return this.members[socket - 1 - this.options.numberBase]?.tickMono() ?? -Infinity;
  }

  goesOnMono(socket: number, afterMs: number): number {
    return this.members[socket - 1 - this.options.numberBase]?.goesOnMono(afterMs) ?? -Infinity;
  }

  heard(socket: number): SocketHeard | undefined {
    return this.members[socket - 1 - this.options.numberBase]?.heard();
  }

  isSocketLive(socket: number): boolean {
    return this.members[socket - 1 - this.options.numberBase]?.isDelivering() ?? false;
  }

  sockets(): NumberedSocket[] {
    const first = this.options.numberBase + 1;
    return this.members.map((member, index) => ({ number: first + index, ...member.status() }));
  }

  counters(): FeedCounters {
    const total = { applied: 0, behind: 0, unknownInstrument: 0, malformed: 0 };
    for (const member of this.members) {
      total.applied += member.merged.applied;
      total.behind += member.merged.behind;
      total.unknownInstrument += member.counters.unknownInstrument;
      total.malformed += member.counters.malformed;
    }
    return total;
  }

  parkedReason(): string | null {
    return this.parkedReasonNow ?? null;
  }

  watch(peerTickMono: (socket: number) => number): void {
    const first = this.options.numberBase + 1;
    this.members.forEach((member, index) => member.watch(peerTickMono(first + index)));
    this.readmission.look((mono) => this.members.some((member) => member.hasTickedSince(mono)));
  }

  refuse(refusal: FeedRefusal | null): void {
    if (refusal) return this.park(refusal);
    if (this.parkedReasonNow === undefined) return;
    this.readmission.forget();
    this.unpark();
  }

  changeAccount(account: FeedAccount): void {
    if (this.isStopped) return;
    this.accountNumber++;
    this.readmission.forget();
    for (const member of this.members) member.park('the account has changed');
    this.account = account;
    this.unpark();
  }

  stop(): void {
    this.isStopped = true;
    this.readmission.cancel();
    for (const member of this.members) member.stop();
  }

  private get hasStandby(): boolean {
    const { socketsMax, socketsPlanned } = this.options.limits;
    return socketsMax > socketsPlanned;
  }

  private addMember(binding: FeedBinding): void {
    const index = this.members.length;
    const number = this.options.numberBase + index + 1;
    this.members.push(new FeedSocket(this.socketDeps(), number, binding, this.openAt(index)));
  }

  /** The first member that carries nothing of the plan. */
  private idleMember(): number {
    return this.members.findIndex((_, index) => !this.carriers.includes(index));
  }

  /** Made here, where it holds on to nothing else: a binding in reach would live with it. */
  private openAt(member: number): () => boolean {
    return () => this.isMarketOpen(this.carriers.indexOf(member));
  }

  /** Whether ticks are to be expected of a place: of what is not subscribed there are none. */
  private isMarketOpen(place: number): boolean {
    const exchanges = this.exchangesOf[place] ?? [];
    return exchanges.some(
      (exchange) =>
        this.activityOf(exchange) === 'subscribed' && this.options.isMarketOpen(exchange),
    );
  }

  /** Whether a place has anything that is to be subscribed now. */
  private isSubscribed(place: number): boolean {
    const exchanges = this.exchangesOf[place] ?? [];
    return exchanges.some((exchange) => this.activityOf(exchange) === 'subscribed');
  }

  private activityOf(exchange: Exchange): FeedActivity {
    return this.activities.get(exchange) ?? 'subscribed';
  }

  private assignAll(binding: FeedBinding): void {
    this.members.forEach((member, index) => {
      const load = this.loadOf(this.carriers.indexOf(index), index);
      const isNeeded = load.planned > 0 || load.isWanted || this.parkedReasonNow !== undefined;
      if (!isNeeded) member.stop();
      else member.assign(load, binding);
    });
    this.options.onState?.();
  }

  /** What the plan has for a place, as far as its exchanges' activity goes. */
  private loadOf(place: number, member?: number): SocketLoad {
    if (place < 0) return member === this.standby ? this.standbyLoad() : noLoad;
    const planned = this.plan[place] ?? [];
    if (planned.length === 0) return noLoad;
    const activities = (this.exchangesOf[place] ?? []).map((one) => this.activityOf(one));
    return {
      items: planned.filter(({ exchange }) => this.activityOf(exchange) === 'subscribed'),
      planned: planned.length,
      isWanted: activities.some((activity) => activity !== 'off'),
    };
  }

  /** The member that stands by: connected, with nothing subscribed. */
  private get standby(): number {
    return this.hasStandby ? this.idleMember() : -1;
  }

  /** It stands while any other socket does. */
  private standbyLoad(): SocketLoad {
    const isWanted = this.carriers.some((_, place) => this.loadOf(place).isWanted);
    return { ...noLoad, isWanted };
  }

  /**
   * A socket is lost: what it carried is the standby's at once when that one is live, and the lost
   * one stands by when it is back.
   */
  private replace(number: number, reason: string, faultMono: number): void {
    const { standby } = this;
    const index = number - 1 - this.options.numberBase;
    const place = this.carriers.indexOf(index);
    const [lost, heir] = [this.members[index], this.members[standby]];
    if (place < 0 || !lost || heir?.status().state !== 'live') return;
    this.handOver(place, standby, { reason, faultMono });
    heir.follow(lost);
    const takenMono = this.options.clock.monoMs();
    this.options.clock.after(freshMs, () => this.reconsider(place, takenMono));
  }

  /** Standing by it may have become as dead as the lost one: a connection of after that is not. */
  private reconsider(place: number, takenMono: number): void {
    const { standby } = this;
    const [heir, fresh] = [this.members[this.carriers[place] ?? -1], this.members[standby]];
    if (this.isStopped || !heir || !fresh || fresh.status().state !== 'live') return;
    if (heir.hasTickedSince(takenMono) || !fresh.hasOpenedSince(takenMono)) return;
    const reason = 'the standby socket was silent';
    this.handOver(place, standby, { reason, faultMono: takenMono });
    fresh.follow(heir);
  }

  private handOver(
    place: number,
    member: number,
    { reason, faultMono }: { reason: string; faultMono: number },
  ): void {
    const { binding } = this;
    if (!binding || this.loadOf(place).items.length === 0) return;
    this.carriers[place] = member;
    this.options.onReplaced?.(reason, faultMono);
    this.assignAll(binding);
  }

  private socketDeps(): ConstructorParameters<typeof FeedSocket>[0] {
    const { clock, random, log, openSocket, limits } = this.options;
    return {
      clock,
      random,
      log,
      openSocket,
      limits,
      protocol: currentProtocol(() => this.account.instance.feed),
      connections: () => this.account.connections,
      onRecovered: (socket) => this.options.onRecovered?.(socket),
      onLost: (socket, reason, faultMono) => this.replace(socket, reason, faultMono),
      onState: () => this.options.onState?.(),
      onRefused: (refusal) => this.park(refusal),
      onBarren: () => {
        if (++this.barrenCount >= barrenMax) this.askAboutCredentials();
      },
    };
  }

  /** Wrong credentials are nobody's to retry: the account rests until one slow check succeeds. */
  private park(refusal: FeedRefusal): void {
    if (this.parkedReasonNow !== undefined || this.isStopped) return;
    const { reason } = refusal;
    this.parkedReasonNow = reason;
    const waitMs = this.readmission.begin({
      check: () => this.account.instance.check(),
      admit: () => this.unpark(),
    });
    this.options.log.error('feed parked', { reason, waitMs });
    for (const member of this.members) member.park(reason);
    this.options.onRefused?.(refusal);
  }

  private unpark(): void {
    if (this.isStopped) return;
    this.parkedReasonNow = undefined;
    this.barrenCount = 0;
    this.options.log.info('feed resumed');
    for (const member of this.members) member.resume();
    this.options.onRefused?.(null);
  }

  private askAboutCredentials(): void {
    this.barrenCount = 0;
    const number = this.accountNumber;
    this.account.instance.check().catch((error: unknown) => {
      if (number !== this.accountNumber) return;
      const kind = errorKindOf(error);
      const reason = errorMessageOf(error);
      if (kind === 'unauthenticated') this.park({ kind: 'auth', reason });
      else if (kind === 'fatal') this.park({ kind: 'suspended', reason });
    });
  }
}

/** The protocol of whichever credentials are in use at the moment of each call. */
function currentProtocol(current: () => FeedProtocol): FeedProtocol {
  return {
    address: () => current().address(),
    hello: () => current().hello?.() ?? [],
    get awaitsReady() {
      return current().awaitsReady ?? false;
    },
    createDecoder: () => current().createDecoder(),
    subscribe: (items) => current().subscribe(items),
    unsubscribe: (items) => current().unsubscribe(items),
    classifyEnd: (end) => current().classifyEnd(end),
    wireId: (token) => current().wireId(token),
  };
}
