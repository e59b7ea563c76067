import { refreshBoundsMs, defaultUniverseRules } from '@strikewire/option-chain';
import { createSeededRandom, type Random } from '@strikewire/runtime';
import {
  accountsBeside,
  defaultAccount,
  defaultUnderlyings,
  type ViolationReport,
} from '@strikewire/simulator';
import { FrameClient } from './frame-client';
import { truthDifferences } from './truth-difference';
import { createVirtualPlatform, presetHours, type VirtualPlatform } from './virtual-platform';

const at = (time: string): number => Date.parse(`2026-11-25T${time}:00+05:30`);
const minuteMs = 60_000;
const indiaOffsetMs = 19_800_000;
/** After the open and after a feed comes back figures need this long to be those of now. */
const settleMs = 2 * minuteMs;

/** Every underlying of the simulated market, over two accounts, on an ordinary Wednesday. */
function startUniverse(): VirtualPlatform {
  const platform = createVirtualPlatform({
    seed: 6,
    startMs: at('08:50'),
    universe: defaultUniverseRules,
    accounts: accountsBeside(defaultAccount, 2),
    boundsMs: refreshBoundsMs,
    hours: presetHours,
    simulator: {
      underlyings: defaultUnderlyings,
      sessions: { kind: 'always' },
      rates: { ticksPerSecond: 200, contractTicksPerSecondMax: 10, sliceMs: 250 },
    },
  });
  void platform.start();
  return platform;
}

type Status = ReturnType<VirtualPlatform['engine']['service']['status']>;

function chainsOf({ underlyings }: Status) {
  return underlyings.flatMap(({ exchange, symbol, chains }) =>
    chains.map((chain) => ({ ...chain, exchange, name: `${symbol} ${chain.expiry}` })),
  );
}

/** Chains of trading exchanges that are older than they may be, or not live and not named so. */
function doubtsOf({ engine, clock }: VirtualPlatform): string[] {
  const status = engine.service.status();
  if (status.requests.stretch !== 1) return [`bounds are stretched ${status.requests.stretch}`];
  return chainsOf(status)
    .filter(({ exchange }) => isTrading(exchange, clock.wallMs()))
    .flatMap((chain) => {
      const { name, restAgeMs, restBoundMs, strikeCount, liveCount, restOnlyCount } = chain;
      const doubts: string[] = [];
      if (chain.state !== 'built') doubts.push(`${name} is ${chain.state}: ${chain.reason}`);
      if (restAgeMs === null || restAgeMs > restBoundMs) {
        doubts.push(`${name}: ${restAgeMs} ms old`);
      }
      const lost = 2 * strikeCount - liveCount - restOnlyCount;
      if (lost > 0) doubts.push(`${name}: ${lost} are neither live nor named`);
      return doubts;
    });
}

function isTrading(exchange: string, nowMs: number): boolean {
  const calendar = presetHours(exchange as 'NSE');
  const openedMs = nowMs - settleMs;
  return (calendar?.isOpen(nowMs) && calendar.isOpen(openedMs)) ?? false;
}

/** Where a few chains, drawn by lot, differ from the market, which stands still for the look. */
async function differencesOf(platform: VirtualPlatform, random: Random): Promise<string[]> {
  const { engine, simulator, clock } = platform;
  const chains = chainsOf(engine.service.status())
    .filter(({ exchange, restOnlyCount }) =>
      restOnlyCount === 0 && isTrading(exchange, clock.wallMs()));
  simulator.pause(true);
  await clock.advance(1_000);
  const wrong: string[] = [];
  for (let draw = 0; draw < 10; draw++) {
    const { name } = chains[Math.floor(random.next() * chains.length)] ?? { name: 'none' };
    const [symbol, expiry] = name.split(' ') as [string, string];
    const client = new FrameClient();
    engine.hub.subscribe(engine.service.chain(symbol, expiry), 'binary', client);
    const [held] = client.held.values();
    const truth = simulator.truth.chain(symbol, expiry);
    const differences = held && truth ? truthDifferences(held, truth) : ['is not there'];
    wrong.push(...differences.map((line) => `${name}: ${line}`));
    engine.hub.drop(client);
  }
  simulator.pause(false);
  return wrong;
}

/** What a day has shown. */
export interface UniverseDay {
  /** Percent of the chains that were built 25 s after the build began, and before the open. */
  built: { early: number; ahead: number };
  chains: number;
  contracts: number;
  /** In plain words, with the time; empty when all is well. */
  wrong: string[];
  violations: ViolationReport;
}

/**
 * Every underlying over two accounts from 08:50 on, in virtual time: all timers and REST at their
 * true rate, 200 ticks a second. Looked at every five minutes until `until` (HH:MM in India).
 */
export async function liveUniverseDay(until: string): Promise<UniverseDay> {
  const platform = startUniverse();
  const { clock, engine, simulator } = platform;
  try {
    const random = createSeededRandom(6);
    const wrong: string[] = [];
    const note = (lines: readonly string[]): void => {
      const when = new Date(clock.wallMs() + indiaOffsetMs).toISOString().slice(11, 16);
      wrong.push(...lines.slice(0, 5).map((line) => `${when} ${line}`));
    };
    const percent = (): number => engine.service.status().requests.percent;
    await clock.advance(at('09:00') + 25_000 - clock.wallMs());
    const early = percent();
    await clock.advance(at('09:14') - clock.wallMs());
    const ahead = percent();
    while (clock.wallMs() < at(until)) {
      await clock.advance(5 * minuteMs);
      note(doubtsOf(platform));
      note(await differencesOf(platform, random));
    }
    const { layout } = engine.board.generation;
    const contracts = layout.slotCount - layout.underlyings.length;
    const violations = simulator.violations();
    const chains = layout.chains.length;
    return { built: { early, ahead }, chains, contracts, wrong, violations };
  } finally {
    platform.stop();
  }
}
