import { createSeededRandom, silentLog, type Site, type Socket } from '@strikewire/runtime';
import { createMemoryNetwork, createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import type { DepthDecoder, DepthFeed, DepthSink } from '../core/depth-protocol';
import type { SlotLookup } from '../core/feed-protocol';
import { ConnectionBudget } from './connection-budget';
import { DepthSocket } from './depth-socket';
import { benchLimits } from './testing/feed-bench';

const second = 1_000;

/** Frames are an id and a price, which are the best of both sides; 0 ends for the given reason. */
function scriptedDecoder(): DepthDecoder {
  const counters = { packets: 0, unknownInstrument: 0, malformed: 0 };
  let where: { lookup: SlotLookup; sink: DepthSink } | undefined;
  return {
    counters,
    bind: (lookup, sink) => void (where = { lookup, sink }),
    decode([id = 0, price = 0]) {
      if (id === 0) return { kind: price === 1 ? 'auth' : 'too_many', reason: 'scripted end' };
      counters.packets++;
      const slot = where?.lookup.get(1, id) ?? -1;
      if (slot < 0) counters.unknownInstrument++;
      for (const side of ['bid', 'ask'] as const) {
        if (slot < 0 || !where) break;
        where.sink.pricePaise[where.sink.place(slot, side)] = price;
        where.sink.commit(slot, side, 1);
      }
      return undefined;
    },
  };
}

interface Options {
  protocol?: Partial<DepthFeed['protocol']>;
  limits?: Partial<DepthFeed['limits']>;
  /** The broker goes on sending what was unsubscribed. */
  isHardOfHearing?: boolean;
  /** It sends nothing of what is subscribed. */
  isSilent?: boolean;
}

function setUp(options: Options = {}) {
  const clock = createVirtualClock(0);
  const served = { open: new Map<Socket, Set<number>>(), handshakesMono: [] as number[] };
  const broker = { refuse: 0, end: 0 };
  const site: Site = {
    http: () => ({ status: 404 }),
    socket: () => {
      served.handshakesMono.push(clock.monoMs());
      if (broker.refuse > 0) return { refuse: broker.refuse };
      return {
        accept: (socket) => {
          const ids = new Set<number>();
          served.open.set(socket, ids);
          if (broker.end > 0) socket.close(broker.end);
          return {
            message(data) {
              const [sign, id] = [data[0], Number(new TextDecoder().decode(data.subarray(1)))];
              if (sign === 43) ids.add(id);
              else if (!options.isHardOfHearing) ids.delete(id);
            },
            closed: () => void served.open.delete(socket),
          };
        },
      };
    },
  };
  const network = createMemoryNetwork({ clock, latencyMs: 5 });
  network.host('broker.test', site);
  const checks = { count: 0, isGood: true };
  const feed: DepthFeed = {
    limits: { ...benchLimits, ...options.limits },
    exchanges: ['NSE'],
    protocol: {
      address: () => ({ url: 'ws://broker.test/depth' }),
      subscribe: (tokens) => tokens.map(({ id }) => `+${id}`),
      unsubscribe: (tokens) => tokens.map(({ id }) => `-${id}`),
      wireId: ({ id }) => ({ segment: 1, id: Number(id) }),
      createDecoder: scriptedDecoder,
      classifyEnd: ({ httpStatus }) => (httpStatus === 429 ? 'throttled' : 'other'),
      ...options.protocol,
    },
  };
  const socket = new DepthSocket({
    clock, random: { next: () => 0.5 }, log: silentLog, openSocket: network.openSocket, feed,
    budget: new ConnectionBudget(clock, feed.limits),
    check: () => {
      checks.count++;
      return checks.isGood ? Promise.resolve() : Promise.reject(new Error('no'));
    },
  });
  const want = (id: number): boolean => socket.want(String(id), { segment: 'X', id: String(id) });
  /** A book of everything that is subscribed each second. */
  const pass = async (seconds: number): Promise<void> => {
    for (let at = 0; at < seconds; at++) {
      for (const [to, ids] of served.open) {
        for (const id of options.isSilent ? [] : ids) to.send(Uint8Array.of(id, 50));
      }
      await clock.advance(second);
      socket.watch(() => -Infinity);
    }
  };
  return { clock, served, broker, checks, socket, want, pass };
}

describe('a depth socket', () => {
  it('has as much room as the broker gives, and takes up what is left', async () => {
    const { socket, want, pass, served } = setUp();
    expect([1, 2, 3, 4].map(want)).toEqual([true, true, true, false]);
    await pass(3);
    expect(socket.read('2')).toMatchObject({ bids: [{ pricePaise: 50 }], asks: [{}] });
    socket.leave('2');
    expect([want(4), want(4)]).toEqual([true, true]);
    expect(socket.read('4')).toBeUndefined();
    await pass(2);
    expect(socket.read('4')).toBeDefined();
    expect([...served.open.values()].map((ids) => [...ids])).toEqual([[1, 3, 4]]);
    expect(served.handshakesMono).toHaveLength(1);
  });

  it('connects anew when the broker does not hear what it is to leave out', async () => {
    const { socket, want, pass, served } = setUp({ isHardOfHearing: true });
    [1, 2].forEach(want);
    await pass(3);
    socket.leave('1');
    await pass(4);
    expect(served.handshakesMono).toHaveLength(1);
    await pass(6);
    expect(served.handshakesMono).toHaveLength(2);
    expect([...served.open.values()].map((ids) => [...ids])).toEqual([[2]]);
    expect(socket.read('2')).toBeDefined();
  });

  it('does not hurry because a book is wanted again: waits go on', async () => {
    const { socket, want, pass, broker, served } = setUp();
    broker.refuse = 503;
    for (let round = 0; round < 30; round++) {
      want(1);
      await pass(1);
      socket.leave('1');
    }
    expect(served.handshakesMono.length).toBeLessThan(7);
    expect(socket.status.state).toBe('idle');
  });

  it('waits as long as a broker asks that has had too many', async () => {
    const { want, pass, broker, served, socket } = setUp();
    broker.refuse = 429;
    want(1);
    await pass(59);
    expect([served.handshakesMono.length, socket.status.state]).toEqual([1, 'waiting']);
    await pass(10);
    expect(served.handshakesMono).toHaveLength(2);
  });

  it('rests for five minutes when it is refused, and asks once before it tries again', async () => {
    const { want, pass, served, socket, checks } = setUp();
    want(1);
    await pass(1);
    for (const to of served.open.keys()) to.send(Uint8Array.of(0, 1));
    await pass(1);
    expect(socket.status).toMatchObject({ state: 'parked', books: 0 });
    checks.isGood = false;
    for (let at = 0; at < 320; at++) {
      expect(want(1)).toBe(false);
      await pass(1);
    }
    expect([checks.count, served.handshakesMono.length]).toEqual([1, 1]);
    checks.isGood = true;
    await pass(300);
    want(1);
    await pass(1);
    expect([want(1), checks.count]).toEqual([true, 2]);
    await pass(2);
    expect([socket.read('1') !== undefined, served.handshakesMono.length]).toEqual([true, 2]);
  });

  it('rests as well when one connection after the other ends before a book has come', async () => {
    const { want, pass, broker, served, socket } = setUp();
    broker.end = 1_000;
    want(1);
    await pass(60);
    expect(socket.status.state).toBe('parked');
    expect(served.handshakesMono).toHaveLength(3);
  });

  const broken = (): never => {
    throw new Error('broken');
  };
  it.each([
    'address', 'hello', 'subscribe', 'createDecoder', 'classifyEnd',
  ] as const)('stands a plugin whose %s throws, without a loop', async (name) => {
    const { want, pass, served, socket } = setUp({ protocol: { [name]: broken } });
    expect(want(1)).toBe(true);
    await pass(30);
    expect(served.handshakesMono.length).toBeLessThan(8);
    if (name !== 'classifyEnd') expect(socket.read('1')).toBeUndefined();
    socket.leave('1');
    expect(socket.status.books).toBe(0);
  });

  it('stands a decoder that throws, and a plugin that has no number of a contract', async () => {
    const throwing = { createDecoder: () => ({ ...scriptedDecoder(), decode: broken }) };
    const { want, pass, served } = setUp({ protocol: throwing });
    want(1);
    await pass(60);
    expect(served.handshakesMono.length).toBeLessThan(5);
    expect(setUp({ protocol: { wireId: broken } }).want(1)).toBe(false);
  });

  it('serves nothing of before a loss, however books come and go', async () => {
    const random = createSeededRandom(9);
    const { socket, want, pass, served, clock } = setUp();
    for (let round = 0; round < 300; round++) {
      const id = 1 + Math.floor(random.next() * 5);
      const act = random.next();
      if (act < 0.5) want(id);
      else if (act < 0.8) socket.leave(String(id));
      else if (act < 0.9) for (const to of [...served.open.keys()]) to.terminate();
      await pass(1);
      expect(served.open.size).toBeLessThanOrEqual(1);
      const { books } = socket.status;
      expect(books).toBeLessThanOrEqual(3);
      for (const known of [1, 2, 3, 4, 5]) {
        const book = socket.read(String(known));
        if (book) expect(clock.monoMs() - book.receivedMonoMs).toBeLessThanOrEqual(second);
      }
    }
  });
});
