import type { BrokerLimits } from '@strikewire/broker';
import { ConnectionBudget, createRateBudget, type DataAccount } from '@strikewire/broker/engine';
import { dhanBroker } from '@strikewire/broker-dhan';
import type { Exchange, UniverseRule } from '@strikewire/contracts';
import { defaultUniverse } from '@strikewire/option-chain';
import {
  createMemoryRegistry,
  OptionChainEngine,
  type ChainRegistry,
  type OptionChainEngineOptions,
} from '@strikewire/option-chain/engine';
import { createSeededRandom, silentLog, type Log, type SecureRandom } from '@strikewire/runtime';
import {
  createMemoryNetwork,
  createVirtualClock,
  type VirtualClock,
} from '@strikewire/runtime/virtual';
import {
  createSimulator,
  defaultAccount,
  defaultUnderlyings,
  type Simulator,
  type SimulatorOptions,
} from '@strikewire/simulator';
import {
  alwaysOpenCalendar,
  createCalendar,
  segmentCloseMs,
  tradingCalendarOf,
  type ScheduledSegment,
  type TradingHoursCalendar,
} from '@strikewire/trading-hours';
import { createMemoryRuns, SessionRunner, type RunStore } from '@strikewire/trading-hours/engine';
import { alwaysHours, tradingHoursPresets } from '@strikewire/trading-hours/presets';

/**
 * All indices, and a few of the shares, some of them listed twice: the day's instrument file has
 * rows of all kinds, but not a hundred thousand of them to make and read for each platform.
 */
const underlyings = defaultUnderlyings.filter(
  ({ kind, id }) => kind === 'index' || id % 20 === 5,
);

export interface VirtualOptions {
  seed?: number;
  /** Epoch ms at the start; Tuesday 2026-11-24, 10:00 in India, when not given. */
  startMs?: number;
  ticksPerSecond?: number;
  universe?: readonly UniverseRule[];
  registry?: ChainRegistry;
  /**
   * The platform's hours, asked for at each question; the simulator has its own sessions. Open at
   * any hour when not given.
   */
  hours?(exchange: Exchange): TradingHoursCalendar | undefined;
  /** What the scheduler has done; forgotten at the end when not given. */
  runs?: RunStore;
  simulator?: Partial<SimulatorOptions>;
  log?: Log;
  /** The accounts' limits, where they are not the broker's own. */
  feedLimits?: Partial<BrokerLimits['feed']>;
  restLimits?: BrokerLimits['rest'];
  /** Accounts of the broker, all in use; one when not given. */
  accounts?: readonly (typeof defaultAccount)[];
  /** Accounts of other brokers, behind these. */
  others?(parts: PlatformParts): readonly DataAccount[];
  /** How old REST figures may be; nothing is asked for because it is old when not given. */
  boundsMs?: OptionChainEngineOptions['boundsMs'];
}

/** What accounts are made of. */
export interface PlatformParts {
  clock: VirtualClock;
  network: ReturnType<typeof createMemoryNetwork>;
  simulator: Simulator;
}

/** Longer than any run. */
const yearMs = 365 * 86_400_000;
const agelessMs = { index: yearMs, commodity: yearMs, stock: yearMs };

/** Where the simulated broker is. */
const endpoints = {
  rest: 'http://broker.test/v2',
  feed: 'ws://broker.test',
  depth: 'ws://broker.test/twentydepth',
  orders: 'ws://broker.test/order-update',
  auth: 'http://broker.test',
  master: 'http://broker.test/api-data/api-scrip-master-detailed.csv',
};

function credentialsOf({ clientId, token }: typeof defaultAccount): {
  clientId: string;
  accessToken: string;
} {
  return { clientId, accessToken: token };
}

/** A platform in virtual time; the test stops engine and simulator. */
export interface VirtualPlatform {
  clock: VirtualClock;
  simulator: Simulator;
  engine: OptionChainEngine;
  /** The accounts in use; after a change the engine has to be told. */
  accounts: DataAccount[];
  runner: SessionRunner;
  /** Scheduler and engine, as the platform starts them. */
  start(): Promise<void>;
  /** Ends both and puts new ones in their place, over the same accounts; they are not started. */
  renew(): void;
  /** Ends engine, scheduler and simulator. */
  stop(): void;
}

/**
 * The platform's engine and the simulated broker in one process, joined by a network without
 * wires, on a clock that the test moves: the same seed gives the same run.
 */
