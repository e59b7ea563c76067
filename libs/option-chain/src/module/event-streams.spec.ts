import { socketLimits } from '@strikewire/contracts';
import { nobody, type Caller } from '@strikewire/platform';
import type { VirtualClock } from '@strikewire/runtime/virtual';
import fastify, { type FastifyInstance } from 'fastify';
import { get, type IncomingMessage } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { StreamHub } from '../engine/stream-hub';
import { benchSkeleton, benchSource, ChainBench } from '../engine/testing/chain-bench';
import { StreamHolder } from '../engine/testing/stream-holder';
import { ClientSeats } from './client-seats';
import { EventEncoder } from './event-encoder';
import { EventStreams } from './event-streams';

const expiry = '2026-11-24';
const key = `NSE:NIFTY:${expiry}`;
const running: { server: FastifyInstance; clock: VirtualClock }[] = [];

afterEach(async () => {
  for (const { server, clock } of running.splice(0)) {
    server.server.closeAllConnections();
    const closed = server.close();
    await clock.advance(5_000);
    await closed;
  }
});

/** One who listens, and applies what it hears. */
class Listener {
  readonly ids: string[] = [];
  readonly holder: StreamHolder;
  readonly answer: IncomingMessage;
  beats = 0;
  isOver = false;
  private rest = '';

  /** `holder` has what was heard before. */
  constructor(answer: IncomingMessage, holder = new StreamHolder()) {
    this.answer = answer;
    this.holder = holder;
    answer.setEncoding('utf8');
    answer.on('data', (text: string) => this.read(text));
    answer.on('close', () => (this.isOver = true));
    answer.on('error', () => undefined);
    answer.resume();
  }

  get held() {
    return [...this.holder.held.values()][0];
  }

  private read(text: string): void {
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) {
      if (block === ':') this.beats++;
      const fields = block.split('\n').map((line) => /^(\w+): (.*)$/.exec(line) ?? []);
      const valueOf = (name: string) => fields.find(([, field]) => field === name)?.[2];
      const [id, data] = [valueOf('id'), valueOf('data')];
      if (id !== undefined) this.ids.push(id);
      if (data === undefined) continue;
      this.holder.send(data);
      expect(valueOf('event')).toBe((JSON.parse(data) as { type: string }).type);
    }
  }
}

async function setUp(strikeCount = 5) {
  const bench = new ChainBench([benchSkeleton(expiry, strikeCount)]);
  const { clock } = bench;
  const hub = new StreamHub({ clock, source: benchSource, isStale: () => false,
    isIndex: () => true });
  const streams = new EventStreams({ clock, hub });
  const server = fastify({ forceCloseConnections: 'idle' });
  let caller: Caller = nobody;
  server.addHook('onRequest', (request, _reply, done) => {
    request.caller = caller;
    done();
  });
  server.addHook('preClose', () => streams.drain());
  server.get('/stream', { exposeHeadRoute: false }, (request, reply) =>
    streams.open(request, reply, bench.chain(expiry)),
  );
  running.push({ server, clock });
  const address = await server.listen({ port: 0, host: '127.0.0.1' });
  const ask = (headers: Record<string, string> = {}): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      get(`${address}/stream`, { headers, agent: false }, resolve).on('error', reject);
    });
  const listen = async (lastId?: string, holder?: StreamHolder): Promise<Listener> =>
    new Listener(await ask(lastId === undefined ? {} : { 'last-event-id': lastId }), holder);
  /** Waits, in real time, for what real sockets bring. */
  const until = (holds: () => boolean) => expect.poll(holds).toBe(true);
  const become = (next: Caller): void => void (caller = next);
  return { bench, clock, hub, server, ask, listen, until, become };
}

const kindsOf = (listener: Listener): string[] => listener.holder.news();

