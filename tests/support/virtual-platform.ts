import type { BrokerLimits } from '@strikewire/broker';
import { createRateBudget } from '@strikewire/broker/engine';
import { dhanBroker } from '@strikewire/broker-dhan';
import type { Exchange } from '@strikewire/contracts';
import { defaultUniverse, type UniverseRow } from '@strikewire/option-chain';
import {
  createMemoryRegistry,
  OptionChainEngine,
  type ChainRegistry,
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
  universe?: readonly UniverseRow[];
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
  /** The account's limits, where they are not the broker's own. */
  feedLimits?: Partial<BrokerLimits['feed']>;
}

/** A platform in virtual time; the test stops engine and simulator. */
export interface VirtualPlatform {
  clock: VirtualClock;
  simulator: Simulator;
  engine: OptionChainEngine;
  runner: SessionRunner;
  /** Scheduler and engine, as the platform starts them. */
  start(): Promise<void>;
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
    ...options.simulator,
  });
  network.host('broker.test', simulator.site);
  const random = createSeededRandom(seed + 1_000);
  const log = options.log ?? silentLog;
  const { rest, feed } = dhanBroker.limits;
  const limits = { rest, feed: { ...feed, ...options.feedLimits } };
  const budget = createRateBudget(clock, rest);
  const instance = dhanBroker.create(
    {
      credentials: { clientId: defaultAccount.clientId, accessToken: defaultAccount.token },
      endpoints: {
        rest: 'http://broker.test/v2',
        feed: 'ws://broker.test',
        master: 'http://broker.test/api-data/api-scrip-master-detailed.csv',
      },
    },
    { clock, random, http: network.http, log, gate: budget },
  );
  const engine = new OptionChainEngine({
    clock,
    random,
    log,
    openSocket: network.openSocket,
    broker: { id: 'dhan', account: 'test', instance, limits },
    budget,
    universe: options.universe ?? defaultUniverse,
    calendar: options.hours ? tradingCalendarOf(options.hours) : alwaysOpenCalendar,
    registry: options.registry ?? createMemoryRegistry(),
  });
  const runner = new SessionRunner({
    clock,
    log,
    ids: countedIds(seed),
    segments: segmentsOf(options),
    duties: engine.days,
    store: options.runs ?? createMemoryRuns(),
  });
  return {
    clock,
    simulator,
    engine,
    runner,
    async start() {
      await runner.start();
      await engine.start();
    },
    stop() {
      runner.stop();
      engine.stop();
      simulator.stop();
    },
  };
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
