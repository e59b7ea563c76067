import type { BrokerInstance, OrdersPort } from '@strikewire/broker';
import { dhanBroker } from '@strikewire/broker-dhan';
import { createRateBudget, OrderFeedRunner } from '@strikewire/broker/engine';
import { createMarginDesk, createMarginEstimator, type MarginDesk }
  from '@strikewire/margin/engine';
import type { ContractDesk } from '@strikewire/option-chain/engine';
import { orderRateRules } from '@strikewire/orders';
import {
  MemoryJournal,
  openOrderDesk,
  type Asker,
  type OpenedOrders,
  type OrderVenue,
} from '@strikewire/orders/engine';
import { createSeededRandom, silentLog, type OpenSocket, type SecureRandom }
  from '@strikewire/runtime';
import {
  createMemoryNetwork,
  createVirtualClock,
  type VirtualClock,
} from '@strikewire/runtime/virtual';
import { createSimulator, defaultAccount, defaultUnderlyings, type Simulator }
  from '@strikewire/simulator';
import { createCalendar } from '@strikewire/trading-hours';
import { alwaysHours } from '@strikewire/trading-hours/presets';
import { mortal } from './mortal';
import { TrueContracts } from './true-contracts';

/** Tuesday 2026-11-24, 10:00 in India. */
const startMs = Date.parse('2026-11-24T04:30:00Z');
const { clientId, token: accessToken } = defaultAccount;
const endpoints = {
  rest: 'http://dhan.test/v2',
  feed: 'ws://dhan.test',
  depth: 'ws://dhan.test/twentydepth',
  orders: 'ws://dhan.test/order-update',
  auth: 'http://dhan.test',
  master: 'http://dhan.test/api-data/api-scrip-master-detailed.csv',
};

/** Whoever trades here. */
export const trader: Asker = { userId: 'u1', name: 'asha', role: 'trader', by: 'asha' };

/** What an account's orders need of the world around. */
export interface OrderWorld {
  clock: VirtualClock;
  contracts: ContractDesk;
  instance: BrokerInstance;
  openSocket: OpenSocket;
}

/** Orders and margin of one live account, over its broker's plugin. */
export class LiveTrading<World extends OrderWorld = OrderWorld> {
  readonly account = 'account-1';
  readonly world: World;
  readonly journal = new MemoryJournal();
  /** When each request about an order was sent, by the monotonic clock. */
  readonly sentMono: number[] = [];
  /** Requests to the broker that a desk has caused, by what they are about. */
  readonly asked = { orders: 0, margin: 0, books: 0 };
  notices: string[] = [];
  private readonly random: SecureRandom;
  private opened: OpenedOrders | undefined;
  private margins: (MarginDesk & { stop(): void }) | undefined;
  private life = { isOver: false };

  constructor(world: World, seed: number) {
    this.world = world;
    this.random = seeded(seed);
  }

  get clock(): VirtualClock {
    return this.world.clock;
  }

  get contracts(): World['contracts'] {
    return this.world.contracts;
  }

  get margin(): MarginDesk {
    if (!this.margins) throw new Error('no desk is open');
    return this.margins;
  }

  get orders(): OpenedOrders {
    if (!this.opened) throw new Error('no desk is open');
    return this.opened;
  }

  /** Opens a desk over what is stored. */
  async open(): Promise<void> {
    const { clock, contracts, random } = this;
    const life = { isOver: false };
    this.life = life;
    const estimator = createMarginEstimator({ clock, log: silentLog, contracts, files: () => [] });
    const margin = createMarginDesk({
      clock,
      log: silentLog,
      estimator,
      accountOf: () => ({
        broker: 'dhan', label: 'Account', isPaper: false,
        margin: this.marginPort(), tokenOf: (key) => contracts.tokenOf(key, 'dhan'),
      }),
      fundsOf: () => null,
      notify: () => undefined,
      store: { ratios: async () => [], saveRatios: async () => undefined },
    });
    await margin.load([this.account]);
    this.margins = margin;
    this.journal.live.add(this.account);
    const venue = this.venue(life);
    this.opened = await openOrderDesk({
      clock,
      random,
      log: silentLog,
      journal: mortal(this.journal, life),
      contracts,
      margin,
      venues: () => [venue],
      calendarOf: () => calendar,
      notify: ({ kind, text }) => void this.notices.push(`${kind}: ${text}`),
    });
  }

  /** The process ends without a word: what it has sent is on its way, and nothing else happens. */
  crash(): void {
    this.life.isOver = true;
    this.margins?.stop();
    this.opened?.stop();
    this.opened = undefined;
  }