describe('a stream of events', () => {
  it('is a layout, a snapshot, then what changes, each version joined to the last', async () => {
    const { bench, clock, hub, listen, until } = await setUp();
    const socket = new StreamHolder();
    const listener = await listen();
    hub.subscribe(bench.chain(expiry), 'json', socket);
    expect(listener.answer.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
    });
    await until(() => listener.holder.kinds.length >= 2);
    expect(kindsOf(listener)).toEqual(['layout', 'snapshot']);
    for (let round = 0; round < 50; round++) {
      bench.tick(1 + (round % 10), 5_000 + round);
      if (round % 7 === 0) bench.tickSpot(12_000 + round * 40);
      await clock.advance(25);
    }
    await clock.advance(1_000);
    const [told] = socket.held.values();
    await until(() => listener.held?.version === told?.version);
    expect(kindsOf(listener)).not.toContain('snapshot');
    expect(listener.holder.faults).toEqual([]);
    expect(listener.held?.rows).toEqual(told?.rows);
    expect(hub.clientCount()).toBe(2);
  });

  it('has a comment every 15 seconds', async () => {
    const { clock, listen, until } = await setUp();
    const [first, second] = [await listen(), await listen()];
    for (const beats of [1, 2, 3]) {
      await clock.advance(15_000);
      await until(() => first.beats === beats && second.beats === beats);
    }
  });

  it('goes on without a snapshot for who holds the newest version, whole', async () => {
    const { bench, clock, hub, listen, until } = await setUp();
    const [first, other] = [await listen(), await listen()];
    bench.tickSpot(12_000);
    bench.tick(1, 5_000);
    await clock.advance(2_000);
    await until(() => first.ids.length > 1);
    // Last came the Greeks that the change has moved.
    const last = first.ids.at(-1) ?? '';
    expect(last).not.toContain('~');
    kindsOf(first);
    first.answer.destroy();
    await until(() => hub.clientCount() === 1);
    const again = await listen(last, first.holder);
    for (const ltpPaise of [6_000, 6_005]) {
      bench.tick(2, ltpPaise);
      await clock.advance(25);
    }
    await until(() => again.ids.length === 2 && other.held?.version === again.held?.version);
    expect(kindsOf(again)).toEqual(['delta', 'delta']);
    expect(again.ids[1]).toMatch(/~$/);
    expect(again.holder.faults).toEqual([]);
    expect(again.held?.rows).toEqual(other.held?.rows);
  });

  it.each([
    ['an older one', (ids: string[]) => ids[0]],
    ['the newest without its Greeks', (ids: string[]) => `${ids.at(-1)}~`],
    ['one of another run', (ids: string[]) => ids.at(-1)?.replace(/^\w+/, 'other')],
    ['one of another chain', (ids: string[]) => ids.at(-1)?.replace('NIFTY', 'SENSEX')],
    ['nonsense', () => 'nonsense'],
  ])('begins with a snapshot for who holds %s', async (_which, pick) => {
    const { bench, clock, listen, until } = await setUp();
    const first = await listen();
    bench.tick(1, 5_000);
    await clock.advance(2_000);
    await until(() => first.ids.length > 1);
    const again = await listen(pick(first.ids));
    await until(() => again.holder.kinds.length >= 2);
    expect(kindsOf(again)).toEqual(['layout', 'snapshot']);
  });

  it('tells that its chain is over, and ends', async () => {
    const { bench, hub, listen, until } = await setUp();
    const listener = await listen();
    await until(() => listener.held !== undefined);
    const [gone] = bench.swap([benchSkeleton('2026-12-01', 5)]);
    if (gone) hub.retire(gone);
    await until(() => listener.isOver);
    expect(kindsOf(listener)).toEqual(['layout', 'snapshot', 'unsubscribed']);
    expect(hub.clientCount()).toBe(0);
  });

  it('ends at once with the session or key, and is not counted any more', async () => {
    const { hub, listen, until, become } = await setUp();
    const session = new AbortController();
    become({ kind: 'person', userId: 'u', ended: session.signal } as Caller);
    const listener = await listen();
    await until(() => listener.held !== undefined);
    expect(hub.clientCount()).toBe(1);
    session.abort();
    expect(hub.clientCount()).toBe(0);
    await until(() => listener.isOver);
    expect(listener.answer.complete).toBe(true);
  });

  it('is let go when its client leaves', async () => {
    const { hub, listen, until } = await setUp();
    const listener = await listen();
    await until(() => hub.clientCount() === 1);
    listener.answer.destroy();
    await until(() => hub.clientCount() === 0);
  });

  it('ends when the server stops, also for who does not read', async () => {
    const { clock, hub, server, ask, listen, until } = await setUp();
    const listener = await listen();
    (await ask()).pause();
    await until(() => hub.clientCount() === 2);
    let isClosed = false;
    void server.close().then(() => (isClosed = true));
    await expect.poll(async () => (await clock.advance(100), isClosed)).toBe(true);
    await until(() => listener.isOver);
    expect(hub.clientCount()).toBe(0);
  });
});

