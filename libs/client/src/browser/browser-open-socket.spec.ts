import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createNodeClock } from '@strikewire/runtime/node';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createBrowserOpenSocket } from './browser-open-socket';

/** As a browser's: what goes wrong is an event that nobody has to listen to. */
class PageSocket extends WebSocket {
  constructor(url: string, protocols?: string[]) {
    super(url, protocols);
    this.on('error', () => undefined);
  }
}

let server: WebSocketServer;
let url: string;

beforeAll(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`;
  vi.stubGlobal('WebSocket', PageSocket);
});

afterEach(() => {
  for (const client of server.clients) client.terminate();
});

afterAll(() => {
  vi.unstubAllGlobals();
  server.close();
});

function open(protocols?: string[]): string[] {
  const events: string[] = [];
  createBrowserOpenSocket(createNodeClock())(
    url,
    { handshakeTimeoutMs: 30_000, messageBytesMax: 100, ...(protocols && { protocols }) },
    {
      opened: () => events.push('opened'),
      message: () => undefined,
      closed: (code) => events.push(`closed ${code}`),
      refused: (status, reason) => events.push(`refused ${status} ${reason}`),
    },
  );
  return events;
}

describe('createBrowserOpenSocket', () => {
  it('offers subprotocols, and none when there are none', async () => {
    const [first, second] = [once(server, 'connection'), open(['strikewire', 'strikewire.key.a'])];
    const [socket] = (await first) as [WebSocket];
    await expect.poll(() => second).toEqual(['opened']);
    expect(socket.protocol).toBe('strikewire');
    const [plain, events] = [once(server, 'connection'), open()];
    expect(((await plain) as [WebSocket])[0].protocol).toBe('');
    await expect.poll(() => events).toEqual(['opened']);
  });

  it('never repeats a protocol that cannot be sent', async () => {
    const events = open(['strikewire.key.a secret']);
    await expect.poll(() => events).toEqual(['refused 0 the handshake cannot be sent']);
  });
});
