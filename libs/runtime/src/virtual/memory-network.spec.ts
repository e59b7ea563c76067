import { describe, expect, it } from 'vitest';
import type { HttpRequest, ServedRequest } from '../http';
import type { Site, Socket, SocketHandlers } from '../socket';
import { createMemoryNetwork } from './memory-network';
import { createVirtualClock } from './virtual-clock';

function setUp() {
  const clock = createVirtualClock(0);
  const network = createMemoryNetwork({ clock, latencyMs: 5 });
  const events: string[] = [];
  const note = (event: string): void => void events.push(`${event}@${clock.monoMs()}`);
  const open = (url = 'ws://host.test/feed?x=1'): Socket =>
    network.openSocket(url, { handshakeTimeoutMs: 1_000, messageBytesMax: 100 }, {
      opened: () => note('opened'),
      message: (data, isBinary) => note(`${isBinary}:${new TextDecoder().decode(data)}`),
      alive: () => note('alive'),
      closed: (code, reason) => note(`closed ${code} ${reason}`),
      refused: (status) => note(`refused ${status}`),
    });
  const served: { socket: Socket; heard: string[] }[] = [];
  const accepting: Site = {
    http: () => ({ status: 404 }),
    socket: () => ({
      accept: (socket): SocketHandlers => {
        const heard: string[] = [];
        served.push({ socket, heard });
        return {
          message: (data, isBinary) => heard.push(`${isBinary}:${new TextDecoder().decode(data)}`),
          closed: (code, reason) => heard.push(`closed ${code} ${reason}`),
        };
      },
    }),
  };
  return { clock, network, events, open, served, accepting };
}

describe('sockets', () => {
  it('open after a round trip, and carry text and bytes in order', async () => {
    const { clock, network, events, open, served, accepting } = setUp();
    network.host('host.test', accepting);
    const client = open();
    client.send('too early');
    await clock.advance(10);
    expect(events).toEqual(['opened@10']);
    const bytes = new TextEncoder().encode('two');
    served[0]?.socket.send('one');
    served[0]?.socket.send(bytes);
    // What is sent is copied: a buffer may be filled again.
    bytes.fill(0);
    client.send('three');
    await clock.advance(5);
    expect(events.slice(1)).toEqual(['false:one@15', 'true:two@15']);
    expect(served[0]?.heard).toEqual(['false:three']);
  });

  it('tell both ends of a close, once, and deliver nothing after it', async () => {
    const { clock, network, events, open, served, accepting } = setUp();
    network.host('host.test', accepting);
    const client = open();
    await clock.advance(10);
    client.close(4000, 'enough');
    served[0]?.socket.send('crosses the close');
    client.terminate();
    client.close();
    client.send('late');
    await clock.advance(50);
    expect(events.slice(1)).toEqual(['closed 1006 terminated@10']);
    expect(served[0]?.heard).toEqual(['closed 1006 terminated']);
  });

  it('carry what was sent at one instant in order, up to a close or a ping between', async () => {
    const { clock, network, events, open, served, accepting } = setUp();
    network.host('host.test', accepting);
    open();
    await clock.advance(10);
    const { socket } = served[0] ?? {};
    for (const text of ['a', 'b']) socket?.send(text);
    socket?.ping();
    socket?.send('c');
    socket?.send('');
    socket?.close(1000, 'bye');
    socket?.send('after the close');
    await clock.advance(5);
    expect(events.slice(1)).toEqual([
      'false:a@15', 'false:b@15', 'alive@15', 'false:c@15', 'false:@15', 'closed 1000 bye@15',
    ]);
  });

  it('carry a large frame between small ones', async () => {
    const { clock, network, open, served, accepting } = setUp();
    network.host('host.test', accepting);
    const client = open();
    await clock.advance(10);
    const texts = ['₹1', '₹'.repeat(100_000), '₹2'];
    for (const text of texts) client.send(text);
    await clock.advance(5);
    expect(served[0]?.heard).toEqual(texts.map((text) => `false:${text}`));
  });

  it('close with the code that the peer sees', async () => {
    const { clock, network, events, open, served, accepting } = setUp();
    network.host('host.test', accepting);
    open();
    await clock.advance(10);
    served[0]?.socket.close(1001, 'away');
    await clock.advance(5);
    expect(events.at(-1)).toBe('closed 1001 away@15');
  });

  it('are not opened any more once they were closed', async () => {
    const { clock, network, events, open, accepting } = setUp();
    network.host('host.test', accepting);
    open();
    await clock.advance(6);
    network.remove('host.test');
    await clock.advance(100);
    expect(events).toEqual(['closed 1006 connection lost@6']);
  });

  it('show life with a ping', async () => {
    const { clock, network, events, open, served, accepting } = setUp();
    network.host('host.test', accepting);
    open();
    await clock.advance(10);
    served[0]?.socket.ping();
    await clock.advance(20);
    expect(events).toContain('alive@15');
  });

  it.each([
    ['a host that is not there', null, 'refused 0@10'],
    ['a site without sockets', { http: () => ({ status: 200 }) }, 'refused 404@10'],
    ['a status', {
      http: () => ({ status: 200 }),
      socket: () => ({ refuse: 429 }),
    }, 'refused 429@10'],
    ['a failing decision', {
      http: () => ({ status: 200 }),
      socket: () => Promise.reject(new Error('x')),
    }, 'refused 0@10'],
    ['no decision in time', {
      http: () => ({ status: 200 }),
      socket: () => new Promise<never>(() => undefined),
    }, 'refused 0@1005'],
  ] satisfies [string, Site | null, string][])('are refused by %s', async (_what, site, event) => {
    const { clock, network, events, open } = setUp();
    if (site) network.host('host.test', site);
    open();
    await clock.advance(5_000);
    expect(events).toEqual([event]);
  });
});

