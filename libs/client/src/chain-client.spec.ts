import { createSeededRandom, type StrikewireError } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { createChainClient } from './chain-client';
import type { ChainClient, Connection } from './client-types';
import type { ChainView } from './chain/chain-view';
import { createScriptedServer, type ScriptedServer } from './testing/scripted-server';
import { clientLimits } from './limits';
import { polledChain } from './testing/polled-chain';

const target = { underlying: 'NIFTY', expiry: '2026-11-24' };

interface Seen {
  views: ChainView[];
  changes: number;
  errors: StrikewireError[];
  connections: Connection['state'][];
}

function watched(
  server: ScriptedServer,
  apiKey?: string,
): { client: ChainClient; seen: Seen; close(): void } {
  const client = createChainClient({
    socketUrl: 'ws://platform.example/ws',
    httpBase: 'http://platform.example',
    ...(apiKey !== undefined && { apiKey }),
    clock: server.clock,
    random: createSeededRandom(7),
    openSocket: server.network.openSocket,
    http: server.network.http,
  });
  const seen: Seen = { views: [], changes: 0, errors: [], connections: [] };
  client.onConnection(({ state }) => seen.connections.push(state));
  const watch = client.watchChain(target, {
    layout: (view) => seen.views.push(view),
    changed: () => seen.changes++,
    failed: (error) => seen.errors.push(error),
  });
  return { client, seen, close: () => watch.close() };
}

function ltps(seen: Seen): number[] {
  return [...(seen.views.at(-1)?.store.ltpPaise ?? [])];
}

const asked = (server: ScriptedServer, type: string): number =>
  server.received.filter((message) => message.type === type).length;

describe('watching a chain', () => {
  it('subscribes in binary and holds what the server holds', async () => {
    const server = createScriptedServer();
    const { seen, client } = watched(server);
    await server.clock.advance(100);
    expect(server.received[0]).toMatchObject({ type: 'subscribe', encoding: 'binary', ...target });
    expect(ltps(seen)).toEqual([...server.store.ltpPaise]);
    server.setLtp(3, 7_777);
    server.socket?.send(server.delta([3]));
    await server.clock.advance(100);
    expect(ltps(seen)).toEqual([...server.store.ltpPaise]);
    expect(seen.views.at(-1)?.head).toMatchObject({ version: 2, spotPaise: 2_601_000 });
    expect(client.counters).toMatchObject({ snapshots: 1, deltas: 1, resyncs: 0, malformed: 0 });
    expect(client.connection).toMatchObject({ state: 'live', failures: 0 });
  });

  it('shares one socket and one subscription among watches of a chain', async () => {
    const server = createScriptedServer();
    const { client } = watched(server);
    await server.clock.advance(100);
    let changes = 0;
    client.watchChain(target, { changed: () => changes++ });
    await server.clock.advance(100);
    expect(changes).toBe(1);
    expect([server.opened, asked(server, 'subscribe')]).toEqual([1, 1]);
  });

  it('unsubscribes with the last watch and closes the socket after a while', async () => {
    const server = createScriptedServer();
    const { client, close } = watched(server);
    await server.clock.advance(100);
    close();
    await server.clock.advance(clientLimits.lingerMs + 100);
    expect(asked(server, 'unsubscribe')).toBe(1);
    expect(client.connection.state).toBe('idle');
    expect(server.clock.pendingCount).toBe(0);
  });

  it('refuses the 65th chain', () => {
    const { client } = watched(createScriptedServer());
    const add = (index: number): unknown => client.watchChain({ underlying: `S${index}` }, {});
    for (let index = 1; index < clientLimits.chainsMax; index++) add(index);
    expect(() => add(64)).toThrow(expect.objectContaining({ code: 'too_many_chains' }));
  });
});

