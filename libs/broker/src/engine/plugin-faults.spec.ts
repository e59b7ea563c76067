import { QuoteStore } from '@strikewire/market-data';
import { createSeededRandom, silentLog } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import type { FeedProtocol } from '../core/feed-protocol';
import type { BrokerInstance } from '../core/plugin';
import { ConnectionBudget } from './connection-budget';
import { FeedPool } from './feed-pool';
import { benchLimits, targetsOf } from './testing/feed-bench';
import { ScriptedBroker, scriptedProtocol } from './testing/scripted-broker';

const broken = (): never => {
  throw new TypeError('undefined is not a function');
};

/** A feed whose protocol can be broken and mended while it runs. */
function createBench() {
  const clock = createVirtualClock(Date.parse('2026-11-24T04:30:00Z'));
  const broker = new ScriptedBroker(clock);
  const sound = scriptedProtocol();
  let faults: Partial<FeedProtocol> = {};
  const now = (): FeedProtocol => ({ ...sound, ...faults });
  const feed: FeedProtocol = {
    address: () => now().address(),
    hello: () => now().hello?.() ?? [],
    createDecoder: () => now().createDecoder(),
    subscribe: (items) => now().subscribe(items),
    unsubscribe: (items) => now().unsubscribe(items),
    classifyEnd: (end) => now().classifyEnd(end),
    wireId: (token) => now().wireId(token),
  };
  const connections = new ConnectionBudget(clock, benchLimits);
  const pool = new FeedPool({
    clock,
    random: createSeededRandom(1),
    log: silentLog,
    openSocket: broker.openSocket,
    isMarketOpen: () => true,
  });
  const store = new QuoteStore({
    capacity: 8, groupCount: 0, tickDepth: 0, baseWallMs: clock.wallMs(),
  });
  const instance = { feed, check: async () => ({}) } as unknown as BrokerInstance;
  pool.setAccounts([{ id: 'a', label: 'A', instance, connections, limits: benchLimits }]);
  const use = (other: Partial<FeedProtocol>): void => {
    faults = other;
  };
  /** Ticks and lets time pass; answers with the last price of the first instrument. */
  const run = async (seconds: number): Promise<number | undefined> => {
    for (let second = 0; second < seconds; second++) {
      broker.tick(10_000 + second);
      await clock.advance(1_000);
    }
    return store.ltpPaise[0];
  };
  return { broker, pool, store, use, run };
}

/** Such a plugin is tried again, not too often, and delivers what is wanted once it is mended. */
async function outlives(fault: Partial<FeedProtocol>): Promise<void> {
  const { broker, pool, store, use, run } = createBench();
  use(fault);
  pool.setTargets(targetsOf([1, 2, 3]), store);
  await run(10);
  pool.setTargets(targetsOf([1, 2]), store);
  for (const { socket } of broker.open) socket.terminate();
  await run(60);
  // As often as any other connection that fails, and no more.
  expect(broker.attemptsMono.length).toBeLessThan(20);
  use({});
  pool.setTargets(targetsOf([1, 2, 4]), store);
  expect(await run(120)).toBe(10_119);
  expect(broker.subscribed()).toEqual([1, 2, 4]);
}

describe('a plugin that throws', () => {
  const decoder = scriptedProtocol().createDecoder();
  const faults: Record<string, Partial<FeedProtocol>> = {
    address: { address: broken },
    hello: { hello: broken },
    subscribe: { subscribe: broken },
    unsubscribe: { unsubscribe: broken },
    createDecoder: { createDecoder: broken },
    bind: { createDecoder: () => ({ ...decoder, bind: broken }) },
    decode: { createDecoder: () => ({ ...decoder, decode: broken }) },
    classifyEnd: { classifyEnd: broken },
    wireId: { wireId: broken },
  };

  it.each(Object.keys(faults))('in %s is tried again, and delivers when mended', async (at) => {
    await outlives(faults[at]!);
  });
});

describe('a plugin that answers what nobody can use', () => {
  const decoder = scriptedProtocol().createDecoder();
  const answers = <T>(answer: unknown): T => (() => answer) as T;
  const decodes = (decode: () => unknown): Partial<FeedProtocol> =>
    ({ createDecoder: () => ({ ...decoder, decode: decode as () => undefined }) });
  const faults: Record<string, () => Partial<FeedProtocol>> = {
    'no address': () => ({ address: answers(undefined) }),
    'a greeting that is no list': () => ({ hello: answers(7) }),
    'messages that are no list': () => ({ subscribe: answers('subscribe') }),
    'messages of no bytes': () => ({ subscribe: answers([7]) }),
    'nothing to leave with': () => ({ unsubscribe: answers(undefined) }),
    'no decoder': () => ({ createDecoder: answers(undefined) }),
    'a promise of news': () => decodes(() => new Promise(() => undefined)),
    'a promise that fails': () => decodes(() => Promise.reject(new Error('not even that'))),
    'news of no kind': () => decodes(() => ({})),
    'an end without a reason': () => decodes(() => ({ kind: 'other' })),
    'an end of no kind': () => ({ classifyEnd: answers(undefined) }),
    'no number on the wire': () => ({ wireId: answers(undefined) }),
  };

  it.each(Object.keys(faults))('%s: is tried again, and delivers when mended', async (at) => {
    await outlives(faults[at]!());
  });
});

describe('a plugin that never answers', () => {
  it('is asked for another address, one at a time', async () => {
    const { pool, store, use, run } = createBench();
    let asked = 0;
    use({
      address: () => {
        asked++;
        return new Promise(() => undefined);
      },
    });
    pool.setTargets(targetsOf([1]), store);
    await run(60);
    expect(asked).toBeGreaterThan(1);
    expect(asked).toBeLessThan(7);
    use({});
    expect(await run(90)).toBe(10_089);
  });
});

describe('a feed that sends nothing that can be read', () => {
  it('is given up, and counts as live once it ticks', async () => {
    const { broker, pool, store, run } = createBench();
    pool.setTargets(targetsOf([1]), store);
    expect(await run(2)).toBe(10_001);
    const [socket] = pool.sockets();
    for (let frame = 0; frame < 1_000; frame++) broker.sendBroken();
    await run(1);
    expect(pool.sockets()[0]?.reconnects).toBe(1);
    expect(pool.isSocketLive(socket!.number)).toBe(false);
    await run(60);
    expect(pool.isSocketLive(socket!.number)).toBe(true);
  });
});
