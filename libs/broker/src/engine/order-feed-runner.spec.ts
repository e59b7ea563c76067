import { createSeededRandom, silentLog, type Site, type Socket } from '@strikewire/runtime';
import { createMemoryNetwork, createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import type { OrderFeed, OrderNews } from '../core/order-feed';
import { OrderFeedRunner, type OrderFeedNews } from './order-feed-runner';
import { ScriptedBroker } from './testing/scripted-broker';

const second = 1_000;
const host = 'broker.test';
const whole: OrderFeedNews = { kind: 'look', brokerOrderId: null };

interface Options {
  feed?: Partial<OrderFeed>;
  /** Thrown by whoever is told. */
  toldThrows?: boolean;
}

/** A broker whose messages are the news themselves, as JSON. */
function setUp({ feed: changes = {}, toldThrows = false }: Options = {}) {
  const clock = createVirtualClock(0);
  const open = new Set<Socket>();
  const broker = {
    open, handshakesMono: [] as number[], heard: [] as string[], refuse: 0,
    /** Every connection is broken as soon as it has signed in. */
    resets: false,
    say(...news: unknown[]): void {
      for (const socket of open) socket.send(JSON.stringify(news));
    },
  };
  const site: Site = {
    http: () => ({ status: 404 }),
    socket: () => {
      broker.handshakesMono.push(clock.monoMs());
      if (broker.refuse > 0) return { refuse: broker.refuse };
      return {
        accept: (socket) => {
          open.add(socket);
          return {
            message(data) {
              broker.heard.push(new TextDecoder().decode(data));
              if (broker.resets) socket.terminate();
            },
            closed: () => void open.delete(socket),
          };
        },
      };
    },
  };
  const network = createMemoryNetwork({ clock, latencyMs: 5 });
  network.host(host, site);
  const feed: OrderFeed = {
    limits: { lingerMs: 40 * second, throttledWaitMs: 60 * second, silentMs: 30 * second },
    address: () => ({ url: `ws://${host}/orders` }),
    hello: () => ['sign in'],
    read: (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as OrderNews[],
    classifyEnd: ({ httpStatus, closeCode }) => {
      if (httpStatus === 429) return 'throttled';
      return httpStatus === 401 || closeCode === 4001 ? 'auth' : 'other';
    },
    ...changes,
  };
  const told: OrderFeedNews[] = [];
  const parked: string[] = [];
  const runner = new OrderFeedRunner({
    clock, random: createSeededRandom(4), log: silentLog, openSocket: network.openSocket, feed,
    told: (news) => {
      told.push(news);
      if (toldThrows) throw new Error('not taken');
    },
    parked: (reason) => void parked.push(reason),
  });
  const pass = (ms: number): Promise<void> => clock.advance(ms);
  return { clock, broker, network, runner, told, parked, pass };
}

describe('a feed of orders', () => {
  it('signs in, has the book read at once and once more, and tells what it is told', async () => {
    const { runner, broker, told, pass } = setUp();
    runner.start();
    runner.start();
    await pass(100);
    expect([broker.handshakesMono.length, broker.heard]).toEqual([1, ['sign in']]);
    expect(told).toEqual([whole]);
    const look = { kind: 'look', brokerOrderId: '7' } as const;
    broker.say(look);
    await pass(100);
    expect(told.slice(1)).toEqual([look]);
    await pass(10 * second);
    expect(told.slice(2)).toEqual([whole]);
    expect(runner.status).toMatchObject({ state: 'live', losses: 0 });
  });

  it('lives for hours in which nothing is said, because it asks for signs of life', async () => {
    const { runner, broker, pass } = setUp();
    runner.start();
    await pass(3 * 3_600 * second);
    expect([broker.handshakesMono.length, runner.status.state]).toEqual([1, 'live']);
  });

  it('comes back from a connection that is dead, and reads the book again', async () => {
    const { runner, broker, told, pass } = setUp();
    runner.start();
    await pass(11 * second);
    for (const socket of broker.open) socket.stall?.();
    const before = told.length;
    await pass(28 * second);
    expect(broker.handshakesMono).toHaveLength(1);
    await pass(60 * second);
    expect(broker.handshakesMono).toHaveLength(2);
    expect(runner.status).toMatchObject({ state: 'live', losses: 1 });
    expect(told.slice(before)).toEqual([whole, whole]);
  });

  it('has one connection at a time: a closing that nobody has answered counts on', async () => {
    const clock = createVirtualClock(0);
    const broker = new ScriptedBroker(clock);
    const runner = new OrderFeedRunner({
      clock, random: createSeededRandom(4), log: silentLog, openSocket: broker.openSocket,
      feed: {
        limits: { lingerMs: 40 * second, throttledWaitMs: 60 * second, silentMs: 30 * second },
        address: () => ({ url: 'ws://broker.test/orders' }),
        read: () => [{ kind: 'other', reason: 'an end' }],
        classifyEnd: () => 'other',
      },
      told: () => undefined,
      parked: () => undefined,
    });
    runner.start();
    await clock.advance(second);
    broker.isDeaf = true;
    broker.endAll('other');
    await clock.advance(41 * second);
    expect(broker.attemptsMono).toHaveLength(1);
    await clock.advance(10 * second);
    expect([broker.attemptsMono.length, broker.mostOpen]).toEqual([2, 1]);
  });

  it('comes back after a loss, sooner at first and never in a loop', async () => {
    const { runner, broker, told, pass } = setUp();
    broker.resets = true;
    runner.start();
    await pass(600 * second);
    const { handshakesMono } = broker;
    expect(handshakesMono.length).toBeGreaterThan(8);
    expect(handshakesMono.length).toBeLessThan(40);
    broker.resets = false;
    const before = told.length;
    await pass(90 * second);
    expect(runner.status.state).toBe('live');
    expect(told.length).toBeGreaterThan(before);
  });

  it.each([
    [401, 'auth'], [429, 'throttled'], [503, 'other'],
  ])('answers a handshake of %d as one that is %s', async (status, kind) => {
    const { runner, broker, parked, told, pass } = setUp();
    broker.refuse = status;
    runner.start();
    await pass(59 * second);
    const { length } = broker.handshakesMono;
    if (kind === 'other') expect(length).toBeGreaterThan(2);
    else expect(length).toBe(1);
    expect([parked.length, told]).toEqual([kind === 'auth' ? 1 : 0, []]);
    await pass(3_600 * second);
    if (kind === 'auth') expect(broker.handshakesMono).toHaveLength(1 + 12);
    expect(parked).toHaveLength(kind === 'auth' ? 1 : 0);
    broker.refuse = 0;
    runner.start();
    await pass(120 * second);
    expect(runner.status.state).toBe('live');
  });

  it.each(['auth', 'suspended', 'entitlement'] as const)(
    'stops at an end of kind %s, says so once, and begins again when it is told to',
    async (kind) => {
      const { runner, broker, parked, told, pass } = setUp();
      runner.start();
      await pass(second);
      broker.say({ kind, reason: 'no more' }, { kind: 'look', brokerOrderId: '9' });
      await pass(290 * second);
      expect(parked).toEqual(['no more']);
      expect(runner.status).toMatchObject({ state: 'parked', reason: 'no more' });
      expect([broker.handshakesMono.length, broker.open.size]).toEqual([1, 0]);
      expect(told).toEqual([whole]);
      runner.start();
      await pass(second);
      expect(runner.status.state).toBe('live');
    },
  );

  it('is tried again five minutes after a refusal, which is told until it stands', async () => {
    const { runner, broker, parked, pass } = setUp();
    runner.start();
    await pass(second);
    broker.say({ kind: 'entitlement', reason: 'no more' });
    await pass(second);
    expect(runner.status).toMatchObject({ state: 'parked', refusal: 'no more' });
    await pass(300 * second);
    expect(runner.status).toMatchObject({ state: 'live', refusal: 'no more' });
    broker.say({ kind: 'entitlement', reason: 'no more' });
    await pass(second);
    expect([parked, runner.status.state]).toEqual([['no more'], 'parked']);
    await pass(360 * second);
    expect(runner.status).toMatchObject({ state: 'live', refusal: null });
    expect(broker.handshakesMono).toHaveLength(3);
  });

  it('waits for the linger when there are too many', async () => {
    const { runner, broker, pass } = setUp();
    runner.start();
    await pass(20 * second);
    broker.say({ kind: 'too_many', reason: 'another one' });
    await pass(39 * second);
    expect(broker.handshakesMono).toHaveLength(1);
    await pass(10 * second);
    expect(broker.handshakesMono).toHaveLength(2);
  });

  it('has the book read once a second at most, however much cannot be read', async () => {
    const { runner, broker, told, pass } = setUp({ feed: { read: () => {
      throw new Error('unreadable');
    } } });
    runner.start();
    await pass(10 * second);
    const before = told.length;
    for (let at = 0; at < 1_000; at++) {
      broker.say('x');
      await pass(10);
    }
    expect(told.length - before).toBeGreaterThanOrEqual(9);
    expect(told.length - before).toBeLessThanOrEqual(11);
    expect(runner.status.state).toBe('live');
  });

  it('reads the book when the broker says that it is ready, and not once more', async () => {
    const { runner, broker, told, pass } = setUp();
    runner.start();
    await pass(2 * second);
    broker.say({ kind: 'ready' });
    await pass(60 * second);
    expect(told).toEqual([whole, whole]);
  });

  it('says nothing after it was stopped, and can be started again', async () => {
    const { runner, broker, told, pass } = setUp();
    runner.start();
    await pass(second);
    runner.stop();
    broker.say({ kind: 'look', brokerOrderId: '1' });
    await pass(120 * second);
    expect([told.length, broker.open.size, runner.status.state]).toEqual([1, 0, 'idle']);
    runner.start();
    await pass(second);
    expect([told.length, runner.status.state]).toEqual([2, 'live']);
  });

  it('stands whoever is told throwing', async () => {
    const { runner, broker, told, pass } = setUp({ toldThrows: true });
    runner.start();
    await pass(second);
    broker.say({ kind: 'look', brokerOrderId: '1' });
    await pass(second);
    expect([told.length, runner.status.state]).toEqual([2, 'live']);
  });

  const broken = (): never => {
    throw new Error('broken');
  };
  it.each(['address', 'hello', 'classifyEnd'] as const)(
    'stands a plugin whose %s throws, without a loop',
    async (name) => {
      const { runner, broker, network, pass } = setUp({ feed: { [name]: broken } });
      runner.start();
      await pass(10 * second);
      if (name === 'classifyEnd') network.remove(host);
      await pass(120 * second);
      expect(broker.handshakesMono.length).toBeLessThan(15);
      expect(runner.status.losses).toBeGreaterThan(1);
      expect(runner.status.losses).toBeLessThan(20);
      runner.stop();
      expect(runner.status.state).toBe('idle');
    },
  );
});
