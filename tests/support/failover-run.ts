import type { BrokerLimits, FeedAddress } from '@strikewire/broker';
import {
  ConnectionBudget,
  createRateBudget,
  Supervision,
  type DataAccount,
  type FailoverEvent,
  type FeedTarget,
} from '@strikewire/broker/engine';
import type { ContractKey } from '@strikewire/contracts';
import { QuoteStore } from '@strikewire/market-data';
import { createSeededRandom, errorKindOf, errorMessageOf, silentLog } from '@strikewire/runtime';
import type { VirtualClock } from '@strikewire/runtime/virtual';
import type { FaceName, Simulator } from '@strikewire/simulator';
import { contractCount, knownNames } from './failover-names';
import { QuietWatch } from './failover-quiet';
import { countedFeed } from './failover-refusals';
import { wrongFigures } from './failover-truth';
import {
  accountNames,
  clientIds,
  credentials,
  defaultSliceMs,
  endpoints,
  faceOf,
  openWorld,
  plugins,
  type AccountName,
} from './failover-world';

const pollMs = 20_000;
/** What failed is asked again sooner. */
const pollAgainMs = 4_000;

/** Instruments that an account may carry, where that is fewer than its broker allows. */
export type RoomOf = Partial<Record<AccountName, number>>;

/** What a run may have otherwise than most. */
export interface RunOptions {
  names?: readonly AccountName[];
  roomOf?: RoomOf;
  /** Between two movements of the market: fewer of them are many more runs in the same time. */
  sliceMs?: number;
}

/** Accounts of three brokers under one supervision, over the simulated market, in virtual time. */
export class FailoverRun {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  /** How often the market moves. */
  readonly sliceMs: number;
  readonly supervision: Supervision;
  readonly store: QuoteStore;
  readonly events: FailoverEvent[] = [];
  /** When each was told, by the monotonic clock: the other one may have jumped. */
  readonly toldMono = new Map<FailoverEvent, number>();
  /** Those that the market itself explains. */
  readonly explained = new Set<FailoverEvent>();
  readonly quietWatch: QuietWatch;
  /** By account: connections that were refused because of its credentials. */
  readonly refusals = new Map<AccountName, number>();
  /** By account: tokens that were had anew without a person, and those that one has put in. */
  readonly granted = new Map<AccountName, number>();
  readonly given = new Map<AccountName, number>();
  targets: FeedTarget[] = [];
  isMarketOpen = true;
  /** What has moved in the market itself, and when it did last, by its id. */
  private readonly moves = new Map<number, { of: { readonly watchers: number }; mono: number }>();
  private readonly network;
  private readonly roomOf: RoomOf;
  private readonly held = new Map<AccountName, Readonly<Record<string, string>>>();
  private accounts: DataAccount[] = [];

  constructor(seed: number, options: RunOptions = {}) {
    const { names = accountNames, roomOf = {}, sliceMs = defaultSliceMs } = options;
    this.roomOf = roomOf;
    this.sliceMs = sliceMs;
    const { clock, network, simulator } = openWorld(sliceMs);
    this.clock = clock;
    this.network = network;
    this.simulator = simulator;
    this.quietWatch = new QuietWatch(this);
    simulator.market.listen((contract) => {
      this.moves.set(contract.id, { of: contract, mono: clock.monoMs() });
    }, () => {});
    const random = createSeededRandom(seed);
    this.accounts = names.map((name) => this.account(name));
    const [capacity, baseWallMs] = [contractCount, clock.wallMs()];
    this.store = new QuoteStore({ capacity, groupCount: 0, tickDepth: 0, baseWallMs });
    this.supervision = new Supervision({
      clock,
      random,
      log: silentLog,
      openSocket: this.network.openSocket,
      accounts: () => this.accounts,
      isMarketOpen: () => this.isMarketOpen,
      onRedealt: () => undefined,
      onRestChanged: () => undefined,
      onEvent: (event) => {
        this.events.push(event);
        this.toldMono.set(event, clock.monoMs());
        if (this.quietWatch.explains(event)) this.explained.add(event);
      },
      renew: (id) => this.renewByItself(id as AccountName),
    });
  }

