import { liveChainSchema } from '@strikewire/contracts';
import type { StreamClient } from '@strikewire/option-chain/engine';
import { createSeededRandom } from '@strikewire/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { FrameClient, type HeldChain } from '../support/frame-client';
import { truthDifferences } from '../support/truth-difference';
import { createVirtualPlatform, type VirtualPlatform } from '../support/virtual-platform';

const minuteMs = 60_000;
let platform: VirtualPlatform | undefined;

afterEach(() => {
  platform?.engine.stop();
  platform?.simulator.stop();
  expect(platform?.simulator.violations()).toMatchObject({ total: 0 });
});

/** Ticks come in bundles: each chain is flushed a few times a second, and not for every tick. */
const rates = { ticksPerSecond: 200, contractTicksPerSecondMax: 10, sliceMs: 400 };

async function started(seed: number): Promise<VirtualPlatform> {
  platform = createVirtualPlatform({ seed, simulator: { rates } });
  void platform.start();
  await platform.clock.advance(30_000);
  return platform;
}

/** Subscribes to every chain there is. */
function watchAll<T extends StreamClient>({ engine }: VirtualPlatform, client: T): T {
  for (const { symbol, chains } of engine.service.status().underlyings) {
    for (const { expiry } of chains) {
      engine.hub.subscribe(engine.service.chain(symbol, expiry), 'binary', client);
    }
  }
  return client;
}

function disturb({ simulator }: VirtualPlatform, dice: number): void {
  const { faults } = simulator;
  if (dice < 0.35) faults.add({ kind: 'dropSocket', socket: 'all' });
  else if (dice < 0.5) faults.add({ kind: 'dropSocket', socket: 'all', disconnectCode: 805 });
  else if (dice < 0.65) faults.add({ kind: 'muteSocket', socket: 'all' });
  else if (dice < 0.75) faults.add({ kind: 'handshakeStatus', status: 429, forMs: 20_000 });
  else if (dice < 0.85) faults.add({ kind: 'delayPackets', delayMs: 3_000, forMs: 15_000 });
  else faults.add({ kind: 'corruptFrames', probability: 0.05, forMs: 10_000 });
}

/** What does not agree between volatility in a client's store, over REST, and in the quotes. */
function pricingDoubts({ engine }: VirtualPlatform, { layout, store }: HeldChain): string[] {
  const { body } = engine.service.snapshot(layout.underlying, layout.expiry);
  const live = liveChainSchema.parse(JSON.parse(body.toString()));
  const doubts: string[] = [];
  if (live.forward?.source !== 'parity') doubts.push(`${live.expiry} has no forward by parity`);
  if (live.metrics.atmIv === null) doubts.push(`${live.expiry} has no volatility at the money`);
  live.strikes
    .flatMap(({ CE, PE }) => [CE, PE])
    .forEach(({ key, iv, ivBid, ivAsk, ivReason, greeks }, row) => {
      const told = store.iv[row] ?? NaN;
      if (iv === null ? !Number.isNaN(told) : Math.abs(told - iv) > 1e-4 * (1 + iv)) {
        doubts.push(`${key}: the client holds ${told}, REST says ${iv}`);
      }
      if ((iv === null) !== (ivReason !== null)) doubts.push(`${key}: ${iv} because ${ivReason}`);
      if (iv !== null && greeks === null) doubts.push(`${key}: no Greeks`);
      if (iv === null || ivBid === null || ivAsk === null) return;
      if (iv < ivBid || iv > ivAsk) doubts.push(`${key}: ${iv} is not in ${ivBid} to ${ivAsk}`);
    });
  return doubts;
}

describe('one virtual hour', () => {
  it('ends with every leg as the market is, whatever the feed did', async () => {
    const seed = 12;
    const run = await started(seed);
    const client = watchAll(run, new FrameClient());
    const random = createSeededRandom(seed);
    for (let minute = 0; minute < 55; minute += 3) {
      disturb(run, random.next());
      await run.clock.advance(3 * minuteMs);
    }
    run.simulator.faults.clear();
    await run.clock.advance(5 * minuteMs);
    run.simulator.pause(true);
    await run.clock.advance(2_000);

    const status = run.engine.service.status();
    expect(status.feed.sockets.at(0)?.reconnects).toBeGreaterThan(5);
    expect(status.phase).toBe('live');
    const differences = [...client.held.values()].flatMap((held) => {
      const truth = run.simulator.truth.chain(held.layout.underlying, held.layout.expiry);
      if (!truth) return [`${held.layout.expiry} is not a true chain`];
      return truthDifferences(held, truth);
    });
    expect(differences).toEqual([]);
    expect(client.faults).toEqual([]);
    expect(client.held.size).toBe(16);
    const doubts = [...client.held.values()].flatMap((held) => pricingDoubts(run, held));
    expect(doubts).toEqual([]);
  });

  it('makes no REST or subscribe call because of ticks or clients', async () => {
    const run = await started(5);
    const before = run.simulator.status();
    let frameCount = 0;
    const client = { send: () => void frameCount++, bufferedBytes: () => 0, cut: () => undefined };
    const clients = Array.from({ length: 20 }, () => watchAll(run, { ...client }));
    await run.clock.advance(10 * minuteMs);
    expect(frameCount).toBeGreaterThan(20 * 1_000);
    clients.forEach((one) => run.engine.hub.drop(one));
    for (let read = 0; read < 500; read++) run.engine.service.snapshot('NIFTY');
    await run.clock.advance(minuteMs);
    const after = run.simulator.status();
    expect(after.requests).toEqual(before.requests);
    const subscribed = ({ sockets }: typeof after): unknown[] =>
      sockets.map(({ framesSent: _, ...socket }) => socket);
    expect(subscribed(after)).toEqual(subscribed(before));
    expect(after.ticks - before.ticks).toBeGreaterThan(100_000);
  });

  it('runs the same twice from one seed', async () => {
    const bodies: string[] = [];
    for (let run = 0; run < 2; run++) {
      const { engine, simulator, clock } = await started(77);
      await clock.advance(5 * minuteMs);
      bodies.push(engine.service.snapshot('BANKNIFTY').body.toString());
      engine.stop();
      simulator.stop();
    }
    expect(bodies[1]).toBe(bodies[0]);
  });
});
