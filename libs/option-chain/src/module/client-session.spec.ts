import {
  orderedMessageSchema,
  serverMessageSchema,
  socketLimits,
  stateMessageSchema,
  type ServerMessage,
} from '@strikewire/contracts';
import type { Caller } from '@strikewire/platform';
import { errorKindOf, StrikewireError } from '@strikewire/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ChainService } from '../engine/chain-service';
import { createOrderedChannels } from '../engine/ordered-channels';
import { StateChannels } from '../engine/state-channels';
import { StreamHub } from '../engine/stream-hub';
import { benchSkeleton, benchSource, ChainBench } from '../engine/testing/chain-bench';
import { ClientSession } from './client-session';

const expiries = Array.from({ length: 40 }, (_, index) =>
  new Date(Date.UTC(2026, 10, 24 + index)).toISOString().slice(0, 10),
);

const key: Caller = {
  kind: 'key',
  keyId: 'k',
  name: 'reader',
  scopes: ['chains:read'],
  userId: 'u',
  username: 'u',
  role: 'viewer',
  ended: new AbortController().signal,
};
const person: Caller = {
  kind: 'person',
  userId: 'u',
  username: 'u',
  role: 'viewer',
  sessionId: 's',
  steppedUpUntilMs: 0,
  mustChangePassword: false,
  ended: new AbortController().signal,
};

function setUp(chainCount = 2, caller = key) {
  const bench = new ChainBench(expiries.slice(0, chainCount).map((day) => benchSkeleton(day, 2)));
  const { clock } = bench;
  const source = benchSource;
  const hub = new StreamHub({ clock, source, isStale: () => false, isIndex: () => true });
  const chain: ChainService['chain'] = (symbol, expiry = expiries[0]) => {
    const found = symbol === 'NIFTY' ? bench.chains.get(expiry ?? '') : undefined;
    if (found) return found;
    throw new StrikewireError({ kind: 'not_found', code: 'unknown', message: 'not served' });
  };
  const answers: ServerMessage[] = [];
  const schema = z.union([stateMessageSchema, orderedMessageSchema, serverMessageSchema]);
  const client = {
    buffered: 0,
    cuts: [] as string[],
    send: (data: string | Uint8Array) => {
      if (typeof data === 'string') answers.push(schema.parse(JSON.parse(data)) as ServerMessage);
    },
    bufferedBytes: () => client.buffered,
    cut: (reason: string) => void client.cuts.push(reason),
  };
  const errorBody = (thrown: unknown) => ({
    error: { code: errorKindOf(thrown), message: String(thrown), requestId: 'r' },
  });
  const service = { chain, status: () => ({ underlyings: [] }) } as unknown as ChainService;
  const state = new StateChannels({ clock, hub, service });
  const ordered = createOrderedChannels(clock, () => hub.takeId());
  const session = new ClientSession({ clock, hub, state, ordered, errorBody, caller }, client);
  const send = (message: unknown): ServerMessage[] => {
    answers.length = 0;
    session.received(JSON.stringify(message), false);
    return [...answers];
  };
  const subscribe = (expiry?: string, more: object = {}): ServerMessage[] =>
    send({ type: 'subscribe', channel: 'chain', underlying: 'NIFTY', expiry, ...more });
  return { bench, hub, ordered, clock, client, session, answers, send, subscribe };
}

