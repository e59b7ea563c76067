import { createMemoryRegistry } from '@strikewire/option-chain/engine';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createTwoBrokers,
  namedBy,
  putFirst,
  staleChains,
  strayTokens,
  windowsOf,
  wrongPrices,
  type TwoBrokers,
} from '../support/two-brokers';

const running: TwoBrokers[] = [];

afterEach(() => {
  for (const platform of running.splice(0)) {
    platform.stop();
    expect(platform.simulator.violations()).toMatchObject({ total: 0 });
  }
});

function create(options: Parameters<typeof createTwoBrokers>[0] = {}): TwoBrokers {
  const platform = createTwoBrokers({ ticksPerSecond: 300, ...options });
  running.push(platform);
  return platform;
}

async function start(platform: TwoBrokers, ms = 30_000): Promise<TwoBrokers> {
  void platform.start();
  await platform.clock.advance(ms);
  return platform;
}

/** Live, by right names, with right prices and the windows of before. */
async function expectSame(
  platform: TwoBrokers,
  before: ReturnType<typeof windowsOf>,
): Promise<void> {
  expect(staleChains(platform)).toEqual([]);
  expect(windowsOf(platform)).toEqual(before);
  expect(await wrongPrices(platform)).toEqual([]);
  for (const broker of ['dhan', 'upstox']) {
    const strays = await strayTokens(platform, broker);
    expect([broker, strays.length, strays.slice(0, 5)]).toEqual([broker, 0, []]);
  }
}

describe('another broker comes first', () => {
  it('in mid-session, and back: chains go on under its names, no strike changes', async () => {
    const platform = await start(create());
    const before = windowsOf(platform);
    expect([Object.keys(before).length, namedBy(platform)]).toEqual([16, ['dhan']]);
    for (const broker of ['upstox', 'dhan']) {
      putFirst(platform, broker);
      if (broker === 'dhan') platform.engine.accountsRenamed();
      else void platform.engine.accountsChanged();
      await platform.clock.advance(60_000);
      expect(namedBy(platform)).toEqual([broker]);
      await expectSame(platform, before);
    }
    const { length } = platform.engine.board.contracts();
    expect(platform.subscribed.get('upstox')?.size).toBe(length);
  });

  it('while it carries already: its sockets stand on, and nothing is without prices', async () => {
    const platform = await start(create());
    const forMs = 300_000;
    platform.simulator.faults.add({ kind: 'outage', broker: 'dhan', forMs });
    await platform.clock.advance(30_000);
    expect([namedBy(platform), staleChains(platform)]).toEqual([['dhan'], []]);
    const handshakes = (): number => platform.simulator.status().faces.upstox.handshakes;
    const before = handshakes();
    putFirst(platform, 'upstox');
    platform.engine.accountsRenamed();
    expect(staleChains(platform)).toEqual([]);
    for (let second = 0; second < 5; second++) {
      await platform.clock.advance(1_000);
      expect(staleChains(platform)).toEqual([]);
    }
    expect([namedBy(platform), handshakes()]).toEqual([['upstox'], before]);
  });

  it('after a time without any account, and the former one is gone', async () => {
    const platform = await start(create());
    const before = windowsOf(platform);
    const all = platform.accounts.splice(0);
    void platform.engine.accountsChanged();
    await platform.clock.advance(10_000);
    expect([windowsOf(platform), staleChains(platform).length]).toEqual([before, 16]);
    platform.accounts.push(...all.filter(({ broker }) => broker === 'upstox'));
    void platform.engine.accountsChanged();
    await platform.clock.advance(60_000);
    expect(namedBy(platform)).toEqual(['upstox']);
    expect([windowsOf(platform), staleChains(platform)]).toEqual([before, []]);
    expect(await wrongPrices(platform)).toEqual([]);
    expect(await strayTokens(platform, 'upstox')).toEqual([]);
  });

  it('at a restart: the stored day is served under its names', async () => {
    const registry = createMemoryRegistry();
    const platform = await start(create({ registry }));
    const before = windowsOf(platform);
    putFirst(platform, 'upstox');
    platform.renew();
    const lists = (): unknown => platform.simulator.status().faces.upstox.requests;
    void platform.start();
    await platform.clock.advance(60_000);
    expect(namedBy(platform)).toEqual(['upstox']);
    await expectSame(platform, before);
    expect(JSON.stringify(lists())).not.toContain('option/contract');
    // Stored under these names as well.
    const stored = await registry.loadSkeletons('2026-11-24');
    expect([...new Set(stored.map(({ broker }) => broker))]).toEqual(['upstox']);
  });

  it('at a restart while it cannot be asked: nothing is subscribed by wrong names', async () => {
    const registry = createMemoryRegistry();
    const platform = await start(create({ registry }));
    const before = windowsOf(platform);
    putFirst(platform, 'upstox');
    platform.renew();
    platform.subscribed.get('upstox')?.clear();
    const fault = { kind: 'restError', path: '*', answer: 'status', broker: 'upstox' } as const;
    platform.simulator.faults.add({ ...fault, forMs: 120_000 });
    void platform.start();
    await platform.clock.advance(60_000);
    expect(windowsOf(platform)).toEqual(before);
    expect(staleChains(platform)).toHaveLength(16);
    expect(platform.subscribed.get('upstox')?.size).toBe(0);
    await platform.clock.advance(180_000);
    expect(namedBy(platform)).toEqual(['upstox']);
    await expectSame(platform, before);
  });
});
