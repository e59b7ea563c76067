import { nearestStrikeIndex } from '@strikewire/option-chain';
import { createMemoryRegistry, type ChainRegistry } from '@strikewire/option-chain/engine';
import type { SessionPlan } from '@strikewire/simulator';
import { afterEach, describe, expect, it } from 'vitest';
import { FrameClient } from '../support/frame-client';
import { truthDifferences } from '../support/truth-difference';
import {
  createVirtualPlatform,
  presetHours,
  type VirtualPlatform,
} from '../support/virtual-platform';

/** The exchange's hours: shares to 15:30, derivatives to 15:40. */
const hours = { openMinute: 555, closeMinute: 930 };
const derivatives = { openMinute: 555, closeMinute: 940 };
const sessions: SessionPlan = {
  kind: 'hours',
  eras: [{ from: '2000-01-01', cash: hours, derivatives }],
};
const at = (time: string): number => Date.parse(`2026-11-26T${time}+05:30`);
const running: VirtualPlatform[] = [];

afterEach(() => {
  for (const { engine, simulator } of running.splice(0)) {
    engine.stop();
    simulator.stop();
    expect(simulator.violations()).toMatchObject({ total: 0 });
  }
});

function create(startMs: number, registry: ChainRegistry = createMemoryRegistry()) {
  const platform = createVirtualPlatform({
    seed: 3, ticksPerSecond: 2_000, startMs, registry,
    hours: presetHours, simulator: { sessions },
  });
  running.push(platform);
  return platform;
}

async function advanceTo({ clock }: VirtualPlatform, atMs: number): Promise<void> {
  await clock.advance(atMs - clock.wallMs());
}

function skeletonsOf({ engine }: VirtualPlatform) {
  return engine.service.status().underlyings.flatMap(({ symbol, chains }) =>
    chains.map(({ expiry }) => engine.service.chain(symbol, expiry).slots.skeleton),
  );
}

const requestsOf = ({ simulator }: VirtualPlatform) => simulator.status().requests;

/** What is wrong with a chain's window around the price of its underlying now: nothing, or why. */
function misplaced({ simulator }: VirtualPlatform, skeleton: ReturnType<typeof skeletonsOf>[0]) {
  const chain = simulator.truth.chain(skeleton.symbol, skeleton.expiry);
  const listed = (chain?.strikes ?? []).map(({ strike }) => Math.round(strike * 100));
  const held = skeleton.strikes.map(({ strikePaise }) => strikePaise);
  const anchor = nearestStrikeIndex(listed, Math.round((chain?.spot.ltp ?? 0) * 100));
  // The price has moved on since the first tick: by a strike at the most.
  const isRight = [-1, 0, 1].some((by) => {
    const wanted = listed.slice(Math.max(0, anchor + by - 50), anchor + by + 50);
    return wanted.length === held.length && wanted.every((strike, index) => strike === held[index]);
  });
  return isRight ? [] : [`${skeleton.symbol} ${skeleton.expiry} from ${held[0]}`];
}