describe('when frames do not join up', () => {
  it('asks for a snapshot after a lost delta and ends with the truth', async () => {
    const server = createScriptedServer();
    const { seen, client } = watched(server);
    await server.clock.advance(100);
    server.setLtp(0, 1);
    server.delta([0]);
    server.setLtp(1, 2);
    server.socket?.send(server.delta([1]));
    server.setLtp(2, 3);
    server.socket?.send(server.delta([2]));
    await server.clock.advance(100);
    expect(asked(server, 'resync')).toBe(1);
    expect(client.counters.resyncs).toBe(1);
    expect(ltps(seen)).toEqual([...server.store.ltpPaise]);
  });

  it('survives frames that cannot be read and asks again', async () => {
    const server = createScriptedServer();
    const { seen, client } = watched(server);
    await server.clock.advance(100);
    server.setLtp(4, 44);
    const good = server.delta([4]);
    server.socket?.send(good.slice(0, 40));
    server.socket?.send(good.slice(0, good.length - 8));
    server.socket?.send(new Uint8Array(200).fill(255));
    server.socket?.send('{"type":"nonsense"}');
    await server.clock.advance(100);
    expect(client.counters).toMatchObject({ malformed: 4, resyncs: 1 });
    expect(ltps(seen)).toEqual([...server.store.ltpPaise]);
  });

  it('takes a new generation into a new store and drops late frames of the old', async () => {
    const server = createScriptedServer();
    const { seen } = watched(server);
    await server.clock.advance(100);
    const late = server.delta([0]);
    server.layout = { ...server.layout, generation: 2, tokens: ['6', '5', '4', '3', '2', '1'] };
    server.sendLayout();
    server.socket?.send(late);
    server.setLtp(5, 5_555);
    server.socket?.send(server.snapshot());
    await server.clock.advance(100);
    expect(seen.views).toHaveLength(2);
    expect(seen.views[0]?.store.ltpPaise[5]).toBe(10_005);
    expect(ltps(seen)).toEqual([...server.store.ltpPaise]);
    expect(asked(server, 'resync')).toBe(0);
  });

  it('subscribes anew when a new generation comes without its layout', async () => {
    const server = createScriptedServer();
    const { seen } = watched(server);
    await server.clock.advance(100);
    server.layout = { ...server.layout, generation: 2 };
    server.socket?.send(server.delta([0]));
    await server.clock.advance(100);
    expect(asked(server, 'subscribe')).toBe(2);
    expect(seen.views.map(({ layout }) => layout.generation)).toEqual([1, 2]);
  });

  it('opens a new socket when resyncs stay unanswered', async () => {
    const server = createScriptedServer();
    const { client } = watched(server);
    await server.clock.advance(100);
    server.isAnsweringResync = false;
    server.delta([0]);
    server.socket?.send(server.delta([1]));
    await server.clock.advance(clientLimits.answerWaitMs * (clientLimits.resyncsMax + 2));
    expect(server.opened).toBe(2);
    expect(client.connection.state).toBe('live');
  });
});

describe('when the socket is lost', () => {
  it('comes back, subscribes again, keeps the store and ends with the truth', async () => {
    const server = createScriptedServer();
    const { seen } = watched(server);
    await server.clock.advance(100);
    server.setLtp(2, 123);
    server.version = 9;
    server.socket?.terminate();
    await server.clock.advance(clientLimits.backOffBaseMs + 100);
    expect([server.opened, asked(server, 'subscribe')]).toEqual([2, 2]);
    expect(seen.views).toHaveLength(1);
    expect(ltps(seen)).toEqual([...server.store.ltpPaise]);
    expect(seen.connections).toEqual(['connecting', 'live', 'waiting', 'connecting', 'live']);
  });

  it('treats a silent socket as lost', async () => {
    const server = createScriptedServer();
    const { client } = watched(server);
    await server.clock.advance(100);
    server.network.host('platform.example', {
      http: () => ({ status: 503 }),
      socket: () => ({ refuse: 503 }),
    });
    const mute = server.received.length;
    server.socket = null;
    await server.clock.advance(clientLimits.silentMs + clientLimits.quietMs);
    expect(server.received.slice(mute).some(({ type }) => type === 'ping')).toBe(true);
    expect(client.connection.reason).not.toBeNull();
    expect(client.connection.state).not.toBe('live');
  });

  it('falls back to HTTP after three refusals and returns to the socket', async () => {
    const server = createScriptedServer();
    server.refuse = 502;
    server.live = polledChain({ generation: 1, version: 5, ltp: 88.05 });
    const { seen, client } = watched(server);
    await server.clock.advance(60_000);
    expect(client.connection).toMatchObject({ state: 'polling' });
    expect(client.connection.failures).toBeGreaterThanOrEqual(3);
    expect(client.counters.polls).toBeGreaterThan(10);
    expect(seen.views.at(-1)?.layout.strikes).toEqual([25_950, 26_000, 26_050]);
    expect(ltps(seen)[0]).toBe(8_805);
    expect(seen.views.at(-1)?.head).toMatchObject({ version: 5, anchorIndex: 1 });
    expect(client.byteAgeMs()).toBeLessThanOrEqual(clientLimits.pollEveryMs + 20);

    server.refuse = null;
    await server.clock.advance(clientLimits.backOffCapMs + 1_000);
    const polls = client.counters.polls;
    await server.clock.advance(10_000);
    expect(client.connection.state).toBe('live');
    expect(client.counters.polls).toBe(polls);
    expect(ltps(seen)).toEqual([...server.store.ltpPaise]);
  });

  it('says so when neither socket nor HTTP works', async () => {
    const server = createScriptedServer();
    server.refuse = 502;
    const { seen } = watched(server);
    await server.clock.advance(60_000);
    expect(seen.errors.at(-1)).toMatchObject({ kind: 'retryable', code: 'unexpected_answer' });
    expect(seen.views).toHaveLength(0);
  });
});