  /** Connects, subscribes, and begins to ask for prices over REST. */
  async start(): Promise<void> {
    this.targets = await this.contracts();
    this.supervision.accountsChanged();
    this.supervision.setContracts(this.targets.map(({ key }) => key));
    this.supervision.feed.setTargets(this.targets, this.store);
    this.poll();
    await this.clock.advance(2_000);
  }

  /** Sockets that nobody has accounted for. */
  openBeside(name: AccountName, count: number): void {
    const { instance } = this.accounts.find(({ label }) => label === name) as DataAccount;
    const { url } = instance.feed.address() as FeedAddress;
    const handlers = { message: () => {}, closed: () => {}, refused: () => {} };
    for (let one = 0; one < count; one++) {
      this.network.openSocket(url, { handshakeTimeoutMs: 5_000, messageBytesMax: 1e6 }, handlers);
    }
  }

  /** As on a weekend: sockets stand, nothing is subscribed to trade. */
  rest(): void {
    this.isMarketOpen = false;
    this.simulator.pause(true);
  }

  /** Ends all faults; whoever was refused gets new credentials, as an admin would see to. */
  putRight(): void {
    this.simulator.faults.clear();
    for (const { id, standing } of this.supervision.standing.accounts) {
      if (standing === 'parked' || standing === 'suspended') this.renew(id as AccountName);
    }
  }

  /** No price changes any more, and all that was on its way has come. */
  async quiet(): Promise<void> {
    this.isMarketOpen = false;
    this.simulator.pause(true);
    await this.clock.advance(8_000);
  }

  /** Contracts that somebody writes who may not: no session of an account that is in service. */
  strangers(): string[] {
    const { feed } = this.supervision;
    const now = this.clock.monoMs();
    return this.targets.flatMap(({ key, slot }) => {
      const isFresh = now - (this.store.touchedMonoMs[slot] ?? -Infinity) < this.sliceMs;
      const source = this.store.source[slot] ?? 0;
      if (!isFresh || source === 0 || feed.accountOf(source)) return [];
      return [`${key} is written by socket ${source}, which is nobody's`];
    });
  }

  /** A new token for an account, put in by hand. */
  renew(name: AccountName): void {
    const face = faceOf(name);
    const given = this.simulator.accountsOf[face].renew(clientIds[name]) as { token?: string };
    const field = face === 'openalgo' ? 'apiKey' : 'accessToken';
    bump(this.given, name);
    this.replaceCredentials(name, { [field]: given.token ?? '' });
  }

  /** As the platform does when a token is refused that can be had anew. */
  private async renewByItself(name: AccountName): Promise<void> {
    const { instance } = this.accounts.find(({ label }) => label === name) ?? {};
    const grant = await instance?.auth?.renew?.();
    if (!grant) throw new Error(`${name} needs a person`);
    bump(this.granted, name);
    this.replaceCredentials(name, grant.credentials);
  }

  stop(): void {
    this.supervision.stop();
    this.simulator.stop();
  }

  /** Contracts of which something is not as the market is, once all is quiet. */
  wrongPrices(): string[] {
    return this.targets.flatMap(({ key, token, slot }) => {
      const truth = this.simulator.truth.contract(token.segment, Number(token.id));
      return truth ? wrongFigures(this.store, slot, truth).map((one) => `${key} ${one}`) : [];
    });
  }

  /**
   * Contracts of which nothing was told, by the monotonic clock: not their last move, if that was
   * since then, or nothing since then, if nobody is subscribed to them: those do not move.
   */
  silentSince(monoMs: number): ContractKey[] {
    const isSilent = ({ slot, token }: FeedTarget): boolean => {
      const toldMono = this.store.touchedMonoMs[slot] ?? -Infinity;
      const last = this.moves.get(Number(token.id));
      if (!last || last.of.watchers === 0) return toldMono < monoMs;
      return last.mono >= monoMs && toldMono < last.mono;
    };
    return this.targets.filter(isSilent).map(({ key }) => key);
  }