export function createVirtualPlatform(options: VirtualOptions = {}): VirtualPlatform {
  const { seed = 1, ticksPerSecond = 200 } = options;
  const clock = createVirtualClock(options.startMs ?? Date.parse('2026-11-24T04:30:00Z'));
  const network = createMemoryNetwork({ clock, latencyMs: 5 });
  const simulator = createSimulator({
    clock,
    seed,
    underlyings,
    sessions: { kind: 'always' },
    holidays: [],
    rates: { ticksPerSecond, contractTicksPerSecondMax: 10, sliceMs: 50 },
    ...(options.accounts && { accounts: options.accounts }),
    ...options.simulator,
  });
  network.host('broker.test', simulator.site);
  const random = createSeededRandom(seed + 1_000);
  const log = options.log ?? silentLog;
  const rest = options.restLimits ?? dhanBroker.limits.rest;
  const limits = { rest, feed: { ...dhanBroker.limits.feed, ...options.feedLimits } };
  const accounts = (options.accounts ?? [defaultAccount]).map((account, index): DataAccount => {
    const budget = createRateBudget(clock, rest);
    const connections = new ConnectionBudget(clock, limits.feed);
    const deps = { clock, random, http: network.http, log, gate: budget };
    const instance = dhanBroker.create({ credentials: credentialsOf(account), endpoints }, deps);
    const { exchanges } = dhanBroker.capabilities;
    const label = index === 0 ? 'test' : `test ${index + 1}`;
    return {
      id: account.clientId, label, broker: 'dhan', instance, limits, exchanges, budget, connections,
    };
  });
  accounts.push(...(options.others?.({ clock, network, simulator }) ?? []));
  const registry = options.registry ?? createMemoryRegistry();
  const runs = options.runs ?? createMemoryRuns();
  const ids = countedIds(seed);
  const open = (): Pick<VirtualPlatform, 'engine' | 'runner'> => {
    const engine = new OptionChainEngine({
      clock,
      random,
      log,
      openSocket: network.openSocket,
      accounts: () => accounts,
      universe: () => options.universe ?? defaultUniverse,
      calendar: options.hours ? tradingCalendarOf(options.hours) : alwaysOpenCalendar,
      registry,
      boundsMs: options.boundsMs ?? agelessMs,
    });
    return { engine, runner: openRunner({ ...options, runs }, { clock, log, ids, engine }) };
  };
  const platform: VirtualPlatform = {
    clock,
    simulator,
    accounts,
    ...open(),
    async start() {
      await platform.runner.start();
      await platform.engine.start();
    },
    renew() {
      platform.runner.stop();
      platform.engine.stop();
      Object.assign(platform, open());
    },
    stop() {
      platform.runner.stop();
      platform.engine.stop();
      simulator.stop();
    },
  };
  return platform;
}

/** The scheduler of an engine's days. */
function openRunner(
  options: VirtualOptions & { runs: RunStore },
  deps: { clock: VirtualClock; log: Log; ids: SecureRandom; engine: OptionChainEngine },
): SessionRunner {
  const { engine: { days: duties }, ...rest } = deps;
  return new SessionRunner({ ...rest, duties, segments: segmentsOf(options), store: options.runs });
}

/** Exchanges of the universe, each with its derivatives. */
function segmentsOf({ universe = defaultUniverse, hours }: VirtualOptions): ScheduledSegment[] {
  const always = createCalendar(alwaysHours);
  return [...new Set(universe.map(({ exchange }) => exchange))].map((exchange) => {
    const about = { exchange, segment: 'fno' };
    if (hours) return { ...about, calendar: () => hours(exchange) };
    const endOfDayMs = (date: string): number => segmentCloseMs(exchange, date);
    return { ...about, calendar: () => always, endOfDayMs };
  });
}

/** The same ids in each run of a seed. */
function countedIds(seed: number): SecureRandom {
  let count = 0;
  return {
    bytes: (length) => new Uint8Array(length),
    uuid: () => `00000000-0000-4000-8000-${String(seed * 1e6 + ++count).padStart(12, '0')}`,
  };
}

/** The hours that come along, of each exchange's derivatives. */
export function presetHours(exchange: Exchange): TradingHoursCalendar | undefined {
  return presets.get(exchange);
}

const presets = new Map(
  tradingHoursPresets
    .filter(({ name, segment }) => name !== alwaysHours.name && segment !== 'equity')
    .map((preset) => [preset.exchange, createCalendar(preset)] as const)
    .reverse(),
);