describe('the cut at the open', () => {
  it('centres every window on the opening price, without a REST call or a mixture', async () => {
    const platform = create(at('08:58:00'));
    const { engine, simulator, clock } = platform;
    void platform.start();
    await advanceTo(platform, at('09:14:59'));
    const before = skeletonsOf(platform);
    const client = new FrameClient();
    for (const { symbol, expiry } of before) {
      engine.hub.subscribe(engine.service.chain(symbol, expiry), 'binary', client);
    }
    const requests = requestsOf(platform);
    const { generation } = engine.service.status();
    await clock.advance(2_000);

    const after = skeletonsOf(platform);
    expect(requestsOf(platform)).toEqual(requests);
    expect(engine.service.status().generation).toBe(generation + 1);
    expect(after).toHaveLength(before.length);
    const nifty = (list: typeof after) => list.find(({ symbol }) => symbol === 'NIFTY');
    const gapPaise = (nifty(after)?.ltpPaise ?? 0) - (nifty(before)?.ltpPaise ?? 0);
    expect(Math.abs(gapPaise)).toBeGreaterThan(5_000);
    expect(after.flatMap((skeleton) => misplaced(platform, skeleton))).toEqual([]);
    expect(before.flatMap((skeleton) => misplaced(platform, skeleton))).not.toEqual([]);

    await clock.advance(20_000);
    simulator.pause(true);
    await clock.advance(2_000);
    expect([client.faults, client.retired, client.held.size]).toEqual([[], [], after.length]);
    const differences = [...client.held.values()].flatMap((held) => {
      const truth = simulator.truth.chain(held.layout.underlying, held.layout.expiry);
      return truth ? truthDifferences(held, truth) : ['not a true chain'];
    });
    expect(differences).toEqual([]);
    // Figures that only REST knows came from the answer that was held.
    const { body } = engine.service.snapshot('NIFTY', '2026-12-29');
    const { strikes } = JSON.parse(body.toString());
    const [outer, leg] = gapPaise > 0 ? [strikes[99], 'CE'] : [strikes[0], 'PE'];
    expect(outer[leg].oiChange).not.toBeNull();
    expect(outer[leg].brokerGreeks.iv).toBeGreaterThan(0);
  });

  it('subscribes at the open, then only what is new, and leaves only what is gone', async () => {
    const platform = create(at('08:58:00'));
    void platform.start();
    await advanceTo(platform, at('09:14:59'));
    const before = skeletonsOf(platform);
    const { simulator, engine, clock } = platform;
    expect(simulator.status()).toMatchObject({ subscriptions: 0, subscribeMessages: 0 });
    await clock.advance(4_000);
    const tokens = (list: typeof before) =>
      new Set(list.flatMap(({ strikes }) => strikes.map(({ CE }) => CE.token.id)));
    const [old, now] = [tokens(before), tokens(skeletonsOf(platform))];
    const fresh = [...now].filter((id) => !old.has(id)).length;
    expect(fresh).toBeGreaterThan(0);
    const planned = engine.feed.sockets().reduce((sum, { instruments }) => sum + instruments, 0);
    expect(simulator.status().subscriptions).toBe(planned);
    // All once, and the difference both ways, at 100 a message; each exchange and mode begins one.
    const needed = Math.ceil(planned / 100) + 2 * Math.ceil((2 * fresh) / 100);
    expect(simulator.status().subscribeMessages).toBeLessThanOrEqual(needed + 8);
  });

  it('asks the quote API once when the feed is silent at the open', async () => {
    const platform = create(at('08:58:00'));
    void platform.start();
    await advanceTo(platform, at('09:14:55'));
    platform.simulator.faults.add({ kind: 'muteSocket', socket: 'all', forMs: 15_000 });
    const before = requestsOf(platform);
    const { generation } = platform.engine.service.status();
    await platform.clock.advance(10_000);
    expect(platform.engine.service.status().generation).toBe(generation + 1);
    expect(requestsOf(platform)).toEqual({
      ...before, 'marketfeed/ltp': (before['marketfeed/ltp'] ?? 0) + 1,
    });
    const wrong = skeletonsOf(platform).flatMap((skeleton) => misplaced(platform, skeleton));
    expect(wrong).toEqual([]);
  });

  it('cuts also after a restart before the open, from the answers that fill the gaps', async () => {
    const registry = createMemoryRegistry();
    const first = create(at('08:58:00'), registry);
    void first.start();
    await advanceTo(first, at('09:05:00'));
    first.engine.stop();
    const second = create(at('09:05:00'), registry);
    void second.start();
    await advanceTo(second, at('09:14:59'));
    const before = requestsOf(second);
    expect(before['optionchain/expirylist'] ?? 0).toBe(0);
    expect(skeletonsOf(second)).toEqual(skeletonsOf(first));
    await second.clock.advance(2_000);
    expect(requestsOf(second)).toEqual(before);
    const wrong = skeletonsOf(second).flatMap((skeleton) => misplaced(second, skeleton));
    expect(wrong).toEqual([]);
    const stored = await registry.loadSkeletons('2026-11-26');
    expect(stored.map(({ ltpPaise }) => ltpPaise).sort()).toEqual(
      skeletonsOf(second).map(({ ltpPaise }) => ltpPaise).sort(),
    );
  });

  it('makes up for the cut, once, after a restart that was down over the open', async () => {
    const registry = createMemoryRegistry();
    const first = create(at('08:58:00'), registry);
    void first.start();
    await advanceTo(first, at('09:05:00'));
    first.engine.stop();
    const second = create(at('09:15:30'), registry);
    void second.start();
    await advanceTo(second, at('09:17:00'));
    const wrong = skeletonsOf(second).flatMap((skeleton) => misplaced(second, skeleton));
    expect(wrong).toEqual([]);
    expect(skeletonsOf(second)).not.toEqual(skeletonsOf(first));
    expect(requestsOf(second)).toMatchObject({ optionchain: skeletonsOf(first).length });
    expect(requestsOf(second)['optionchain/expirylist'] ?? 0).toBe(0);
    second.engine.stop();

    const third = create(at('14:00:00'), registry);
    void third.start();
    await advanceTo(third, at('14:03:00'));
    expect(third.engine.service.status().generation).toBe(1);
    expect(skeletonsOf(third).map(({ strikes }) => strikes)).toEqual(
      skeletonsOf(second).map(({ strikes }) => strikes),
    );
  });

  it('keeps the stored windows when a restart before the open finds no broker', async () => {
    const registry = createMemoryRegistry();
    const first = create(at('08:58:00'), registry);
    void first.start();
    await advanceTo(first, at('09:05:00'));
    first.engine.stop();
    const second = create(at('09:05:00'), registry);
    second.simulator.faults.add({ kind: 'restError', path: '*', answer: 'status' });
    void second.start();
    await advanceTo(second, at('09:16:00'));
    expect(second.engine.service.status()).toMatchObject({ phase: 'live', generation: 1 });
    expect(skeletonsOf(second)).toEqual(skeletonsOf(first));
  });

  it('cuts once, at the build, when the market never closes', async () => {
    const platform = createVirtualPlatform({ startMs: at('09:12:00') });
    running.push(platform);
    void platform.start();
    await advanceTo(platform, at('09:14:59'));
    const { generation } = platform.engine.service.status();
    await platform.clock.advance(60_000);
    expect(platform.engine.service.status().generation).toBe(generation);
  });
});