  /** What is held, as margin sees it. */
  held(): ReturnType<OpenedOrders['desk']['holdings']['heldOf']> {
    return this.orders.desk.holdings.heldOf(this.account);
  }

  private venue(life: { isOver: boolean }): OrderVenue {
    const { contracts, instance, clock, openSocket } = this.world;
    const { orders, orderFeed: feed } = instance;
    if (!orders || !feed) throw new Error('the plugin takes no orders');
    const ordersLimits = dhanBroker.limits.orders;
    if (!ordersLimits) throw new Error('the plugin has no limits of orders');
    return {
      account: this.account,
      label: 'Account',
      broker: 'dhan',
      mode: 'live',
      traders: [trader.userId],
      closedBecause: () => null,
      orders: mortal(this.counted(orders), life),
      rates: orderRateRules(ordersLimits),
      tokenOf: (key) => contracts.tokenOf(key, 'dhan'),
      keyOf: (token) => contracts.keyOf(token, 'dhan'),
      listen: (told) => {
        const runner = new OrderFeedRunner({
          clock, feed, openSocket, random: createSeededRandom(3),
          log: silentLog, told: (news) => !life.isOver && told(news), parked: () => undefined,
        });
        runner.start();
        return () => runner.stop();
      },
    };
  }

  private counted(port: OrdersPort): OrdersPort {
    const call = <T>(send: () => Promise<T>): Promise<T> => {
      this.asked.orders++;
      this.sentMono.push(this.clock.monoMs());
      return send();
    };
    const book = <T>(read: () => Promise<T>): Promise<T> => {
      this.asked.books++;
      return read();
    };
    return {
      place: (order) => call(() => port.place(order)),
      modify: (id, change) => call(() => port.modify(id, change)),
      cancel: (id) => call(() => port.cancel(id)),
      orders: () => book(() => port.orders()),
      trades: () => book(() => port.trades()),
      positions: () => book(() => port.positions()),
    };
  }

  private marginPort(): NonNullable<BrokerInstance['margin']> {
    const { margin } = this.world.instance;
    if (!margin) throw new Error('the plugin tells no margins');
    return {
      legsMax: margin.legsMax,
      required: (legs) => (this.asked.margin++, margin.required(legs)),
      funds: () => (this.asked.margin++, margin.funds()),
    };
  }
}

/** An account before a simulated market of its own. */
interface SimulatedWorld extends OrderWorld {
  contracts: TrueContracts;
  simulator: Simulator;
}

/** Orders of one account before the simulated broker: nothing else happens there. */
export class OrderRun extends LiveTrading<SimulatedWorld> {
  constructor(seed: number) {
    super(simulatedWorld(seed), seed);
  }

  get simulator(): Simulator {
    return this.world.simulator;
  }

  /** The account as the broker has it. */
  truth(): ReturnType<Simulator['orders']['truth']> {
    return this.simulator.orders.truth({ account: clientId });
  }

  stop(): void {
    this.crash();
    this.simulator.stop();
  }
}

function simulatedWorld(seed: number): SimulatedWorld {
  const clock = createVirtualClock(startMs);
  const network = createMemoryNetwork({ clock, latencyMs: 5 });
  const simulator = createSimulator({
    clock,
    seed: 7 + (seed % 5),
    underlyings: defaultUnderlyings.filter(({ symbol }) => symbol === 'NIFTY'),
    sessions: { kind: 'always' },
    holidays: [],
    rates: { ticksPerSecond: 10, contractTicksPerSecondMax: 10, sliceMs: 1_000 },
  });
  network.host('dhan.test', simulator.sites.dhan);
  const instance = dhanBroker.create({ credentials: { clientId, accessToken }, endpoints }, {
    clock,
    random: createSeededRandom(seed),
    http: network.http,
    log: silentLog,
    gate: createRateBudget(clock, dhanBroker.limits.rest),
  });
  const contracts = new TrueContracts(simulator, clock);
  return { clock, simulator, instance, contracts, openSocket: network.openSocket };
}

const calendar = createCalendar(alwaysHours);

function seeded(seed: number): SecureRandom {
  const random = createSeededRandom(seed);
  const bytes = (count: number): Uint8Array =>
    Uint8Array.from({ length: count }, () => Math.floor(random.next() * 256));
  const hex = (count: number): string => Buffer.from(bytes(count)).toString('hex');
  return {
    bytes,
    uuid: () => `${hex(4)}-${hex(2)}-4${hex(2).slice(1)}-8${hex(2).slice(1)}-${hex(6)}`,
  };
}
