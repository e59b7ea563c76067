import type { BrokerLimits } from '@strikewire/broker';
import { createRateBudget } from '@strikewire/broker/engine';
import { dhanBroker } from '@strikewire/broker-dhan';
import { defaultUniverse, type UniverseRow } from '@strikewire/option-chain';
import {
  createMemoryRegistry,
  OptionChainEngine,
  type ChainRegistry,
} from '@strikewire/option-chain/engine';
import { createSeededRandom, silentLog, type Log } from '@strikewire/runtime';
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
import { alwaysOpenCalendar, type TradingCalendar } from '@strikewire/trading-hours';

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
  /** The platform's; the simulator has its own sessions. Open at any hour when not given. */
  calendar?: TradingCalendar;
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
    calendar: options.calendar ?? alwaysOpenCalendar,
    registry: options.registry ?? createMemoryRegistry(),
  });
  return { clock, simulator, engine };
}
