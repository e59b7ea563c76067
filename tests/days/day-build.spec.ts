import { createMemoryRegistry } from '@strikewire/option-chain/engine';
import { silentLog } from '@strikewire/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { FrameClient } from '../support/frame-client';
import { truthDifferences } from '../support/truth-difference';
import { createVirtualPlatform, type VirtualPlatform } from '../support/virtual-platform';

const running: VirtualPlatform[] = [];

afterEach(() => {
  for (const { engine, simulator } of running.splice(0)) {
    engine.stop();
    simulator.stop();
    // No limit of the broker is broken in any run, start-up included.
    expect(simulator.violations()).toMatchObject({ total: 0 });
  }
});

function create(options: Parameters<typeof createVirtualPlatform>[0] = {}): VirtualPlatform {
  const platform = createVirtualPlatform({ ticksPerSecond: 100, ...options });
  running.push(platform);
  return platform;
}

async function start(platform: VirtualPlatform, ms = 30_000): Promise<VirtualPlatform> {
  void platform.start();
  await platform.clock.advance(ms);
  return platform;
}

function chainsOf({ engine }: VirtualPlatform, symbol: string) {
  return engine.service.expiries(symbol).chains;
}

describe('the day build', () => {
  it('builds the three indices as the rules say, without a breach', async () => {
    const platform = await start(create());
    expect(platform.engine.service.status().phase).toBe('live');
    expect(chainsOf(platform, 'NIFTY').map((chain) => chain.strikeCount).slice(0, 4)).toEqual([
      100, 100, 100, 100,
    ]);
    expect(chainsOf(platform, 'BANKNIFTY').every((chain) => chain.class !== 'weekly')).toBe(true);
    expect(chainsOf(platform, 'SENSEX').every((chain) => chain.state === 'built')).toBe(true);
  });

  it('believes the expiry list and never the instrument master or a weekday', async () => {
    const platform = create();
    const { faults } = platform.simulator;
    faults.add({ kind: 'falseMasterExpiries', shiftDays: 2 });
    const odd = ['2026-11-25', '2026-11-29', '2026-12-18'];
    faults.add({ kind: 'oddExpiries', underlying: 'NIFTY', expiries: odd });
    await start(platform);
    expect(chainsOf(platform, 'NIFTY').map((chain) => chain.expiry)).toEqual(odd);
    const { skeleton } = platform.engine.service.chain('NIFTY', '2026-11-29').slots;
    expect(skeleton.lotSize).toBe(65);
    const listedElsewhere = (): unknown => platform.engine.service.chain('NIFTY', '2026-12-01');
    expect(listedElsewhere).toThrow(/needs one of those/);
  });

  it('names an expiry with an empty chain, runs the others, builds it when it can', async () => {
    const platform = create();
    const fault = { kind: 'emptyChain', underlying: 'NIFTY', expiry: '2026-12-01' } as const;
    platform.simulator.faults.add({ ...fault, forMs: 60_000 });
    await start(platform);
    const empty = (): unknown =>
      chainsOf(platform, 'NIFTY').find((chain) => chain.expiry === '2026-12-01');
    expect(empty()).toMatchObject({
      state: 'not_built',
      reason: 'the broker lists no strikes for this expiry',
    });
    expect(chainsOf(platform, 'NIFTY').filter((chain) => chain.state === 'built')).toHaveLength(5);
    expect(() => platform.engine.service.chain('NIFTY', '2026-12-01')).toThrow(/lists no strikes/);
    await platform.clock.advance(180_000);
    expect(empty()).toMatchObject({ state: 'built', reason: null, liveCount: 200 });
  });

  it('does not build an underlying without an LTP, says so, and does not guess', async () => {
    const platform = create();
    // Without a feed the quote API is asked, and it leaves one underlying out.
    platform.simulator.faults.add({ kind: 'handshakeStatus', status: 503, forMs: 20_000 });
    platform.simulator.faults.add({ kind: 'omitLtp', underlying: 'SENSEX', forMs: 60_000 });
    await start(platform, 15_000);
    const sensex = platform.engine.service.underlyings().underlyings[2];
    expect(sensex).toMatchObject({ symbol: 'SENSEX', state: 'not_built', atmStrike: null });
    expect(sensex?.reason).toMatch(/no LTP/);
    expect(chainsOf(platform, 'NIFTY').every((chain) => chain.state === 'built')).toBe(true);
    await platform.clock.advance(240_000);
    expect(chainsOf(platform, 'SENSEX').every((chain) => chain.state === 'built')).toBe(true);
  });

  it.each([
    ['status', 'optionchain'],
    ['html', 'optionchain'],
    ['empty', 'optionchain'],
    ['hang', 'optionchain'],
    ['status', 'optionchain/expirylist'],
    ['html', 'optionchain/expirylist'],
  ] as const)('outlives answers of the kind "%s" from %s', async (answer, path) => {
    const platform = create();
    platform.simulator.faults.add({ kind: 'restError', path, answer, count: 4 });
    await start(platform, 20_000);
    await platform.clock.advance(120_000);
    expect(platform.engine.service.status().phase).toBe('live');
  });

  it('starts again on the same day from what is stored, even while REST fails', async () => {
    const registry = createMemoryRegistry();
    const first = await start(create({ registry }));
    const strikes = first.engine.service.chain('NIFTY').slots.skeleton.strikes.length;
    first.engine.stop();
    const second = create({ registry });
    second.simulator.faults.add({ kind: 'restError', path: '*', answer: 'status' });
    await start(second, 5_000);
    expect(second.engine.service.status().phase).toBe('live');
    expect(second.engine.service.chain('NIFTY').slots.skeleton.strikes).toHaveLength(strikes);
  });

  it('asks once for what only REST knows after a restart, and after a lost feed', async () => {
    const registry = createMemoryRegistry();
    const first = await start(create({ registry }));
    first.engine.stop();
    const second = await start(create({ registry }), 20_000);
    const chainCalls = (): number => second.simulator.status().requests['optionchain'] ?? 0;
    const lists = second.simulator.status().requests['optionchain/expirylist'] ?? 0;
    expect([chainCalls(), lists]).toEqual([16, 0]);
    const leg = JSON.parse(second.engine.service.snapshot('NIFTY').body.toString()).strikes[50].CE;
    expect(leg.oiChange).not.toBeNull();
    expect(leg.brokerGreeks.iv).toBeGreaterThan(0);
    await second.clock.advance(60_000);
    for (let drop = 0; drop < 5; drop++) {
      second.simulator.faults.add({ kind: 'dropSocket', socket: 'all' });
      await second.clock.advance(8_000);
    }
    expect(chainCalls()).toBe(32);
  });

  it('asks again for what only REST knows when that failed, and only then', async () => {
    const registry = createMemoryRegistry();
    const first = await start(create({ registry }));
    first.engine.stop();
    const second = create({ registry });
    second.simulator.faults.add({ kind: 'restError', path: '*', answer: 'html', forMs: 30_000 });
    await start(second, 90_000);
    const leg = JSON.parse(second.engine.service.snapshot('NIFTY').body.toString()).strikes[50].CE;
    expect(leg.oiChange).not.toBeNull();
    expect(leg.brokerGreeks.iv).toBeGreaterThan(0);
    // At once, and 5, 15 and 35 s after; then never again.
    const asked = (): number => second.simulator.status().requests['optionchain'] ?? 0;
    expect(asked()).toBe(64);
    await second.clock.advance(180_000);
    expect(asked()).toBe(64);
  });

  it('asks a broker that refuses its token once, not once for each stored chain', async () => {
    const registry = createMemoryRegistry();
    const first = await start(create({ registry }));
    first.engine.stop();
    const second = create({ registry });
    second.simulator.faults.add({ kind: 'expireToken' });
    await start(second, 200_000);
    const asked = (): number => second.simulator.status().requests['optionchain'] ?? 0;
    expect([asked(), chainsOf(second, 'NIFTY').length]).toEqual([1, 6]);
    second.simulator.faults.clear();
    await second.clock.advance(400_000);
    expect([asked(), second.engine.service.status().phase]).toEqual([17, 'live']);
  });

  it('cuts the day around the price of now, not around that of a feed lost long ago', async () => {
    const startMs = Date.parse('2026-11-25T03:20:00Z');
    const platform = await start(create({ ticksPerSecond: 20, startMs }), 60_000);
    const quotes = (): number => platform.simulator.status().requests['marketfeed/ltp'] ?? 0;
    const before = quotes();
    platform.simulator.faults.add({ kind: 'handshakeStatus', status: 503, forMs: 900_000 });
    platform.simulator.faults.add({ kind: 'dropSocket', socket: 'all' });
    await platform.clock.advance(580_000);
    expect(quotes()).toBeGreaterThan(before);
    expect(chainsOf(platform, 'NIFTY').every((chain) => chain.state === 'built')).toBe(true);
  });

  it('builds the next day at 09:00 and lets go of what has expired', async () => {
    const platform = await start(create({ ticksPerSecond: 1 }), 60_000);
    const before = platform.engine.service.status().generation;
    expect(chainsOf(platform, 'NIFTY')[0]?.expiry).toBe('2026-11-24');
    await platform.clock.advance(23.2 * 3_600_000);
    expect(platform.engine.service.status().generation).toBeGreaterThan(before);
    expect(chainsOf(platform, 'NIFTY')[0]?.expiry).toBe('2026-12-01');
    expect(platform.engine.service.status().phase).toBe('live');
  });

  it('builds the day at 09:00 when it was started in the night before', async () => {
    const startMs = Date.parse('2026-11-25T03:28:00Z');
    const platform = await start(create({ ticksPerSecond: 20, startMs }), 60_000);
    const calls = (): number => platform.simulator.status().requests['optionchain/expirylist'] ?? 0;
    const before = calls();
    await platform.clock.advance(90_000);
    expect(calls()).toBeGreaterThan(before);
  });

  it('goes on serving the chains of yesterday until those of today are built', async () => {
    const startMs = Date.parse('2026-11-25T03:28:00Z');
    const platform = await start(create({ ticksPerSecond: 20, startMs }), 60_000);
    const { service, hub } = platform.engine;
    const client = new FrameClient();
    for (const { expiry } of chainsOf(platform, 'NIFTY')) {
      hub.subscribe(service.chain('NIFTY', expiry), 'binary', client);
    }
    platform.simulator.faults.add({ kind: 'restError', path: '*', answer: 'html', forMs: 120_000 });
    await platform.clock.advance(120_000);
    expect(service.status().phase).toBe('degraded');
    expect(JSON.parse(service.snapshot('NIFTY').body.toString())).toMatchObject({ stale: false });
    await platform.clock.advance(180_000);
    expect(service.status().phase).toBe('live');
    expect([client.retired, client.faults]).toEqual([[], []]);
  });

  it('spreads over sockets, and names the contracts that no socket has room for', async () => {
    const lines: Record<string, unknown>[] = [];
    const warn = (message: string, facts = {}): void => void lines.push({ message, ...facts });
    const platform = create({
      log: { ...silentLog, warn },
      feedLimits: { instrumentsPerSocketMax: 600 },
    });
    await start(platform, 60_000);
    const { feed } = platform.engine.service.status();
    const carrying = feed.sockets.filter(({ role }) => role === 'carrier');
    expect(carrying.map(({ confirmed }) => confirmed)).toEqual([600, 600, 600, 600]);
    const last = lines.at(-1);
    expect(last).toMatchObject({ message: 'contracts without a feed', count: expect.any(Number) });
    expect(last?.['tokens']).toHaveLength(20);
    // The first chains have all their contracts live; the last have none, and do not claim to.
    expect(chainsOf(platform, 'NIFTY').every(({ stale }) => !stale)).toBe(true);
    expect(chainsOf(platform, 'SENSEX').at(-1)).toMatchObject({ state: 'built', stale: true });
  });

  it('loses nothing of the contracts that move to another socket', async () => {
    const feedLimits = { instrumentsPerSocketMax: 700 };
    const platform = create({ feedLimits, ticksPerSecond: 8_000 });
    const { engine, clock, simulator } = platform;
    const late = { underlying: 'NIFTY', expiry: '2026-12-01' };
    simulator.faults.add({ kind: 'emptyChain', ...late, forMs: 15_000 });
    await start(platform, 14_000);
    const client = new FrameClient();
    const watch = (expiry: string): unknown =>
      engine.hub.subscribe(engine.service.chain('NIFTY', expiry), 'binary', client);
    const others = chainsOf(platform, 'NIFTY').filter(({ expiry }) => expiry !== late.expiry);
    for (const { expiry } of others) watch(expiry);
    const { generation } = engine.service.status();
    while (engine.service.status().generation === generation) await clock.advance(100);
    await clock.advance(1_000);
    simulator.pause(true);
    await clock.advance(1_000);
    const wrong = [...client.held.values()].flatMap((held) => {
      const truth = simulator.truth.chain(held.layout.underlying, held.layout.expiry);
      return truth ? truthDifferences(held, truth) : ['not a true chain'];
    });
    expect([client.held.size, wrong]).toEqual([others.length, []]);
  });

  it('rests when the credentials are refused, instead of knocking', async () => {
    const platform = await start(create());
    platform.simulator.faults.add({ kind: 'expireToken' });
    const handshakes = (): number => platform.simulator.status().sockets.length;
    await platform.clock.advance(10_000);
    expect(platform.engine.service.status().feed.sockets[0]).toMatchObject({ state: 'parked' });
    const { requests } = platform.simulator.status();
    await platform.clock.advance(600_000);
    expect(handshakes()).toBe(0);
    const after = platform.simulator.status().requests;
    expect((after['profile'] ?? 0) - (requests['profile'] ?? 0)).toBeLessThanOrEqual(2);
    expect(platform.engine.service.snapshot('NIFTY').body.toString()).toContain('"stale":true');
    platform.simulator.faults.clear();
    await platform.clock.advance(330_000);
    expect(platform.engine.service.status().phase).toBe('live');
  });

  it('replaces a feed that falls silent when it is subscribed, and is live again', async () => {
    const platform = create();
    const { clock, engine, simulator } = platform;
    void platform.start();
    await clock.advance(1_000);
    while (simulator.status().subscriptions < 2_000) await clock.advance(100);
    simulator.faults.add({ kind: 'muteSocket', socket: 'all' });
    await clock.advance(55_000);
    expect(engine.service.status().feed).toMatchObject({ state: 'silent' });
    expect(engine.service.status().feed.sockets[0]?.reconnects).toBe(0);
    await clock.advance(30_000);
    const { sockets } = engine.service.status().feed;
    expect(sockets.find(({ role }) => role === 'carrier')).toMatchObject({ state: 'live' });
    expect(sockets.map(({ reconnects }) => reconnects)).toEqual([1, 0]);
    expect(engine.service.status()).toMatchObject({ phase: 'live', feed: { state: 'live' } });
  });
});