describe('ClientSession', () => {
  it('answers a subscription with a layout that names it, and a snapshot', () => {
    const { subscribe } = setUp();
    const [layout, snapshot] = subscribe(expiries[1], { id: 'mine', underlying: 'nifty' });
    expect(layout).toMatchObject({ type: 'layout', id: 'mine', expiry: expiries[1] });
    expect(snapshot).toMatchObject({ type: 'snapshot' });
  });

  it('answers ping, unsubscribe and resync by their ids', () => {
    const { send, subscribe, hub } = setUp();
    subscribe();
    expect(send({ type: 'ping', id: 5 })).toMatchObject([{ type: 'pong', id: 5 }]);
    expect(send({ type: 'resync', stream: 1 })).toMatchObject([{ type: 'snapshot', stream: 1 }]);
    expect(send({ type: 'unsubscribe', id: 'u', stream: 1 })).toMatchObject([
      { type: 'unsubscribed', id: 'u', stream: 1 },
    ]);
    expect(hub.counters.subscriptions).toBe(0);
  });

  it.each([
    ['a stream that is not held', { type: 'resync', id: 1, stream: 9 }, 'not_found', 1],
    ['another\'s stream', { type: 'unsubscribe', id: 1, stream: 9 }, 'not_found', 1],
    ['an unknown underlying',
      { type: 'subscribe', id: 'a', channel: 'chain', underlying: 'XYZ' }, 'not_found', 'a'],
    ['an id of a wrong form', { type: 'ping', id: { a: 1 } }, 'assertion', undefined],
    ['an over-long id', { type: 'ping', id: 'x'.repeat(65) }, 'assertion', undefined],
    ['no type', { id: 3 }, 'assertion', 3],
    ['a list', [1], 'assertion', undefined],
  ])('answers %s with an error that names the request', (_what, message, code, id) => {
    const [error] = setUp().send(message);
    expect(error).toMatchObject({ type: 'error', error: { code } });
    expect((error as { id?: unknown }).id).toBe(id);
  });

  it('answers what is no JSON, and bytes', () => {
    const { session, answers } = setUp();
    for (const text of ['', '{', 'null x', '\u0000']) session.received(text, false);
    session.received('', true);
    expect(answers.map((one) => one.type)).toEqual(Array(5).fill('error'));
  });

  it.each([
    [{ channel: 'greeks', underlying: 'NIFTY' }, 'greeks'],
    [{ channel: 'pcr', underlying: 'NIFTY' }, 'pcr'],
    [{ channel: 'quotes', keys: ['NSE:NIFTY', 'NSE:NIFTY:2026-11-24:100:CE'] }, 'quotes'],
    [{ channel: 'status' }, 'status'],
  ])('answers %j with its structure, which names the request', (request, channel) => {
    const { send } = setUp();
    const [layout] = send({ type: 'subscribe', id: 'x', ...request });
    expect(layout).toMatchObject({ type: 'layout', channel, id: 'x' });
  });

  it.each([
    ['NSE:NIFTY:2026-11-24:105:CE', 'not_found'],
    ['BSE:NIFTY', 'not_found'],
    ['NSE:OTHER', 'not_found'],
    ['NSE:NIFTY:2026-11-99:100:CE', 'invalid'],
  ])('says which key of many it was that is not served: %s', (wrong, code) => {
    const { send } = setUp();
    const keys = ['NSE:NIFTY', wrong];
    const [error] = send({ type: 'subscribe', id: 4, channel: 'quotes', keys });
    expect(error).toMatchObject({ type: 'error', id: 4, error: { code } });
    expect((error as { error: { message: string } }).error.message).toMatch(/keys\.1/);
  });

  it('tells people what is meant for people, and no key', () => {
    const { send } = setUp();
    for (const channel of ['alerts', 'orders']) {
      const [error] = send({ type: 'subscribe', channel });
      expect(error).toMatchObject({ error: { code: 'forbidden' } });
    }
    const own = setUp(2, person);
    expect(own.send({ type: 'subscribe', id: 1, channel: 'alerts' })).toMatchObject([
      { type: 'subscribed', id: 1, channel: 'alerts', sequence: 0 },
    ]);
    own.send({ type: 'subscribe', channel: 'orders' });
    own.answers.length = 0;
    own.ordered.orders.publish({ any: 1 }, 'u');
    own.ordered.orders.publish({ any: 2 }, 'somebody else');
    expect(own.answers).toMatchObject([
      { type: 'event', channel: 'orders', sequence: 1, data: { any: 1 } },
    ]);
  });

  it('lets ordered channels go too, and has no snapshot of them', () => {
    const { send, ordered, answers } = setUp(2, person);
    const [answer] = send({ type: 'subscribe', channel: 'orders' });
    const { stream } = answer as { stream: number };
    expect(send({ type: 'resync', stream })).toMatchObject([{ error: { code: 'invalid' } }]);
    expect(send({ type: 'unsubscribe', stream })).toMatchObject([{ type: 'unsubscribed', stream }]);
    expect(send({ type: 'unsubscribe', stream })).toMatchObject([{ error: { code: 'not_found' } }]);
    answers.length = 0;
    ordered.orders.publish({}, 'u');
    expect(answers).toEqual([]);
  });

  it('never throws, whatever it is sent', () => {
    const type = fc.constantFrom('subscribe', 'unsubscribe', 'resync', 'ping');
    const anyMessage = fc.dictionary(
      fc.constantFrom('id', 'channel', 'underlying', 'expiry', 'encoding', 'stream'),
      fc.oneof(fc.constantFrom('chain', 'NIFTY', expiries[0], 1), fc.jsonValue()),
    );
    const wellMeant = fc.tuple(type, anyMessage).map(([name, rest]) => ({ type: name, ...rest }));
    const text = fc.oneof(fc.json(), fc.string(), wellMeant.map((one) => JSON.stringify(one)));
    fc.assert(
      fc.property(text, fc.boolean(), (some, isBinary) => {
        const { session, client, answers } = setUp();
        session.received(some, isBinary);
        expect(answers.length).toBeGreaterThan(0);
        expect(client.cuts).toEqual([]);
      }),
      { seed: 71, numRuns: 300 },
    );
  });

  it('holds 64 subscriptions and no more, and counts what was let go', async () => {
    const { bench, hub, clock, subscribe } = setUp(40);
    const all = expiries.flatMap((day) => [{ day, encoding: 'json' }, { day, encoding: 'binary' }]);
    for (const { day, encoding } of all.slice(0, 64)) {
      expect(subscribe(day, { encoding })[0]?.type).toBe('layout');
      await clock.advance(100);
    }
    expect(subscribe(all[64]!.day)).toMatchObject([{ error: { code: 'throttled' } }]);
    expect(hub.counters.subscriptions).toBe(64);
    // A generation takes most chains away: the places are free again.
    for (const gone of bench.swap([benchSkeleton(expiries[0]!, 2)])) hub.retire(gone);
    await clock.advance(1_000);
    expect(subscribe(expiries[0])[0]?.type).toBe('layout');
  });

  it('takes 50 messages a second with a burst of 100, and says so beyond', async () => {
    const { send, clock } = setUp();
    const { messagesPerSecond } = socketLimits;
    const accepted = (count: number): number =>
      Array.from({ length: count }, () => send({ type: 'ping' })[0]).filter(
        (answer) => answer?.type === 'pong',
      ).length;
    expect(accepted(10_000)).toBe(messagesPerSecond * 2);
    await clock.advance(1_000);
    expect(accepted(1_000)).toBe(messagesPerSecond);
    await clock.advance(60_000);
    expect(accepted(1_000)).toBe(messagesPerSecond * 2);
  });

  it('cuts a client that asks on and on and reads nothing', () => {
    const { client, hub, send, subscribe } = setUp();
    subscribe();
    client.buffered = 2 * socketLimits.bufferedBytesMax + 1;
    expect(send({ type: 'ping' })).toEqual([]);
    expect(client.cuts).toHaveLength(1);
    expect(hub.counters.subscriptions).toBe(0);
  });

  it('lets everything go when its socket has ended', () => {
    const { session, hub, subscribe } = setUp();
    subscribe(expiries[0]);
    subscribe(expiries[1]);
    session.ended();
    expect([hub.counters.subscriptions, hub.clientCount()]).toEqual([0, 0]);
  });
});
