import type { LiveChain, PlatformStatus } from '@strikewire/contracts';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startRedis, type TestRedis } from '../tools/services/redis';
import { eventually, startRealPlatform, type RealPlatform } from './support/real-platform';

/** The cache outlives the process in Redis; Redis itself may come, go and forget. */

vi.setConfig({ testTimeout: 400_000 });
const startedMs = Date.now();
const env: Record<string, string> = {};
let redis: TestRedis;
let platform: RealPlatform;
/** How many chains there are. */
let chainCount = 0;

beforeAll(async () => {
  redis = await startRedis();
  env['REDIS_URL'] = redis.url;
  platform = await startRealPlatform({ env });
  chainCount = (await eventually(builtChains, ({ length }) => length > 0, 60_000)).length;
  await eventually(() => read('NIFTY'), ({ stale }) => !stale);
});

afterAll(async () => {
  await platform?.stop();
  await redis?.stop();
});

/** The chains, once all that are wanted are built; none before. */
async function builtChains(): Promise<{ underlying: string; expiry: string }[]> {
  const answer = await platform.fetch('/api/optionchain/status');
  const { underlyings } = (await answer.json()) as PlatformStatus;
  const areAllBuilt = underlyings.every(
    ({ chains }) => chains.length > 0 && chains.every(({ state }) => state === 'built'),
  );
  return areAllBuilt
    ? underlyings.flatMap(({ symbol, chains }) =>
        chains.map(({ expiry }) => ({ underlying: symbol, expiry })),
      )
    : [];
}

async function read(underlying: string, expiry = ''): Promise<LiveChain> {
  const query = new URLSearchParams({ underlying, ...(expiry && { expiry }) });
  const answer = await platform.fetch(`/api/optionchain/live?${query}`);
  if (!answer.ok) throw new Error(`${underlying}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as LiveChain;
}

/**
 * What the market has told of a chain. What is computed of it moves with time, and a REST answer
 * may have told the same once more, later.
 */
function told({ spot, strikes, lotSize, source }: LiveChain): object {
  const leg = (one: LiveChain['strikes'][number]['CE']): object => {
    const { key, token, ltp, bid, ask, bidQty, askQty, volume, oi, oiChange, brokerGreeks } = one;
    const hasGreeks = brokerGreeks !== null;
    return { key, token, ltp, bid, ask, bidQty, askQty, volume, oi, oiChange, hasGreeks };
  };
  const legs = strikes.map(({ strike, CE, PE }) => ({ strike, CE: leg(CE), PE: leg(PE) }));
  return { spot: spot.ltp, close: spot.close, lotSize, source, legs };
}

/** Stops the market, and waits until what was sent has come in; resolves with all chains. */
async function standStill(): Promise<LiveChain[]> {
  await platform.sim('pause', { paused: true });
  let chains: LiveChain[] = [];
  const seen: string[] = [];
  const look = async (): Promise<string[]> => {
    chains = [];
    for (const { underlying, expiry } of await builtChains()) {
      chains.push(await read(underlying, expiry));
    }
    seen.push(JSON.stringify(chains.map(told)));
    return seen.slice(-8);
  };
  await eventually(look, (last) => last.length === 8 && new Set(last).size === 1);
  return chains;
}

/** Chains that are in Redis now. */
async function mirroredCount(): Promise<number> {
  const client = new Redis(redis.url);
  try {
    return (await client.keys('strikewire:chain:*')).length;
  } finally {
    await client.quit();
  }
}

const isWhole = (count: number): boolean => count === chainCount;

describe('chains mirrored in Redis', () => {
  it('are there within seconds, each with a life of three days at most', async () => {
    await eventually(mirroredCount, isWhole);
    const client = new Redis(redis.url);
    const keys = await client.keys('strikewire:chain*');
    const lives = await Promise.all(keys.map((key) => client.pttl(key)));
    await client.quit();
    expect(Math.min(...lives)).toBeGreaterThan(0);
    expect(Math.max(...lives)).toBeLessThanOrEqual(3 * 86_400_000);
  });

  it('come back after Redis has forgotten everything, though nothing of them changes', async () => {
    await standStill();
    const client = new Redis(redis.url);
    await client.flushall();
    await client.quit();
    await eventually(mirroredCount, isWhole);
    const { version } = await read('NIFTY');
    await platform.sim('pause', { paused: false });
    await eventually(() => read('NIFTY'), (chain) => chain.version > version + 20 && !chain.stale);
  });

  it('come back after Redis was away, which is told once', async () => {
    const outages = (): number => platform.api.output().split('chains are not mirrored').length - 1;
    const before = outages();
    await redis.stop('SIGKILL');
    await eventually(outages, (count) => count > before);
    const { version } = await read('NIFTY');
    await eventually(() => read('NIFTY'), (chain) => chain.version > version + 20);
    await eventually(() => read('NIFTY'), ({ stale }) => !stale);
    redis = await startRedis({ port: redis.port });
    await eventually(mirroredCount, isWhole);
    const isOver = (text: string): boolean =>
      text.lastIndexOf('mirrored again') > text.lastIndexOf('chains are not mirrored');
    await eventually(() => platform.api.output(), isOver);
    expect(outages()).toBe(before + 1);
  });

  it('are served, stale, by a start that finds no broker, until ticks arrive', async () => {
    const before = await standStill();
    expect(before).toHaveLength(chainCount);
    // Nothing listens there.
    const nowhere = '127.0.0.1:9';
    const away = {
      DHAN_REST_URL: `http://${nowhere}/v2`,
      DHAN_FEED_URL: `ws://${nowhere}`,
      DHAN_MASTER_URL: `http://${nowhere}/master.csv`,
    };
    Object.assign(env, away);
    try {
      await platform.api.stop();
      const stoppedMs = Date.now();
      await platform.restartApi();
      for (const chain of before) {
        const again = (): Promise<LiveChain | null> =>
          read(chain.underlying, chain.expiry).catch(() => null);
        const after = (await eventually(again, (one) => one !== null)) as LiveChain;
        expect(after.stale).toBe(true);
        expect(told(after)).toEqual(told(chain));
        expect(after.metrics.maxPain).toBe(chain.metrics.maxPain);
        expect(after.forward?.value).toBeGreaterThan(0);
        // Of then, and not of the start.
        const updatedMs = Date.parse(after.lastUpdated ?? '');
        expect(updatedMs).toBeGreaterThan(startedMs);
        expect(updatedMs).toBeLessThan(stoppedMs);
      }
      expect(platform.api.output()).toContain('chains begin with what was mirrored');
    } finally {
      for (const name of Object.keys(away)) delete env[name];
      await platform.sim('pause', { paused: false });
    }
    await platform.restartApi();
    const live = await eventually(
      () => read('NIFTY').catch(() => null),
      (chain) => chain?.stale === false,
    );
    const [first] = before;
    const [thenMs, liveMs] = [first, live].map((one) => Date.parse(one?.lastUpdated ?? ''));
    expect(liveMs).toBeGreaterThan(thenMs as number);
  });

  it('are not needed: a start with an empty Redis serves as ever', async () => {
    await platform.api.stop();
    const client = new Redis(redis.url);
    await client.flushall();
    await client.set(`strikewire:chain:NSE:NIFTY:2026-11-24`, 'no chain at all');
    await client.quit();
    await platform.restartApi();
    await eventually(() => read('NIFTY').catch(() => null), (chain) => chain?.stale === false);
    await eventually(mirroredCount, (count) => count >= chainCount);
    expect(platform.api.output()).not.toContain('chains begin with what was mirrored');
  });
});
