import type { SessionPlan } from '@strikewire/simulator';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createTwoBrokers,
  namedBy,
  staleChains,
  strayTokens,
  windowsOf,
  wrongPrices,
  type TwoBrokers,
} from '../support/two-brokers';
import { presetHours } from '../support/virtual-platform';

const cash = { openMinute: 555, closeMinute: 930 };
const derivatives = { openMinute: 555, closeMinute: 940 };
const sessions: SessionPlan = {
  kind: 'hours', eras: [{ from: '2000-01-01', cash, derivatives }],
};
const at = (time: string): number => Date.parse(`2026-11-26T${time}+05:30`);
const running: TwoBrokers[] = [];

afterEach(() => {
  for (const platform of running.splice(0)) {
    platform.stop();
    expect(platform.simulator.violations()).toMatchObject({ total: 0 });
  }
});

function create(startMs: number): TwoBrokers {
  const platform = createTwoBrokers({
    seed: 3, ticksPerSecond: 100, startMs, hours: presetHours, simulator: { sessions },
  });
  running.push(platform);
  return platform;
}

async function advanceTo({ clock }: TwoBrokers, time: string): Promise<void> {
  await clock.advance(at(time) - clock.wallMs());
}

/** From now until then; of all paths unless told. */
function homeIsDown(
  { simulator, clock }: TwoBrokers,
  until: string,
  paths: readonly string[] = ['*'],
): void {
  const forMs = at(until) - clock.wallMs();
  for (const path of paths) {
    simulator.faults.add({ kind: 'restError', path, answer: 'status', broker: 'dhan', forMs });
  }
}

function statesOf({ engine }: TwoBrokers): string[] {
  return engine.service.status().underlyings.flatMap(({ symbol, state, chains }) => [
    `${symbol} ${state}`, ...chains.map((chain) => `${symbol} ${chain.state}`),
  ]);
}

function expectBuilt(platform: TwoBrokers): void {
  expect(statesOf(platform).filter((one) => !one.endsWith(' built'))).toEqual([]);
  expect(Object.keys(windowsOf(platform))).toHaveLength(17);
}

async function expectLive(platform: TwoBrokers): Promise<void> {
  expect(staleChains(platform)).toEqual([]);
  expect(await wrongPrices(platform)).toEqual([]);
}

/** By what either broker lists, as its files tell when they can be read again. */
async function expectNoStrays(platform: TwoBrokers): Promise<void> {
  for (const broker of ['dhan', 'upstox']) {
    const strays = await strayTokens(platform, broker);
    expect([broker, strays.length, strays.slice(0, 5)]).toEqual([broker, 0, []]);
  }
}

/** The accounts whose sockets carry what is served. */
function carriers({ engine }: TwoBrokers): string[] {
  const carrying = engine.feed.sockets().filter(({ role }) => role === 'carrier');
  return [...new Set(carrying.map(({ account }) => account))];
}

const requestsAbroad = ({ simulator }: TwoBrokers): Record<string, number> =>
  simulator.status().faces.upstox.requests;
const api = ['optionchain', 'optionchain/expirylist', 'marketfeed/ltp'];

describe('the broker at home does not answer before the open', () => {
  it('and another one does: chains are built, live at the open, and stay as they are', async () => {
    const platform = create(at('08:30:00'));
    void platform.start();
    await advanceTo(platform, '08:55:00');
    homeIsDown(platform, '10:00:00');
    await advanceTo(platform, '09:14:00');
    expectBuilt(platform);
    expect(requestsAbroad(platform)['option/chain']).toBeGreaterThanOrEqual(17);
    await advanceTo(platform, '09:17:00');
    const cut = windowsOf(platform);
    await expectLive(platform);
    await advanceTo(platform, '10:05:00');
    expect(namedBy(platform)).toEqual(['dhan']);
    expect(windowsOf(platform)).toEqual(cut);
    await expectLive(platform);
    await expectNoStrays(platform);
  });

  it('nor carries anything: all that is built is live through another one', async () => {
    const platform = create(at('08:30:00'));
    void platform.start();
    await advanceTo(platform, '08:55:00');
    const forMs = at('09:25:00') - at('08:55:00');
    platform.simulator.faults.add({ kind: 'outage', broker: 'dhan', forMs });
    await advanceTo(platform, '09:17:00');
    expectBuilt(platform);
    const cut = windowsOf(platform);
    await expectLive(platform);
    expect(carriers(platform)).toEqual(['Upstox']);
    await advanceTo(platform, '09:30:00');
    expect([namedBy(platform), carriers(platform)]).toEqual([['dhan'], ['test']]);
    expect(windowsOf(platform)).toEqual(cut);
    await expectLive(platform);
    await expectNoStrays(platform);
  });

  it('and nothing was ever built: by names of its instrument file they are live', async () => {
    const platform = create(at('08:57:00'));
    homeIsDown(platform, '10:00:00', api);
    void platform.start();
    await advanceTo(platform, '09:17:00');
    expectBuilt(platform);
    expect(namedBy(platform)).toEqual(['dhan']);
    await expectLive(platform);
    await expectNoStrays(platform);
  });

  it('and none of its names can be read: chains are served from elsewhere until then', async () => {
    const platform = create(at('08:57:00'));
    homeIsDown(platform, '09:25:00');
    void platform.start();
    await advanceTo(platform, '09:17:00');
    expectBuilt(platform);
    expect(namedBy(platform)).toEqual(['upstox']);
    const cut = windowsOf(platform);
    await advanceTo(platform, '09:28:00');
    expect(namedBy(platform)).toEqual(['dhan']);
    expect(windowsOf(platform)).toEqual(cut);
    await expectLive(platform);
    await expectNoStrays(platform);
  });
});

describe('the broker at home has had enough for a while', () => {
  it('and what is not built waits for it, not for a quarter of an hour', async () => {
    const platform = create(at('08:30:00'));
    void platform.start();
    await advanceTo(platform, '08:59:00');
    const before = requestsAbroad(platform)['option/chain'] ?? 0;
    const fault = { kind: 'restError', path: 'optionchain', answer: 'status' } as const;
    platform.simulator.faults.add({ ...fault, status: 429, count: 1, broker: 'dhan' });
    await advanceTo(platform, '09:03:00');
    expect(platform.simulator.faults.list()).toEqual([]);
    expectBuilt(platform);
    expect(namedBy(platform)).toEqual(['dhan']);
    expect(requestsAbroad(platform)['option/chain'] ?? 0).toBe(before);
  });
});