describe('when nobody is signed in', () => {
  it('offers its key with each handshake, and no protocol without one', async () => {
    const server = createScriptedServer();
    watched(server, 'swk_a-b_C');
    watched(server);
    await server.clock.advance(100);
    expect(server.offered).toEqual(['strikewire, strikewire.key.swk_a-b_C', undefined]);
    expect(() => watched(server, 'swk_a, evil')).toThrow(
      expect.objectContaining({ kind: 'invalid', code: 'api_key_malformed' }),
    );
  });

  it.each([
    ['tells a status', 401, 'not signed in: handshake answered 401'],
    ['tells none', 0, 'handshake answered 0'],
  ])('says so and asks ever less often, where a handshake %s', async (_what, status, reason) => {
    const server = createScriptedServer();
    server.refuse = status;
    server.liveStatus = 401;
    const { client, seen } = watched(server, 'swk_revoked');
    await server.clock.advance(600_000);
    // At most 15 s apart, half of that on average.
    expect(server.offered.length).toBeGreaterThan(40);
    expect(server.offered.length).toBeLessThan(160);
    expect(client.connection).toMatchObject({
      state: 'polling', reason: 'the server answered 401 without saying why',
    });
    expect(seen.errors.at(-1)).toMatchObject({ kind: 'unauthenticated' });

    server.refuse = null;
    await server.clock.advance(clientLimits.backOffCapMs + 1_000);
    expect(client.connection).toMatchObject({ state: 'live', failures: 0, reason });
  });

  it('says why a handshake was refused before anything is polled', async () => {
    const server = createScriptedServer();
    server.refuse = 401;
    const { client } = watched(server);
    await server.clock.advance(20);
    expect(client.connection).toMatchObject({
      state: 'waiting', reason: 'not signed in: handshake answered 401',
    });
  });
});

describe('when the server lets a chain go', () => {
  it('asks for it again, and says when it is not to be had any more', async () => {
    const server = createScriptedServer();
    const { seen } = watched(server);
    await server.clock.advance(100);
    server.refuseSubscription = 'expiry_not_listed';
    server.socket?.send(JSON.stringify({ type: 'unsubscribed', stream: server.layout.stream }));
    await server.clock.advance(100);
    expect(asked(server, 'subscribe')).toBe(2);
    expect(seen.errors.at(-1)?.code).toBe('expiry_not_listed');
  });
});

describe('when the server refuses the chain', () => {
  it('reports why, with the request id, and asks again until it is served', async () => {
    const server = createScriptedServer();
    server.refuseSubscription = 'chain_not_built';
    const { seen } = watched(server);
    await server.clock.advance(100);
    expect(seen.errors[0]).toMatchObject({
      code: 'chain_not_built',
      details: { requestId: 'r-7' },
    });
    server.refuseSubscription = null;
    await server.clock.advance(clientLimits.refusedRetryMs + 100);
    expect(ltps(seen)).toEqual([...server.store.ltpPaise]);
    expect(server.opened).toBe(1);
  });
});
