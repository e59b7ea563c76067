import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { createAdapter } from './server-adapter';

const servers: FastifyInstance[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A server with a route that counts, and a client's connection to it. */
async function connected() {
  const adapter = createAdapter({ trustedProxies: [] }, () => 'r-1', () => undefined);
  const server = adapter.getInstance() as unknown as FastifyInstance;
  servers.push(server);
  const done: unknown[] = [];
  server.post('/x', ({ body }) => ({ count: done.push(body) }));
  await server.listen({ port: 0, host: '127.0.0.1' });
  const accepted = once(server.server, 'connection') as Promise<[Socket]>;
  const client = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
  client.on('error', () => undefined);
  let told = '';
  client.on('data', (chunk) => (told += chunk));
  const closed = new Promise((resolve) => client.on('close', resolve));
  const [socket] = await accepted;
  const error = Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
  return {
    client, closed, done,
    told: () => told,
    received: () => expect.poll(() => socket.bytesRead).toBeGreaterThan(0),
    /** As the server does when a request is not complete in time. */
    timeOut: () => server.server.emit('clientError', error, socket),
  };
}

describe('a request that does not come in time', () => {
  const head = 'POST /x HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';

  it('closes a connection that was only opened without a word, and serves it no more', async () => {
    const { client, closed, done, told, timeOut } = await connected();
    timeOut();
    client.write(`${head}content-length: 2\r\n\r\n{}`);
    await closed;
    expect([told(), done]).toEqual(['', []]);
  });

  it('is refused, and what comes of it later is not done', async () => {
    const { client, closed, done, told, received, timeOut } = await connected();
    client.write(`${head}content-length: 2\r\n\r\n{`);
    await received();
    timeOut();
    client.write('}');
    await closed;
    expect(told()).toMatch(/^HTTP\/1.1 408 /);
    expect(done).toEqual([]);
  });
});