  private replaceCredentials(name: AccountName, fields: Readonly<Record<string, string>>): void {
    const given = { ...(this.held.get(name) ?? credentials[name]), ...fields };
    this.held.set(name, given);
    this.accounts = this.accounts.map((one) =>
      one.label === name ? { ...one, instance: this.instance(name, one, given) } : one);
    this.supervision.accountsChanged();
  }

  private account(name: AccountName): DataAccount {
    const face = faceOf(name);
    const plugin = plugins[face];
    const { capabilities: { exchanges } } = plugin;
    const limits = narrowed(plugin.limits, this.roomOf[name]);
    const budget = createRateBudget(this.clock, limits.rest);
    const connections = new ConnectionBudget(this.clock, limits.feed);
    const account = { id: name, label: name, broker: face, limits, exchanges, budget, connections };
    return { ...account, instance: this.instance(name, account, credentials[name]) };
  }

  private instance(
    name: AccountName,
    { broker, budget }: Pick<DataAccount, 'broker' | 'budget'>,
    given: Readonly<Record<string, string>>,
  ): DataAccount['instance'] {
    const face = broker as FaceName;
    const deps = {
      clock: this.clock,
      random: createSeededRandom(1),
      http: this.network.http,
      log: silentLog,
      gate: budget,
    };
    const config = { credentials: given, endpoints: endpoints[face] } as never;
    const instance = plugins[face].create(config, deps);
    const { feed, marketData } = instance;
    return {
      ...instance,
      feed: countedFeed(feed, () => bump(this.refusals, name)),
      marketData: {
        ...marketData,
        resolve: async () => (await knownNames()).of[face].tokens,
        underlyings: async () => [...(await knownNames()).of[face].listed],
      },
    };
  }

  private async contracts(): Promise<FeedTarget[]> {
    const { keys, of: { dhan: { tokens } } } = await knownNames();
    return keys.map((key, slot): FeedTarget => {
      const token = tokens.get(key);
      if (!token) throw new Error(`${key} has no token`);
      const isSpot = key.split(':').length === 2;
      return { key, token, slot, exchange: 'NSE', mode: isSpot ? 'quote' : 'full' };
    });
  }

  /** Asks one account for a few prices, as the platform does for what no feed brings. */
  private poll(afterMs = pollMs): void {
    this.clock.after(afterMs, () => {
      const [account] = this.supervision.restAccounts('quote');
      if (!account) return this.poll();
      void this.ask(account).then((isAnswered) => this.poll(isAnswered ? pollMs : pollAgainMs));
    });
  }

  /** Whether it has answered. */
  private async ask(account: DataAccount): Promise<boolean> {
    const sentMono = this.clock.monoMs();
    const about = { class: 'quote', endpoint: 'prices' };
    try {
      const tokens = this.targets.slice(0, 2).flatMap(({ key, token }) =>
        account.broker === 'dhan'
          ? token : (this.supervision.names.tokenOf(account.broker, key) ?? []));
      await account.instance.marketData.lastPrices(tokens);
      this.supervision.answeredIn(account.id, this.clock.monoMs() - sentMono);
      this.supervision.reported(account.id, about, 'answered');
      return true;
    } catch (error) {
      const kind = errorKindOf(error);
      if (kind === 'unauthenticated' || kind === 'fatal') {
        const refusal = kind === 'fatal' ? 'suspended' : 'auth';
        this.supervision.refused(account.id, refusal, errorMessageOf(error));
      } else {
        const outcome = kind === 'throttled' ? 'throttled' : 'failed';
        this.supervision.reported(account.id, about, outcome);
      }
      return false;
    }
  }
}

function bump(counts: Map<AccountName, number>, name: AccountName): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** One socket of so many instruments. */
function narrowed(limits: BrokerLimits, room: number | undefined): BrokerLimits {
  if (room === undefined) return limits;
  const feed = { ...limits.feed, socketsPlanned: 1, instrumentsPerSocketMax: room };
  return { ...limits, feed };
}