describe('a handshake', () => {
  it('carries headers and subprotocols, as over a wire', async () => {
    const { clock, network } = setUp();
    const seen: ServedRequest[] = [];
    network.host('host.test', {
      http: () => ({ status: 404 }),
      socket: (request) => {
        seen.push(request);
        return { refuse: 401 };
      },
    });
    const limits = { handshakeTimeoutMs: 1_000, messageBytesMax: 100 };
    const ignore = (): void => undefined;
    const handlers = { message: ignore, closed: ignore, refused: ignore };
    const options = { ...limits, headers: { token: 't' }, protocols: ['plain', 'key.abc'] };
    network.openSocket('ws://host.test/feed', options, handlers);
    network.openSocket('ws://host.test/feed', limits, handlers);
    await clock.advance(100);
    expect(seen.map(({ headers }) => headers)).toEqual([
      { token: 't', 'sec-websocket-protocol': 'plain, key.abc' }, {},
    ]);
  });
});

describe('HTTP', () => {
  const request: HttpRequest = {
    method: 'POST', url: 'http://host.test/v2/x?a=1', body: 'hi', timeoutMs: 100, bytesMax: 8,
  };

  it('hands over the request and takes the answer back after a round trip', async () => {
    const { clock, network } = setUp();
    const seen: ServedRequest[] = [];
    network.host('host.test', {
      http: (given) => {
        seen.push(given);
        return { status: 201, headers: { 'x-a': 'b' }, body: 'ok' };
      },
    });
    const sending = network.http.send({ ...request, headers: { token: 't' } });
    await clock.advance(10);
    const answer = await sending;
    expect([answer.status, answer.headers, new TextDecoder().decode(answer.body)]).toEqual([
      201, { 'x-a': 'b' }, 'ok',
    ]);
    expect(seen[0]).toMatchObject({ method: 'POST', path: '/v2/x', headers: { token: 't' } });
    expect(seen[0]?.query.get('a')).toBe('1');
    expect(new TextDecoder().decode(seen[0]?.body)).toBe('hi');
  });

  it.each([
    ['nobody is there', null, 'unreachable'],
    ['no answer comes in time', () => new Promise<never>(() => undefined), 'within 100 ms'],
    ['the connection drops', () => Promise.reject(new Error('x')), 'dropped'],
    ['the answer is too large', () => ({ status: 200, body: 'nine byte' }), 'over 8 bytes'],
  ] satisfies [string, Site['http'] | null, string][])('fails when %s', async (_w, http, text) => {
    const { clock, network } = setUp();
    if (http) network.host('host.test', { http });
    const sending = network.http.send(request);
    const failing = expect(sending).rejects.toMatchObject({
      kind: 'retryable',
      message: expect.stringContaining(text),
    });
    await clock.advance(1_000);
    await failing;
  });
});