describe('a client that does not read', () => {
  /** Ticks everything until the hub skips the client. */
  async function fillUp({ bench, clock, hub }: Awaited<ReturnType<typeof setUp>>): Promise<void> {
    for (let round = 0; hub.counters.slowSkips === 0; round++) {
      expect(round).toBeLessThan(2_000);
      for (let slot = 1; slot <= 400; slot++) bench.tick(slot, 5_000 + round);
      await clock.advance(25);
      await turn();
    }
  }

  it('skips what comes and gets a snapshot when it drains; others lose nothing', async () => {
    const set = await setUp(200);
    const { bench, clock, hub, ask, listen, until } = set;
    const other = await listen();
    const slow = await ask();
    slow.pause();
    await until(() => hub.clientCount() === 2);
    await fillUp(set);
    const frames = hub.counters.frames;
    for (let round = 0; round < 20; round++) {
      bench.tick(1, 9_000 + round);
      await clock.advance(25);
    }
    // Only the other one was sent these.
    expect(hub.counters.frames - frames).toBe(20);
    const listener = new Listener(slow);
    await expect
      .poll(async () => (await clock.advance(25), kindsOf(listener).includes('snapshot')))
      .toBe(true);
    await expect
      .poll(async () => (await clock.advance(25), listener.held?.version === other.held?.version))
      .toBe(true);
    expect(listener.held?.rows.get(0)?.ltp).toBe(90.19);
    expect(listener.holder.faults).toEqual([]);
    expect(other.holder.faults).toEqual([]);
    expect(hub.counters.cuts).toBe(0);
  });

  it('is cut when it has not drained for 15 seconds', async () => {
    const set = await setUp(200);
    const { clock, hub, ask, until } = set;
    const slow = await ask();
    slow.pause();
    await fillUp(set);
    await clock.advance(socketLimits.slowMsMax - 1_000);
    expect(hub.counters.cuts).toBe(0);
    await clock.advance(2_000);
    expect([hub.counters.cuts, hub.clientCount()]).toEqual([1, 0]);
    slow.on('error', () => undefined);
    slow.resume();
    await until(() => slow.destroyed);
    expect(slow.complete).toBe(false);
  });
});

describe('EventEncoder', () => {
  it('makes the bytes of a text once, for all who get it', () => {
    const encoder = new EventEncoder('run');
    const texts = ['{"type":"layout","stream":3,"generation":2,"underlying":"N"}',
      '{"type":"snapshot","stream":3,"generation":2,"version":7,"head":{}}'];
    const first = texts.map((text) => encoder.encode(key, text));
    const second = texts.map((text) => encoder.encode(key, text));
    second.forEach(({ bytes }, index) => expect(bytes).toBe(first[index]?.bytes));
    expect(first.map(({ bytes }) => bytes.toString())).toEqual([
      `event: layout\ndata: ${texts[0]}\n\n`,
      `event: snapshot\nid: run/${key}/2/7\ndata: ${texts[1]}\n\n`,
    ]);
  });
});

describe('ClientSeats', () => {
  const key1 = { kind: 'key', keyId: '1', ended: new AbortController().signal } as Caller;

  it('gives 500 places to one caller and 5,000 to all, and takes each back once', () => {
    const seats = new ClientSeats('streams');
    const end = (): void => undefined;
    const leave = Array.from({ length: 500 }, () => seats.take(key1, '', end));
    expect(seats.take(key1, '', end)).toBe('500 streams are open with this session or key');
    const [first] = leave;
    if (typeof first === 'function') for (let times = 0; times < 3; times++) first();
    expect(seats.take(key1, '', end)).toBeTypeOf('function');
    expect(seats.take(key1, '', end)).toBeTypeOf('string');
    for (let count = 0; count < 4_500; count++) {
      expect(seats.take(nobody, `${count % 10}`, end)).toBeTypeOf('function');
    }
    expect(seats.take(nobody, 'another', end)).toBe('5000 clients are connected');
  });
});
