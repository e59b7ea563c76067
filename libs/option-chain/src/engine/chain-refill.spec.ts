import type { MarketDataPort } from '@strikewire/broker';
import { silentLog, StrikewireError, type ErrorKind } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { ChainRefill } from './chain-refill';
import { benchAnswer, benchLeg, benchSkeleton, ChainBench } from './testing/chain-bench';

const expiries = Array.from({ length: 10 }, (_, index) => `2026-12-${10 + index}`);

/** Ten chains, and a broker that takes 200 ms for an answer, or to refuse. */
function createBench() {
  const bench = new ChainBench(expiries.map((expiry) => benchSkeleton(expiry, 3)));
  const { clock } = bench;
  const asked: string[] = [];
  const answered: string[] = [];
  const broker: { refusal: ErrorKind | null; running: number; most: number } = {
    refusal: null, running: 0, most: 0,
  };
  const chain: MarketDataPort['chain'] = async (_underlying, expiry) => {
    asked.push(expiry);
    broker.most = Math.max(broker.most, ++broker.running);
    await new Promise<void>((resolve) => clock.after(200, resolve));
    broker.running--;
    const { refusal: kind } = broker;
    if (kind) throw new StrikewireError({ kind, code: 'scripted', message: 'as told' });
    return benchAnswer(benchLeg('x'), clock.monoMs());
  };
  const byKey = new Map([...bench.chains.values()].map((one) => [one.key, one]));
  const refill = new ChainRefill({
    clock,
    log: silentLog,
    marketData: { chain } as Partial<MarketDataPort> as MarketDataPort,
    generation: () => bench.generation,
    find: (key) => byKey.get(key),
    answered: (key) => void answered.push(key),
  });
  return { clock, refill, asked, answered, broker, chains: [...byKey.values()] };
}

describe('ChainRefill', () => {
  it('asks for each chain once, the first alone, then a few at a time', async () => {
    const { clock, refill, asked, answered, broker, chains } = createBench();
    refill.fill(chains);
    await clock.advance(100);
    expect(asked).toEqual([expiries[0]]);
    await clock.advance(10_000);
    expect(asked).toEqual(expiries);
    expect(answered).toEqual(chains.map(({ key }) => key));
    expect(broker.most).toBe(4);
    await clock.advance(600_000);
    expect(asked).toHaveLength(10);
  });

  it.each(['unauthenticated', 'fatal'] as const)('ends the round at one %s', async (kind) => {
    const { clock, refill, asked, broker, chains } = createBench();
    broker.refusal = kind;
    refill.fill(chains);
    await clock.advance(290_000);
    expect(asked).toHaveLength(1);
    // One look in five minutes, and nothing else.
    await clock.advance(900_000);
    expect(asked).toHaveLength(4);
    broker.refusal = null;
    await clock.advance(310_000);
    expect(new Set(asked.slice(4))).toEqual(new Set(expiries));
    expect(asked).toHaveLength(14);
  });

  it('ends a round also when credentials expire within it', async () => {
    const { clock, refill, asked, broker, chains } = createBench();
    refill.fill(chains);
    await clock.advance(250);
    broker.refusal = 'unauthenticated';
    await clock.advance(200_000);
    expect(asked).toHaveLength(5);
  });

  it('asks at once when the feed is back before the rest is over', async () => {
    const { clock, refill, asked, broker, chains } = createBench();
    broker.refusal = 'unauthenticated';
    refill.fill(chains);
    await clock.advance(10_000);
    broker.refusal = null;
    refill.fill(chains);
    await clock.advance(10_000);
    expect(asked).toHaveLength(11);
    await clock.advance(600_000);
    expect(asked).toHaveLength(11);
  });

  it('asks again in a minute for what failed otherwise, and only for that', async () => {
    const { clock, refill, asked, broker, chains } = createBench();
    broker.refusal = 'retryable';
    refill.fill(chains);
    await clock.advance(5_000);
    expect(asked).toHaveLength(10);
    broker.refusal = null;
    await clock.advance(50_000);
    expect(asked).toHaveLength(10);
    await clock.advance(20_000);
    expect(asked).toHaveLength(20);
    await clock.advance(600_000);
    expect(asked).toHaveLength(20);
  });

  it('asks nobody any more once it is stopped', async () => {
    const { clock, refill, asked, broker, chains } = createBench();
    broker.refusal = 'retryable';
    refill.fill(chains);
    await clock.advance(100);
    refill.stop();
    await clock.advance(600_000);
    expect(asked).toHaveLength(1);
  });
});
