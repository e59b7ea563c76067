import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket as NetSocket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import type { OpenSocketOptions, Socket } from '../socket';
import { nodeOpenSocket } from './open-socket';

const running: { server: Server; connections: Set<NetSocket> }[] = [];

async function stopServers(): Promise<void> {
  for (const { server, connections } of running.splice(0)) {
    for (const connection of connections) connection.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

afterEach(stopServers);

/** A WebSocket server; `refuse` answers handshakes with a status, null never answers. */
async function serve(refuse?: number | null) {
  const server = createServer();
  const connections = new Set<NetSocket>();
  server.on('connection', (connection) => connections.add(connection));
  running.push({ server, connections });
  const peers: WebSocket[] = [];
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, stream, head) => {
    if (refuse === null) return;
    if (refuse !== undefined) {
      stream.end(`HTTP/1.1 ${refuse} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, stream, head, (peer) => peers.push(peer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { peers, url: `ws://127.0.0.1:${port}/feed?token=secret` };
}

/** Opens a socket; `events` is all that it has told. */
function open(url: string, options: Partial<OpenSocketOptions> = {}) {
  const events: string[] = [];
  const socket: Socket = nodeOpenSocket(
    url,
    { handshakeTimeoutMs: 30_000, messageBytesMax: 1_000, ...options },
    {
      opened: () => events.push('opened'),
      message: (data, isBinary) => events.push(`${isBinary}:${new TextDecoder().decode(data)}`),
      alive: () => events.push('alive'),
      closed: (code, reason) => events.push(`closed ${code} ${reason}`),
      refused: (status) => events.push(`refused ${status}`),
    },
  );
  const until = (event: string) => expect.poll(() => events).toContain(event);
  return { socket, events, until };
}

describe('nodeOpenSocket', () => {
  it('carries text, bytes and pings both ways', async () => {
    const { url, peers } = await serve();
    const { socket, until } = open(url);
    socket.send('too early');
    await until('opened');
    const heard: string[] = [];
    peers[0]!.on('message', (data: Buffer, isBinary) => heard.push(`${isBinary}:${String(data)}`));
    socket.send('text');
    socket.send(new TextEncoder().encode('bytes'));
    peers[0]!.send('hello');
    peers[0]!.send(Buffer.from('frame'));
    peers[0]!.ping();
    await until('false:hello');
    await until('true:frame');
    await until('alive');
    await expect.poll(() => heard).toEqual(['false:text', 'true:bytes']);
    socket.terminate();
  });

  it.each([401, 403, 429, 500, 302])('tells a refused handshake\'s status %d', async (status) => {
    const { url } = await serve(status);
    const { events, until } = open(url);
    await until(`refused ${status}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(events).toEqual([`refused ${status}`]);
  });

  it('offers subprotocols, and takes the one that the server answers with', async () => {
    const { url, peers } = await serve();
    const { socket, until } = open(url, { protocols: ['plain', 'key.abc'] });
    await until('opened');
    expect(peers[0]!.protocol).toBe('plain');
    socket.terminate();
    const odd = open(url, { protocols: ['not a token'] });
    await odd.until('refused 0');
    expect(peers).toHaveLength(1);
  });

  it('is refused with 0 without an answer in time, and without a listener', async () => {
    const { url } = await serve(null);
    const silent = open(url, { handshakeTimeoutMs: 50 });
    await silent.until('refused 0');
    await stopServers();
    const nobody = open(url);
    await nobody.until('refused 0');
    expect([...silent.events, ...nobody.events]).toEqual(['refused 0', 'refused 0']);
  });

  it.each(['not an address', 'ftp://127.0.0.1/', 'ws://127.0.0.1/#part'])(
    'never throws: %s is refused',
    async (url) => {
      const { socket, events, until } = open(url);
      socket.close();
      expect(events).toEqual([]);
      await until('refused 0');
    },
  );

  it('tells the peer\'s code and reason', async () => {
    const { url, peers } = await serve();
    const { events, until } = open(url);
    await until('opened');
    peers[0]!.close(4007, 'token expired');
    await until('closed 4007 token expired');
    expect(events).toEqual(['opened', 'closed 4007 token expired']);
  });

  it('closes with a code and as much of a reason as fits', async () => {
    const { url, peers } = await serve();
    const { socket, until } = open(url);
    await until('opened');
    const closed = new Promise<[number, string]>((resolve) =>
      peers[0]!.on('close', (code, reason) => resolve([code, String(reason)])),
    );
    socket.close(4000, 'यह बहुत लंबा कारण है '.repeat(20));
    const [code, reason] = await closed;
    expect(code).toBe(4000);
    expect(reason).toMatch(/^यह बहुत/);
    expect(reason).not.toContain('\uFFFD');
  });

  it('ends with 1006 when the connection breaks and when it is terminated', async () => {
    const { url, peers } = await serve();
    const broken = open(url);
    await broken.until('opened');
    peers[0]!.terminate();
    await broken.until('closed 1006 ');
    const ended = open(url);
    await ended.until('opened');
    ended.socket.terminate();
    ended.socket.send('late');
    await ended.until('closed 1006 ');
    expect(ended.events).toEqual(['opened', 'closed 1006 ']);
  });

  it('is over when it is closed before it opened', async () => {
    const { url } = await serve(null);
    const { socket, events, until } = open(url);
    socket.close();
    await until('refused 0');
    expect(events).toEqual(['refused 0']);
  });

  it('closes on a message over its limit', async () => {
    const { url, peers } = await serve();
    const { events, until } = open(url);
    await until('opened');
    peers[0]!.send('x'.repeat(1_001));
    await expect.poll(() => events.length).toBe(2);
    expect(events[1]).toMatch(/^closed (1006|1009)/);
  });
});
