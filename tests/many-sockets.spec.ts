import { socketLimits } from '@strikewire/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApiServer, type ApiServer } from './support/api-server';
import { eventually } from './support/real-platform';
import { SocketCrowd, type CrowdTally } from './support/socket-crowd';

const healthyCount = 950;
const slow = { from: healthyCount, to: healthyCount + 25 };
const stopped = { from: healthyCount + 25, to: healthyCount + 50 };
const flushMs = 25;
/** What may come on top of the cap: one message, which is a snapshot at most. */
const messageBytesMax = 262_144;

let server: ApiServer;
let crowd: SocketCrowd;

beforeAll(async () => {
  const seats = { clientsMax: 2_000, perCallerMax: 2_000 };
  server = await startApiServer({ seats });
  crowd = new SocketCrowd();
});

afterAll(async () => {
  await crowd?.stop();
  await server?.stop();
});

/** Flushes, after each of which the market has moved and every client can read. */
async function flush(times: number): Promise<void> {
  for (let count = 0; count < times; count++) {
    await server.market.clock.advance(flushMs);
    await new Promise((resolve) => setTimeout(resolve, 1));
    // The answer comes after what was sent before has been read.
    if (count % 10 === 9) await crowd.tally();
  }
}

/** Until these clients hold what the chains hold. */
function caughtUp(from: number, to: number): Promise<CrowdTally[]> {
  const { hub } = server.market.engine;
  const look = async (): Promise<CrowdTally[]> => (await crowd.tally()).slice(from, to);
  const isEven = (tallies: CrowdTally[]): boolean => {
    const ofFirst = JSON.stringify(tallies[0]?.versions);
    return tallies.every(({ versions }) => JSON.stringify(versions) === ofFirst);
  };
  expect(hub.clientCount()).toBeGreaterThanOrEqual(to - from);
  return eventually(look, isEven);
}

/** Until nothing comes any more of what was sent to these; between two looks both sides act. */
async function drained({ from, to }: { from: number; to: number }): Promise<void> {
  const seen: number[] = [];
  await eventually(
    async () => {
      const some = (await crowd.tally()).slice(from, to);
      seen.push(some.reduce((sum, { frames }) => sum + frames, 0));
      return seen.slice(-4);
    },
    (last) => last.length === 4 && new Set(last).size === 1,
  );
}

it('1,000 clients: slow ones come back, stopped ones are cut, others miss nothing', async () => {
  const { engine, simulator, clock } = server.market;
  const { hub } = engine;
  const chains = engine.service
    .status()
    .underlyings.flatMap(({ symbol, chains: some }) =>
      some.map(({ expiry }) => ({ underlying: symbol, expiry })),
    )
    .slice(0, 3);
  expect(chains).toHaveLength(3);
  const url = `${server.base.replace('http', 'ws')}/ws`;
  const headers = await server.key(['chains:read']);
  await crowd.open({ url, headers, count: healthyCount, encoding: 'binary', chains });
  await crowd.open({ url, headers, count: 50, encoding: 'json', chains });
  await eventually(
    () => hub.counters.subscriptions,
    (count) => count === 3 * (healthyCount + 50),
  );
  await flush(20);
  expect(hub.counters.slowSkips).toBe(0);

  // They stop reading, and ask until their buffers are full.
  await crowd.pause({ from: slow.from, to: stopped.to });
  await eventually(
    async () => {
      await crowd.resync({ from: slow.from, to: stopped.to });
      return hub.counters.slowSkips;
    },
    (count) => count >= 50,
    60_000,
  );
  expect(hub.counters.slowSkips).toBe(50);
  await flush(40);
  const between = await caughtUp(0, healthyCount);
  expect(between.every(({ faults, snapshots }) => faults === 0 && snapshots === 3)).toBe(true);

  // Half of them go on reading in time: that is the hub's, which waits for them here.
  await crowd.resume(slow);
  await drained(slow);
  await flush(4);
  simulator.pause(true);
  for (let waited = 0; waited < socketLimits.slowMsMax + 1_000; waited += 500) {
    await clock.advance(500);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(hub.counters.cuts).toBe(25);
  expect(hub.clientCount()).toBe(healthyCount + 25);
  simulator.pause(false);
  await flush(20);

  const healthy = await caughtUp(0, healthyCount);
  const versions = chains.map(
    ({ underlying, expiry }) => engine.service.chain(underlying, expiry).version,
  );
  expect(new Set(healthy.map((one) => JSON.stringify(one.versions)))).toEqual(
    new Set([JSON.stringify(versions)]),
  );
  expect(healthy.filter(({ faults }) => faults > 0)).toEqual([]);
  // No snapshot but the first of each stream: nobody had to ask again.
  expect(healthy.filter(({ snapshots }) => snapshots !== 3)).toEqual([]);
  expect(healthy.filter(({ closed }) => closed !== null)).toEqual([]);
  const recovered = await caughtUp(slow.from, slow.to);
  expect(recovered[0]?.versions).toEqual(versions);
  expect(recovered.every(({ faults, closed }) => faults === 0 && closed === null)).toBe(true);
  await crowd.resume(stopped);
  await eventually(
    async () => (await crowd.tally()).slice(stopped.from, stopped.to),
    (tallies) => tallies.every(({ closed }) => closed !== null),
  );
  expect(hub.counters.bufferedBytesHigh).toBeGreaterThan(socketLimits.bufferedBytesMax);
  expect(hub.counters.bufferedBytesHigh).toBeLessThanOrEqual(
    socketLimits.bufferedBytesMax + messageBytesMax,
  );
  expect(hub.counters.cuts).toBe(25);
});
